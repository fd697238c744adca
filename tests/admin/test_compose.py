"""Composing and issuing the letters of an event."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from questions.models import (
    AddressedQuestion,
    AuditEntry,
    Contact,
    DocumentKind,
    Letter,
    LetterDocument,
    LetterStatus,
    Standing,
)
from tests.admin.letter_events import (
    compose_letters,
    event_page,
    hidden_fields,
    make_event_to_write,
    make_letterhead,
    make_wording,
)
from tests.admin.pages import change_page, messages_of
from tests.factories import make_candidacy, make_letter, make_question, make_slot

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>{{7*7}}{state}"


def issue_page(letter):
    return reverse("admin:questions_letter_issue", args=[letter.pk])


def document(letter, kind):
    return reverse("admin:questions_letter_document", args=[letter.pk, kind])


def test_one_button_composes_a_draft_for_every_state(admin, boss):
    event = make_event_to_write(states=["Octava", "Nona"])
    wording = make_wording()
    make_letterhead()
    withdrew = make_candidacy(event=event, standing=Standing.WITHDREW)
    make_slot(candidacy=withdrew, question=event.questions.get(), sent=False)
    asked = admin.get(event_page(event, "compose"))

    page = admin.post(
        event_page(event, "compose"),
        {"template": wording.pk, "letter_date": "2021-09-30"},
        follow=True,
    )

    letters = Letter.objects.order_by("candidacy__state__sort_key")
    assert "2 States have questions that no letter took to them." in asked.content.decode()
    assert asked.context["form"]["letter_date"].value() == event.letter_date
    assert messages_of(page) == ["2 letters composed."]
    assert [(str(x.candidacy.state), x.status, str(x.date)) for x in letters] == [
        ("Nona", LetterStatus.DRAFT, "2021-09-30"),
        ("Octava", LetterStatus.DRAFT, "2021-09-30"),
    ]
    assert {entry.user for entry in AuditEntry.objects.filter(action="letter.composed")} == {boss}
    for letter in letters:
        assert change_page(letter) in page.content.decode()
        assert document(letter, "pdf") in page.content.decode()


def test_without_wording_or_letterhead_the_page_says_where_to_make_them(admin):
    event = make_event_to_write()

    html = admin.get(event_page(event, "compose")).content.decode()

    assert "/admin/questions/lettertemplate/add/" in html
    assert "/admin/questions/letterhead/add/" in html
    assert "Compose 1 letter" not in html


def test_a_wording_that_lacks_a_paragraph_is_refused(admin):
    event = make_event_to_write()
    wording = make_wording()
    wording.texts["closing"] = ""
    wording.save()

    page = admin.post(
        event_page(event, "compose"), {"template": wording.pk, "letter_date": "2021-09-30"}
    )

    assert page.context["form"].errors == {
        "template": ["A paragraph of this wording is missing. Open it first."]
    }
    assert not Letter.objects.exists()


def test_of_one_state_the_page_says_what_is_not_known(admin):
    event = make_event_to_write()
    candidacy = event.candidacies.get()
    Contact.objects.update(is_addressee=False)
    wording = make_wording()
    page = reverse("admin:questions_candidacy_compose", args=[candidacy.pk])
    typed = {"template": wording.pk, "letter_date": "2021-09-30"}

    refused = admin.post(page, typed)
    candidacy.slots.all().delete()
    without_question = admin.post(page, typed)

    assert refused.context["form"].non_field_errors() == ["Not known yet: an addressee, who signs."]
    assert without_question.context["form"].non_field_errors() == [
        "No question was put to this State."
    ]
    assert not Letter.objects.exists()


def test_a_state_whose_questions_were_all_sent_gets_a_corrected_letter(admin):
    event = make_event_to_write()
    candidacy = event.candidacies.get()
    candidacy.slots.update(letter=make_letter(candidacy=candidacy))
    wording = make_wording()
    make_letterhead()
    address = reverse("admin:questions_candidacy_compose", args=[candidacy.pk])

    asked = admin.get(address).content.decode()
    page = admin.post(address, {"template": wording.pk, "letter_date": "2021-09-30"})

    draft = candidacy.letters.get(status=LetterStatus.DRAFT)
    assert "A corrected letter repeats all of them under a new number." in asked
    assert draft.number == 2
    assert page.url == change_page(draft)


def test_a_draft_is_shown_as_its_files_print_it(admin):
    event = make_event_to_write()
    compose_letters(event)
    letter = Letter.objects.get()

    html = admin.get(change_page(letter)).content.decode()

    assert "Envoy of Octava in new_york" in html
    assert '<li value="1">' in html
    assert "What will you do about reprisals?" in html
    assert issue_page(letter) in html


def test_files_of_a_draft_are_made_as_asked_and_stored_nowhere(admin):
    event = make_event_to_write()
    compose_letters(event)
    letter = Letter.objects.get()

    pdf, word = admin.get(document(letter, "pdf")), admin.get(document(letter, "docx"))

    assert pdf.content.startswith(b"%PDF-") and word.content.startswith(b"PK")
    assert pdf.headers["Content-Disposition"] == (
        f'attachment; filename="draft-{event.code}-{letter.candidacy.state.iso3}-letter-1.pdf"'
    )
    assert not LetterDocument.objects.exists()


def test_req_058_files_of_letters_are_only_ever_saved(admin):
    event = make_event_to_write()
    compose_letters(event)

    page = admin.get(document(Letter.objects.get(), "pdf"))

    assert page.headers["Content-Type"] == "application/octet-stream"
    assert page.headers["Content-Disposition"].startswith("attachment;")
    assert page.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_no_file_is_made_of_a_letter_that_was_sent_by_other_means_or_of_another_kind(admin):
    event = make_event_to_write()
    compose_letters(event)
    imported = make_letter()

    assert admin.get(document(imported, "pdf")).status_code == 404
    assert (
        admin.get(document(Letter.objects.exclude(pk=imported.pk).get(), "exe")).status_code == 404
    )


def test_a_letter_is_issued_after_asking_and_its_files_are_frozen(admin, boss):
    event = make_event_to_write()
    compose_letters(event)
    letter = Letter.objects.get()

    asked = admin.get(issue_page(letter))
    after_asking = Letter.objects.get().status
    page = admin.post(issue_page(letter), hidden_fields(asked), follow=True)

    letter.refresh_from_db()
    frozen = letter.documents.get(kind=DocumentKind.PDF)
    assert after_asking == LetterStatus.DRAFT
    assert "H.E. Ms. Envoy of Octava in geneva" in asked.content.decode()
    assert messages_of(page) == ["1 letter issued."]
    assert letter.status == LetterStatus.ISSUED
    assert AddressedQuestion.objects.get().letter == letter
    assert admin.get(document(letter, "pdf")).content == bytes(frozen.content)
    assert "draft" not in admin.get(document(letter, "docx")).headers["Content-Disposition"]
    assert AuditEntry.objects.filter(action="letter.issued", user=boss).count() == 1


def test_issuing_what_was_issued_changes_nothing(admin):
    event = make_event_to_write()
    compose_letters(event)
    letter = Letter.objects.get()
    asked = admin.get(issue_page(letter))
    admin.post(issue_page(letter), hidden_fields(asked))

    page = admin.post(issue_page(letter), hidden_fields(asked), follow=True)

    assert messages_of(page)[-1:] == ["There is no draft to issue."]
    assert LetterDocument.objects.count() == 2


def test_all_drafts_are_issued_after_their_full_list(admin):
    event = make_event_to_write(states=["Octava", "Nona", "Decima"])
    compose_letters(event)

    asked = admin.get(event_page(event, "issue"))
    page = admin.post(event_page(event, "issue"), hidden_fields(asked), follow=True)

    html = asked.content.decode()
    assert [name in html for name in ["Octava", "Nona", "Decima"]] == [True] * 3
    assert "Issue 3 letters" in html
    assert messages_of(page) == ["3 letters issued."]
    assert Letter.objects.issued().count() == 3


def test_the_draft_to_a_state_that_withdrew_since_is_neither_listed_nor_issued(admin):
    event = make_event_to_write(states=["Octava", "Nona"])
    compose_letters(event)
    event.candidacies.filter(state__name="Nona").update(standing=Standing.WITHDREW)

    asked = admin.get(event_page(event, "issue"))
    page = admin.post(event_page(event, "issue"), hidden_fields(asked), follow=True)

    assert "Issue 1 letter?" in asked.content.decode()
    assert "Nona" not in asked.content.decode()
    assert messages_of(page) == ["1 letter issued."]


def test_a_draft_composed_again_since_the_list_was_shown_is_shown_again(admin):
    event = make_event_to_write()
    compose_letters(event)
    asked = admin.get(event_page(event, "issue"))
    Letter.objects.update(text_sha256="0" * 64)

    page = admin.post(event_page(event, "issue"), hidden_fields(asked))
    without_a_word = admin.post(event_page(event, "issue"))

    assert "Something has changed since this page was shown." in page.content.decode()
    assert without_a_word.status_code == 200
    assert not Letter.objects.issued().exists()


def test_a_draft_that_no_longer_says_what_is_so_is_not_issued(admin):
    event = make_event_to_write()
    compose_letters(event)
    event.questions.update(text="Other words?")
    asked = admin.get(event_page(event, "issue"))

    page = admin.post(event_page(event, "issue"), hidden_fields(asked), follow=True)

    assert messages_of(page) == [
        "Nothing was issued. What the letters say has changed: compose again for Octava."
    ]
    assert not Letter.objects.issued().exists()


def test_a_file_that_cannot_be_made_is_said_and_nothing_is_issued(admin):
    event = make_event_to_write()
    event.questions.update(text="a" * 600_000)
    compose_letters(event)
    letter = Letter.objects.get()
    asked = admin.get(issue_page(letter))

    page = admin.post(issue_page(letter), hidden_fields(asked), follow=True)
    file = admin.get(document(letter, "pdf"), follow=True)

    assert messages_of(page)[-1].startswith("Nothing was issued. A file could not be made:")
    assert messages_of(file)[-1].startswith("The file could not be made:")
    assert not Letter.objects.issued().exists()


def test_req_066_names_are_printed_as_typed(admin):
    event = make_event_to_write(states=[HOSTILE])
    make_question(event=event, text=HOSTILE)
    compose_letters(event)
    letter = Letter.objects.get()
    candidacy = reverse("admin:questions_candidacy_compose", args=[letter.candidacy_id])

    pages = [change_page(letter), issue_page(letter), candidacy]
    pages += [event_page(event, "compose"), event_page(event, "issue")]

    for page in pages:
        html = admin.get(page).content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}{state}" in html


def test_req_040_issuing_and_files_are_for_those_who_may(staff_with, client):
    event = make_event_to_write()
    compose_letters(event)
    letter = Letter.objects.get()
    pages = [issue_page(letter), event_page(event, "issue")]
    readers = staff_with("view_letter", "change_letter", "view_event")
    strangers = staff_with("view_event", "view_candidacy")

    refused = [readers.get(page).status_code for page in pages]
    refused += [readers.post(page, {"seen": "x"}).status_code for page in pages]
    files = [c.get(document(letter, "pdf")).status_code for c in [readers, strangers, client]]

    assert refused == [403] * 4
    assert files == [200, 403, 302]
    assert issue_page(letter) not in readers.get(change_page(letter)).content.decode()
    assert not Letter.objects.issued().exists()


def test_pages_run_as_many_queries_for_eight_states_as_for_two(admin, django_assert_num_queries):
    few = make_event_to_write(states=["A", "B"])
    many = make_event_to_write(states=list("CDEFGHIJ"))
    compose_letters(few)
    compose_letters(many)

    for name in ["compose", "issue"]:
        admin.get(event_page(few, name))
        with CaptureQueriesContext(connection) as queries:
            admin.get(event_page(few, name))

        with django_assert_num_queries(len(queries)):
            admin.get(event_page(many, name))
