"""Where each State of an event stands: letter, deliveries, answers, and what comes next."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from questions.models import (
    AccessLink,
    AddressedQuestion,
    Candidacy,
    City,
    Contact,
    Draft,
    Event,
    Letter,
    LetterOrigin,
    LetterStatus,
    MailKind,
    MailStatus,
    OutgoingMail,
    Response,
    ResponseStatus,
    Submission,
    last_day,
)

# What a mission got is the best of what its addresses got.
DELIVERIES = {
    "sent": gettext_lazy("Sent"),
    "unsure": gettext_lazy("Possibly sent"),
    "queued": gettext_lazy("To send"),
    "bounced": gettext_lazy("Came back"),
    "failed": gettext_lazy("Failed"),
    "none": gettext_lazy("Not sent"),
}
FAILURES = {"bounced", "failed"}


@dataclass(frozen=True)
class Delivery:
    """How the letter, or the link sent again, came to one city's mission."""

    city: str  # a value of City
    status: str  # "none", "queued", "sent", "failed", "unsure" or "bounced"
    label: str  # the status in words
    at: datetime | None = None
    contact: Contact | None = None


@dataclass(frozen=True)
class Standing:
    """One State's row."""

    candidacy: Candidacy
    letter: Letter | None  # the last one that was issued, else the draft
    deliveries: tuple[Delivery, ...]  # New York, Geneva
    last_activity: datetime | None  # last saved or sent; opening is not recorded
    asked: int  # questions sent to it
    answered: int  # those to which something was received
    to_publish: int  # texts that were received and wait
    next_step: str


def standings(event: Event, *, at: datetime) -> list[Standing]:
    """The States' rows in order of names, as of `at`."""
    candidacies = event.candidacies.with_names().annotate(
        draft_saved_at=_latest(Draft, "saved_at"),
        received_at=_latest(Submission, "received_at"),
        link_used_at=_latest(AccessLink, "last_used_at"),
    )
    facts = {one.pk: _Facts(one) for one in candidacies.order_by("state__sort_key")}
    _load(facts)
    return [_standing(one, at) for one in facts.values()]


def _latest(model, field: str) -> Subquery:
    rows = model.objects.filter(candidacy=OuterRef("pk")).order_by().values("candidacy")
    return Subquery(rows.annotate(latest=Max(field)).values("latest"))


class _Facts:
    """What is stored of one State's letters, messages and answers."""

    def __init__(self, candidacy: Candidacy):
        self.candidacy = candidacy
        self.letters: list[Letter] = []
        self.mails: list[OutgoingMail] = []
        self.is_reachable = False
        self.unsent = self.asked = self.answered = self.to_publish = 0

    @property
    def issued(self) -> Letter | None:
        issued = [one for one in self.letters if one.status == LetterStatus.ISSUED]
        return issued[-1] if issued else None

    @property
    def draft(self) -> Letter | None:
        return next((one for one in self.letters if one.status == LetterStatus.DRAFT), None)

    @property
    def last_activity(self) -> datetime | None:
        one = self.candidacy
        moments = [one.draft_saved_at, one.received_at, one.link_used_at]
        return max(filter(None, moments), default=None)

    def deliveries(self) -> tuple[Delivery, ...]:
        return tuple(self._delivery(city) for city in (City.NEW_YORK, City.GENEVA))

    def _delivery(self, city: City) -> Delivery:
        """By the last message that each address there got with this letter or its link."""
        last = {mail.to.lower(): mail for mail in self._about_letter(city)}
        order = list(DELIVERIES)
        best = min(last.values(), key=lambda mail: order.index(_status(mail)), default=None)
        if best is None:
            by_hand = self.issued and self.issued.origin == LetterOrigin.RECORDED
            label = _("Sent by other means") if by_hand else str(DELIVERIES["none"])
            return Delivery(city, "none", label)
        moment = best.bounced_at or best.sent_at or best.queued_at
        return Delivery(city, _status(best), str(DELIVERIES[_status(best)]), moment, best.contact)

    def _about_letter(self, city: City) -> list[OutgoingMail]:
        if self.issued is None:
            return []
        by_hand = self.issued.origin == LetterOrigin.RECORDED
        mails = [mail for mail in self.mails if mail.contact.mission.city == city]
        first = next((mail for mail in mails if mail.letter_id == self.issued.pk), None)
        return mails[mails.index(first) :] if first else mails if by_hand else []


def _status(mail: OutgoingMail) -> str:
    if mail.bounced_at:
        return "bounced"
    return "queued" if mail.status == MailStatus.SENDING else str(mail.status)


