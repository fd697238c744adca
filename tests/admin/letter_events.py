"""An event whose letters can be composed, for tests of the staff's pages."""

from datetime import date

from django.urls import reverse

from questions.models import Letterhead, LetterTemplate, Participation
from questions.operations.compositions import standard_template
from questions.operations.issuing import draft_letters
from tests.factories import (
    BEFORE,
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


def event_page(event, name):
    return reverse(f"admin:questions_event_{name}", args=[event.pk])


def hidden_fields(page):
    """What a browser would send of a page that asks for one word."""
    return {"seen": page.context["form"].shows}
