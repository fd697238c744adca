"""The specimen event: invented States that show everything the portal can show.

It goes through the real operations with times of the past, so that its record is whole.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q

from questions import mail
from questions.models import (
    NEW_YORK,
    AddressedQuestion,
    Asker,
    Candidacy,
    Channel,
    City,
    Contact,
    Event,
    MailStatus,
    Mission,
    OutgoingMail,
    Question,
    QuestionAsker,
    QuestionScope,
    Response,
    ResponseKind,
    ResponseStatus,
    State,
    Topic,
    TranslationKind,
    end_of_day,
)
from questions.operations.deliveries import flag_contact
from questions.operations.letters import issue_letter
from questions.operations.links import mint_link
from questions.operations.publication import open_event, publish_responses, withhold_responses
from questions.operations.questions import put_question
from questions.operations.states import DATA, rows
from questions.operations.submissions import (
    Answer,
    Entry,
    Signatory,
    enter_submission,
    record_submission,
)
from questions.operations.translations import enter_translation, publish_translation
from questions.ordering import sort_key

CODE = "PE2000"
REPRESENTATIVE = "Permanent Representative of {state} to the United Nations in {city}"
NO_SUCH_ADDRESS = "550 5.1.1 No such address"
PARAGRAPHS_AN_ANSWER = 3

Plan = dict[str, Any]
Act = tuple[datetime, Callable[..., Any]]


@dataclass(frozen=True)
class Calendar:
    """Days counted from the one on which the event is loaded, and their hours in New York."""

    today: date

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def moment(self, offset: int, clock: str) -> datetime:
        zone = ZoneInfo(NEW_YORK)
        local = datetime.combine(self.day(offset), time.fromisoformat(clock), tzinfo=zone)
        return local.astimezone(UTC)


@dataclass(frozen=True)
class Staff:
    """Two who cannot log in: one enters, the other publishes (DESIGN.md §3, two people)."""

    entering: AbstractBaseUser
    publishing: AbstractBaseUser


@transaction.atomic
def load_specimen(*, at: datetime) -> bool:
    """Make PE2000 with its States, dated relative to the day of `at`; False when it is there."""
    if Event.objects.filter(code=CODE).exists():
        return False
    plan = json.loads((DATA / "specimen.json").read_text(encoding="utf-8"))
    calendar = Calendar(at.astimezone(ZoneInfo(NEW_YORK)).date())
    staff = Staff(_staff("specimen-entry"), _staff("specimen-publication"))
    event = _make_event(plan["event"], calendar)
    candidacies = {
        facts["iso3"]: _make_candidacy(event, facts, calendar) for facts in plan["states"]
    }
    _put_questions(event, plan, candidacies, at=calendar.moment(-31, "09:00"))
    _issue_letters(event, plan["event"], candidacies, staff, calendar)
    acts = [
        act
        for submission in plan["submissions"]
        for act in _acts_of(submission, plan, candidacies[submission["state"]], staff, calendar)
    ]
    for facts in plan["translations"]:
        moment = calendar.moment(facts["day"], "12:00")
        acts.append((moment, partial(_translate, event, facts, plan["texts"], staff)))
    for moment, act in sorted(acts, key=lambda act: act[0]):
        act(at=moment)
    _deliver_mails(event, [one["iso3"] for one in plan["states"] if one.get("undelivered")])
    return True


def _staff(username: str) -> AbstractBaseUser:
    user, made = get_user_model().objects.get_or_create(
        username=username, defaults={"is_active": False}
    )
    if made:
        user.set_unusable_password()
        user.save()
    return user


def _make_event(facts: Plan, calendar: Calendar) -> Event:
    election = calendar.day(facts["election_day"])
    event = Event.objects.create(
        code=CODE,
        slug="specimen",
        title=facts["title"],
        term_start=election.year + 1,
        term_end=election.year + 3,
        organisers=facts["organisers"],
        letter_date=calendar.day(facts["letter_day"]),
        answers_due_on=calendar.day(facts["due_day"]),
        closes_on=calendar.day(facts["closes_day"]),
        election_date=election,
        seats=facts["seats"],
        hashtag=facts["hashtag"],
        question_channels=facts["question_channels"],
        is_specimen=True,
    )
    event.sessions.create(
        date=calendar.day(facts["held_day"]), is_online=True, audience=facts["audience"]
    )
    return event


def _make_candidacy(event: Event, facts: Plan, calendar: Calendar) -> Candidacy:
    state = State.objects.create(
        iso3=facts["iso3"],
        name=facts["name"],
        formal_name=facts["formal_name"],
        sort_key=sort_key(facts["name"], "en"),
        group=facts["group"],
        is_specimen=True,
    )
    domain = state.name.lower().replace(" ", "-") + ".example"
    for city in City:
        honorific, name = facts["contacts"][city]
        Contact.objects.create(
            mission=Mission.objects.create(state=state, city=city),
            honorific=honorific,
            name=name,
            role=REPRESENTATIVE.format(state=state.name, city=city.label),
            email=f"{city.replace('_', '')}@{domain}",
            language=facts["language"],
            is_addressee=True,
        )
    due_on = calendar.day(facts["due_day"]) if "due_day" in facts else event.answers_due_on
    return Candidacy.objects.create(
        event=event, state=state, participation=facts["participation"], due_at=end_of_day(due_on)
    )


def _put_questions(
    event: Event, plan: Plan, candidacies: dict[str, Candidacy], *, at: datetime
) -> None:
    askers = {facts["name"]: _make_asker(facts) for facts in plan["askers"]}
    names = {row["slug"]: row["name"] for row in rows("topics.csv")}
    for facts in plan["questions"]:
        own = candidacies.get(facts["label"].split("-")[0])
        question = Question.objects.create(
            event=event,
            scope=QuestionScope.ONE if own else QuestionScope.ALL,
            state=own and own.state,
            number=int(facts["label"].split("-")[-1].removeprefix("Q")),
            title=facts["title"],
            short_title=facts["short_title"],
            text=facts["text"],
            language=facts["language"],
            channel=facts["channel"],
        )
        for slug in facts["topics"]:
            topic, _made = Topic.objects.get_or_create(slug=slug, defaults={"name": names[slug]})
            question.topics.add(topic)
        QuestionAsker.objects.bulk_create(
            QuestionAsker(question=question, asker=askers[name], position=position)
            for position, name in enumerate(facts["askers"], start=1)
        )
        put_question(question, [own] if own else candidacies.values(), by=None, at=at)


def _make_asker(facts: Plan) -> Asker:
    state = State.objects.get(iso3=facts["state"]) if "state" in facts else None
    asker, _made = Asker.objects.get_or_create(
        name=facts["name"],
        defaults={"kind": facts["kind"], "label": facts.get("label", ""), "state": state},
    )
    return asker


def _issue_letters(
    event: Event,
    facts: Plan,
    candidacies: dict[str, Candidacy],
    staff: Staff,
    calendar: Calendar,
) -> None:
    sent_at = calendar.moment(facts["letter_day"], "10:00")
    open_event(event, by=staff.publishing, at=sent_at)
    for candidacy in candidacies.values():
        letter = issue_letter(
            candidacy,
            date=event.letter_date,
            signatory_name=facts["signatory_name"],
            signatory_title=facts["signatory_title"],
            reply_contact_email=facts["reply_contact_email"],
            by=staff.publishing,
            at=sent_at,
        )
        for contact in Contact.objects.filter(mission__state=candidacy.state).order_by("pk"):
            mint_link(contact, candidacy, by=staff.publishing, at=sent_at)
        mail.queue_invitations(letter, at=sent_at)


def _deliver_mails(event: Event, undelivered: list[str]) -> None:
    """Every message of the past counts as sent, and to some States as come back.

    None goes out now: the addresses are invented.
    """
    here = Q(candidacy__event=event) | Q(submission__candidacy__event=event)
    OutgoingMail.objects.filter(here).update(
        status=MailStatus.SENT, claimed_at=F("queued_at"), sent_at=F("queued_at"), tries=1
    )
    for message in OutgoingMail.objects.filter(candidacy__state__iso3__in=undelivered):
        message.bounced_at, message.bounce_reason = message.sent_at, NO_SUCH_ADDRESS
        message.save()
        flag_contact(message, NO_SUCH_ADDRESS, at=message.bounced_at)


def _acts_of(
    facts: Plan, plan: Plan, candidacy: Candidacy, staff: Staff, calendar: Calendar
) -> Iterator[Act]:
    """What the State sends, and what staff do with it, each at its moment."""
    received_at = calendar.moment(facts["day"], facts["time"])
    answers = _answers(facts, plan, candidacy)
    if "channel" in facts:
        entered_at = calendar.moment(facts["entered_day"], "09:30")
        yield entered_at, partial(_enter, facts, candidacy, answers, received_at, staff)
    else:
        yield received_at, partial(_send, facts, candidacy, answers)
    if "publish_day" in facts:
        published_at = calendar.moment(facts["publish_day"], "10:00")
        yield published_at, partial(_publish, candidacy, staff)
    if "withheld" in facts:
        withheld_at = calendar.moment(facts["entered_day"], "11:00")
        yield withheld_at, partial(_withhold, candidacy, facts["withheld"], staff)


def _answers(facts: Plan, plan: Plan, candidacy: Candidacy) -> dict[AddressedQuestion, Answer]:
    slots = {slot.question.label: slot for slot in candidacy.slots.with_names().in_letter_order()}
    state = next(state for state in plan["states"] if state["iso3"] == candidacy.state.iso3)
    texts = plan["texts"][state["language"]]
    addition = facts.get("addition")
    answers = {
        slots[label]: Answer(_text(texts, slots[label].question, addition), state["language"])
        for label in facts["answers"]
    }
    if declined := facts.get("declined"):
        refusal = Answer(declined["reason"], state["language"], ResponseKind.DECLINED)
        answers |= {slots[label]: refusal for label in declined["labels"]}
    return answers


def _text(texts: Plan, question: Question, addition: str | None) -> str:
    """An answer that says that it is a specimen; each question's is another mixture."""
    subject = texts["subjects"][-1 if question.state_id else question.number - 1]
    paragraphs = texts["paragraphs"]
    chosen = [
        paragraphs[(question.number + place) % len(paragraphs)]
        for place in range(PARAGRAPHS_AN_ANSWER)
    ]
    parts = [texts["opening"].format(subject=subject), *chosen, addition, texts["closing"]]
    return "\n\n".join(part for part in parts if part)


