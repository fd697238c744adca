"""What search finds. PostgreSQL and SQLite differ here and in the migration, and nowhere else."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from django.db import connection, models
from django.db.models import BooleanField, F, Q
from django.db.models.expressions import RawSQL

from .queries import GivenKeys, WrittenQuery, rows_of
from .questions import AddressedQuestion, Question
from .records import Entry
from .responses import Response, ResponseStatus
from .states import State, StateAlias
from .translations import load_translations

MOST_COUNTED = 1_000


class TokensField(models.TextField):
    """Tokens in their order: a tsvector in PostgreSQL, a text that FTS5 reads in SQLite."""

    def db_type(self, connection):
        return "tsvector" if connection.vendor == "postgresql" else super().db_type(connection)

    def get_db_prep_value(self, value, connection, prepared=False):
        value = super().get_db_prep_value(value, connection, prepared)
        if connection.vendor != "postgresql" or value is None:
            return value
        places: dict[str, list[str]] = {}
        for place, token in enumerate(value.split(), start=1):
            places.setdefault(token, []).append(str(place))
        # It would keep no more than 255 places of a token, either.
        return " ".join(f"'{token}':{','.join(at[:255])}" for token, at in places.items())


class EntryKind(models.TextChoices):
    QUESTION = "question"
    ANSWER = "answer"


KIND_TOKENS = {EntryKind.QUESTION: "1q", EntryKind.ANSWER: "1a"}


class Hit(NamedTuple):
    """An entry that was found; those of one kind are ordered by moment and source."""

    moment: int  # microseconds since 1970 began
    source: int
    facets: str

    @property
    def status(self) -> str:
        """Of an answer, as in `AnswerStatus`."""
        return next(facet[2:] for facet in self.facets.split() if facet.startswith("1s"))

    @property
    def place(self) -> tuple[int, int]:
        return self.moment, self.source


@dataclass(frozen=True)
class Hits:
    """The latest of what was found, counted up to `MOST_COUNTED`."""

    read: tuple[Hit, ...] = ()

    def __len__(self) -> int:
        return len(self.counted)

    @property
    def counted(self) -> tuple[Hit, ...]:
        return self.read[:MOST_COUNTED]

    @property
    def are_more(self) -> bool:
        return len(self.read) > MOST_COUNTED

    @property
    def by_facet(self) -> Counter[str]:
        return Counter(" ".join(hit.facets for hit in self.counted).split())


# First the latest thirds of months, one after the other: their numbers are tokens, so that of a
# common word the index gives the hits of ten days and no more. What is not common by then has so
# few hits that all older ones can be read at once. Each step runs only while hits are wanted.
# That an entry is an answer is asked of the rows found: almost all are, so that to look each up in
# the index too would take several times as long.
LATEST_FIRST = """
WITH RECURSIVE months (month) AS (
    SELECT max(e.month) FROM questions_searchentry e
    WHERE e.kind = %(kind)s AND e.month <= %(month)s AND {of_event}
    UNION ALL
    SELECT (
        SELECT max(e.month) FROM questions_searchentry e
        WHERE e.kind = %(kind)s AND e.month < months.month AND {of_event}
    )
    FROM months WHERE months.month IS NOT NULL
), thirds (third) AS (
    SELECT third
    FROM months CROSS JOIN LATERAL generate_series(month * 10 + 2, month * 10, -1) AS third
    LIMIT %(thirds)s
)
SELECT (extract(epoch FROM hit.moment) * 1000000)::bigint, hit.source, hit.facets
FROM thirds CROSS JOIN LATERAL (
    SELECT e.moment, e.source, e.facets
    FROM questions_searchentry e
    WHERE {of_kind} AND e.tokens @@ (%(match)s::tsquery && ('1m' || thirds.third)::tsquery)
        AND (e.moment, e.source) < (%(moment)s, %(source)s)
    ORDER BY e.moment DESC, e.source DESC
) hit
UNION ALL
SELECT (extract(epoch FROM older.moment) * 1000000)::bigint, older.source, older.facets
FROM (
    SELECT e.moment, e.source, e.facets
    FROM questions_searchentry e
    WHERE {of_kind} AND e.tokens @@ %(match)s::tsquery
        AND (e.moment, e.source) < (%(moment)s, %(source)s)
        AND e.moment < (
            SELECT make_timestamptz(
                third / 1000, third / 10 %% 100, third %% 10 * 10 + 1, 0, 0, 0, 'UTC'
            )
            FROM thirds ORDER BY third LIMIT 1
        )
    ORDER BY e.moment DESC, e.source DESC
) older
LIMIT %(most)s
"""
THIRDS = 12
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)
MATCHES = "questions_searchentry.tokens @@ %s::tsquery"
FTS5 = "SELECT rowid FROM questions_searchentry_words WHERE questions_searchentry_words MATCH %s"


class SearchEntryQuerySet(models.QuerySet):
    def hits(
        self, kind: str, clauses: Collection, *, event: str = "", before=None, most: int
    ) -> list[Hit]:
        """The latest that match the clauses of a query, as `searching` reads it; one query.

        `event` is the slug of the only one that is wanted. `before` is the place of a hit: those
        after it in the order. `most` limits them.
        """
        moment, source = END_OF_TIME, 0
        if before:
            moment, source = EPOCH + timedelta(microseconds=before[0]), before[1]
        if connection.vendor != "postgresql":
            of_event = {"event": event} if event else {}
            rows = (
                self.filter(kind=kind, **of_event, pk__in=RawSQL(FTS5, [as_fts5(kind, clauses)]))  # noqa: S611
                .filter(Q(moment__lt=moment) | Q(moment=moment, source__lt=source))
                .order_by("-moment", "-source")
                .values_list("moment", "source", "facets")[:most]
            )
            return [Hit(microseconds(at), pk, facets) for at, pk, facets in rows]
        values = {"kind": kind, "match": as_tsquery(kind, clauses), "most": most}
        values |= {"moment": moment, "source": source, "month": month_of(moment)}
        values |= {"event": event, "thirds": THIRDS}
        statement = LATEST_FIRST.format(
            of_event="e.event = %(event)s" if event else "true",
            of_kind="e.response_id IS NOT NULL" if kind == EntryKind.ANSWER else "true",
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(map(Hit._make, cursor.fetchall()))

    def found(self, kind: str, clauses: Collection, *, event: str = "") -> Hits:
        """The latest, and how many there are in all, as far as they are counted."""
        return Hits(tuple(self.hits(kind, clauses, event=event, most=MOST_COUNTED + 1)))

    def sources_among(self, kind: str, clauses: Collection, sources: Iterable[int]) -> set[int]:
        """Which of these match the clauses; one query."""
        entries = self.filter(kind=kind, source__in=sources)
        if connection.vendor == "postgresql":
            entries = entries.filter(RawSQL(MATCHES, [as_tsquery(kind, clauses)], BooleanField()))  # noqa: S611
        else:
            entries = entries.filter(pk__in=RawSQL(FTS5, [as_fts5(kind, clauses)]))  # noqa: S611
        return set(entries.values_list("source", flat=True))


class SearchEntry(models.Model):
    """A public text as search finds it: a question, or the reply in force of one State to it.

    Derived from the rows it names by one operation, and never a reason to show them: what is
    shown of a hit is asked for as public once more.
    """

    kind = models.CharField(max_length=8, choices=EntryKind)
    source = models.PositiveBigIntegerField(help_text="The key of the question or the response.")
    question = models.ForeignKey(Question, models.CASCADE, related_name="+")
    response = models.ForeignKey(Response, models.CASCADE, null=True, related_name="+")
    event = models.CharField(max_length=20, help_text="Its slug.")
    moment = models.DateTimeField(help_text="When it was asked or received.")
    month = models.PositiveIntegerField(help_text="Of the moment, in UTC, as in 202110.")
    facets = models.TextField(help_text="Tokens too: what the counts beside the hits count.")
    tokens = TokensField()

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "search entries"
        indexes = [
            models.Index(fields=["kind", "month"], name="search_kind_month"),
            models.Index(fields=["kind", "event", "month"], name="search_kind_event_month"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "source"], name="search_entry_once"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.QUESTION, response=None, source=F("question"))
                | Q(kind=EntryKind.ANSWER, response__isnull=False, source=F("response")),
                name="search_entry_names_its_source",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.source}"


def microseconds(moment: datetime) -> int:
    """Since 1970 began."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def month_of(moment: datetime) -> int:
    return moment.year * 100 + moment.month


