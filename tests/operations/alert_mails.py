"""What the tests of alerts share."""

import re
from datetime import UTC, datetime, timedelta

from questions.models import (
    AlertFrequency,
    MailKind,
    OutgoingMail,
    Question,
)
from questions.operations.alerts import SETTLED_AFTER, queue_alerts
from questions.operations.confirmations import ask_for_alert
from questions.operations.outbox import send_due_mail
from tests.factories import (
    make_response,
)

NOW = datetime(2021, 10, 6, 14, 0, tzinfo=UTC)  # a Wednesday
EARLIER = NOW - timedelta(days=1)
SETTLED = NOW + SETTLED_AFTER
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
READER = "reader@example.org"


def ask(email=READER, *, at=NOW, language="en", frequency=AlertFrequency.AT_ONCE, turn=1, **about):
    ask_for_alert(email=email, language=language, frequency=frequency, turn=turn, at=at, **about)


def publish(slot, *, at=NOW, **fields):
    """A reply to a question that alerts have seen, as they have where they run."""
    unseen = Question.objects.filter(pk=slot.question_id, seen_public_at__isnull=True)
    unseen.update(seen_public_at=EARLIER)
    return make_response(slot=slot, published=True, published_at=at, **fields)


def sent(mailoutbox, *, at=SETTLED):
    """What leaves now: queued by the job, then sent."""
    queue_alerts(at=at)
    send_due_mail(at=at)
    messages = list(mailoutbox)
    mailoutbox.clear()
    return messages


def token_in(message):
    return re.search(r"/alerts/open/([\w-]{43})$", message.body, re.M)[1]


def told():
    return sorted(OutgoingMail.objects.filter(kind=MailKind.ALERT).values_list("to", flat=True))
