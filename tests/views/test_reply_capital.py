"""The capital's round trip (ux.md M3): downloading, bringing the Word document back, confirming."""

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from questions.models import ConflictCopy, Draft, DraftAnswer, EventStatus, Submission
from questions.operations.links import revoke_link
from tests.factories import BEFORE, make_user

from .reply_pages import address, clock, link_of, make_reply, opened, page_of, save, send_form

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def before_the_deadline(monkeypatch):
    clock(monkeypatch, BEFORE)


def downloaded(client, candidacy):
    page = client.get(address(candidacy, "capital/docx/"))
    assert page.status_code == 200
    return docx.Document(io.BytesIO(page.content))


def typed(document, slot, *texts):
    """Type paragraphs under a question, as its empty place is."""
    line = next(
        p for p in document.paragraphs if slot.symbol in p.text and p.style.name == "Reply Note"
    )
    place = next(p for p in document.paragraphs if p._p is line._p.getnext())
    place.text = texts[0]
    for text in reversed(texts[1:]):
        more = document.add_paragraph(text)
        place._p.addnext(more._p)
    return place


def upload(client, candidacy, document, *, name="answers.docx"):
    if not isinstance(document, bytes):
        file = io.BytesIO()
        document.save(file)
        document = file.getvalue()
    posted = {"document": SimpleUploadedFile(name, document)}
    return client.post(address(candidacy, "returned/"), posted)


def confirm(client, candidacy, page, **fields):
    form = send_form(page)
    values = {name: value for name, value in (form.values | fields).items() if value is not None}
    return client.post(address(candidacy, "returned/"), values)


