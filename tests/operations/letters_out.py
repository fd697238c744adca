"""States that are ready for a letter, and letters on their way, for the tests of "Letters out"."""

from datetime import UTC, date, datetime

from questions.models import EventSession, Letterhead, LetterSection, LetterTemplate, Mission
from questions.operations.compositions import standard_template
from questions.operations.issuing import draft_letter, issue_composed
from tests.factories import (
    make_candidacy,
    make_contact,
    make_event,
    make_question,
    make_slot,
    make_user,
)

LETTER_DATE = date(2021, 9, 29)
AT = datetime(2021, 9, 27, 9, 0, tzinfo=UTC)  # a Monday, nine working days before the deadline


def make_template(*, name="Standard", is_default=True, **texts):
    return LetterTemplate.objects.create(
        name=name, texts=standard_template() | texts, is_default=is_default
    )


def make_letterhead(**fields):
    defaults = {
        "signatory_name": "Sophia Specimen",
        "signatory_title": "Director",
        "signatory_organisation": "Specimen Society",
        "reply_contact_email": "answers@specimen.example",
        "address": "1 Specimen Street\nGeneva",
    }
    return Letterhead.objects.create(pk=1, **defaults | fields)


def make_ready_event(**fields):
    """An open event with one sitting, without States."""
    event = make_event(**{"election_date": date(2021, 10, 14)} | fields)
    EventSession.objects.create(event=event, date=date(2021, 9, 8), is_online=True)
    return event


def make_ready(*, event=None, questions=1, emails=("newyork@{}.example", "geneva@{}.example")):
    """A candidacy with addressees at both missions and questions put and not yet sent."""
    event = event or make_ready_event()
    candidacy = make_candidacy(event=event, due_at=None)
    name = candidacy.state.iso3.lower()
    for city, email in zip(["new_york", "geneva"], emails, strict=True):
        make_contact(
            state=candidacy.state,
            city=city,
            honorific="H.E. Ms.",
            email=email.format(name),
            is_addressee=True,
        )
    for number in range(1, questions + 1):
        question = event.questions.filter(number=number).first() or make_question(event=event)
        make_slot(candidacy=candidacy, question=question, sent=False, section=LetterSection.COMMON)
    return candidacy


def draft(candidacy, **fields):
    """`draft_letter` with the default template and the letterhead as they are, made if missing."""
    defaults = {
        "template": LetterTemplate.objects.first() or make_template(),
        "letterhead": Letterhead.objects.first() or make_letterhead(),
        "letter_date": LETTER_DATE,
        "by": make_user(),
        "at": AT,
    }
    return draft_letter(candidacy, **defaults | fields)


def make_issued(*, by=None, at=AT, **fields):
    """A letter with its files, issued by the real operations and not yet sent."""
    return issue_composed(draft(make_ready(**fields)), by=by or make_user(), at=at)


def mission_of(candidacy, city):
    return Mission.objects.get(state=candidacy.state, city=city)
