"""Any order of sending, entering, publishing and withholding against a plain model of the rules."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest

from questions.models import (
    AddressedQuestion,
    AuditEntry,
    Edition,
    EventStatus,
    Response,
    ResponseKind,
)
from questions.operations.audit import first_bad_entry
from questions.operations.publication import (
    close_event,
    open_event,
    publish_responses,
    withhold_responses,
)
from questions.operations.submissions import Entry, Signatory, enter_submission
from tests.factories import DUE_AT, answer, make_event, make_question, make_slot, make_user, send

pytestmark = pytest.mark.django_db

ACTS = ["send", "send", "enter", "publish", "publish", "publish", "withhold", "open", "close"]
HOUR = timedelta(hours=1)
MOMENTS = [DUE_AT - HOUR * 24, DUE_AT - HOUR / 3600, DUE_AT, DUE_AT + HOUR * 24]


@dataclass
class Text:
    words: str
    is_refusal: bool
    received_at: object
    state: str = "waiting"
    version: int = 0  # none yet


class Record:
    """What DESIGN.md §3 says of one slot, without a database."""

    def __init__(self):
        self.texts, self.event = [], "draft"

    def add(self, text, *, gives_way):
        for earlier in self.texts:
            if earlier.state == "waiting" and gives_way(earlier):
                earlier.state = "never public"
        self.texts.append(text)

    def publish(self, text):
        if text.state not in {"waiting", "withheld"}:
            return
        was_public = text.version > 0
        text.version = text.version or max(one.version for one in self.texts) + 1
        in_force = [one for one in self.texts if one.state == "public"]
        if was_public and any(one.version > text.version for one in in_force):
            text.state = "earlier version"
            return
        for other in in_force:
            other.state = "earlier version"
        text.state = "public"

    def withhold(self, text):
        if text.state in {"waiting", "public", "earlier version"}:
            text.state = "withheld"

    def status(self, at):
        public = [text for text in self.texts if text.state == "public"]
        if public and public[0].is_refusal:
            return "dec"
        if public:
            first = min(text.received_at for text in self.texts if not text.is_refusal)
            return "on" if first < DUE_AT else "late"
        if any(text.state in {"waiting", "withheld"} for text in self.texts):
            return "rec"
        return "wait" if at < DUE_AT else "none"

    def read(self):
        """What the public reads."""
        if self.event == "draft":
            return set()
        return {t.words for t in self.texts if t.state in {"public", "earlier version"}}

    def seen(self):
        return self.event == "draft" or [self.event, self.read(), *map(self.status, MOMENTS)]


@pytest.mark.parametrize("seed", range(25))
def test_req_047_every_order_of_acts_gives_the_status_and_the_texts_of_the_rules(seed):
    chance, record, by = Random(seed), Record(), make_user()  # noqa: S311  (no secret)
    event = make_event(status=EventStatus.DRAFT)
    slot = make_slot(question=make_question(event=event))
    now = DUE_AT - HOUR * chance.randint(1, 20)
    for number in range(14):
        now += HOUR * chance.randint(1, 5)
        before = record.seen(), edition(), AuditEntry.objects.count()
        perform(chance.choice(ACTS), record, slot, f"Text {number}.", chance, now, by)

        assert statuses_of(slot) == [record.status(at) for at in MOMENTS]
        assert set(Response.objects.publicly_visible().values_list("text", flat=True)) == (
            record.read()
        )
        assert edition() > before[1] or record.seen() == before[0]
        assert AuditEntry.objects.count() - before[2] in {0, 1}
    versions = slot.responses.exclude(version=None).order_by("version")
    assert len(set(versions.values_list("version", flat=True))) == len(versions)
    assert first_bad_entry() is None


def perform(act, record, slot, words, chance, now, by):
    if act in {"send", "enter"}:
        if act == "send" and record.event == "closed":
            return
        is_refusal = chance.random() < 0.3
        kind = ResponseKind.DECLINED if is_refusal else ResponseKind.ANSWER
        said = {slot: answer(words, kind=kind)}
        received_at = now if act == "send" else now - HOUR * chance.randint(0, 30)
        text = Text(words, is_refusal, received_at)
        if act == "send":
            send(slot.candidacy, said, received_at=received_at)
            record.add(text, gives_way=lambda earlier: True)
        else:
            enter(slot, said, received_at, Entry(by, now, "By post"))
            record.add(text, gives_way=lambda earlier: earlier.received_at <= received_at)
    elif act in {"publish", "withhold"} and record.texts:
        text = chance.choice(record.texts)
        chosen = Response.objects.filter(text=text.words)
        if act == "publish":
            publish_responses(chosen, by=by, at=now)
            record.publish(text)
        else:
            withhold_responses(chosen, reason="Names a person.", by=by, at=now)
            record.withhold(text)
    elif act == "open":
        open_event(slot.candidacy.event, by=by, at=now)
        record.event = "open"
    elif act == "close" and record.event == "open":
        close_event(slot.candidacy.event, by=by, at=now)
        record.event = "closed"


def enter(slot, said, received_at, entry):
    enter_submission(
        slot.candidacy,
        said,
        form_key=uuid4(),
        channel="paper",
        mission=None,
        signatory=Signatory("A. Diplomat", ""),
        received_at=received_at,
        entry=entry,
    )


def edition():
    row = Edition.objects.first()
    return row.number if row else 0


def statuses_of(slot):
    slots = AddressedQuestion.objects.filter(pk=slot.pk)
    return [slots.with_status(at=at).get().answer_status for at in MOMENTS]
