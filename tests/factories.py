"""Objects for tests: `make_…(*, field=None)`; a test names only the fields it is about.

Invented States only. The deadline of a slot made here is the end of 8 October 2021 in New York.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import uuid4

from django.contrib.auth import get_user_model

from questions.models import (
    AddressedQuestion,
    Alert,
    AlertFrequency,
    Asker,
    AskerKind,
    AttachedQuestion,
    Attachment,
    AttachmentKind,
    Candidacy,
    Channel,
    Contact,
    Correction,
    Event,
    EventStatus,
    Letter,
    LetterOrigin,
    LetterSection,
    LetterStatus,
    MailKind,
    MailStatus,
    Mission,
    OutgoingMail,
    Question,
    QuestionAsker,
    QuestionScope,
    ReadingLink,
    ReplyContact,
    Response,
    ResponseKind,
    ResponseStatus,
    State,
    Submission,
    Translation,
    TranslationKind,
    TranslationStatus,
    end_of_day,
    text_digest,
)
from questions.operations.links import mint_link
from questions.operations.submissions import Answer, Signatory, record_submission

DUE_ON = date(2021, 10, 8)
DUE_AT = end_of_day(DUE_ON)
BEFORE = datetime(2021, 10, 1, 9, 0, tzinfo=UTC)
AFTER = DUE_AT + timedelta(days=1)

_numbers = count(1)


def letters_for(number):
    """The last two letters of an invented code that no test and no specimen State spells out."""
    first, second = divmod(number, 5)
    return chr(65 + first % 26) + "JVWYZ"[second]


def make_state(*, name=None, iso3=None, group="AFG", is_specimen=False, **fields):
    number = next(_numbers)
    # Among themselves in the order in which they are made: as a text, 100 comes before 99.
    sort_key = name.casefold() if name else f"specimenia {number:06}"
    name = name or f"Specimenia {number}"
    iso3 = iso3 or "X" + letters_for(number)
    return State.objects.create(
        name=name,
        iso3=iso3,
        group=group,
        is_specimen=is_specimen,
        sort_key=fields.pop("sort_key", sort_key),
        **fields,
    )


def make_event(*, year=None, status=EventStatus.OPEN, **fields):
    year = year or 2100 + next(_numbers) % 7900  # four digits, however many tests ran before
    defaults = {
        "code": f"PE{year}",
        "slug": str(year),
        "title": f"Pledging event {year}",
        "term_start": year + 1,
        "term_end": year + 3,
        "organisers": "Amnesty International\nInternational Service for Human Rights",
        "answers_due_on": DUE_ON,
    }
    return Event.objects.create(status=status, **defaults | fields)


def make_candidacy(*, event=None, state=None, due_at=DUE_AT, **fields):
    return Candidacy.objects.create(
        event=event or make_event(), state=state or make_state(), due_at=due_at, **fields
    )


def make_letter(*, candidacy=None, status=LetterStatus.ISSUED, text="Excellency, …", **fields):
    candidacy = candidacy or make_candidacy()
    defaults = {
        "date": date(2021, 9, 29),
        "number": candidacy.letters.count() + 1,
        "origin": LetterOrigin.IMPORTED,
        "text_sha256": text_digest(text),
    }
    return Letter.objects.create(candidacy=candidacy, status=status, text=text, **defaults | fields)


def make_asker(*, name=None, kind=AskerKind.NGO, **fields):
    return Asker.objects.create(name=name or f"Asker {next(_numbers)}", kind=kind, **fields)


def make_question(*, event=None, state=None, number=None, text=None, askers=None, **fields):
    event = event or make_event()
    number = number or event.questions.filter(state=state).count() + 1
    question = Question.objects.create(
        event=event,
        state=state,
        scope=fields.pop("scope", QuestionScope.ONE if state else QuestionScope.ALL),
        number=number,
        text=text or f"What will you do about matter {number}?",
        **fields,
    )
    for position, asker in enumerate(askers if askers is not None else [make_asker()], start=1):
        QuestionAsker.objects.create(question=question, asker=asker, position=position)
    return question


def make_slot(*, candidacy=None, question=None, sent=True, closes_on=None, **fields):
    """A question put to a candidacy; `sent` by its issued letter."""
    if candidacy is None:
        event = question.event if question else make_event(closes_on=closes_on)
        candidacy = make_candidacy(event=event)
    question = question or make_question(event=candidacy.event)
    letter = None
    if sent:
        letter = candidacy.letters.issued().first() or make_letter(candidacy=candidacy)
    defaults = {
        "section": LetterSection.OWN if question.state_id else LetterSection.COMMON,
        "position": question.number,
    }
    return AddressedQuestion.objects.create(
        question=question, candidacy=candidacy, letter=letter, **defaults | fields
    )


def make_contact(*, state=None, city="geneva", name=None, email="", **fields):
    mission, _made = Mission.objects.get_or_create(state=state or make_state(), city=city)
    return Contact.objects.create(
        mission=mission, name=name or f"Contact {next(_numbers)}", email=email, **fields
    )


def make_link(*, candidacy=None, city="geneva", contact=None, at=BEFORE):
    """(link, token)"""
    candidacy = candidacy or make_candidacy()
    contact = contact or make_contact(state=candidacy.state, city=city)
    return mint_link(contact, candidacy, by=None, at=at)


def make_attachment(*, slot=None, page=None, link=None, at=BEFORE, **fields):
    """A row only, without a file in the storage; beside the draft unless a submission is named."""
    slot = slot or make_slot()
    link = link or make_link(candidacy=slot.candidacy)[0]
    defaults = {
        "kind": AttachmentKind.ANSWER,
        "name": "Reply.pdf",
        "size": 1_000,
        "sha256": text_digest(str(uuid4())),
        "stored_as": f"{uuid4().hex}.pdf",
        "pages": 1,
        "has_text": True,
        "uploaded_at": at,
        "uploaded_by": link,
    }
    attachment = Attachment.objects.create(candidacy=slot.candidacy, **defaults | fields)
    AttachedQuestion.objects.create(attachment=attachment, slot=slot, page=page)
    return attachment


def make_alert(*, email=None, confirmed_at=None, **fields):
    """About everything, unless a thing or words are named; not confirmed, unless a moment is."""
    defaults = {
        "email": email or f"reader{next(_numbers)}@example.org",
        "language": "en",
        "frequency": AlertFrequency.AT_ONCE,
        "asked_at": confirmed_at or BEFORE,
        "confirmed_at": confirmed_at,
        "covered_until": confirmed_at,
    }
    return Alert.objects.create(**defaults | fields)


def make_reading_link(*, link=None, at=BEFORE, **fields):
    """A row only: nobody knows its token."""
    link = link or make_link()[0]
    defaults = {
        "token_digest": text_digest(str(uuid4())),
        "made_at": at,
        "ends_at": at + timedelta(days=14),
    }
    return ReadingLink.objects.create(candidacy=link.candidacy, made_by=link, **defaults | fields)


def make_reply_contact(*, link=None, at=BEFORE, **fields):
    link = link or make_link()[0]
    defaults = {
        "mission": link.contact.mission,
        "name": "A. Second",
        "post": "Second Secretary",
        "email": "desk@specimen.example",
        "language": "en",
    }
    return ReplyContact.objects.create(
        candidacy=link.candidacy, saved_at=at, saved_by=link, **defaults | fields
    )


def make_mail(*, contact=None, candidacy=None, status=MailStatus.SENT, at=BEFORE, **fields):
    """A message to a contact of the candidacy's State."""
    candidacy = candidacy or make_candidacy()
    number = next(_numbers)
    if contact is None:
        contact = make_contact(state=candidacy.state, email=f"mission{number}@specimen.example")
    defaults = {
        "kind": MailKind.LINK_AGAIN,
        "to": contact.email,
        "subject": f"{candidacy.symbol}: your reply link",
        "body": "Excellency, …",
        "message_id": f"<{number}@portal.example>",
        "next_try_at": at,
        "queued_at": at,
        "sent_at": at if status == MailStatus.SENT else None,
    }
    return OutgoingMail.objects.create(
        contact=contact, candidacy=candidacy, status=status, **defaults | fields
    )


