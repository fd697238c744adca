from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from questions.models import (
    AccessLink,
    AuditEntry,
    Candidacy,
    Edition,
    Letter,
    LetterOrigin,
    QuestionStatus,
)
from questions.operations.drafts import save_draft_answer
from questions.operations.links import disown_link
from questions.tokens import digest
from tests.admin.pages import change_page, errors_of, fields_of, messages_of
from tests.factories import (
    BEFORE,
    DUE_AT,
    answer,
    make_candidacy,
    make_contact,
    make_event,
    make_link,
    make_question,
    make_slot,
    make_state,
    send,
)

pytestmark = pytest.mark.django_db


def link_page(candidacy):
    return reverse("admin:questions_candidacy_link", args=[candidacy.pk])


def letter_page(candidacy):
    return reverse("admin:questions_candidacy_letter", args=[candidacy.pk])


def revoke_page(link):
    return reverse("admin:questions_accesslink_revoke", args=[link.pk])


# --- Making and revoking links ------------------------------------------------------------------


def test_a_link_and_its_code_are_shown_once_and_kept_nowhere(admin, caplog):
    candidacy = make_candidacy()
    contact = make_contact(state=candidacy.state, name="Ms. Specimen")

    page = admin.post(link_page(candidacy), {"contact": contact.pk})

    token = page.context["address"].rpartition("/")[2]
    link = AccessLink.objects.get()
    entry = AuditEntry.objects.get()
    stored = [session.get_decoded() for session in Session.objects.all()]
    later = admin.get(change_page(candidacy)).content.decode()
    assert page.status_code == 200
    assert page.context["address"] == f"{settings.BASE_URL}/reply/open/{token}"
    secret = token[1:]  # a message would begin with a capital letter
    code = page.context["code"]
    assert code.startswith(candidacy.state.iso3)
    assert f"typed at {settings.BASE_URL}/reply:" in page.content.decode()
    assert page.content.decode().count(secret) == page.content.decode().count(code) == 1
    assert "no-store" in page.headers["Cache-Control"]
    assert (link.contact, link.candidacy, link.token_digest) == (contact, candidacy, digest(token))
    assert AccessLink.objects.for_code(code).get() == link
    assert (entry.action, entry.subject) == ("link.minted", candidacy.symbol)
    for elsewhere in [str(stored), str(page.cookies), caplog.text, str(entry.details), later]:
        assert secret not in elsewhere and code not in elsewhere


def test_a_link_is_made_only_for_an_active_contact_of_the_state(admin):
    candidacy = make_candidacy()
    elsewhere = make_contact(name="Of another State")
    gone = make_contact(state=candidacy.state, name="Who left", is_active=False)
    make_contact(state=candidacy.state, name="Who is there")

    asked = admin.get(link_page(candidacy)).content.decode()
    pages = [admin.post(link_page(candidacy), {"contact": c.pk}) for c in (elsewhere, gone)]
    pages.append(admin.post(link_page(candidacy), {}))

    assert "Who is there" in asked
    assert "Of another State" not in asked and "Who left" not in asked
    assert [list(page.context["form"].errors) for page in pages] == [["contact"]] * 3
    assert not AccessLink.objects.exists()


def test_a_state_without_contacts_says_what_to_do(admin):
    page = admin.get(link_page(make_candidacy())).content.decode()

    assert "No active contact of this State is on record." in page
    assert reverse("admin:questions_contact_add") in page


def test_revoke_asks_first_and_ends_the_link(admin, boss):
    link, _token = make_link()

    asked = admin.get(revoke_page(link)).content.decode()
    link.refresh_from_db()
    live_after_get = link.is_live
    page = admin.post(revoke_page(link), follow=True)
    again = admin.post(revoke_page(link), follow=True)

    link.refresh_from_db()
    assert "its reply code end at once" in asked and live_after_get
    assert (link.is_live, link.revoked_by) == (False, boss)
    assert messages_of(page) == ["The link was revoked."]
    assert messages_of(again) == ["The link had been revoked before."]
    assert [e.action for e in AuditEntry.objects.all()] == ["link.revoked", "link.minted"]


