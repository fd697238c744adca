"""The objects of the API: their fields, each with what it says and an example of the specimen.

What is not declared here leaves by no address of the API (security.md 84).
"""

from datetime import date
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from questions.models import (
    UN_LANGUAGES,
    AnswerStatus,
    AskerKind,
    CorrectionKind,
    ElectionResult,
    EventRecord,
    EventStatus,
    Ground,
    Participation,
    QuestionScope,
    RegionalGroup,
    ResponseKind,
    Standing,
    TranslationKind,
)

Language = Literal[tuple(code for code, _name in UN_LANGUAGES)]
Status = Literal[tuple(AnswerStatus.values)]
Group = Literal[tuple(RegionalGroup.values)]
WithdrawnFor = Literal[tuple(Ground.values)]
PERMALINK = "https://portal.example/r/PE2000"


def said(description: str, *examples: Any) -> Any:
    """What a field says; one that holds objects needs no example beside theirs."""
    return Field(description=description, examples=list(examples) or None)


class ApiObject(BaseModel):
    """What every object of the API keeps to: its own fields, all of them, and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SessionObject(ApiObject):
    """One sitting of an event."""

    date_of: date | None = Field(
        alias="date", description="Its day, where it is known.", examples=["2026-10-15"]
    )
    is_online: bool = said("Whether it was held online.", True)
    city: str = said("Where it was held; empty where it was online or is not known.", "")
    venue: str = said("The place in the city.", "")
    local_time: str = said("As the source writes it.", "15:00 Geneva")
    co_sponsors: list[str] = said("As the source names them.", ["Specimen Observatory"])
    moderator: str = said("As the source names the person.", "Sophia Specimen")
    audience: str = said("As the source writes it.", "around 100 online attendees")


class EventObject(ApiObject):
    """One election cycle's pledging event."""

    slug: str = said("Its name in addresses and filters.", "specimen")
    code: str = said("The first part of every symbol of the event.", "PE2000")
    title: str = said("Its title.", "Specimen pledging event")
    body: str = said("The body for which the States stand.", "Human Rights Council")
    term_start: int = said("First year of the term of membership.", 2027)
    term_end: int = said("Last year of the term of membership.", 2029)
    organisers: list[str] = said("Who convened it.", ["Specimen Society for Human Rights"])
    letter_date: date | None = said("Day of the letters with the questions.", "2026-10-25")
    answers_due_on: date | None = said("The day with whose end answers are late.", "2026-11-18")
    due_at: AwareDatetime | None = said(
        "The first instant that is late, for a State without a deadline of its own.",
        "2026-11-19T00:00:00-05:00",
    )
    closes_on: date | None = said(
        "The last day on which the form takes answers; null: it stays open.", "2027-02-22"
    )
    zone: str = said("The time zone in which its days end.", "America/New_York")
    election_date: date | None = said("Day of the election.", "2027-02-23")
    seats: dict[str, int] = said("Seats to fill, by regional group.", {"AFG": 2, "APG": 2})
    hashtag: str = said("The event's hashtag.", "#SpecimenPledging")
    status: Literal[tuple(EventStatus.values[1:])] = said("open or closed.", "open")
    record: Literal[tuple(EventRecord.values)] = said(
        "kept: recorded here as it happened. reconstructed: from files, so that no answer on"
        " record is no evidence that none was given.",
        "kept",
    )
    is_specimen: bool = said("Whether event, States and answers are invented.", True)
    sessions: list[SessionObject] = said("Its sittings.")
    sources: list[str] = said("Addresses of the sources.", [])
    permalink: str = said("Address of its page.", PERMALINK)


class ExtensionObject(ApiObject):
    """A deadline moved to a later day."""

    previous_due_at: AwareDatetime = said("As it stood.", "2026-11-19T00:00:00-05:00")
    due_at: AwareDatetime = said("As it stands since.", "2026-11-26T00:00:00-05:00")
    reason: str = said("Why.", "Asked for by the mission.")
    extended_at: AwareDatetime = said("When it was moved.", "2026-11-10T09:30:00Z")


