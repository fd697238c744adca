"""What people see when something went wrong; each page stands without the database.

Who typed something into the reply form gets it back, ready to copy (security.md 23).
"""

from io import BytesIO

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from . import api

REPLY_FORM = tuple(f"/{code}/reply/" for code, _name in settings.LANGUAGES)
# Nothing else that was posted is shown again: the staff's forms hold passwords.
TYPED_FIELDS = {
    "text": _("Your answer"),
    "reason": _("Reason"),
    "signatory_name": _("Name of the person sending"),
    "signatory_title": _("Title or post"),
    "contact_name": _("Name"),
    "contact_post": _("Post"),
    "amendment_reason": _("Reason for the amendment (optional)"),
    "contact_email": _("Official e-mail address"),
}
# One for each text of a document that came back from the capital.
TYPED_SEVERAL = {
    "text-": _("Text for %(name)s"),
    "refused-": _("Text for %(name)s, changes refused"),
    "loose-": _("Text without a question"),
}
LARGEST_GIVEN_BACK = 8_388_608  # bytes


def typed_into(request: HttpRequest) -> list[tuple[str, str, str]]:
    """(field, label, text) of what was typed into a page of the reply form and posted."""
    fixed = [
        (name, label, request.POST[name])
        for name, label in TYPED_FIELDS.items()
        if request.POST.get(name)
    ]
    several = [
        (name, label % {"name": name.removeprefix(prefix).upper()}, text)
        for name, text in request.POST.items()
        for prefix, label in TYPED_SEVERAL.items()
        if name.startswith(prefix) and text
    ]
    return fixed + several


def read_anyway(request: HttpRequest) -> QueryDict:
    """A body that was refused unread for its size, read so that it can be given back.

    Of a form with files, what was typed: it comes before them.
    """
    try:
        body = request.read(LARGEST_GIVEN_BACK)
        if request.content_type != "multipart/form-data":
            return QueryDict(body)
        read = request.META | {"CONTENT_LENGTH": len(body)}
        return MultiPartParser(read, BytesIO(body), [WithoutFiles()], "utf-8").parse()[0]
    except (SuspiciousOperation, MultiPartParserError, OSError):
        return QueryDict()  # too many fields; no form; or the connection broke off


class WithoutFiles(FileUploadHandler):
    def new_file(self, *args: object, **kwargs: object) -> None:
        raise SkipFile


@never_cache
def give_back(
    request: HttpRequest, template: str, *, status: int, **context: object
) -> HttpResponse:
    """A page that says why nothing was stored, with the typed text in it."""
    context["typed"] = typed_into(request)
    return render(request, template, context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(REPLY_FORM) and isinstance(exception, RequestDataTooBig):
        request.POST = read_anyway(request)
        return give_back(request, "reply/too_large.html", status=413)
    if request.path.startswith(api.HERE):
        return api.problem(400, "The request cannot be read.")
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith(REPLY_FORM):
        return give_back(request, "reply/fault.html", status=500)
    if request.path.startswith(api.HERE):
        return api.problem(500, "A fault of ours; it has been written down.")
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if request.path.startswith(REPLY_FORM):
        return give_back(request, "reply/not_from_here.html", status=403)
    return render(request, "403.html", status=403)
