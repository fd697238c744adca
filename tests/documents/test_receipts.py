from io import BytesIO

import pytest
from django.utils import translation
from pypdf import PdfReader

from questions.documents.receipts import receipt_pdf
from tests.factories import BEFORE, answer, make_attachment, make_link, make_slot, send

pytestmark = pytest.mark.django_db


def words_of(content):
    return " ".join(
        "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split()
    )


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans", "ru"])
def test_req_021_the_receipt_as_pdf_names_what_came_when_and_its_hashes(language):
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    submission = send(slot.candidacy, {slot: answer("Yes, #strong[we] will.")}, link=link)
    file = make_attachment(slot=slot, link=link, submission=submission, number=1)

    with translation.override(language):
        content = receipt_pdf(submission, at=BEFORE)

    words = words_of(content).replace(" ", "")
    for part in [submission.symbol, "Yes,#strong[we]will.", "A.Diplomat", "11:00"]:
        assert part in words
    assert submission.text_sha256 in words
    assert file.sha256 in words
    assert PdfReader(BytesIO(content)).trailer["/Root"]["/MarkInfo"]["/Marked"]
