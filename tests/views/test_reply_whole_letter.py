"""One letter for several questions (ux.md M6)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

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
    assert (letter.text, letter.attachment.name) == ("Geneva's.", "Geneva.pdf")
    assert letter.revision == int(form.values["revision"]) + 1
    assert {copy.text for copy in ConflictCopy.objects.all()} == {"Geneva's.", "New York's."}
    assert Attachment.objects.count() == 1


def test_a_letter_changed_since_the_preview_is_not_sent():
    candidacy, _slots = make_reply(common=2)
    client = opened(candidacy)
    attach(client, candidacy)
    form = send_form(client.get(address(candidacy, "check/")))
    standing = DraftLetter.objects.get().revision
    attach(client, candidacy, revision=standing, text="Other words.", file=None)

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


def test_req_019_removing_the_letter_keeps_the_words_saved_and_typed():
    candidacy, (_first, second) = make_reply(common=2)
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy)
    attach(new_york, candidacy, questions=["q2"], text="New York's.")

    geneva.post(
        address(candidacy, "whole-letter/"),
        {"remove": Attachment.objects.get().pk, "text": "Geneva's.", "language": "fr"},
    )

    copies = ConflictCopy.objects.order_by("pk").values_list("slot", "text", "language")
    assert list(copies) == [(second.pk, "New York's.", "fr"), (second.pk, "Geneva's.", "fr")]
    assert not DraftLetter.objects.exists()


def test_req_015_a_letter_of_another_state_is_neither_removed_nor_taken():
    other, _theirs = make_reply()
    attach(opened(other), other, questions=["q1"])
    candidacy, _slots = make_reply()
    theirs = Attachment.objects.get()

    page = opened(candidacy).post(address(candidacy, "whole-letter/"), {"remove": theirs.pk})
    taken = attach(opened(candidacy), candidacy, file=None, attachment=theirs.pk, questions=["q1"])

    assert page.status_code == 404
    assert "Attach the letter as PDF" in taken.text
    assert DraftLetter.objects.get().draft.candidacy == other


def test_req_017_one_form_with_a_letter_sent_twice_is_one_letter():
    candidacy, _slots = make_reply(common=2)
    client = opened(candidacy)
    content = pdf("Letter.pdf").read()

    pages = [
        attach(client, candidacy, file=SimpleUploadedFile("Letter.pdf", content)) for _ in range(2)
    ]

    assert [page.status_code for page in pages] == [302, 302]
    assert Attachment.objects.count() == 1
    assert not ConflictCopy.objects.exists()


def test_req_020_a_letter_put_in_the_place_of_the_previewed_one_is_not_sent_unseen():
    candidacy, _slots = make_reply(common=2)
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy)
    attach(geneva, candidacy, text="Previewed.")
    form = send_form(geneva.get(address(candidacy, "check/")))
    new_york.post(
        address(candidacy, "whole-letter/"), {"remove": Attachment.objects.get().pk, "text": ""}
    )
    attach(new_york, candidacy, text="Unseen.", file=pdf("Another.pdf", pages=2))

    page = geneva.post(form.action, form.values | {"by_letter": ["q1", "q2"]} | SIGNED)

    assert page.status_code == 409
    assert not Response.objects.exists()


def test_req_019_a_page_that_shows_a_letter_removed_since_does_not_write_over_the_next():
    candidacy, _slots = make_reply(common=2)
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy)
    attach(geneva, candidacy, text="First.")
    (stale,) = forms_of(geneva.get(address(candidacy, "whole-letter/")))
    new_york.post(
        address(candidacy, "whole-letter/"), {"remove": Attachment.objects.get().pk, "text": ""}
    )
    attach(new_york, candidacy, text="Next.", file=pdf("Next.pdf", pages=2))

    page = geneva.post(stale.action, stale.values | {"questions": ["q1", "q2"]})

    assert page.status_code == 409
    assert DraftLetter.objects.get().text == "Next."
