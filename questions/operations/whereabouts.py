"""Where words stand in all that is public, and in what waits to become so (security.md 51)."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import models

from questions.models import (
    PUBLIC_EVENT_STATUSES,
    UN_LANGUAGES,
    AddressedQuestion,
    Alert,
    Asker,
    Attachment,
    Correction,
    DeadlineExtension,
    Event,
    EventSession,
    MailStatus,
    OutgoingMail,
    Question,
    Response,
    ResponseStatus,
    Translation,
    TranslationStatus,
)
from questions.operations.taken_out import taken_out_by
from questions.searching import fold, tokens_of

MOST_PLACES = 20  # of one word; what stands in more is no name, or is found by search
AT_ONCE = 500  # rows in memory
ACCENTS = re.compile("[\u0300-\u036f]")
IDEOGRAPHS = "[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"


@dataclass(frozen=True)
class Place:
    """A row that has some of the words."""

    what: str
    row: models.Model
    is_public: bool
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        return getattr(self.row, "symbol", None) or str(self.row)


@dataclass
class Whereabouts:
    """Of some words. `common` are those that stand in too many places to list them."""

    places: list[Place] = field(default_factory=list)
    common: set[str] = field(default_factory=set)
    alerts: int = 0

    @property
    def is_public(self) -> bool:
        return any(place.is_public for place in self.places)


def whereabouts_of(redaction: Response) -> Whereabouts:
    """Of the words that were taken out to make this text; whatever their endings and accents."""
    terms = _Terms(_words_and_runs(redaction.redacts.text, taken_out_by(redaction)))
    found, counts = Whereabouts(), Counter()
    for what, is_public, rows, fields in _sources():
        for row in rows.iterator(chunk_size=AT_ONCE):
            text = "\n".join(getattr(row, name) for name in fields)
            words = terms.standing_in(text, getattr(row, "language", "") or "en") - found.common
            if words:
                counts.update(words)
                found.common |= {word for word in words if counts[word] > MOST_PLACES}
                found.places.append(Place(what, row, is_public, tuple(sorted(words))))
    found.places = [one for one in found.places if not found.common.issuperset(one.words)]
    searches = Alert.objects.exclude(words="").values_list("words", "language")
    found.alerts = sum(bool(terms.standing_in(*search)) for search in searches.iterator())
    return found


class _Terms:
    """Words by what search makes of them in each language; a run of ideographs as it stands."""

    def __init__(self, terms: set[str]):
        self.runs, self.by_token = set(), {}
        # How each begins: a quick look spares most texts the words' endings, where letters are
        # Latin; other scripts put articles before a word.
        starts = {fold(term)[:3] for term in terms}
        self.starts = starts if "".join(starts).isascii() else None
        for term in terms:
            if re.match(IDEOGRAPHS, term):
                self.runs.add(term)
                continue
            for language, _name in UN_LANGUAGES:
                self.by_token |= dict.fromkeys(tokens_of(term, language), term)

    def standing_in(self, text: str, language: str) -> set[str]:
        if self.starts is not None:
            rough = _roughly(text)
            if not any(start in rough for start in self.starts):
                return set()
        tokens = self.by_token.keys() & set(tokens_of(text, language))
        runs = {run for run in self.runs if run in text}
        return {self.by_token[token] for token in tokens} | runs


def _roughly(text: str) -> str:
    """Without case and accents."""
    if text.isascii():
        return text.casefold()
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text).casefold())


def _words_and_runs(text: str, words: set[str]) -> set[str]:
    """Ideographs that stood together are one term: each alone stands in every other text."""
    characters = "".join(word for word in words if re.match(IDEOGRAPHS, word))
    runs = re.findall(f"[{characters}]+", text) if characters else []
    return {word for word in words if word not in characters} | set(runs)


def _sources() -> Iterator[tuple[str, bool, models.QuerySet, list[str]]]:
    """(what, whether readers see it, rows, fields)"""
    public_slots = AddressedQuestion.objects.publicly_visible()
    withheld = Response.objects.filter(status=ResponseStatus.WITHHELD, slot__in=public_slots)
    waiting = Response.objects.filter(status=ResponseStatus.RECEIVED)
    notes = Correction.objects.with_names()
    of_public_events = {"candidacy__event__status__in": PUBLIC_EVENT_STATUSES}
    answer, note = ["text", "amendment_reason"], ["what_was_wrong", "what_changed", "reason"]
    yield "Answer", True, Response.objects.publicly_visible().with_names(), answer
    yield "Reason for withholding", True, withheld.with_names(), ["withheld_reason"]
    translations = Translation.objects.with_originals()
    yield "Translation", True, translations.publicly_visible(), ["text", "made_by"]
    questions = Question.objects.publicly_visible().select_related("event", "state")
    yield "Question", True, questions, ["text", "title", "short_title"]
    yield "Note in the register", True, notes.publicly_visible(), note
    extensions = DeadlineExtension.objects.filter(**of_public_events)
    extensions = extensions.select_related("candidacy__event", "candidacy__state")
    yield "Reason of an extension", True, extensions, ["reason"]
    files = Attachment.objects.publicly_visible().with_names().filter(public_version=1)
    yield "Name of a file", True, files, ["name"]
    yield "Asker", True, Asker.objects.named_in_public(), ["name", "label"]
    yield "Event", True, Event.objects.publicly_visible(), ["title", "organisers", "sources"]
    sessions = EventSession.objects.filter(event__status__in=PUBLIC_EVENT_STATUSES)
    sessions = sessions.select_related("event")
    yield "Sitting", True, sessions, ["moderator", "co_sponsors", "venue", "audience"]
    yield "Answer, to publish", False, waiting.with_names(), answer
    drafts = translations.filter(status=TranslationStatus.DRAFT)
    yield "Translation, a draft", False, drafts, ["text", "made_by"]
    yield "Note, a draft", False, notes.filter(published_at__isnull=True), note
    mails = OutgoingMail.objects.of_the_office().filter(status=MailStatus.QUEUED)
    yield "Message, to send", False, mails, ["subject", "body"]
