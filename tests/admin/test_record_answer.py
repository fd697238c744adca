from uuid import uuid4

import pytest
from django.urls import reverse

from questions.models import (
    GENEVA,
    NEW_YORK,
    AuditEntry,
    City,
    Mission,
    QuestionStatus,
    Response,
    Submission,
)
from tests.admin.pages import change_page, messages_of
from tests.factories import (
    DUE_AT,
    make_candidacy,
    make_event,
    make_question,
    make_slot,
    make_state,
)

pytestmark = pytest.mark.django_db

START = "/admin/questions/submission/record/"


@pytest.mark.parametrize("candidacy", ["kaz", "-1", "9" * 30])
def test_what_is_no_state_at_an_event_is_asked_for_again(admin, candidacy):
    page = admin.get(START, {"candidacy": candidacy})

    assert list(page.context["form"].errors) == ["candidacy"]


def page_for(candidacy):
    return reverse("admin:record_answer_for", args=[candidacy.pk])


def typed_for(slot, **typed):
    return {
        "form_key": str(uuid4()),
        "channel": "email",
        "received": "1 Oct 2021 10:00",
        "zone": GENEVA,
        "language": "en",
        "signatory_name": "A. Diplomat",
        "signatory_title": "First Secretary",
        "reason": "Sent by e-mail.",
        f"text_{slot.pk}": "Yes.",
    } | typed


def check(client, slot, typed):
    return client.post(page_for(slot.candidacy), typed | {"check": "Check"})


def save(client, slot, typed):
    """Check, and then Save with what the page has hidden in it."""
    checked = check(client, slot, typed).context["received_at"]
    return client.post(
        page_for(slot.candidacy),
        typed | {"save": "Save", "checked": checked.isoformat()},
        follow=True,
    )


def test_whose_answer_it_is_is_typed_or_chosen_from_an_event(admin):
    octava = make_candidacy()
    make_candidacy(event=make_event())

    page = admin.get(START, {"event": octava.event_id})
    typed = admin.get(START, {"candidacy": octava.pk})
    wrong = admin.get(START, {"candidacy": 10_000})

    assert list(page.context["candidacies"]) == [octava]
    assert typed.url == page_for(octava)
    assert list(wrong.context["form"].errors) == ["candidacy"]


def test_each_question_put_to_the_state_has_a_box_beside_it(admin):
    slot = make_slot(question=make_question(text="Was tun?", language="fr"))
    unsent = make_slot(candidacy=slot.candidacy, sent=False)
    declined = make_question(
        event=slot.candidacy.event, status=QuestionStatus.DECLINED, status_reason="Twice."
    )
    make_slot(candidacy=slot.candidacy, question=declined)
    make_slot()

    page = admin.get(page_for(slot.candidacy))

    html = page.content.decode()
    assert [box["slot"] for box in page.context["form"].boxes()] == [slot, unsent]
    assert '<div class="words" lang="fr" dir="auto"><p>Was tun?</p></div>' in html
    assert f"{unsent.symbol} · not recorded as sent" in html
    assert f'name="text_{slot.pk}"' in html and 'dir="auto"' in html


@pytest.mark.parametrize(
    ("received", "zone", "is_late", "sentence"),
    [
        ("8 Oct 2021 23:59", NEW_YORK, False, "<strong>On time:</strong>"),
        ("9 Oct 2021 05:59", GENEVA, False, "<strong>On time:</strong>"),
        ("2021-10-09T03:59:59Z", GENEVA, False, "<strong>On time:</strong>"),
        ("9 Oct 2021 06:00", GENEVA, True, "<strong>Late:</strong>"),
        ("2021-10-09T04:00:00Z", NEW_YORK, True, "<strong>Late:</strong>"),
    ],
)
def test_on_time_or_late_is_shown_against_the_states_deadline_before_saving(
    admin, received, zone, is_late, sentence
):
    slot = make_slot()

    page = check(admin, slot, typed_for(slot, received=received, zone=zone))

    assert page.context["is_late"] == is_late
    assert sentence in page.content.decode()
    assert not Submission.objects.exists()


def test_the_deadline_is_that_of_the_state_and_not_of_the_event(admin):
    slot = make_slot(candidacy=make_candidacy(due_at=DUE_AT.replace(day=20)))

    page = check(admin, slot, typed_for(slot, received="12 Oct 2021 10:00"))

    assert not page.context["is_late"]


def test_a_state_without_a_deadline_is_neither(admin):
    slot = make_slot(candidacy=make_candidacy(due_at=None))

    page = check(admin, slot, typed_for(slot)).content.decode()

    assert "<strong>No deadline:</strong>" in page