def third_token(moment: datetime) -> str:
    """Of ten days of its month; the last third has up to eleven."""
    return f"1m{month_of(moment) * 10 + min((moment.day - 1) // 10, 2)}"


def as_tsquery(kind: str, clauses: Collection) -> str:
    """The clauses, all of which have to match, in PostgreSQL's words. Tokens hold no signs.

    Whoever asks names the kind as well: that of answers stands here only where it has to. What
    is excluded comes first: in that order the index takes a fifth less time.
    """
    parts = []
    if kind == EntryKind.QUESTION or all(clause.is_excluded for clause in clauses):
        parts.append(f"'{KIND_TOKENS[kind]}'")
    for clause in sorted(clauses, key=lambda clause: not clause.is_excluded):
        ways = [
            " & ".join("(" + " <-> ".join(f"'{token}'" for token in phrase) + ")" for phrase in way)
            for way in clause.any_of
        ]
        joined = " | ".join(f"({way})" for way in ways)
        parts.append(f"{'!' if clause.is_excluded else ''}({joined})")
    return " & ".join(parts)


def as_fts5(kind: str, clauses: Collection) -> str:
    """The same in the words of FTS5, where NOT stands between what is wanted and what is not."""
    wanted, unwanted = [f'"{KIND_TOKENS[kind]}"'], []
    for clause in clauses:
        ways = [
            " AND ".join('"' + " ".join(phrase) + '"' for phrase in way) for way in clause.any_of
        ]
        joined = " OR ".join(f"({way})" for way in ways)
        (unwanted if clause.is_excluded else wanted).append(f"({joined})")
    query = " AND ".join(wanted)
    return f"({query}) NOT ({' OR '.join(unwanted)})" if unwanted else query


