"""What became public between two moments, as alerts tell it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from django.db.models import F, Q, QuerySet

from .alerts import Alert
from .askers import Asker
from .corrections import Correction
from .questions import AddressedQuestion, Question, QuestionAsker
from .responses import Response, ResponseStatus
from .search import EntryKind
from .states import State
from .statuses import AnswerStatus
from .translations import Translation

# With a reply in force the status no longer depends on the moment at which it is asked for.
ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class News:
    """A reply in force, a note of the register or a translation that was published; a question
    found public.
    """

    moment: datetime
    subject: Response | Question | Correction | Translation
    event: int
    question: Question | None
    state: State | None  # whose reply or own question it is
    put_to: frozenset[int] = frozenset()  # of a question: the States
    topics: frozenset[int] = frozenset()
    askers: frozenset[int] = frozenset()  # those named in public
    status: str = ""  # of a reply's slot, as in `AnswerStatus`
    language: str = ""  # of a translation, which is news for who reads that language

    def is_about(self, alert: Alert) -> bool:
        """Whether it is of the thing that is followed; an alert of no thing is about everything."""
        if self.language and self.language != alert.language:
            return False
        if alert.event_id:
            return alert.event_id == self.event
        if alert.state_id:
            return alert.state_id in {*self.put_to, self.state and self.state.pk}
        if alert.question_id:
            return alert.question_id == (self.question and self.question.pk)
        if alert.asker_id:
            return alert.asker_id in self.askers
        return not alert.topic_id or alert.topic_id in self.topics

    @property
    def text(self) -> Response | Question | Correction:
        """What was published, or that of which a translation was."""
        is_translation = isinstance(self.subject, Translation)
        return self.subject.original if is_translation else self.subject

    @property
    def entry(self) -> tuple[str, int] | None:
        """Kind and source of the entry by which search finds it; a note has none."""
        if isinstance(self.text, Correction):
            return None
        is_reply = isinstance(self.text, Response)
        return EntryKind.ANSWER if is_reply else EntryKind.QUESTION, self.text.pk

    @property
    def symbol(self) -> str:
        """With .v2 where it is about that text."""
        return self.text.cited if isinstance(self.text, Correction) else self.text.symbol

    @property
    def title(self) -> str:
        """Of the question; a note names the event alone, for the question may be withdrawn."""
        is_note = isinstance(self.subject, Correction)
        return self.subject.event.title if is_note else self.question.heading

    @property
    def label(self) -> str:
        """What happened, in the active language; nothing for what is new, or newly translated."""
        if isinstance(self.subject, Correction):
            return self.subject.get_kind_display()
        return str(AnswerStatus(self.status).label) if self.status else ""

    def get_absolute_url(self) -> str:
        page = self.text.slot if isinstance(self.text, Response) else self.text
        return page.get_absolute_url()


def news_between(since: datetime, until: datetime) -> list[News]:
    """All that is public now and became so after `since` and up to `until`, oldest first.

    What was published before its question was public became so with it: when the event opened. A
    note of the register from that time is none, for nobody had read what it corrects; nor is a
    translation, which is read with the text. At most nine queries. Nothing of the specimen event,
    and no text.
    """
    questions = _of_questions(since, until)
    new = [one.subject.pk for one in questions]
    found = [
        *_of_replies(since, until, new),
        *questions,
        *_of_corrections(since, until),
        *_of_translations(since, until),
    ]
    questions = [one.question for one in found if one.question]
    named = QuestionAsker.objects.filter(asker__in=Asker.objects.named_in_public())
    askers = _by_question(named, "asker", questions)
    topics = _by_question(Question.topics.through.objects.all(), "topic", questions)
    found = [
        replace(one, topics=topics[one.question.pk], askers=askers[one.question.pk])
        if one.question
        else one
        for one in found
    ]
    return sorted(found, key=lambda one: (one.moment, one.symbol))


def _by_question(
    rows: QuerySet, name: str, questions: Iterable[Question]
) -> dict[int, frozenset[int]]:
    """Of each question the keys of what the rows join it to: one query."""
    found: dict[int, set[int]] = {question.pk: set() for question in questions}
    for question, key in rows.filter(question__in=list(found)).values_list("question", name):
        found[question].add(key)
    return {question: frozenset(keys) for question, keys in found.items()}


def _of_replies(since: datetime, until: datetime, new: list[int]) -> list[News]:
    """With those to questions that are new; where a question was not seen yet, they wait too."""
    responses = list(
        Response.objects.publicly_visible()
        .filter(
            Q(published_at__gt=since) | Q(slot__question__in=new),
            status=ResponseStatus.PUBLISHED,
            published_at__lte=until,
            slot__question__seen_public_at__lte=until,
            slot__candidacy__event__is_specimen=False,
        )
        .with_names()
        .defer("text", "text_as_typed")
    )
    slots = AddressedQuestion.objects.filter(pk__in=[one.slot_id for one in responses])
    statuses = dict(slots.with_status(at=ANY_TIME).values_list("pk", "answer_status"))
    return [
        News(
            moment=max(one.published_at, one.slot.question.seen_public_at),
            subject=one,
            event=one.slot.candidacy.event_id,
            question=one.slot.question,
            state=one.slot.candidacy.state,
            status=statuses[one.slot_id],
        )
        for one in responses
    ]


def _of_questions(since: datetime, until: datetime) -> list[News]:
    questions = list(
        Question.objects.publicly_visible()
        .filter(seen_public_at__gt=since, seen_public_at__lte=until, event__is_specimen=False)
        .select_related("event", "state")
    )
    put_to = _by_question(AddressedQuestion.objects.sent(), "candidacy__state", questions)
    return [
        News(
            moment=one.seen_public_at,
            subject=one,
            event=one.event_id,
            question=one,
            state=one.state,
            put_to=put_to[one.pk],
        )
        for one in questions
    ]


def _of_corrections(since: datetime, until: datetime) -> list[News]:
    """Notes, withdrawals and their kin; those about pages of the office are no news."""
    notes = Correction.objects.shown().real().filter(event__isnull=False, replaces__isnull=True)
    return [
        News(
            moment=one.published_at,
            subject=one,
            event=one.event_id,
            question=one.slot.question if one.slot else one.question,
            state=_state_of(one),
        )
        for one in notes.filter(published_at__gt=since, published_at__lte=until)
    ]


def _of_translations(since: datetime, until: datetime) -> list[News]:
    """Of texts in force, and of those that their readers could read before."""
    of_reply = Q(
        response__status=ResponseStatus.PUBLISHED,
        response__published_at__lt=F("published_at"),
        response__slot__question__seen_public_at__lt=F("published_at"),
        response__slot__candidacy__event__is_specimen=False,
    )
    of_question = Q(
        question__seen_public_at__lt=F("published_at"), question__event__is_specimen=False
    )
    translations = list(
        Translation.objects.publicly_visible()
        .filter(of_reply | of_question, published_at__gt=since, published_at__lte=until)
        .with_originals()
        .defer("text", "response__text", "response__text_as_typed")
    )
    put_to = _by_question(
        AddressedQuestion.objects.sent(),
        "candidacy__state",
        [one.question for one in translations if one.question],
    )
    return [
        News(
            moment=one.published_at,
            subject=one,
            event=(one.question or one.response.slot.question).event_id,
            question=one.question or one.response.slot.question,
            state=one.question.state if one.question else one.response.slot.candidacy.state,
            put_to=put_to[one.question.pk] if one.question else frozenset(),
            language=one.language,
        )
        for one in translations
    ]


def _state_of(note: Correction) -> State | None:
    if note.question:
        return note.question.state
    submission = note.attachment and note.attachment.submission
    of_candidacy = note.slot or submission
    candidacy = of_candidacy.candidacy if of_candidacy else note.candidacy
    return candidacy and candidacy.state
