"""A PDF beside one answer (ux.md M5), and what is sent with it (M7)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from questions.models import Attachment, ConflictCopy, DraftAnswer, MailKind, Response

from .reply_files import pdf, word
from .reply_pages import (
    address,
    check_and_send,
    forms_of,
    make_reply,
    opened,
    page_of,
    save,
    send_form,
)

pytestmark = pytest.mark.django_db


def test_a_file_alone_can_be_ready_and_goes_with_its_answer():
    candidacy, (slot, other) = make_reply(common=2)
    client = opened(candidacy)

    page = save(client, slot, "", file=pdf(pages=2))
    save(client, other, "Yes.", ready="no", file=pdf("Draft.pdf"))

    assert page.status_code == 302
    preview = client.get(address(candidacy, "check/")).text
    assert "Reply.pdf" in preview
    assert "Draft.pdf" not in preview
    assert "ISHR will type the text from the file and mark it as transcribed." in preview
    check_and_send(client, candidacy)
    response = Response.objects.get()
    assert (response.slot, response.kind, response.text, response.language) == (
        slot,
        "answer",
        "",
        "en",
    )
    sent = response.submission.attachments.get()
    assert (sent.name, sent.pages, sent.number) == ("Reply.pdf", 2, 1)
    assert list(Attachment.objects.unsent().values_list("name", flat=True)) == ["Draft.pdf"]
    receipt = client.get(address(candidacy, "r1/")).text
    assert sent.sha256 in receipt
    as_pdf = client.get(address(candidacy, "r1/pdf/"))
    assert as_pdf.content.startswith(b"%PDF-")
    assert as_pdf["Content-Disposition"].startswith("attachment; ")
    assert "Reply.pdf" in receipt
    mail = response.submission.mails.get(kind=MailKind.NOTICE)
    assert f"{slot.symbol} (in a file, to be typed)" in mail.body


def test_ready_without_text_and_file_is_refused():
    candidacy, (slot,) = make_reply()

    page = save(opened(candidacy), slot, "")

    message = "Enter an answer or attach a PDF before marking this question as ready"
    assert page.text.count(message) == 2
    assert not DraftAnswer.objects.exists()


def test_a_word_file_is_named_and_the_text_is_saved_but_not_ready():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)

    page = save(client, slot, "Typed.", file=word())

    message = "The attached file is a Word document. Save it as PDF and attach it again."
    assert page.text.count(message) == 2
    stored = DraftAnswer.objects.get()
    assert (stored.text, stored.is_ready) == ("Typed.", False)
    (form,) = forms_of(page)
    assert form.values["revision"] == "1"
    assert save(client, slot, "Typed.", revision=1).status_code == 302
    assert DraftAnswer.objects.get().is_ready


def test_a_file_is_kept_when_something_else_is_wrong_and_the_next_save_is_no_conflict():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)

    page = save(client, slot, "Typed.", ready="", file=pdf())

    assert "Select whether this answer is ready to send" in page.text
    assert "Reply.pdf" in page.text
    (form,) = forms_of(page)
    saved = client.post(form.action, form.values | {"ready": "yes"})
    assert saved.status_code == 302
    assert DraftAnswer.objects.get().text == "Typed."
    assert not ConflictCopy.objects.exists()


def test_req_019_a_file_survives_a_conflict_of_texts():
    candidacy, (slot,) = make_reply()
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy)
    save(new_york, slot, "New York's.")

    page = save(geneva, slot, "Geneva's.", file=pdf())

    assert page.status_code == 409
    assert (DraftAnswer.objects.get().text, ConflictCopy.objects.get().text) == (
        "New York's.",
        "Geneva's.",
    )
    assert Attachment.objects.get().name == "Reply.pdf"
    (form,) = forms_of(page)
    geneva.post(form.action, form.values | {"keep": "mine"})
    assert DraftAnswer.objects.get().text == "Geneva's."
    copies = ConflictCopy.objects.values_list("text", flat=True)
    assert set(copies) == {"New York's.", "Geneva's."}


def test_what_was_previewed_without_a_file_is_not_sent_with_one():
    candidacy, (slot,) = make_reply()
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy)
    save(geneva, slot, "Yes.")
    form = send_form(geneva.get(address(candidacy, "check/")))
    save(new_york, slot, "Yes.", revision=1, file=pdf())

    signed = {"signatory_name": "A", "signatory_title": "B", "declaration": "yes"}
    page = geneva.post(form.action, form.values | signed)

    assert page.status_code == 409
    assert not Response.objects.exists()
    assert "Reply.pdf" in page.text


def test_removing_a_file_keeps_what_was_typed_and_takes_readiness_back():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot, "", file=pdf())
    file = Attachment.objects.get()

    client.post(
        page_of(slot),
        {"text": "Typed.", "language": "en", "ready": "yes", "revision": 2, "remove": file.pk},
    )

    assert not Attachment.objects.exists()
    stored = DraftAnswer.objects.get()
    assert (stored.text, stored.is_ready) == ("Typed.", False)


def test_req_015_a_file_of_another_state_cannot_be_removed():
    other, (theirs,) = make_reply()
    save(opened(other), theirs, "", file=pdf())
    candidacy, (slot,) = make_reply()

    page = save(opened(candidacy), slot, remove=Attachment.objects.get().pk)

    assert page.status_code == 404
    assert Attachment.objects.exists()


def test_a_reason_for_an_amendment_goes_with_it_and_can_be_left_out():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot, "First.")
    check_and_send(client, candidacy)

    save(client, slot, "Second.", amendment_reason="A date was wrong.")

    assert "A date was wrong." in client.get(address(candidacy, "check/")).text
    check_and_send(client, candidacy)
    first, second = Response.objects.order_by("submission__number")
    assert (first.amendment_reason, second.amendment_reason) == ("", "A date was wrong.")
    assert "A date was wrong." in client.get(address(candidacy, "r2/")).text
    mails = second.submission.mails.filter(kind=MailKind.RECEIPT)
    assert all("A date was wrong." in mail.body for mail in mails)


def test_what_the_other_mission_sent_is_offered_as_an_amendment():
    candidacy, (slot,) = make_reply()
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy)
    save(new_york, slot, "New York's.")
    check_and_send(new_york, candidacy)
    save(geneva, slot, "Geneva's.")

    preview = geneva.get(address(candidacy, "check/")).text

    assert "Q1 was already sent from New York on " in preview
    assert "Your text is different. Send it as an amendment?" in preview


@pytest.mark.parametrize("common", [2, 4])
def test_saving_takes_at_most_twelve_queries_however_many_questions(
    django_assert_num_queries, common
):
    candidacy, slots = make_reply(common=common)
    client = opened(candidacy)
    save(client, slots[0], "First.")

    with django_assert_num_queries(12 + 2):  # and a savepoint
        save(client, slots[0], "Second.", revision=1)
    with django_assert_num_queries(12 + 3):  # and what a new draft's revisions begin from
        save(client, slots[1], "Another.")


def test_req_017_one_form_with_a_file_sent_twice_is_one_file():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    content = pdf().read()

    pages = [
        save(client, slot, "Yes.", file=SimpleUploadedFile("Reply.pdf", content)) for _ in range(2)
    ]

    assert [page.status_code for page in pages] == [302, 302]
    assert Attachment.objects.count() == 1
    stored = DraftAnswer.objects.get()
    assert (stored.text, stored.is_ready, stored.revision) == ("Yes.", True, 2)


def test_a_file_whose_form_had_an_error_is_not_sent_with_the_ready_answer():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot, "Cleared.")

    save(client, slot, "Cleared.", ready="", revision=1, file=pdf())

    assert not DraftAnswer.objects.get().is_ready
    preview = client.get(address(candidacy, "check/")).text
    assert "Cleared." not in preview
    assert "Reply.pdf" not in preview


def test_req_019_a_page_that_shows_a_draft_sent_since_does_not_write_over_the_next():
    candidacy, (slot,) = make_reply()
    new_york, geneva = opened(candidacy, city="new_york"), opened(candidacy)
    save(geneva, slot, "First.")
    preview = send_form(geneva.get(address(candidacy, "check/")))
    check_and_send(new_york, candidacy)
    assert save(new_york, slot, "Next.").status_code == 302

    page = save(geneva, slot, "Stale.", revision=1)
    signed = {"signatory_name": "A", "signatory_title": "B", "declaration": "yes"}
    sent = geneva.post(preview.action, preview.values | signed)

    assert (page.status_code, sent.status_code) == (409, 409)
    assert DraftAnswer.objects.get().text == "Next."
    assert Response.objects.get().text == "First."
