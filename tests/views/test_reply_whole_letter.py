"""One letter for several questions (ux.md M6)."""

import pytest

from questions.models import Attachment, ConflictCopy, DraftLetter, Response

from .reply_files import pdf
from .reply_pages import (
    SIGNED,
    address,
    check_and_send,
    forms_of,
    make_reply,
    opened,
    save,
    send_form,
)

pytestmark = pytest.mark.django_db


def attach(client, candidacy, *, revision=0, **fields):
    typed = {
        "file": pdf("Letter.pdf", pages=4),
        "questions": ["q1", "q2"],
        "page-q2": "3",
        "text": "Excellency, yes.",
        "language": "fr",
        "ready": "yes",
        "revision": revision,
    } | fields
    given = {name: value for name, value in typed.items() if value is not None}
    return client.post(address(candidacy, "whole-letter/"), given)


def test_the_letter_answers_what_has_no_ready_answer_of_its_own_and_goes_as_a_file():
    candidacy, (first, second, third) = make_reply(common=3)
    client = opened(candidacy)
    save(client, first, "My own words.")

    assert attach(client, candidacy).status_code == 302

    listed = client.get(address(candidacy, "questions/")).text
    assert "Answered by the attached letter <bdi>Letter.pdf</bdi>, page 3" in listed
    check_and_send(client, candidacy)
    sent = Response.objects.in_letter_order()
    assert [(one.slot, one.kind, one.text, one.language) for one in sent] == [
        (first, "answer", "My own words.", "en"),
        (second, "general", "Excellency, yes.", "fr"),
    ]
    file = Attachment.objects.get()
    assert (file.submission, file.number, file.kind) == (sent[0].submission, 1, "letter")
    assert list(file.questions.order_by("slot").values_list("slot", "page")) == [
        (first.pk, None),
        (second.pk, 3),
    ]
    assert not DraftLetter.objects.exists()
    assert not third.responses.exists()
    assert f"{second.symbol}\ngeneral fr\n\nExcellency, yes." in sent[0].submission.canonical_text()


def test_a_letter_without_text_waits_to_be_typed():
    candidacy, _slots = make_reply(common=2)
    client = opened(candidacy)

    attach(client, candidacy, text="", everything="yes", questions=None)

    assert (
        client.get(address(candidacy, "check/")).text.count(
            "ISHR will type the text from the letter and mark it as transcribed."
        )
        == 2
    )
    check_and_send(client, candidacy)
    assert list(Response.objects.values_list("kind", "text")) == [("general", "")] * 2


def test_a_letter_that_is_a_draft_stays_when_an_answer_that_it_covers_is_sent():
    candidacy, (first, _second) = make_reply(common=2)
    client = opened(candidacy)
    attach(client, candidacy, ready="no")
    save(client, first, "My own words.")

    check_and_send(client, candidacy)

    assert Response.objects.get().slot == first
    assert Attachment.objects.get().submission is None
    assert DraftLetter.objects.exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"file": None}, "Attach the letter as PDF"),
        ({"questions": None}, "Select the questions that the letter answers"),
        ({"page-q2": "0"}, "Enter the number of the page, such as 2"),
        ({"language": ""}, "Select the language of the letter"),
        ({"ready": None}, "Select whether this letter is ready to send"),
    ],
)
def test_an_error_keeps_file_and_text(fields, message):
    candidacy, _slots = make_reply(common=2)
    client = opened(candidacy)

    page = attach(client, candidacy, **fields)

    assert page.text.count(message) == 2
    assert "Excellency, yes." in page.text
    assert not DraftLetter.objects.exists()
    if "file" not in fields:
        (form,) = forms_of(page)
        mended = {"questions": ["q1"], "page-q2": "", "language": "fr", "ready": "yes"}
        client.post(form.action, form.values | mended)
        assert DraftLetter.objects.get().attachment.name == "Letter.pdf"


def test_req_019_the_second_mission_sees_what_the_first_saved_and_loses_nothing():
    candidacy, _slots = make_reply(common=2)
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy)
    attach(new_york, candidacy, text="New York's.")

    page = attach(geneva, candidacy, text="Geneva's.", file=pdf("Geneva.pdf"))

    assert page.status_code == 409
    assert "from the link sent to New York." in page.text
    assert "New York&#x27;s." in page.text
    assert "Geneva&#x27;s." in page.text
    assert DraftLetter.objects.get().text == "New York's."
    assert ConflictCopy.objects.get().text == "Geneva's."
    (form,) = forms_of(page)
    geneva.post(form.action, form.values | {"questions": ["q1", "q2"]})
    letter = DraftLetter.objects.get()
    assert (letter.text, letter.attachment.name, letter.revision) == ("Geneva's.", "Geneva.pdf", 2)
    assert {copy.text for copy in ConflictCopy.objects.all()} == {"Geneva's.", "New York's."}
    assert Attachment.objects.count() == 1


def test_a_letter_changed_since_the_preview_is_not_sent():
    candidacy, _slots = make_reply(common=2)
    client = opened(candidacy)
    attach(client, candidacy)
    form = send_form(client.get(address(candidacy, "check/")))
    attach(client, candidacy, revision=1, text="Other words.", file=None)

    page = client.post(form.action, form.values | {"by_letter": ["q1", "q2"]} | SIGNED)

    assert page.status_code == 409
    assert "Other words." in page.text
    assert not Response.objects.exists()


def test_removing_the_letter_takes_it_from_the_questions():
    candidacy, _slots = make_reply(common=2)
    client = opened(candidacy)
    attach(client, candidacy)

    client.post(address(candidacy, "whole-letter/"), {"remove": Attachment.objects.get().pk})

    assert not Attachment.objects.exists()
    assert not DraftLetter.objects.exists()
    assert (
        "Answered by the attached letter" not in client.get(address(candidacy, "questions/")).text
    )
