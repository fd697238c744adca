"""What a reader sees of a question put to a State: the one rule (DESIGN.md §3).

It is written twice, for the database and for rows that are here already; the tests of each case
ask both.
"""

from datetime import datetime
from functools import cache

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from .events import EventRecord
from .subqueries import OfRow, Written, WrittenExists


class AnswerStatus(models.TextChoices):
    """What a reader sees of a slot (ux.md §1.3)."""

    ON = "on", _("Answered on time")
    LATE = "late", _("Answered late")
    DEC = "dec", _("Declined to answer")
    REC = "rec", _("Received, being prepared")
    UNK = "unk", _("Not on record")
    WAIT = "wait", _("Awaiting answer")
    UNDEL = "undel", _("Letter not delivered")
    NONE = "none", _("No answer")


ANSWERED = [AnswerStatus.ON, AnswerStatus.LATE]


@cache
def what_is_known():
    """What the status of a slot goes by."""
    from .mail import OutgoingMail
    from .responses import Response

    here = Response.objects.filter(slot=OfRow())
    delivered = OutgoingMail.objects.delivered().filter(candidacy=OuterRef("candidacy"))
    undelivered = OutgoingMail.objects.undelivered().filter(~Exists(delivered), candidacy=OfRow())
    kind = here.in_force().values("kind")
    return {
        "published_kind": Written(kind, "pk", output_field=models.CharField()),
        "is_received": WrittenExists(here.unpublished(), "pk"),
        "is_undelivered": WrittenExists(undelivered, "candidacy"),
    }


@cache
def first_receipt():
    """Of an answer."""
    from .responses import ANSWER_KINDS, Response

    answers = Response.objects.filter(slot=OfRow(), kind__in=ANSWER_KINDS)
    receipts = answers.order_by("submission__received_at").values("submission__received_at")
    return Written(receipts[:1], "pk", output_field=models.DateTimeField())


@cache
def what_waits():
    """When something unpublished was first received, and why the newest is withheld."""
    from .responses import Response

    receipts = Response.objects.unpublished().filter(slot=OfRow())
    first = receipts.order_by("submission__received_at", "submission__number")
    since = first.values("submission__received_at")[:1]
    reason = first.reverse().values("withheld_reason")[:1]
    return {
        "waits_since": Written(since, "pk", output_field=models.DateTimeField()),
        "withheld_reason": Written(reason, "pk", output_field=models.CharField()),
    }


def answer_status_case(at: datetime) -> Case:
    """The first status that fits, from what `with_status` has gathered."""
    from .responses import ANSWER_KINDS, ResponseKind

    # Nested, so that the subqueries of each are run once.
    in_time_or_late = Case(
        When(first_answered_at__gte=F("candidacy__due_at"), then=Value(AnswerStatus.LATE)),
        default=Value(AnswerStatus.ON),
    )
    is_waited_for = (
        Q(letter__isnull=True) | Q(candidacy__due_at__isnull=True) | Q(candidacy__due_at__gt=at)
    )
    is_reconstructed = Q(candidacy__event__record=EventRecord.RECONSTRUCTED)
    cases = [
        (Q(published_kind=ResponseKind.DECLINED), AnswerStatus.DEC),
        (Q(is_received=True), AnswerStatus.REC),
        (is_reconstructed, AnswerStatus.UNK),
        (is_waited_for, AnswerStatus.WAIT),
        (Q(is_undelivered=True), AnswerStatus.UNDEL),
    ]
    return Case(
        When(published_kind__in=ANSWER_KINDS, then=in_time_or_late),
        *(When(condition, then=Value(status)) for condition, status in cases),
        default=Value(AnswerStatus.NONE),
        output_field=models.CharField(),
    )


def answer_status(
    *,
    is_answered: bool,
    is_declined: bool,
    first_answered_at: datetime | None,
    is_received: bool,
    record: str,
    is_sent: bool,
    due_at: datetime | None,
    is_undelivered: bool,
    at: datetime,
) -> AnswerStatus:
    """The same of one slot, from what is known of it: of its text in force the kind, and so on."""
    if is_answered:
        is_late = due_at is not None and first_answered_at >= due_at
        return AnswerStatus.LATE if is_late else AnswerStatus.ON
    if is_declined:
        return AnswerStatus.DEC
    if is_received:
        return AnswerStatus.REC
    if record == EventRecord.RECONSTRUCTED:
        return AnswerStatus.UNK
    if not is_sent or due_at is None or due_at > at:
        return AnswerStatus.WAIT
    return AnswerStatus.UNDEL if is_undelivered else AnswerStatus.NONE