def _signatory(contact: Contact) -> Signatory:
    return Signatory(f"{contact.honorific} {contact.name}", contact.role)


def _send(
    facts: Plan,
    candidacy: Candidacy,
    answers: dict[AddressedQuestion, Answer],
    *,
    at: datetime,
) -> None:
    link = candidacy.links.select_related("contact__mission").get(
        contact__mission__city=facts["city"]
    )
    record_submission(
        candidacy,
        answers,
        form_key=uuid4(),
        signatory=_signatory(link.contact),
        link=link,
        received_at=at,
    )


def _enter(
    facts: Plan,
    candidacy: Candidacy,
    answers: dict[AddressedQuestion, Answer],
    received_at: datetime,
    staff: Staff,
    *,
    at: datetime,
) -> None:
    contact = Contact.objects.select_related("mission").get(
        mission__state=candidacy.state, mission__city=facts["city"]
    )
    enter_submission(
        candidacy,
        answers,
        form_key=uuid4(),
        channel=Channel(facts["channel"]),
        mission=contact.mission,
        signatory=_signatory(contact),
        received_at=received_at,
        entry=Entry(staff.entering, at, facts["entry_reason"]),
    )


def _publish(candidacy: Candidacy, staff: Staff, *, at: datetime) -> None:
    received = Response.objects.filter(slot__candidacy=candidacy, status=ResponseStatus.RECEIVED)
    publish_responses(received, by=staff.publishing, at=at)


