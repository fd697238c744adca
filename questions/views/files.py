"""Missions' files as the public reads them."""

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from questions.documents.downloads import public_download
from questions.models import AddressedQuestion, Attachment, Correction
from questions.operations.attachments import public_copy_of

from .public.pages import Gone, gone_page

NAME = re.compile(
    r"(?P<event>[A-Z]{2}\d{4}[A-Z]?)-(?P<state>[A-Z]{3})-R(?P<sending>[1-9]\d{0,4})-F(?P<file>[1-9]\d{0,4})(?:\.v(?P<version>[1-9]\d{0,3}))?\.pdf"
)


@require_safe
def attachment(request: HttpRequest, name: str) -> HttpResponse:
    """/files/PE2021-KAZ-R3-F1.pdf: the copy, while an answer that came with it is public.

    410 with the reason where readers had it and it is withdrawn.
    """
    found = NAME.fullmatch(name)
    if found is None or found["version"] == "1":  # one file, one address
        raise Http404
    files = Attachment.objects.with_names().filter(
        candidacy__event__code=found["event"],
        candidacy__state__iso3=found["state"],
        submission__number=found["sending"],
        number=found["file"],
    )
    version = int(found["version"] or 1)
    file = files.publicly_visible().filter(public_version=version).first()
    if file is None:
        return gone_page(gone_file(files.first(), version))
    page = public_download(file, public_copy_of(file))
    if request.headers.get("If-None-Match") == page["ETag"]:
        unchanged = HttpResponseNotModified()
        unchanged["ETag"], unchanged["Cache-Control"] = page["ETag"], page["Cache-Control"]
        return unchanged
    return page


def gone_file(file: Attachment | None, version: int) -> Gone:
    """What is said of a copy that readers had. Raises Http404."""
    note = file and Correction.objects.shown().withdrawals_of_file(file, version).first()
    if not note:
        raise Http404
    event = file.candidacy.event
    slots = AddressedQuestion.objects.publicly_visible().with_names()
    slot = None if note.question_id else slots.filter(attached__attachment=file).first()
    return Gone(note, instead=(slot or event).get_absolute_url(), is_specimen=event.is_specimen)