def test_links_are_listed_without_digest_and_cannot_be_probed_for_it(admin):
    link, token = make_link()

    listed = admin.get("/admin/questions/accesslink/").content.decode()
    shown = admin.get(change_page(link)).content.decode()
    probed = admin.get("/admin/questions/accesslink/", {"token_digest__startswith": "a"})

    assert digest(token) not in listed + shown
    assert probed.status_code == 400


def test_a_link_that_is_said_to_be_not_for_them_is_marked(admin):
    link, _token = make_link()
    pages = [change_page(link.candidacy), "/admin/questions/accesslink/", change_page(link)]
    before = [admin.get(page).text for page in pages]
    disown_link(link, at=BEFORE)

    after = [admin.get(page).text for page in pages]

    assert "Said to be not for them" in after[0] and "Said to be not for them" not in before[0]
    for listed, marked in zip(before[1:], after[1:], strict=True):
        assert marked.count("11:00") == listed.count("11:00") + 1


def test_links_filter_those_that_work(admin):
    live, _token = make_link()
    revoked, _token = make_link()
    admin.post(revoke_page(revoked))

    works = admin.get("/admin/questions/accesslink/", {"works": "yes"})
    ended = admin.get("/admin/questions/accesslink/", {"works": "no"})

    assert list(works.context["cl"].queryset) == [live]
    assert list(ended.context["cl"].queryset) == [revoked]


# --- Recording that the letter was sent ---------------------------------------------------------

SENT = {
    "date": "2021-09-29",
    "signatory_name": "P. Director",
    "signatory_title": "Director",
    "reply_contact_email": "answers@office.example",
}


def test_recording_the_letter_sends_the_questions_put(admin):
    candidacy = make_candidacy(due_at=None)
    slot = make_slot(candidacy=candidacy, sent=False)

    asked = admin.get(letter_page(candidacy)).content.decode()
    page = admin.post(letter_page(candidacy), SENT, follow=True)

    slot.refresh_from_db()
    candidacy.refresh_from_db()
    letter = Letter.objects.get()
    assert slot.symbol in asked
    assert messages_of(page) == ["Recorded. The missions now see the questions in the form."]
    assert (letter.origin, letter.signatory_name) == (LetterOrigin.RECORDED, "P. Director")
    assert slot.letter == letter
    assert candidacy.due_at == DUE_AT


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"date": "2999-01-01"}, {"date": ["This day is in the future."]}),
        ({"date": ""}, {"date": ["This field is required."]}),
        ({"signatory_name": ""}, {"signatory_name": ["This field is required."]}),
        ({"reply_contact_email": "x"}, {"reply_contact_email": ["Enter a valid email address."]}),
    ],
)
def test_recording_the_letter_refuses_what_cannot_be(admin, typed, errors):
    candidacy = make_candidacy()
    make_slot(candidacy=candidacy, sent=False)

    page = admin.post(letter_page(candidacy), SENT | typed)

    assert page.context["form"].errors == errors
    assert not Letter.objects.exists()


def test_recording_a_letter_with_nothing_to_send_says_so(admin):
    candidacy = make_candidacy()

    asked = admin.get(letter_page(candidacy)).content.decode()
    page = admin.post(letter_page(candidacy), SENT, follow=True)

    assert "There is no question that was put and not yet sent." in asked
    assert messages_of(page) == ["There is no question that was put and not yet sent."]
    assert not Letter.objects.exists()


# --- The page -----------------------------------------------------------------------------------


