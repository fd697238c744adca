"""Model to the objects of the API, as plain functions."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

from questions.models import (
    UN_LANGUAGES,
    Asker,
    Attachment,
    Candidacy,
    Correction,
    Entry,
    Event,
    EventSession,
    Question,
    QuestionAsker,
    Response,
    State,
    Topic,
    load_translations,
    rules_in_force,
)

from .objects import (
    AnswerWithFilesObject,
    AskedByObject,
    AskerObject,
    CandidacyObject,
    CorrectionObject,
    EventObject,
    ExtensionObject,
    FileObject,
    QuestionObject,
    QuestionWithTranslationsObject,
    SessionObject,
    StateNamesObject,
    StateObject,
    TopicObject,
    TranslationObject,
    VersionObject,
)


def permalink(symbol: str) -> str:
    return f"{settings.BASE_URL}/r/{symbol.replace('/', '-')}"


def there(moment: datetime | None, zone: str) -> datetime | None:
    """A deadline as the clock of its zone shows it: the same instant, with that offset."""
    return moment and moment.astimezone(ZoneInfo(zone))


def event_object(event: Event) -> EventObject:
    return EventObject(
        slug=event.slug,
        code=event.code,
        title=event.title,
        body=event.body,
        term_start=event.term_start,
        term_end=event.term_end,
        organisers=event.organiser_names,
        letter_date=event.letter_date,
        answers_due_on=event.answers_due_on,
        due_at=there(event.due_at, event.zone),
        closes_on=event.closes_on,
        zone=event.zone,
        election_date=event.election_date,
        seats=event.seats,
        hashtag=event.hashtag,
        status=event.status,
        record=event.record,
        is_specimen=event.is_specimen,
        sessions=[session_object(session) for session in event.sessions.all()],
        sources=event.source_addresses,
        permalink=permalink(event.symbol),
    )


def session_object(session: EventSession) -> SessionObject:
    return SessionObject(
        date=session.date,
        is_online=session.is_online,
        city=session.city,
        venue=session.venue,
        local_time=session.local_time,
        co_sponsors=session.co_sponsor_names,
        moderator=session.moderator,
        audience=session.audience,
    )


def candidacy_object(candidacy: Candidacy) -> CandidacyObject:
    """Of one loaded with its names and extensions."""
    event, state = candidacy.event, candidacy.state
    return CandidacyObject(
        symbol=candidacy.symbol,
        event=event.slug,
        state=state.iso3,
        state_name=state.name,
        group=state.group,
        participation=candidacy.participation,
        standing=candidacy.standing,
        result=candidacy.result,
        votes=candidacy.votes,
        due_on=candidacy.due_on,
        due_at=there(candidacy.due_at, event.zone),
        extensions=[
            ExtensionObject(
                previous_due_at=there(moved.previous_due_at, event.zone),
                due_at=there(moved.due_at, event.zone),
                reason=moved.reason,
                extended_at=moved.extended_at.astimezone(UTC),
            )
            for moved in candidacy.extensions.all()
        ],
        sources=candidacy.source_addresses,
        permalink=permalink(candidacy.symbol),
    )


def question_object(question: Question) -> QuestionObject:
    return QuestionObject(**question_fields(question))


def question_with_translations(question: Question) -> QuestionWithTranslationsObject:
    load_translations(questions=[question])
    return QuestionWithTranslationsObject(
        **question_fields(question), translations=translation_objects(question)
    )


def translation_objects(original: Question | Response) -> list[TranslationObject]:
    """Of a public text whose translations are loaded; in the same order whatever is read."""
    return [
        TranslationObject(
            language=translation.language,
            kind=translation.kind,
            made_by=translation.made_by,
            made_on=translation.made_on,
            text=translation.text,
        )
        for translation in sorted(original.shown_translations, key=lambda t: t.language)
    ]


def question_fields(question: Question) -> dict[str, object]:
    """Of one loaded with its event, State, topics and askers."""
    return {
        "symbol": question.symbol,
        "event": question.event.slug,
        "label": question.label,
        "scope": question.scope,
        "state": question.state.iso3 if question.state_id else None,
        "title": question.title,
        "text": question.text,
        "language": question.language,
        "asked_by": [
            asked_by_object(asked, has_page=not question.event.is_specimen)
            for asked in question.asked_by.all()
        ],
        "topics": [topic.slug for topic in question.topics.all()],
        "permalink": permalink(question.symbol),
    }


def asked_by_object(asked: QuestionAsker, *, has_page: bool) -> AskedByObject:
    asker = asked.asker
    return AskedByObject(
        name=str(asker.public_name),
        kind=asker.kind,
        asker=asker.slug if has_page and asker.is_named_in_public else None,
    )


def answers_fields(entries: Iterable[Entry]) -> Iterator[dict[str, object]]:
    """Those of `AnswerObject`; what the answers of a candidacy have in common is made once."""
    common = cache(common_fields)
    return (common(entry.slot.candidacy) | own_fields(entry) for entry in entries)


def answer_with_files(entry: Entry, files: Iterable[Attachment]) -> AnswerWithFilesObject:
    (fields,) = answers_fields([entry])
    return AnswerWithFilesObject(**fields, files=[file_object(file) for file in files])


def common_fields(candidacy: Candidacy) -> dict[str, object]:
    event, state = candidacy.event, candidacy.state
    return {
        "event": event.slug,
        "state": state.iso3,
        "state_name": state.name,
        "rules": rules_in_force().permanent_address,
        "due_on": candidacy.due_on,
        "due_at": there(candidacy.due_at, event.zone),
    }


def own_fields(entry: Entry) -> dict[str, object]:
    slot, in_force, received_at = entry.slot, entry.response, entry.received_at
    symbol = slot.symbol
    return {
        "symbol": symbol,
        "question": slot.question.symbol,
        "status": entry.status,
        "letter_date": slot.letter_date,
        "received_at": received_at and received_at.astimezone(UTC),
        "days_from_deadline": entry.days_late,
        "withheld_reason": entry.withheld_reason,
        "in_force": version_object(in_force) if in_force else None,
        "earlier": [version_object(text) for text in entry.versions if text != in_force],
        "permalink": permalink(symbol),
    }


def version_object(text: Response) -> VersionObject:
    """Of a published text, loaded with its receipt as `entries_of` does."""
    return VersionObject(
        symbol=text.symbol,
        version=text.version,
        kind=text.kind,
        text=text.text,
        language=text.language,
        received_at=text.received_at.astimezone(UTC),
        published_at=text.published_at.astimezone(UTC),
        amendment_reason=text.amendment_reason,
        translations=translation_objects(text),
        permalink=permalink(f"{text.slot.symbol}.v{text.version}"),
    )


def file_object(file: Attachment) -> FileObject:
    """Of a publicly visible one, loaded with its names."""
    return FileObject(
        name=file.public_name,
        pages=file.pages,
        bytes=file.public_size,
        sha256=file.public_sha256,
        url=f"{settings.BASE_URL}/files/{file.file_name}",
    )


def state_object(state: State) -> StateObject:
    names = {code: state.name_in(code) for code, _name in UN_LANGUAGES}
    return StateObject(
        iso3=state.iso3,
        m49=state.m49,
        names=StateNamesObject(**names),
        formal_name=state.formal_name,
        group=state.group,
        page=f"{settings.BASE_URL}/en/states/{state.slug}/",
    )


def topic_object(topic: Topic) -> TopicObject:
    page = f"{settings.BASE_URL}/en/topics/{topic.slug}/"
    return TopicObject(slug=topic.slug, name=topic.name, page=page)


def asker_object(asker: Asker) -> AskerObject:
    return AskerObject(
        slug=asker.slug,
        name=asker.name,
        kind=asker.kind,
        label=asker.label,
        page=f"{settings.BASE_URL}/en/askers/{asker.slug}/",
    )


def correction_object(note: Correction) -> CorrectionObject:
    """Of one loaded with its names."""
    return CorrectionObject(
        kind=note.kind,
        ground=note.ground,
        event=note.event.slug if note.event_id else None,
        about=note.cited,
        corrected_on=note.corrected_on,
        what_was_wrong=note.what_was_wrong,
        what_changed=note.what_changed,
        reason=note.reason,
        published_at=note.published_at.astimezone(UTC),
    )