def test_files_are_named_after_the_reply_and_run_nothing():
    candidacy, _slots = make_reply()
    client = opened(candidacy)

    for kind, start in {"docx": b"PK", "pdf": b"%PDF-", "txt": b"\xef\xbb\xbf"}.items():
        page = client.get(address(candidacy, f"capital/{kind}/"))

        name = f"{candidacy.symbol.replace('/', '-')}-answers.{kind}"
        assert page["Content-Disposition"] == f'attachment; filename="{name}"'
        assert page["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert page.content.startswith(start)
    assert client.get(address(candidacy, "capital/exe/")).status_code == 404


def test_every_text_lands_under_its_question_and_is_saved_as_a_draft():
    candidacy, slots = make_reply(common=2, own=1)
    client = opened(candidacy)
    document = downloaded(client, candidacy)
    typed(document, slots[0], "First.", "Second.")
    typed(document, slots[2], "Oui, nous le ferons.")

    page = upload(client, candidacy, document)
    assert not DraftAnswer.objects.exists()
    slug = slots[2].question.slug
    name = f"language-{slots[0].question.slug}"
    done = confirm(client, candidacy, page, **{f"language-{slug}": "fr", name: "en"})

    saved = {d.slot_id: (d.text, d.language, d.is_ready) for d in DraftAnswer.objects.all()}
    assert saved == {
        slots[0].pk: ("First.\n\nSecond.", "en", False),
        slots[2].pk: ("Oui, nous le ferons.", "fr", False),
    }
    assert "2 texts were saved as drafts" in client.get(done.url).content.decode()
    assert not Submission.objects.exists()


def test_language_is_the_drafts_unless_the_letters_are_anothers():
    candidacy, slots = make_reply(common=3)
    client = opened(candidacy)
    save(client, slots[0], "Oui.", language="fr")
    document = downloaded(client, candidacy)
    typed(document, slots[0], "Oui, certainement.")
    typed(document, slots[1], "Да, конечно.")
    typed(document, slots[2], "Certainement.")

    form = send_form(upload(client, candidacy, document))

    slugs = [slot.question.slug for slot in slots]
    assert [form.values[f"language-{slug}"] for slug in slugs] == ["fr", "ru", "fr"]


def test_text_without_a_language_is_not_saved():
    candidacy, slots = make_reply()
    client = opened(candidacy)
    document = downloaded(client, candidacy)
    typed(document, slots[0], "Yes.")

    page = confirm(client, candidacy, upload(client, candidacy, document))

    assert page.status_code == 200
    assert "Select the language of this answer" in page.content.decode()
    assert ">\nYes.</textarea>" in page.content.decode()
    assert not DraftAnswer.objects.exists()


def test_what_is_unchanged_newer_or_missing_is_listed_and_left_alone():
    candidacy, slots = make_reply(common=4)
    client = opened(candidacy)
    for slot in slots[:3]:
        save(client, slot, "As it was.")
    document = downloaded(client, candidacy)
    save(client, slots[1], "Newer.", revision=1)

    page = upload(client, candidacy, document)

    form = page.context["form"]
    assert [one.item.slot for one in form.unchanged] == [slots[0], slots[2]]
    assert [one.item.slot for one in form.newer] == [slots[1]]
    assert [one.item.slot for one in form.without] == [slots[3]]
    assert form.returned == []
    assert [d.text for d in DraftAnswer.objects.order_by("slot")] == [
        "As it was.",
        "Newer.",
        "As it was.",
    ]


def test_text_that_is_not_taken_is_not_saved_and_what_is_replaced_is_kept():
    candidacy, slots = make_reply(common=2)
    client = opened(candidacy)
    for slot in slots:
        save(client, slot, "Old.")
    document = downloaded(client, candidacy)
    for slot in slots:
        typed(document, slot, "New.")

    page = upload(client, candidacy, document)
    confirm(client, candidacy, page, **{f"take-{slots[0].question.slug}": None})

    assert [d.text for d in DraftAnswer.objects.order_by("slot")] == ["Old.", "New."]
    assert [c.text for c in ConflictCopy.objects.all()] == ["Old."]


def test_req_017_a_save_in_between_loses_neither_text():
    candidacy, slots = make_reply(common=2)
    client = opened(candidacy)
    save(client, slots[0], "Old.")
    document = downloaded(client, candidacy)
    typed(document, slots[0], "From the capital.")
    typed(document, slots[1], "Also.")
    page = upload(client, candidacy, document)
    save(opened(candidacy, city="new_york"), slots[0], "From New York.", revision=1)

    done = confirm(client, candidacy, page)

    assert done.status_code == 409
    assert page_of(slots[0]) in done.content.decode()
    assert [d.text for d in DraftAnswer.objects.order_by("slot")] == ["From New York.", "Also."]
    assert [c.text for c in ConflictCopy.objects.all()] == ["From the capital."]


def test_text_without_a_place_is_shown_and_put_where_the_mission_says():
    candidacy, slots = make_reply(common=2)
    client = opened(candidacy)
    save(client, slots[0], "Begun.")
    document = downloaded(client, candidacy)
    document.paragraphs[0]._p.addprevious(document.add_paragraph("A loose thought.")._p)

    page = upload(client, candidacy, document)
    assert "A loose thought." in page.content.decode()
    confirm(client, candidacy, page, **{"put-0": slots[0].question.slug})

    assert [d.text for d in DraftAnswer.objects.all()] == ["Begun.\n\nA loose thought."]


def changed(document, slot, *, inserted, deleted):
    """Type under a question with changes tracked, by A. Person."""
    place = typed(document, slot, "We agree")
    for name, tag, text in (("w:ins", "w:t", inserted), ("w:del", "w:delText", deleted)):
        change, run, piece = OxmlElement(name), OxmlElement("w:r"), OxmlElement(tag)
        change.set(qn("w:author"), "A. Person")
        piece.text = text
        piece.set(qn("xml:space"), "preserve")
        run.append(piece)
        change.append(run)
        place._p.append(change)


@pytest.mark.parametrize(
    ("choice", "text"), [("accept", "We agree now"), ("refuse", "We agree never")]
)
def test_tracked_changes_are_named_and_chosen_about(choice, text):
    candidacy, slots = make_reply()
    client = opened(candidacy)
    document = downloaded(client, candidacy)
    changed(document, slots[0], inserted=" now", deleted=" never")
    language = {f"language-{slots[0].question.slug}": "en"}

    page = upload(client, candidacy, document)
    assert '<q dir="auto"> now</q>' in page.content.decode()
    assert "A. Person" not in page.content.decode()
    unanswered = confirm(client, candidacy, page, **language)
    assert "Select whether the tracked changes are accepted or refused" in (
        unanswered.content.decode()
    )
    assert '<q dir="auto"> now</q>' in unanswered.content.decode()
    assert not DraftAnswer.objects.exists()
    confirm(client, candidacy, unanswered, changes=choice)

    assert [d.text for d in DraftAnswer.objects.all()] == [text]


@pytest.mark.parametrize(
    ("choice", "text"), [("leave", "Yes."), ("keep", "Yes.\n\n[COM1] “Yes.”: Cleared?")]
)
def test_comments_are_named_and_kept_only_where_the_mission_says(choice, text):
    candidacy, slots = make_reply()
    client = opened(candidacy)
    document = downloaded(client, candidacy)
    place = typed(document, slots[0], "Yes.")
    document.add_comment(place.runs, text="Cleared?", author="A. Person", initials="AP")
    language = {f"language-{slots[0].question.slug}": "en"}

    page = upload(client, candidacy, document)
    assert "Cleared?" in page.content.decode()
    assert "A. Person" not in page.content.decode()
    unanswered = confirm(client, candidacy, page, **language)
    assert "Select what becomes of the comments" in unanswered.content.decode()
    confirm(client, candidacy, unanswered, comments=choice)

    assert [d.text for d in DraftAnswer.objects.all()] == [text]
    ready = save(client, slots[0], text, revision=1)
    assert (ready.status_code == 200) == (choice == "keep")  # asked about before it is ready


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7", "The file is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "has a password or an old format"),
        (b"Yes.", "The file is not a Word document"),
        (b"", "The file is not a Word document"),
        (b"PK\x03\x04 damaged", "could not be opened safely"),
        (b"PK\x03\x04" + b"0" * 10_000_001, "must be smaller than 10 MB. Yours is 11 MB"),
    ],
)
def test_req_055_other_files_are_refused_with_a_sentence(content, message):
    candidacy, _slots = make_reply()
    client = opened(candidacy)

    page = upload(client, candidacy, content)

    assert message in page.content.decode()
    assert 'aria-invalid="true"' in page.content.decode()