def make_user(*, username=None, is_superuser=False, is_staff=True, **fields):
    create = get_user_model().objects
    make = create.create_superuser if is_superuser else create.create_user
    return make(
        username=username or f"staff{next(_numbers)}",
        password="correct horse battery staple",
        is_staff=is_staff,
        **fields,
    )


def make_response(
    *,
    slot=None,
    text="Yes.",
    language="en",
    kind=ResponseKind.ANSWER,
    published=False,
    received_at=BEFORE,
    status=None,
    **fields,
):
    """A response in a submission of its own."""
    slot = slot or make_slot()
    candidacy = slot.candidacy
    submission = Submission.objects.create(
        candidacy=candidacy,
        number=candidacy.submissions.next_number(),
        channel=Channel.FORM,
        signatory_name="A. Diplomat",
        signatory_title="First Secretary",
        received_at=received_at,
        due_at=candidacy.due_at,
        form_key=uuid4(),
        text_sha256=text_digest(text),
    )
    if published:
        fields |= {
            "status": status or ResponseStatus.PUBLISHED,
            "version": slot.responses.exclude(version=None).count() + 1,
            "published_at": fields.pop("published_at", received_at),
            "published_by": fields.pop("published_by", None) or make_user(),
        }
    elif status:
        fields["status"] = status
    return Response.objects.create(
        slot=slot, submission=submission, text=text, language=language, kind=kind, **fields
    )


def make_correction(*, event=None, published_at=None, by=None, **fields):
    """A note about the event unless a part of it, or a page, is named; a draft without a moment."""
    by = by or make_user()
    defaults = {
        "corrected_on": DUE_ON,
        "what_was_wrong": "The date of the sitting.",
        "what_changed": "8 September 2021.",
        "reason": "A slip of the pen.",
        "entered_at": BEFORE,
        "entered_by": by,
        "published_at": published_at,
        "published_by": by if published_at else None,
        "by_one_person": bool(published_at),
    }
    if "page" not in fields:
        defaults["event"] = event or make_event()
    return Correction.objects.create(**defaults | fields)


def make_translation(*, of=None, text="Oui.", language="fr", published=True, **fields):
    """Of a response, or of a question; published, unless it is said that it is a draft."""
    of = of or make_response(published=True)
    fields[of._meta.model_name] = of
    if published:
        fields.setdefault("status", TranslationStatus.PUBLISHED)
        fields.setdefault("published_at", BEFORE)
        fields["published_by"] = make_user()
    defaults = {
        "kind": TranslationKind.OFFICE,
        "made_by": "ISHR",
        "made_on": date(2021, 10, 5),
        "entered_at": BEFORE,
    }
    fields = defaults | fields
    fields.setdefault("entered_by", make_user())
    return Translation.objects.create(text=text, language=language, **fields)


def answer(text="Yes.", language="en", **fields):
    return Answer(text=text, language=language, **fields)


def send(candidacy, answers, **fields):
    """`record_submission` with form key, signatory and a time before the deadline filled in."""
    defaults = {
        "form_key": uuid4(),
        "signatory": Signatory("A. Diplomat", "First Secretary"),
        "link": None,
        "received_at": BEFORE,
    }
    return record_submission(candidacy, answers, **defaults | fields)