def test_page_shows_what_was_put_sent_and_came_back(admin):
    candidacy = make_candidacy(state=make_state(iso3="XOC"), event=make_event(year=2021))
    answered = make_slot(candidacy=candidacy)
    make_slot(candidacy=candidacy, sent=False)
    make_slot()
    submission = send(candidacy, {answered: answer("Yes.")})
    make_link(candidacy=candidacy)

    page = admin.get(change_page(candidacy))

    html = page.content.decode()
    assert [(str(slot.symbol), str(label)) for slot, label in page.context["slots"]] == [
        ("PE2021/Q1/XOC", "Received, being prepared"),
        ("PE2021/Q2/XOC", "Awaiting answer"),
    ]
    assert list(page.context["submissions"]) == [submission]
    assert "the end of 8 October 2021 in New York (05:59 on 9 October in Geneva)" in html
    assert "Record that the letter was sent" in html and "Revoke" in html


def test_page_says_that_a_draft_was_saved_and_never_what_is_in_it(admin):
    slot = make_slot()
    link, _token = make_link(candidacy=slot.candidacy)
    save_draft_answer(
        slot,
        text="Unsent words.",
        text_as_typed="Unsent words.",
        language="en",
        is_ready=False,
        based_on=0,
        link=link,
        at=BEFORE,
    )

    html = admin.get(change_page(slot.candidacy)).content.decode()

    assert (
        "A draft of 1 answer was last saved in the form on 1 October 2021 at 05:00 New York time"
        in html
    )
    assert "Unsent words." not in html


def test_facts_are_changed_on_record_and_the_deadline_is_not(admin):
    candidacy = make_candidacy()
    other = make_event()
    typed = fields_of(admin.get(change_page(candidacy)))
    before = Edition.objects.get_or_create(pk=1)[0].number

    admin.post(
        change_page(candidacy),
        typed
        | {
            "participation": "took_part",
            "due_at_0": "2030-01-01",
            "due_at": "2030-01-01",
            "event": other.pk,
            "state": make_state().pk,
        },
    )

    event, state = candidacy.event, candidacy.state
    candidacy.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert (candidacy.participation, candidacy.due_at) == ("took_part", DUE_AT)
    assert (candidacy.event, candidacy.state) == (event, state)
    assert (entry.action, entry.subject) == ("candidacy.changed", candidacy.symbol)
    assert entry.details["changed"] == ["participation"]
    assert Edition.objects.get().number == before + 1


def test_a_candidacy_added_alone_takes_the_deadline_of_its_event(admin):
    event, state = make_event(), make_state()
    add = reverse("admin:questions_candidacy_add")
    typed = fields_of(admin.get(add)) | {"event": event.pk, "state": state.pk}

    admin.post(add, typed)
    again = admin.post(add, typed)

    assert Candidacy.objects.get().due_at == DUE_AT
    assert errors_of(again) == {"__all__": ["Candidacy with this Event and State already exists."]}


def test_list_filters_those_that_are_overdue_or_due_soon(admin):
    far = datetime(2999, 1, 1, tzinfo=UTC)
    kept = make_event()
    overdue = make_slot(candidacy=make_candidacy(event=kept)).candidacy
    answered = make_slot(candidacy=make_candidacy(event=kept))
    send(answered.candidacy, {answered: answer("Yes.")}, received_at=BEFORE)
    make_slot(candidacy=make_candidacy(event=kept), sent=False)
    make_slot(candidacy=make_candidacy(event=kept, due_at=far))
    make_slot(candidacy=make_candidacy(event=make_event(record="reconstructed")))
    make_slot(candidacy=make_candidacy(event=make_event(status="closed")))
    withdrawn = make_question(event=kept, status=QuestionStatus.DECLINED, status_reason="Twice.")
    make_slot(candidacy=make_candidacy(event=kept), question=withdrawn)

    pages = {
        value: list(
            admin.get("/admin/questions/candidacy/", {"answers": value}).context["cl"].queryset
        )
        for value in ["overdue", "soon", "awaited"]
    }

    assert pages == {"overdue": [overdue], "soon": [], "awaited": [overdue]}
