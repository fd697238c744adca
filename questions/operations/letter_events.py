"""The event of an imported letter, its sitting, and the State standing at it."""

import unicodedata
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from questions.models import (
    Candidacy,
    Event,
    EventRecord,
    Letter,
    LetterOrigin,
    Participation,
    State,
    end_of_day,
)
from questions.operations.letter_results import (
    Difference,
    ImportRefused,
    ImportResult,
    UnknownState,
    apply_facts,
    difference,
)
from questions.parsing.letters import ParsedLetter


def find_state(letter: ParsedLetter) -> State:
    """The State written to. Raises UnknownState: an import makes no States."""
    for name in (letter.state, letter.state.replace("’", "'"), letter.state.replace("'", "’")):
        found = list(State.objects.called(name)[:2])
        if len(found) == 1:
            return found[0]
    found = _states_without_accents(letter.state)
    if len(found) == 1:
        return found[0]
    raise UnknownState(
        _(
            "The letter is to “%(state)s”, which is not the name of a State here. "
            "Add it to the other names of the State that is meant, and import the letter again."
        )
        % {"state": letter.state}
    )


def _states_without_accents(written: str) -> list[State]:
    """The States whose names are this but for accents, capitals and quotes."""
    wanted = _bare(written)
    return [
        state
        for state in State.objects.prefetch_related("aliases")
        if wanted
        in map(_bare, (state.name, state.formal_name, *(a.name for a in state.aliases.all())))
    ]


def _bare(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.replace("’", "'").casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).removeprefix("the ").strip()


def find_or_make_event(letter: ParsedLetter, state: State, at: datetime) -> tuple[Event, bool]:
    """The event of the letter's year, locked; True when it was made, as a draft.

    It is kept here as it happens when the deadline is ahead at `at`, else reconstructed.
    Raises ImportRefused.
    """
    code, slug = f"PE{letter.event_year}", str(letter.event_year)
    if Event.objects.filter(slug=slug).exclude(code=code).exists():
        raise ImportRefused(
            _("The address /%(slug)s/ belongs to an event that is not %(code)s.")
            % {"slug": slug, "code": code}
        )
    if letter.term_start > letter.term_end:
        raise ImportRefused(_("The membership term ends before it begins."))
    is_ahead = at < end_of_day(letter.answers_due_on)
    event, made = Event.objects.get_or_create(
        code=code,
        defaults={
            "slug": slug,
            "title": f"Pledging event {slug}",
            "term_start": letter.term_start,
            "term_end": letter.term_end,
            "record": EventRecord.KEPT if is_ahead else EventRecord.RECONSTRUCTED,
        },
    )
    event = Event.objects.select_for_update().get(pk=event.pk)
    if event.is_specimen != state.is_specimen:
        raise ImportRefused(
            _("Invented States stand at the specimen event only, and other States elsewhere.")
        )
    return event, made


def apply_event_facts(result: ImportResult, *, is_new: bool) -> None:
    """The first letter of an event says how it was; what a later one says otherwise is shown."""
    letter, event = result.parsed, result.event
    is_first = not Letter.objects.filter(
        candidacy__event=event, origin=LetterOrigin.IMPORTED
    ).exists()
    if is_new:
        result.created.append(
            _("Event %(code)s, %(title)s (%(record)s)")
            % {
                "code": event.code,
                "title": event.title,
                "record": event.get_record_display(),
            }
        )
    facts = {
        "organisers": "\n".join(letter.organisers),
        "letter_date": letter.letter_date,
        "answers_due_on": letter.answers_due_on,
    }
    if event.closes_on and event.closes_on < letter.answers_due_on:
        stated = facts.pop("answers_due_on")
        result.differences.append(difference(event, "answers_due_on", stated, event.code))
    apply_facts(event, facts, result, what=event.code, overwrite=is_first, is_new=is_new)
    fixed = {"body": letter.body, "term_start": letter.term_start, "term_end": letter.term_end}
    apply_facts(event, fixed, result, what=event.code, overwrite=is_new, is_new=is_new)
    _apply_sessions(result, overwrite=is_first)


def _apply_sessions(result: ImportResult, *, overwrite: bool) -> None:
    """Session 1 is the letter's; an event of several days has one for each."""
    letter, event = result.parsed, result.event
    known = {session.position: session for session in event.sessions.all()}
    for position, day in enumerate(letter.event_dates, start=1):
        what = _("Session %(number)d") % {"number": position}
        if position not in known and not overwrite:
            result.differences.append(Difference(what, _("none"), date_format(day, "DATE_FORMAT")))
            continue
        facts = {"date": day, "audience": letter.audience if position == 1 else ""}
        if letter.venue:
            is_online = letter.venue == "online"
            facts |= {"is_online": is_online, "city": "" if is_online else letter.venue}
        session = known.get(position) or event.sessions.create(position=position)
        apply_facts(
            session, facts, result, what=what, overwrite=overwrite, is_new=position not in known
        )


def find_or_make_candidacy(event: Event, state: State) -> tuple[Candidacy, bool]:
    """The State's candidacy at the event, locked; True when it was made."""
    candidacy, made = Candidacy.objects.get_or_create(event=event, state=state)
    candidacy = Candidacy.objects.select_for_update().get(pk=candidacy.pk)
    candidacy.event, candidacy.state = event, state
    return candidacy, made


def apply_candidacy_facts(result: ImportResult, *, is_new: bool) -> None:
    """The letter's words on participation win; its deadline holds where there is none yet."""
    letter, candidacy = result.parsed, result.candidacy
    if is_new:
        result.created.append(
            _("%(state)s at %(event)s") % {"state": result.state.name, "event": result.event.code}
        )
    facts = (
        {}
        if letter.participation == Participation.UNKNOWN
        else {"participation": letter.participation}
    )
    is_first = not candidacy.letters.filter(origin=LetterOrigin.IMPORTED).exists()
    is_unknown = candidacy.participation == Participation.UNKNOWN
    apply_facts(
        candidacy,
        facts,
        result,
        what=candidacy.state.name,
        overwrite=is_first or is_unknown,
        is_new=is_unknown,
    )
    due_at = end_of_day(letter.answers_due_on, result.event.zone)
    if candidacy.due_at is None:
        candidacy.due_at = due_at
        candidacy.save(update_fields=["due_at"])
    elif candidacy.due_at != due_at:
        result.differences.append(
            Difference(
                _("%(state)s: answers due") % {"state": result.state.name},
                date_format(candidacy.due_on, "DATE_FORMAT"),
                date_format(letter.answers_due_on, "DATE_FORMAT"),
            )
        )
