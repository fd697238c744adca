"""Candidacies with all that a letter to them states, and composing one."""

from datetime import date

from questions.models import EventSession, LetterSection, Participation
from questions.operations.compositions import LetterSignatory, compose, standard_template
from tests.factories import (
    make_candidacy,
    make_contact,
    make_event,
    make_question,
    make_slot,
    make_state,
)

PEOPLE = [("geneva", "Geneva", "Bo Dahl"), ("new_york", "New York", "Cy Berg")]
SIGNATORY = LetterSignatory("Ada Lund", "Director", "Prima Rights", "a.lund@example.org")


def composed(candidacy, *, template=None, **fields):
    values = {
        "letter_date": date(2021, 9, 29),
        "signatory": SIGNATORY,
        "reply_contact_email": "reply@example.org",
    }
    return compose(candidacy, template or standard_template(), **values | fields)


def make_standing(*, own=0, common=1, participation=Participation.UNKNOWN, addressees=1, **state):
    """A State with what a letter to it needs: event, sitting, addressees and questions."""
    event = make_event(
        year=2021, organisers="Prima Rights\nWorld Service for Rights", body="Council of Tests"
    )
    EventSession.objects.create(event=event, date=date(2021, 9, 8), is_online=True)
    state = make_state(**{"name": "Prima", "iso3": "XPR", "is_specimen": True} | state)
    candidacy = make_candidacy(event=event, state=state, participation=participation)
    for city, place, name in PEOPLE[:addressees]:
        make_contact(
            state=state,
            city=city,
            name=name,
            honorific="H.E. Mr.",
            role=f"Permanent Representative of {state.name} to the United Nations in {place}",
            is_addressee=True,
        )
    for number in range(1, own + 1):
        question = make_question(event=event, state=state, number=number, scope="one")
        put(candidacy, question, LetterSection.OWN, number)
    for number in range(1, common + 1):
        put(candidacy, make_question(event=event, number=number), LetterSection.COMMON, number)
    return candidacy


def put(candidacy, question, section, position):
    return make_slot(
        candidacy=candidacy, question=question, section=section, position=position, sent=False
    )
