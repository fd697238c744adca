"""What stands in the way of sending an event's letters, State by State."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questions.models import (
    AddressedQuestion,
    Asker,
    Candidacy,
    City,
    Contact,
    Event,
    EventStatus,
    Letter,
    LetterOrigin,
    LetterStatus,
    MailKind,
    Mission,
    OfficialHoliday,
    OutgoingMail,
    QuestionStatus,
    last_day,
)
from questions.tokens import quoted_secret

ERROR, WARNING = "error", "warning"
WORKING_DAYS_NEEDED = 5
WEEKEND = {5, 6}


@dataclass(frozen=True)
class Finding:
    """One thing to mend or to know before sending; `subject` is the object to mend."""

    candidacy: Candidacy | None  # None: it concerns the whole event
    level: str  # "error" or "warning"
    code: str  # such as "no_address"
    text: str
    subject: models.Model

    @property
    def is_error(self) -> bool:
        return self.level == ERROR


def preflight(event: Event, *, at: datetime) -> list[Finding]:
    """Findings on the event, then on each State in order of names; errors block sending.

    What concerns one State that was written to before is a warning, as is what concerns an event
    of which we have only some of the letters.
    """
    states = _load(event)
    holidays = list(OfficialHoliday.objects.all())
    findings = [
        *_on_event(event, states, at),
        *_on_deadlines(event, states, holidays, at),
        *_on_submitted_questions(event, states),
        *_on_askers(states),
    ]
    for one in states:
        findings += _on_state(one)
    order = {None: -1} | {one.candidacy.pk: place for place, one in enumerate(states)}
    return sorted(findings, key=lambda one: order[one.candidacy and one.candidacy.pk])


@dataclass
class _StateFacts:
    """What is known of one State before anything is sent to it."""

    candidacy: Candidacy
    event: Event
    missions: dict[str, Mission] = field(default_factory=dict)
    contacts: list[Contact] = field(default_factory=list)
    slots: list[AddressedQuestion] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    invitations: list[OutgoingMail] = field(default_factory=list)

    @cached_property
    def issued(self) -> Letter | None:
        issued = [one for one in self.letters if one.status == LetterStatus.ISSUED]
        return issued[-1] if issued else None

    @property
    def draft(self) -> Letter | None:
        return next((one for one in self.letters if one.status == LetterStatus.DRAFT), None)

    @property
    def was_sent(self) -> bool:
        if self.issued is None:
            return False
        return self.issued.origin == LetterOrigin.RECORDED or bool(self.invitations_of_issued)

    @property
    def invitations_of_issued(self) -> list[OutgoingMail]:
        return [one for one in self.invitations if one.letter_id == self.issued.pk]

    @property
    def letters_to_send(self) -> list[Letter]:
        """Issued and not sent, from the last correction on: that puts no question of its own."""
        put = {slot.letter_id for slot in self.slots}
        gone = {mail.letter_id for mail in self.invitations}
        issued = [one for one in self.letters if one.status == LetterStatus.ISSUED]
        corrections = [place for place, one in enumerate(issued) if one.pk not in put]
        valid = issued[corrections[-1] if corrections else 0 :]
        return [x for x in valid if x.pk not in gone and x.origin != LetterOrigin.RECORDED]

    @property
    def is_to_send(self) -> bool:
        """Whether a letter is to go to it: of a reconstructed event only those we have."""
        if not self.slots or self.was_sent:
            return False
        return self.issued is not None or not self.event.is_reconstructed

    @property
    def due_at(self) -> datetime | None:
        return self.candidacy.due_at or self.event.due_at

    def reachable_in(self, city: str) -> list[Contact]:
        return [one for one in self.contacts if one.email and one.mission.city == city]

    def place_of_address(self, city: str) -> models.Model:
        """Where to enter one: a contact there without an address, the mission, or the State."""
        here = [one for one in self.contacts if one.mission.city == city]
        known = [*here, self.missions.get(city), self.candidacy.state]
        return next(one for one in known if one)

    def finding(
        self, level: str, code: str, text: str, subject: models.Model | None = None
    ) -> Finding:
        if level == ERROR and not self.is_to_send:
            level = WARNING
        return Finding(self.candidacy, level, code, text, subject or self.candidacy)


def _load(event: Event) -> list[_StateFacts]:
    """In order of States, with the same number of queries however many there are."""
    candidacies = event.candidacies.still_standing().with_names().order_by("state__sort_key")
    facts = {one.pk: _StateFacts(one, event) for one in candidacies}
    by_state = {one.candidacy.state_id: one for one in facts.values()}
    for mission in Mission.objects.filter(state__in=by_state):
        by_state[mission.state_id].missions[mission.city] = mission
    contacts = Contact.objects.active().filter(mission__state__in=by_state)
    for contact in contacts.select_related("mission").order_by("pk"):
        by_state[contact.mission.state_id].contacts.append(contact)
    slots = AddressedQuestion.objects.filter(
        candidacy__in=facts, question__status=QuestionStatus.ACCEPTED
    )
    for slot in slots.with_names().with_askers():
        facts[slot.candidacy_id].slots.append(slot)
    letters = Letter.objects.filter(candidacy__in=facts).defer("file", "content")
    for letter in letters.order_by("number"):
        facts[letter.candidacy_id].letters.append(letter)
    mails = OutgoingMail.objects.filter(candidacy__in=facts, kind=MailKind.INVITATION)
    for mail in mails.defer("body").order_by("pk"):
        facts[mail.candidacy_id].invitations.append(mail)
    return list(facts.values())


def _on_event(event: Event, states: list[_StateFacts], at: datetime) -> Iterator[Finding]:
    if not any(one.is_to_send for one in states):
        return
    if event.status == EventStatus.CLOSED:
        text = _("The event is closed: the form takes no answers.")
        yield Finding(None, ERROR, "event_closed", text, event)
    elif event.closes_at and event.closes_at <= at:
        text = _("The closing day, %(day)s, has passed: the form takes no answers.")
        yield Finding(
            None, ERROR, "form_closed", text % {"day": date_format(event.closes_on)}, event
        )
    elif event.status == EventStatus.DRAFT:
        yield Finding(
            None, WARNING, "event_not_public", _("The event is a draft, not public."), event
        )


def _on_deadlines(
    event: Event, states: list[_StateFacts], holidays: list[OfficialHoliday], at: datetime
) -> Iterator[Finding]:
    """Once for the event's own deadline, and for each State that has another."""
    waiting = [one for one in states if one.is_to_send]
    owners = [None] if any(one.due_at == event.due_at for one in waiting) else []
    owners += [one.candidacy for one in waiting if one.due_at != event.due_at]
    for candidacy in owners:
        due_at = candidacy.due_at if candidacy else event.due_at
        for level, code, text in _faults_of_deadline(event, due_at, holidays, at):
            yield Finding(candidacy, level, code, text, candidacy or event)