def _withhold(candidacy: Candidacy, facts: Plan, staff: Staff, *, at: datetime) -> None:
    number = int(facts["label"].removeprefix("Q"))
    received = Response.objects.filter(
        slot__candidacy=candidacy,
        slot__question__number=number,
        status=ResponseStatus.RECEIVED,
    )
    withhold_responses(received, reason=facts["reason"], by=staff.publishing, at=at)


def _translate(event: Event, facts: Plan, texts: Plan, staff: Staff, *, at: datetime) -> None:
    """Of a question in the words of the plan, of an answer in those of its specimen text."""
    question = next(q for q in event.questions.all() if q.label == facts["question"])
    original: Question | Response = question
    if "state" in facts:
        original = Response.objects.get(
            slot__question=question,
            slot__candidacy__state__iso3=facts["state"],
            status=ResponseStatus.PUBLISHED,
        )
    draft = enter_translation(
        original,
        language=facts["language"],
        text=facts.get("text") or _text(texts[facts["language"]], question, None),
        kind=TranslationKind(facts["kind"]),
        made_by=facts["made_by"],
        made_on=at.astimezone(ZoneInfo(NEW_YORK)).date(),
        by=staff.entering,
        at=at,
    )
    publish_translation(draft, sha256=draft.sha256, by=staff.publishing, at=at)