class CandidacyObject(ApiObject):
    """A State that stands, or stood, at an event."""

    symbol: str = said("Its citable name.", "PE2000/XPR")
    event: str = said("The event's slug.", "specimen")
    state: str = said("The State's ISO 3166 code; invented ones begin with X.", "XPR")
    state_name: str = said("The State's short name in English.", "Prima")
    group: Group = said("The State's regional group.", "AFG")
    participation: Literal[tuple(Participation.values)] = said(
        "Whether it took part in the event.", "took_part"
    )
    standing: Literal[tuple(Standing.values)] = said("How it stands.", "candidate")
    result: Literal[tuple(ElectionResult.values)] = said("Of the election.", "pending")
    votes: int | None = said("Votes received, where known.", None)
    due_on: date | None = said("The day with whose end its answers are late.", "2026-11-18")
    due_at: AwareDatetime | None = said(
        "The first instant that is late.", "2026-11-19T00:00:00-05:00"
    )
    extensions: list[ExtensionObject] = said("How its deadline was moved.")
    sources: list[str] = said("Addresses of the sources.", [])
    permalink: str = said("Address of its page.", f"{PERMALINK}-XPR")


class AskedByObject(ApiObject):
    """Who put a question, as the public pages say."""

    name: str = said(
        "The name; of individuals without their consent a description.", "Specimen Observatory"
    )
    kind: Literal[tuple(AskerKind.values)] = said("The kind.", "ngo")
    asker: str | None = said("Slug of the asker; null where none is public.", None)


class QuestionObject(ApiObject):
    """One question of an event, word for word."""

    symbol: str = said("Its citable name.", "PE2000/Q1")
    event: str = said("The event's slug.", "specimen")
    label: str = said("Its name within the event: Q1, or XPR-1 of a State's own.", "Q1")
    scope: Literal[tuple(QuestionScope.values)] = said("Of how many candidates.", "all")
    state: str | None = said("Code of the State, where only one was asked.", None)
    title: str = said("A short title by staff, or empty.", "Human rights defenders")
    text: str = said("The asker's words.", "How will you protect those who defend human rights?")
    language: Language = said("Language of the text.", "en")
    asked_by: list[AskedByObject] = said("Who asked, in the order printed.")
    topics: list[str] = said("Slugs of its topics.", ["human-rights-defenders"])
    permalink: str = said("Address of its page.", f"{PERMALINK}-Q1")


class TranslationObject(ApiObject):
    """A text in another language; the original is what counts."""

    language: Language = said("Language of the translation.", "fr")
    kind: Literal[tuple(TranslationKind.values)] = said(
        "official: by the State. ishr: by ISHR. machine: by an engine.", "ishr"
    )
    made_by: str = said("Who made it, or the name of the engine.", "ISHR")
    made_on: date = said("When it was made.", "2026-11-12")
    text: str = said("Its words.", "Nous …")


class QuestionWithTranslationsObject(QuestionObject):
    """A question, and its published translations."""

    translations: list[TranslationObject] = said("Its published translations.", [])


class VersionObject(ApiObject):
    """One published text of an answer."""

    symbol: str = said("Its citable name.", "PE2000/Q1/XPR")
    version: int = said("1, 2 … in the order of publication.", 1)
    kind: Literal[tuple(ResponseKind.values)] = said(
        "An answer, a refusal to answer, or a general statement.", "answer"
    )
    text: str = said("The text as it was sent; empty where a refusal has none.", "We will …")
    language: Literal["", Language] = said("Language of the text; empty without one.", "en")
    received_at: AwareDatetime = said("When it reached us.", "2026-11-10T09:30:00Z")
    published_at: AwareDatetime = said("When it was published.", "2026-11-11T08:00:00Z")
    amendment_reason: str = said("Why it changes what was sent before.", "")
    translations: list[TranslationObject] = said("Its published translations.", [])
    permalink: str = said("Address of its page.", f"{PERMALINK}-Q1-XPR")


class AnswerObject(ApiObject):
    """A question put to a State, and what is public of the reply, silence included."""

    symbol: str = said("Its citable name.", "PE2000/Q1/XPR")
    event: str = said("The event's slug.", "specimen")
    question: str = said("Symbol of the question.", "PE2000/Q1")
    state: str = said("Code of the State.", "XPR")
    state_name: str = said("The State's short name in English.", "Prima")
    status: Status = said(
        "on: answered on time. late: answered late. dec: declined to answer. rec: received, being"
        " prepared. wait: awaiting answer. undel: letter not delivered. none: no answer. unk: not"
        " on record, in a reconstructed event.",
        "on",
    )
    rules: str = said(
        "Address of the rules by which statuses are decided, in the version in force.",
        "https://portal.example/en/about/method/v1/",
    )
    letter_date: date | None = said("Day of the letter that put it.", "2026-10-25")
    due_on: date | None = said("The day with whose end an answer is late.", "2026-11-18")
    due_at: AwareDatetime | None = said(
        "The first instant that is late.", "2026-11-19T00:00:00-05:00"
    )
    received_at: AwareDatetime | None = said(
        "The receipt that decides between on time and late.", "2026-11-10T09:30:00Z"
    )
    days_from_deadline: int | None = said(
        "Days of the calendar from the deadline to that receipt; negative before it.", -8
    )
    withheld_reason: str = said("Why the newest text is withheld, if it is.", "")
    in_force: VersionObject | None = said("The text in force.")
    earlier: list[VersionObject] = said("The texts before it, the newest first.", [])
    permalink: str = said("Address of its page.", f"{PERMALINK}-Q1-XPR")