def test_text_that_is_too_long_is_given_back():
    candidacy, slots = make_reply()
    client = opened(candidacy)
    document = downloaded(client, candidacy)
    typed(document, slots[0], "A" * 20_001)
    language = {f"language-{slots[0].question.slug}": "en"}

    page = confirm(client, candidacy, upload(client, candidacy, document), **language)

    assert "This text must be 20,000 characters or fewer. Yours has 20,001" in (
        page.content.decode()
    )
    assert "A" * 20_001 in page.content.decode()
    assert not DraftAnswer.objects.exists()


def test_req_023_words_come_back_when_the_session_ended_or_the_link_was_revoked():
    candidacy, slots = make_reply()
    client = opened(candidacy)
    document = downloaded(client, candidacy)
    typed(document, slots[0], "Precious words.")
    page = upload(client, candidacy, document)

    without = confirm(Client(), candidacy, page)
    link = link_of(client, candidacy)
    revoke_link(link, by=make_user(), at=BEFORE)
    revoked = confirm(client, candidacy, page)

    assert (without.status_code, revoked.status_code) == (403, 410)
    for given_back in (without, revoked):
        assert "Precious words." in given_back.content.decode()
    assert not DraftAnswer.objects.exists()


def test_req_031_nothing_is_saved_once_closed():
    candidacy, slots = make_reply()
    client = opened(candidacy)
    document = downloaded(client, candidacy)
    typed(document, slots[0], "Precious words.")
    page = upload(client, candidacy, document)
    candidacy.event.status = EventStatus.CLOSED
    candidacy.event.save()

    closed = confirm(client, candidacy, page)

    assert closed.status_code == 403
    assert "Precious words." in closed.content.decode()
    assert not DraftAnswer.objects.exists()
    assert (
        "Bring the Word document back"
        not in client.get(address(candidacy, "capital/")).content.decode()
    )


def test_req_013_a_document_of_another_state_puts_nothing_under_questions():
    other, others = make_reply()
    document = downloaded(opened(other), other)
    typed(document, others[0], "Theirs.")
    candidacy, _slots = make_reply()
    client = opened(candidacy)

    page = upload(client, candidacy, document)

    assert page.context["form"].returned == []
    loose = [one["text"].value() for one in page.context["form"].loose]
    assert [text for text in loose if text.endswith("Theirs.")]


def test_req_003_asking_for_any_of_the_pages_changes_nothing():
    candidacy, _slots = make_reply()
    client = opened(candidacy)

    for rest in ("capital/", "capital/docx/", "capital/pdf/", "capital/txt/"):
        assert client.get(address(candidacy, rest)).status_code == 200
    for rest in ("returned/", "reading-link/"):
        assert client.get(address(candidacy, rest)).status_code == 302
    assert not Draft.objects.exists()
    assert not candidacy.reading_links.exists()