def _load(facts: dict[int, _Facts]) -> None:
    """With the same number of queries however many States there are."""
    letters = Letter.objects.filter(candidacy__in=facts).defer("file", "content", "text")
    for letter in letters.order_by("number"):
        facts[letter.candidacy_id].letters.append(letter)
    mails = OutgoingMail.objects.filter(
        candidacy__in=facts,
        contact__isnull=False,
        kind__in=[MailKind.INVITATION, MailKind.LINK_AGAIN],
    )
    for mail in mails.select_related("contact__mission").defer("body").order_by("pk"):
        facts[mail.candidacy_id].mails.append(mail)
    by_state = {one.candidacy.state_id: one for one in facts.values()}
    reachable = Contact.objects.reachable().filter(mission__state__in=by_state)
    for state in reachable.values_list("mission__state", flat=True).distinct():
        by_state[state].is_reachable = True
    for row in _counted_slots(facts):
        one = facts[row["candidacy"]]
        one.unsent, one.asked, one.answered = row["unsent"], row["asked"], row["answered"]
    waiting = Response.objects.filter(
        slot__candidacy__in=facts, status=ResponseStatus.RECEIVED
    ).values_list("slot__candidacy")
    for pk, count in waiting.annotate(count=Count("pk")).order_by():
        facts[pk].to_publish = count


def _counted_slots(facts: dict[int, _Facts]):
    unsent = AddressedQuestion.objects.unsent().values("pk")
    sent = AddressedQuestion.objects.sent().values("pk")
    is_sent = Q(pk__in=sent)
    counted = AddressedQuestion.objects.filter(candidacy__in=facts).alias(
        has_response=Exists(Response.objects.filter(slot=OuterRef("pk")))
    )
    return (
        counted.order_by()
        .values("candidacy")
        .annotate(
            unsent=Count("pk", filter=Q(pk__in=unsent)),
            asked=Count("pk", filter=is_sent),
            answered=Count("pk", filter=is_sent & Q(has_response=True)),
        )
    )


def _standing(one: _Facts, at: datetime) -> Standing:
    deliveries = one.deliveries()
    return Standing(
        candidacy=one.candidacy,
        letter=one.issued or one.draft,
        deliveries=deliveries,
        last_activity=one.last_activity,
        asked=one.asked,
        answered=one.answered,
        to_publish=one.to_publish,
        next_step=_next_step(one, deliveries, at),
    )


def _next_step(one: _Facts, deliveries: tuple[Delivery, ...], at: datetime) -> str:
    """The first that fits: what came in, then what goes out, then waiting."""
    if one.to_publish:
        text = ngettext("Publish %(count)d answer", "Publish %(count)d answers", one.to_publish)
        return text % {"count": one.to_publish}
    if not one.candidacy.is_still_standing:
        return _("Nothing: it no longer stands")
    if one.unsent and not one.candidacy.event.is_reconstructed:
        if one.draft:
            return _("Issue letter %(number)d") % {"number": one.draft.number}
        return _("Compose a letter")
    if not one.asked:
        return _("Nothing: no letter on record") if one.unsent else _("Put a question to it")
    if one.answered == one.asked:
        return _("Nothing: something was received to every question")
    return _delivering(one, deliveries) or _waiting(one.candidacy, at)


def _delivering(one: _Facts, deliveries: tuple[Delivery, ...]) -> str:
    statuses = {delivery.status for delivery in deliveries}
    if statuses == {"none"}:
        if one.issued and one.issued.origin == LetterOrigin.RECORDED:
            return ""
        return _("Send the letter") if one.is_reachable else _("Enter an address")
    if statuses <= FAILURES | {"none"}:
        return _("Enter an address that works: nothing was delivered")
    for delivery in deliveries:
        city = {"city": City(delivery.city).label}
        if delivery.status in FAILURES:
            return _("Check the address in %(city)s") % city
        if delivery.status == "unsure":
            return _("Ask whether the message to %(city)s arrived") % city
    return ""


def _waiting(candidacy: Candidacy, at: datetime) -> str:
    if candidacy.due_at is None:
        return _("Set a deadline")
    if at < candidacy.due_at:
        return _("Wait until %(day)s") % {"day": date_format(candidacy.due_on)}
    if not candidacy.takes_answers(at=at):
        return _("Nothing: the form is closed")
    if candidacy.closes_at is None:
        return _("Late answers are taken")
    day = date_format(last_day(candidacy.closes_at, candidacy.event.zone))
    return _("Late answers are taken until %(day)s") % {"day": day}