class FileObject(ApiObject):
    """A public copy of a file that came with an answer."""

    name: str = said("As the mission named it.", "Reply.pdf")
    pages: int = said("Pages of the PDF.", 2)
    bytes: int = said("Its size.", 48213)
    sha256: str = said("SHA-256 of the public copy.", "0" * 64)
    url: str = said("Its address.", "https://portal.example/files/PE2000-XPR-R1-F1.pdf")


class AnswerWithFilesObject(AnswerObject):
    """An answer, and the files that came with the text in force."""

    files: list[FileObject] = said("Files with the text in force.")


class StateNamesObject(ApiObject):
    """The short name of a State as the United Nations writes it."""

    ar: str = said("In Arabic.", "كالبا")
    en: str = said("In English.", "Kalba")
    es: str = said("In Spanish.", "Kalba")
    fr: str = said("In French.", "Kalba")
    ru: str = said("In Russian.", "Кальба")
    zh_hans: str = Field(alias="zh-hans", description="In Chinese.", examples=["卡尔巴"])


class StateObject(ApiObject):
    """A State that stood at a public event."""

    iso3: str = said("ISO 3166 code.", "XKA")
    m49: str = said("M49 code.", "999")
    names: StateNamesObject = said("Its short name.")
    formal_name: str = said("Its formal name in English.", "the Republic of Kalba")
    group: Group = said("Its regional group.", "AFG")
    page: str = said("Address of its record.", "https://portal.example/en/states/xka/")


class TopicObject(ApiObject):
    """A theme of public questions."""

    slug: str = said("Its name in filters.", "human-rights-defenders")
    name: str = said("Its name in English.", "Human rights defenders")
    page: str = said("Address of its page.", "https://portal.example/en/topics/health/")


class AskerObject(ApiObject):
    """Who put public questions, and is named in public."""

    slug: str = said("The name in addresses and filters.", "specimen-observatory")
    name: str = said("The name as printed.", "Specimen Observatory")
    kind: Literal[tuple(AskerKind.values)] = said("The kind.", "ngo")
    label: str = said("As printed beside the name.", "")
    page: str = said("Address of the page.", "https://portal.example/en/askers/specimen/")


class CorrectionObject(ApiObject):
    """A public note on something that changed after it was published."""

    kind: Literal[tuple(CorrectionKind.values)] = said(
        "note: a correction. withdrawal: no longer published. restored: published again."
        " redaction: words removed.",
        "note",
    )
    ground: Literal["", WithdrawnFor] = said(
        "Of a withdrawal: asked for by the State, a mistake, to protect a person, or the law.", ""
    )
    event: str | None = said(
        "The event's slug; null where the note is about the portal.", "specimen"
    )
    about: str = said("Symbol of what changed, or the page.", "PE2000/Q1/XPR.v2")
    corrected_on: date = said("The day on which it was changed.", "2026-11-20")
    what_was_wrong: str = said("What was wrong.", "The date of receipt.")
    what_changed: str = said("What it says now.", "Received on 10 November 2026.")
    reason: str = said("Why.", "")
    published_at: AwareDatetime = said("When the note was published.", "2026-11-20T15:00:00Z")


class ListObject(ApiObject):
    """Some objects in the order of their names, and where the next are."""

    items: list[ApiObject] = said("The objects.")
    next: str | None = said("Address of the objects after these; null at the end.", None)


class EventList(ListObject):
    """Events."""

    items: list[EventObject] = said("The objects.")


class CandidacyList(ListObject):
    """States that stand at events."""

    items: list[CandidacyObject] = said("The objects.")


class QuestionList(ListObject):
    """Questions."""

    items: list[QuestionObject] = said("The objects.")


class AnswerList(ListObject):
    """Answers, silence included."""

    items: list[AnswerObject] = said("The objects.")


class StateList(ListObject):
    """States that stood."""

    items: list[StateObject] = said("The objects.")


class TopicList(ListObject):
    """Themes of public questions."""

    items: list[TopicObject] = said("The objects.")


class AskerList(ListObject):
    """Those who put public questions and are named in public."""

    items: list[AskerObject] = said("The objects.")


class CorrectionList(ListObject):
    """Notes on what changed after it was published."""

    items: list[CorrectionObject] = said("The objects.")