def test_save_stores_what_was_checked(admin, boss):
    slot = make_slot()
    refused = make_slot(candidacy=slot.candidacy)
    empty = make_slot(candidacy=slot.candidacy)
    geneva = Mission.objects.create(state=slot.candidacy.state, city=City.GENEVA)
    typed = typed_for(
        slot,
        received="9 Oct 2021 06:00",
        mission=geneva.pk,
        channel="note_verbale",
        **{f"declined_{refused.pk}": "on", f"language_{slot.pk}": "ar"},
    )

    page = save(admin, slot, typed)

    submission = Submission.objects.get()
    entry = AuditEntry.objects.get()
    assert [(r.slot, r.kind, r.text, r.language) for r in submission.responses.order_by("pk")] == [
        (slot, "answer", "Yes.", "ar"),
        (refused, "declined", "", ""),
    ]
    assert submission.received_at == submission.due_at == DUE_AT and submission.is_late
    assert (submission.channel, submission.mission) == ("note_verbale", geneva)
    assert (submission.signatory_name, submission.signatory_title) == (
        "A. Diplomat",
        "First Secretary",
    )
    assert (submission.entered_by, submission.entry_reason) == (boss, "Sent by e-mail.")
    assert (entry.action, entry.subject, entry.user) == (
        "submission.entered",
        submission.symbol,
        boss,
    )
    assert messages_of(page) == [
        f"Recorded as {submission.symbol}, received late. It waits to be published."
    ]
    assert set(page.context["cl"].queryset) == set(submission.responses.all())
    assert not empty.responses.exists()


def test_the_same_form_saved_twice_is_stored_once(admin):
    slot = make_slot()
    typed = typed_for(slot)

    save(admin, slot, typed)
    save(admin, slot, typed)

    assert Submission.objects.count() == Response.objects.count() == 1


@pytest.mark.parametrize("checked", ["", "2021-10-01T07:00:00+00:00"])
def test_save_without_check_or_with_another_time_only_shows_the_timing(admin, checked):
    slot = make_slot()

    page = admin.post(
        page_for(slot.candidacy), typed_for(slot) | {"save": "Save", "checked": checked}
    )

    assert not Submission.objects.exists()
    assert "<strong>On time:</strong>" in page.content.decode()


def test_req_032_a_future_time_is_refused_and_everything_typed_stays(admin):
    slot = make_slot()
    typed = typed_for(slot, received="1 Jan 2999 10:00", **{f"text_{slot.pk}": "نعم <b>&"})

    page = admin.post(
        page_for(slot.candidacy),
        typed | {"save": "Save", "checked": "2999-01-01T10:00:00+01:00"},
    )

    html = page.content.decode()
    assert page.context["form"].errors == {
        "received": ["This is in the future. Enter when it arrived."]
    }
    assert "نعم &lt;b&gt;&amp;" in html
    assert typed["form_key"] in html and "A. Diplomat" in html and "Sent by e-mail." in html
    assert not Submission.objects.exists()


def test_an_answer_to_a_question_put_to_another_state_is_not_taken(admin):
    slot, elsewhere = make_slot(), make_slot()

    save(admin, slot, typed_for(slot, **{f"text_{elsewhere.pk}": "Forged."}))

    assert list(Response.objects.values_list("slot", "text")) == [(slot.pk, "Yes.")]


def test_the_mission_of_another_state_is_not_taken(admin):
    slot = make_slot()
    elsewhere = Mission.objects.create(state=make_state(), city=City.GENEVA)

    page = check(admin, slot, typed_for(slot, mission=elsewhere.pk))

    assert list(page.context["form"].errors) == ["mission"]


def test_what_came_in_after_closing_is_recorded_all_the_same(admin):
    slot = make_slot(candidacy=make_candidacy(event=make_event(status="closed")))

    save(admin, slot, typed_for(slot, received="9 Nov 2021 10:00"))

    assert Submission.objects.get().is_late


def test_a_state_without_questions_has_nothing_to_record(admin):
    candidacy = make_candidacy()

    page = admin.get(page_for(candidacy)).content.decode()

    assert "No question has been put to this State yet" in page
    assert change_page(candidacy) in page
    assert "<textarea" not in page


def test_who_may_record_and_not_read_responses_lands_on_the_start_page(staff_with):
    slot = make_slot()

    page = save(staff_with("add_submission"), slot, typed_for(slot))

    assert page.redirect_chain == [("/admin/", 302)]
    assert Submission.objects.count() == 1