def _faults_of_deadline(
    event: Event, due_at: datetime | None, holidays: list[OfficialHoliday], at: datetime
) -> Iterator[tuple[str, str, str]]:
    """Level, code and text of each."""
    if due_at is None:
        yield ERROR, "no_deadline", _("No deadline is set.")
        return
    due_on = last_day(due_at, event.zone)
    facts = {"day": date_format(due_on), "weekday": date_format(due_on, "l")}
    if due_at <= at:
        level = WARNING if event.is_reconstructed else ERROR
        yield level, "deadline_past", _("The deadline, %(day)s, has passed.") % facts
        return
    if due_on.weekday() in WEEKEND:
        text = _("The deadline, %(day)s, is a %(weekday)s.")
        yield WARNING, "deadline_weekend", text % facts
    for holiday in holidays:
        if holiday.date == due_on:
            facts["where"] = holiday.get_city_display() or _("New York and Geneva")
            facts["name"] = holiday.name
            text = _("The deadline, %(day)s, is an official holiday in %(where)s: %(name)s.")
            yield WARNING, "deadline_holiday", text % facts
    today = at.astimezone(ZoneInfo(event.zone)).date()
    facts["left"] = _working_days(today, due_on, {holiday.date for holiday in holidays})
    if facts["left"] < WORKING_DAYS_NEEDED:
        text = ngettext(
            "The deadline, %(day)s, is %(left)d working day away.",
            "The deadline, %(day)s, is %(left)d working days away.",
            facts["left"],
        )
        yield WARNING, "deadline_close", text % facts


def _working_days(today: Date, due_on: Date, holidays: set[Date]) -> int:
    """After today and up to the deadline, without what is a holiday in either city."""
    days = (today + timedelta(days=n) for n in range(1, (due_on - today).days + 1))
    return sum(day.weekday() not in WEEKEND and day not in holidays for day in days)


def _on_submitted_questions(event: Event, states: list[_StateFacts]) -> Iterator[Finding]:
    by_state = {one.candidacy.state_id: one.candidacy for one in states}
    submitted = event.questions.filter(status=QuestionStatus.SUBMITTED)
    for question in submitted.select_related("event", "state").in_symbol_order():
        text = _("%(question)s is neither accepted nor declined.") % {"question": question.label}
        yield Finding(by_state.get(question.state_id), WARNING, "unmoderated", text, question)


def _on_askers(states: list[_StateFacts]) -> Iterator[Finding]:
    """Once for each whose name a letter withholds, also where many letters do."""
    found: dict[Asker, set[Candidacy | None]] = defaultdict(set)
    for one in states:
        for slot in one.slots if one.is_to_send else []:
            for asker in slot.question.askers_in_order:
                if not asker.is_named_to_state:
                    found[asker].add(one.candidacy if slot.question.state_id else None)
    for asker, candidacies in found.items():
        text = _('%(asker)s is shown as "%(shown)s": no consent to be named to the State.')
        candidacy = next(iter(candidacies)) if len(candidacies) == 1 else None
        facts = {"asker": asker.name, "shown": asker.name_for_state}
        yield Finding(candidacy, WARNING, "asker_without_consent", text % facts, asker)


