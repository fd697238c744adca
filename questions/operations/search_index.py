"""Keeping what search finds true to what is public, in the transaction that changes it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time

from django.db import connection, models, transaction
from django.db.models import Min, Q, QuerySet

from questions.models import KIND_TOKENS as KINDS
from questions.models import (
    AddressedQuestion,
    Asker,
    Candidacy,
    EntryKind,
    Event,
    Question,
    Response,
    ResponseStatus,
    SearchEntry,
    State,
    Translation,
    month_of,
    third_token,
)
from questions.searching import BETWEEN, state_token, tokens_of

BATCH = 500
TRANSLATIONS = models.Prefetch("translations", Translation.objects.published())
# With a reply in force the status no longer depends on the moment at which it is asked for.
ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@transaction.atomic
def refresh_answers(slots: QuerySet[AddressedQuestion]) -> None:
    """Make the entries of the replies in these slots what is public of them now.

    The slots are locked first, as publishing locks them: what another transaction withdraws
    meanwhile is seen or waits.
    """
    pks = _locked_slots(slots)
    for start in range(0, len(pks), BATCH):
        batch = pks[start : start + BATCH]
        entries = list(_answer_entries(batch))
        of_slots = SearchEntry.objects.filter(kind=EntryKind.ANSWER, response__slot__in=batch)
        _replace(of_slots, entries)


@transaction.atomic
def refresh_questions(questions: QuerySet[Question]) -> None:
    """Make the entries of these questions, and of the replies to them, what is public now."""
    pks = lock(questions)
    refresh_answers(AddressedQuestion.objects.filter(question__in=pks))
    entries = list(_question_entries(pks))
    _replace(SearchEntry.objects.filter(kind=EntryKind.QUESTION, question__in=pks), entries)


def lock(questions: QuerySet[Question]) -> list[int]:
    """Hold the questions' slots, then the questions, until the transaction ends; returns the keys.

    Whoever has the chain of audit entries asks for no row any more: this comes before.
    """
    pks = list(questions.order_by().values_list("pk", flat=True).distinct())
    _locked_slots(AddressedQuestion.objects.filter(question__in=pks))
    list(Question.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))
    return pks


def _locked_slots(slots: QuerySet[AddressedQuestion]) -> list[int]:
    pks = list(slots.order_by().values_list("pk", flat=True).distinct())
    list(AddressedQuestion.objects.select_for_update().filter(pk__in=pks).order_by("pk"))
    return pks


def refresh_event(event: Event) -> None:
    refresh_questions(Question.objects.filter(event=event))


def refresh_what_shows(row: models.Model) -> None:
    """After a change to a row that entries are made from; other rows change none."""
    if isinstance(row, Event):
        refresh_event(row)
    elif isinstance(row, Question):
        refresh_questions(Question.objects.filter(pk=row.pk))
    elif isinstance(row, Asker):
        refresh_questions(Question.objects.filter(asked_by__asker=row.pk))
    elif isinstance(row, Candidacy):
        refresh_answers(AddressedQuestion.objects.filter(candidacy=row.pk))
    elif isinstance(row, State):
        of_state = Q(state=row.pk) | Q(slots__candidacy__state=row.pk)
        refresh_questions(Question.objects.filter(of_state))


def rebuild_search_index() -> int:
    """Make every entry anew, some questions at a time, while the portal serves; returns how many.

    Each part is a transaction of its own, so that nobody waits long for its slots. PostgreSQL
    counts the growing table at each doubling: planned as if it were empty, every part would read
    all of it.
    """
    for pks in _batches(Question.objects.all()):
        with transaction.atomic():
            list(Question.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))
            of_questions = SearchEntry.objects.filter(kind=EntryKind.QUESTION, question__in=pks)
            _replace(of_questions, list(_question_entries(pks)))
    answered = AddressedQuestion.objects.filter(responses__published_at__isnull=False)
    for number, pks in enumerate(_batches(answered), start=1):
        refresh_answers(AddressedQuestion.objects.filter(pk__in=pks))
        if connection.vendor == "postgresql" and number.bit_count() == 1:
            with connection.cursor() as cursor:
                cursor.execute(f"ANALYZE {SearchEntry._meta.db_table}")
    return SearchEntry.objects.count()


def _batches(rows: QuerySet) -> Iterator[list[int]]:
    """The keys in order, read in parts: of a million rows no list is made."""
    last = 0
    keys = rows.order_by("pk").values_list("pk", flat=True).distinct()
    while batch := list(keys.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1]


def _replace(stored: QuerySet[SearchEntry], entries: list[SearchEntry]) -> None:
    stored.exclude(source__in=[entry.source for entry in entries]).delete()
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["kind", "source"],
        update_fields=["question", "response", "event", "moment", "month", "facets", "tokens"],
    )


def _answer_entries(slots: list[int]) -> Iterator[SearchEntry]:
    """Of the texts in force; earlier versions are read beside them, and not found by search."""
    responses = list(
        Response.objects.publicly_visible()
        .filter(
            slot__in=slots,
            status=ResponseStatus.PUBLISHED,
            slot__candidacy__event__is_specimen=False,
        )
        .with_names()
        .prefetch_related("slot__question__topics", TRANSLATIONS)
    )
    statuses = dict(
        AddressedQuestion.objects.filter(pk__in=[response.slot_id for response in responses])
        .with_status(at=ANY_TIME)
        .values_list("pk", "answer_status")
    )
    for response in responses:
        slot = response.slot
        facets = _facets(slot.question, slot.candidacy.state)
        facets += [f"1s{statuses[slot.pk]}", _language(response.language)]
        yield _entry(
            EntryKind.ANSWER,
            slot.question,
            [*_texts(response), (slot.symbol, "en")],
            moment=response.submission.received_at,
            facets=facets,
            response=response,
        )


def _question_entries(questions: list[int]) -> Iterator[SearchEntry]:
    found = (
        Question.objects.publicly_visible()
        .filter(pk__in=questions, event__is_specimen=False)
        .select_related("event", "state")
        .prefetch_related("topics", TRANSLATIONS)
        .with_askers()
        .annotate(put_on=Min("slots__letter__date"))
    )
    for question in found:
        names = [asker.name for asker in question.askers_in_order if asker.is_named_in_public]
        texts = [*_texts(question), (question.title, "en")]
        yield _entry(
            EntryKind.QUESTION,
            question,
            [*texts, *((name, "en") for name in names), (question.symbol, "en")],
            moment=datetime.combine(question.put_on, time.min, tzinfo=UTC),
            facets=[*_facets(question, question.state), _language(question.language)],
        )


def _entry(
    kind: EntryKind,
    question: Question,
    texts: Iterable[tuple[str, str]],
    *,
    moment: datetime,
    facets: list[str],
    response: Response | None = None,
) -> SearchEntry:
    moment = moment.astimezone(UTC)
    tokens = [KINDS[kind], third_token(moment), *facets]
    for text, language in texts:
        tokens += [BETWEEN, *tokens_of(text, language)]
    return SearchEntry(
        kind=kind,
        source=response.pk if response else question.pk,
        question=question,
        response=response,
        event=question.event.slug,
        moment=moment,
        month=month_of(moment),
        facets=" ".join(facets),
        tokens=" ".join(tokens),
    )


def _texts(original: Response | Question) -> list[tuple[str, str]]:
    """Its words and those of its published translations, each with their language."""
    translated = [(one.text, one.language) for one in original.translations.all()]
    return [(original.text, original.language or "en"), *translated]


def _facets(question: Question, state: State | None) -> list[str]:
    facets = [f"1y{question.event.slug.replace('-', '')}"]
    facets += [f"1t{topic.pk}" for topic in question.topics.all()]
    if state:
        facets += [state_token(state.iso3), f"1g{state.group.lower()}"]
    return facets


def _language(code: str) -> str:
    return f"1l{code.replace('-', '')}" if code else "1lnone"
