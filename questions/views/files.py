"""Missions' files as the public reads them."""

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from questions.documents.downloads import public_download
from questions.models import Attachment
from questions.operations.attachments import public_copy_of

NAME = re.compile(
    r"(?P<event>[A-Z]{2}\d{4}[A-Z]?)-(?P<state>[A-Z]{3})-R(?P<sending>[1-9]\d{0,4})-F(?P<file>[1-9]\d{0,4})\.pdf"
)


@require_safe
def attachment(request: HttpRequest, name: str) -> HttpResponse:
    """/files/PE2021-KAZ-R3-F1.pdf: the copy, while an answer that came with it is public."""
    found = NAME.fullmatch(name)
    if found is None:
        raise Http404
    visible = Attachment.objects.publicly_visible().with_names()
    file = get_object_or_404(
        visible,
        candidacy__event__code=found["event"],
        candidacy__state__iso3=found["state"],
        submission__number=found["sending"],
        number=found["file"],
    )
    page = public_download(file, public_copy_of(file))
    if request.headers.get("If-None-Match") == page["ETag"]:
        unchanged = HttpResponseNotModified()
        unchanged["ETag"], unchanged["Cache-Control"] = page["ETag"], page["Cache-Control"]
        return unchanged
    return page
