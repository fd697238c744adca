"""Files of a sending of which one answer is public and another is not (security.md 48)."""

import pytest

from questions.models import AttachedQuestion, Attachment, Correction, Response
from questions.serializers.rows import files_of
from tests.factories import (
    BEFORE,
    make_attachment,
    make_candidacy,
    make_correction,
    make_response,
    make_slot,
    make_user,
)

pytestmark = pytest.mark.django_db


def accepted(response):
    return make_attachment(
        slot=response.slot,
        submission=response.submission,
        number=1,
        status="accepted",
        decided_at=BEFORE,
        decided_by=make_user(),
        public_as="copy.pdf",
        public_sha256="0" * 64,
        public_size=1,
    )


def test_req_048_no_row_names_a_file_of_a_text_that_waits_behind_the_one_in_force():
    candidacy = make_candidacy()
    public, waiting = make_slot(candidacy=candidacy), make_slot(candidacy=candidacy)
    file = accepted(make_response(slot=public, published=True))
    make_response(slot=waiting, text="Before.", published=True)
    Response.objects.create(slot=waiting, submission=file.submission, text="Later.", language="en")
    AttachedQuestion.objects.create(attachment=file, slot=waiting)

    assert not Attachment.objects.publicly_visible().exists()
    assert files_of([public.question, waiting.question]) == {}


@pytest.mark.parametrize("was_public", [True, False])
def test_req_048_the_register_names_no_file_of_what_was_never_public(was_public):
    response = make_response(published=was_public)
    event = response.slot.candidacy.event
    make_correction(event=event, attachment=accepted(response), published_at=BEFORE)

    assert Correction.objects.publicly_visible().exists() == was_public
