"""An event whose letters can be composed, for tests of the staff's pages."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from questions.models import Letterhead, LetterTemplate, Participation, end_of_day
from questions.operations.compositions import standard_template
from questions.operations.dispatches import send_letters
from questions.operations.issuing import draft_letters, issue_all
from tests.factories import (
    BEFORE,
    DUE_ON,
    make_candidacy,
    make_contact,
    make_event,
    make_question,
    make_slot,
    make_state,
    make_user,
)


def make_wording(**fields):
    return LetterTemplate.objects.create(
        name="Standard", texts=standard_template(), is_default=True, **fields
    )


def make_letterhead(**fields):
    return Letterhead.objects.create(
        pk=1,
        signatory_name="A. Signatory",
        reply_contact_email="replies@office.example",
        **fields,
    )


def make_event_to_write(*, states=("Octava",), **fields):
    """Each State with one question to all, not in a letter, and an addressee in both cities."""
    event = make_event(letter_date=date(2021, 9, 29), **fields)
    event.sessions.create(date=date(2021, 9, 8), is_online=True, audience="over 200 participants")
    question = make_question(event=event, text="What will you do about reprisals?")
    for name in states:
        state = make_state(name=name)
        candidacy = make_candidacy(event=event, state=state, participation=Participation.TOOK_PART)
        make_slot(candidacy=candidacy, question=question, sent=False)
        for city in ["new_york", "geneva"]:
            make_contact(
                state=state,
                city=city,
                honorific="H.E. Ms.",
                name=f"Envoy of {name} in {city}",
                email=f"{city}@{state.slug}.example",
                is_addressee=True,
            )
    return event


def compose_letters(event, *, by=None):
    """Drafts of all of them, with wording and letterhead."""
    draft_letters(
        event,
        LetterTemplate.objects.first() or make_wording(),
        letter_date=date(2021, 9, 29),
        letterhead=Letterhead.objects.first() or make_letterhead(),
        by=by or make_user(),
        at=BEFORE,
    )


def make_sent(*, states=("Octava",), due_on=DUE_ON, sent_at=BEFORE, **fields):
    """An event whose letters were issued and queued."""
    event = make_event_to_write(states=states, answers_due_on=due_on, **fields)
    event.candidacies.update(due_at=end_of_day(due_on))
    compose_letters(event)
    issue_all(event, by=make_user(), at=sent_at)
    send_letters(event, by=make_user(), at=sent_at)
    return event


def make_due_tomorrow(*, states=("Octava",)):
    """Sent two weeks ago; due with the end of today in New York or of tomorrow: the last day."""
    now = timezone.now()
    event = make_sent(
        states=states,
        due_on=(now + timedelta(days=2)).date(),
        sent_at=now - timedelta(days=14),
    )
    event.candidacies.update(due_at=now + timedelta(hours=12))
    return event


def event_page(event, name):
    return reverse(f"admin:questions_event_{name}", args=[event.pk])


def hidden_fields(page):
    """What a browser would send of a page that asks for one word."""
    return {"seen": page.context["form"].shows}