def state_names() -> tuple[tuple[str, ...], ...]:
    """Of each real State its code and every name that it has: two queries."""
    return (*rows_of(_names), *rows_of(_aliases))


def _names():
    fields = ["iso3", "name", "formal_name", "name_ar", "name_es", "name_fr", "name_ru"]
    return State.objects.real().order_by("pk").values_list(*fields, "name_zh_hans")


def _aliases():
    aliases = StateAlias.objects.filter(state__is_specimen=False).order_by("pk")
    return aliases.values_list("state__iso3", "name")


def shown_of(
    questions: Collection[Hit], answers: Collection[Hit]
) -> tuple[list[Question], list[Entry]]:
    """What is public of the hits, with the translations, in their order: four queries.

    The status of each reply stands in its entry, which changes with it.
    """
    asked = _questions().by_key([hit.source for hit in questions])
    texts = _texts().by_key([hit.source for hit in answers])
    load_translations(texts.values(), asked.values())
    slots = _slots().by_key(list({text.slot_id for text in texts.values()}))
    entries = []
    for hit in answers:
        if (text := texts.get(hit.source)) and (slot := slots.get(text.slot_id)):
            slot.answer_status = hit.status
            entries.append(Entry(slot, (text,)))
    return [asked[hit.source] for hit in questions if hit.source in asked], entries


@cache
def _questions() -> WrittenQuery:
    rows = Question.objects.publicly_visible().filter(event__is_specimen=False)
    return WrittenQuery(rows.filter(pk__in=GivenKeys("keys")).select_related("event", "state"))


@cache
def _texts() -> WrittenQuery:
    rows = Response.objects.publicly_visible().filter(
        status=ResponseStatus.PUBLISHED,
        slot__candidacy__event__is_specimen=False,
        pk__in=GivenKeys("keys"),
    )
    received_at = F("submission__received_at")
    return WrittenQuery(rows.annotate(received_at=received_at).defer("text_as_typed"))


@cache
def _slots() -> WrittenQuery:
    """Of texts that are public."""
    rows = AddressedQuestion.objects.filter(pk__in=GivenKeys("keys"))
    return WrittenQuery(rows.with_first_answer().with_names())