def _on_state(one: _StateFacts) -> Iterator[Finding]:
    if not one.slots:
        yield one.finding(WARNING, "no_question", _("No question was put to this State."))
        return
    yield from _on_letter(one)
    if one.issued or not one.event.is_reconstructed:
        yield from _on_addresses(one)
    if one.is_to_send:
        yield from _on_addressees(one)


def _on_letter(one: _StateFacts) -> Iterator[Finding]:
    unsent = sum(slot.letter_id is None for slot in one.slots)
    if one.issued is None:
        text = _("The letter is a draft.") if one.draft else _("No letter was composed.")
        yield one.finding(ERROR, "letter_not_issued", text, one.draft)
    elif unsent:
        text = ngettext(
            "%(count)d question is in no issued letter.",
            "%(count)d questions are in no issued letter.",
            unsent,
        )
        yield one.finding(WARNING, "questions_unsent", text % {"count": unsent}, one.draft)
    yield from _on_secrets(one)
    yield from _on_names(one)
    if not one.was_sent:
        return
    facts = {"number": one.issued.number, "count": len(one.invitations_of_issued)}
    if facts["count"] == 0:
        text = _("Letter %(number)d went out by other means.")
    else:
        text = ngettext(
            "Letter %(number)d went to %(count)d address with a link before.",
            "Letter %(number)d went to %(count)d addresses with a link before.",
            facts["count"],
        )
    yield one.finding(WARNING, "already_sent", text % facts, one.issued)


def _on_secrets(one: _StateFacts) -> Iterator[Finding]:
    """A letter that quotes a link or a code would give a mission's way in away."""
    for letter in filter(None, [one.issued, one.draft]):
        if secret := quoted_secret(letter.text):
            text = _("The letter quotes a link or a code of the form: %(beginning)s…")
            facts = {"beginning": secret[:8]}
            yield one.finding(ERROR, "secret_in_letter", text % facts, letter)


def _on_names(one: _StateFacts) -> Iterator[Finding]:
    """Letters that name whoever took a consent back since; none such leaves (security.md 53)."""
    askers = {asker for slot in one.slots for asker in slot.question.askers_in_order}
    withheld = sorted((a for a in askers if not a.is_named_to_state), key=lambda a: a.name)
    for letter in one.letters:
        for asker in withheld if letter.status == LetterStatus.ISSUED else []:
            if asker.name in letter.text:
                is_error = letter in one.letters_to_send and _puts_to(letter, asker)
                text = _("Letter %(number)d names %(asker)s: no consent to that is on record now.")
                if is_error:
                    text = _(
                        "Letter %(number)d names %(asker)s: no consent to that is on record now. "
                        "Compose and issue a corrected letter."
                    )
                facts = {"number": letter.number, "asker": asker.name}
                level = ERROR if is_error else WARNING
                yield one.finding(level, "named_in_letter", text % facts, letter)


def _puts_to(letter: Letter, asker: Asker) -> bool:
    """Whether the asker stands before a question, as `LetterContent.plain_text` writes it."""
    return f"*{asker.name}*" in letter.text or f"*{asker.name} (" in letter.text


def _on_addresses(one: _StateFacts) -> Iterator[Finding]:
    reachable = {city: one.reachable_in(city) for city in City}
    level = WARNING if any(reachable.values()) else ERROR
    for city, contacts in reachable.items():
        if not contacts:
            text = _("No address at the Permanent Mission in %(city)s.") % {"city": city.label}
            yield one.finding(level, "no_address", text, one.place_of_address(city))
    known = [contact for contacts in reachable.values() for contact in contacts]
    bounced = [contact for contact in known if contact.undelivered_at]
    level = ERROR if len(bounced) == len(known) else WARNING
    for contact in bounced:
        text = _("A message to %(address)s came back on %(day)s.")
        facts = {"address": contact.email, "day": date_format(contact.undelivered_at)}
        yield one.finding(level, "address_bounced", text % facts, contact)


def _on_addressees(one: _StateFacts) -> Iterator[Finding]:
    addressees = [contact for contact in one.contacts if contact.is_addressee]
    if not addressees and one.issued is None:
        text = _("No contact is marked as an addressee of the letter.")
        yield one.finding(ERROR, "no_addressee", text, one.candidacy.state)
    for contact in addressees:
        if not contact.honorific:
            text = _("%(name)s has no honorific.") % {"name": contact.name}
            yield one.finding(WARNING, "no_honorific", text, contact)
