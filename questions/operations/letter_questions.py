"""The questions of an imported letter: found again by their words, put to the State, titled."""

import re
from dataclasses import replace
from functools import cache

from django.db.models import Max
from django.utils.translation import gettext as _

from questions.models import (
    AddressedQuestion,
    Asker,
    Event,
    LetterSection,
    Question,
    QuestionAsker,
    QuestionScope,
    QuestionStatus,
    State,
    Topic,
)
from questions.operations.letter_people import store_askers
from questions.operations.letter_results import (
    AskerRow,
    Difference,
    ImportResult,
    QuestionRow,
    checked,
)
from questions.operations.states import DATA, rows
from questions.parsing.letters import ParsedQuestion, parse_letter

Matches = dict[int, Question | None]  # by number as printed; None: to be made
PLAIN_SIGNS = str.maketrans("‘’“”–—", "''\"\"--")


def store_questions(result: ImportResult) -> None:
    """Store both sections, then put every question to all to every candidate at the event.

    A question is found again by its words, whatever its number. Where a number is taken by other
    words, nothing is stored for it: the difference is shown, and this letter does not put the
    question to the State, so that no answer can be given to words that it did not read.
    """
    for section, in_letter in (
        (LetterSection.OWN, result.parsed.own_questions),
        (LetterSection.COMMON, result.parsed.common_questions),
    ):
        # A letter may count on from its own questions; the next one, to another State, will not.
        printed = tuple(replace(one, number=n) for n, one in enumerate(in_letter, start=1))
        state = result.state if section == LetterSection.OWN else None
        matches = _match(printed, result.event, state)
        for position, one in enumerate(printed, start=1):
            _store_question(one, matches, section, position, state, result)
    _put_to_every_candidate(result)


def wording(text: str) -> str:
    """What makes two texts the same words: not spacing, nor the shape of quotes and dashes."""
    return re.sub(r"\s+", " ", text.translate(PLAIN_SIGNS)).strip()


def _match(printed: tuple[ParsedQuestion, ...], event: Event, state: State | None) -> Matches:
    """Each printed number to the stored question of the same words, each stored one once."""
    by_words: dict[str, list[Question]] = {}
    for question in event.questions.filter(state=state).order_by("number"):
        by_words.setdefault(wording(question.text), []).append(question)
    matches: Matches = {}
    for one in printed:
        same = by_words.get(wording(one.text), [])
        same.sort(key=lambda question: question.number != one.number)
        matches[one.number] = same.pop(0) if same else None
    return matches


def _store_question(
    printed: ParsedQuestion,
    matches: Matches,
    section: LetterSection,
    position: int,
    state: State | None,
    result: ImportResult,
) -> None:
    question = matches[printed.number]
    is_new = question is None
    if question is None:
        number, taken = _number_for(printed, matches, state, result)
        if taken:
            _show_difference(printed, section, taken, result)
            return
        question = _make_question(printed, number, state, result)
    askers = store_askers(printed.askers, result)
    _store_order(question, [asker for asker, _row in askers], result)
    result.questions.append(
        QuestionRow(
            section=section.value,
            number=printed.number,
            symbol=question.symbol,
            text=printed.text,
            askers=tuple(row for _asker, row in askers),
            is_new=is_new,
        )
    )
    if question.number != printed.number:
        what = _("Number of %(symbol)s") % {"symbol": question.symbol}
        result.differences.append(Difference(what, str(question.number), str(printed.number)))
    if question.status != QuestionStatus.ACCEPTED:
        what = _("Status of %(symbol)s") % {"symbol": question.symbol}
        result.differences.append(
            Difference(what, str(question.get_status_display()), _("put to the State"))
        )
        return
    _give_title_and_topics(question)
    _put(question, section, position, result)


def _number_for(
    printed: ParsedQuestion, matches: Matches, state: State | None, result: ImportResult
) -> tuple[int, Question | None]:
    """The number to store new words under; the question that stands there with other words.

    Where that question is printed in this letter too, under another number, the words are
    plainly another question's: they take the next number.
    """
    stored = result.event.questions.filter(state=state)
    taken = stored.filter(number=printed.number).first()
    if taken is None:
        return printed.number, None
    if taken in [match for number, match in matches.items() if number != printed.number]:
        last = stored.aggregate(last=Max("number"))["last"]
        return max(last, *matches) + 1, None
    return printed.number, taken


def _show_difference(
    printed: ParsedQuestion, section: LetterSection, taken: Question, result: ImportResult
) -> None:
    result.differences.append(Difference(taken.symbol, taken.text, printed.text))
    askers = tuple(
        AskerRow(one.name, one.label, kind="", is_new=False, is_public=False)
        for one in printed.askers
    )
    result.questions.append(
        QuestionRow(
            section=section.value,
            number=printed.number,
            symbol=taken.symbol,
            text=printed.text,
            askers=askers,
            is_new=False,
            is_different=True,
        )
    )


def _make_question(
    printed: ParsedQuestion, number: int, state: State | None, result: ImportResult
) -> Question:
    question = Question(
        event=result.event,
        state=state,
        scope=QuestionScope.ONE if state else QuestionScope.ALL,
        number=number,
        text=printed.text,
    )
    checked(question).save()
    result.created.append(_("Question: %(symbol)s") % {"symbol": question.symbol})
    return question


def _store_order(question: Question, askers: list[Asker], result: ImportResult) -> None:
    """Who asked, in the order printed; where others stand already, they stay."""
    known = [asked.asker for asked in question.asked_by.select_related("asker")]
    if not known:
        QuestionAsker.objects.bulk_create(
            QuestionAsker(question=question, asker=asker, position=position)
            for position, asker in enumerate(askers, start=1)
        )
    elif known != askers:
        what = _("Askers of %(symbol)s") % {"symbol": question.symbol}
        here, stated = ("; ".join(asker.name for asker in row) for row in (known, askers))
        result.differences.append(Difference(what, here, stated))


def _put(question: Question, section: LetterSection, position: int, result: ImportResult) -> None:
    """Into the slot, unless an earlier letter put the question: what was asked when is frozen."""
    slot, made = AddressedQuestion.objects.get_or_create(
        question=question,
        candidacy=result.candidacy,
        defaults={"letter": result.letter, "section": section, "position": position},
    )
    if not made and slot.letter_id is None:
        slot.letter, slot.section, slot.position = result.letter, section, position
        slot.save(update_fields=["letter", "section", "position"])


def _put_to_every_candidate(result: ImportResult) -> None:
    """What some letter put to all is asked of all, though not sent to them yet (DESIGN.md §6)."""
    put_to_all = list(
        result.event.questions.filter(
            scope=QuestionScope.ALL,
            status=QuestionStatus.ACCEPTED,
            slots__letter__isnull=False,
        )
        .distinct()
        .order_by("number")
    )
    missing = []
    for candidacy in result.event.candidacies.filter(at_event=True).prefetch_related("slots"):
        slots = candidacy.slots.all()
        known = {slot.question_id for slot in slots}
        common = [slot.position for slot in slots if slot.section == LetterSection.COMMON]
        unknown = [question for question in put_to_all if question.pk not in known]
        missing += [
            AddressedQuestion(question=question, candidacy=candidacy, position=position)
            for position, question in enumerate(unknown, start=max(common, default=0) + 1)
        ]
    AddressedQuestion.objects.bulk_create(missing, ignore_conflicts=True)
    if missing:
        others = len({slot.candidacy_id for slot in missing})
        result.created.append(
            _("Questions to all, put to other candidates too: %(count)d") % {"count": others}
        )


def _give_title_and_topics(question: Question) -> None:
    """To a question of the letter that we know by its words; what staff gave it stays."""
    row = _known_questions().get(wording(question.text))
    if row is None:
        return
    if not question.title:
        question.title, question.short_title = row["title"], row["short_title"]
        question.save(update_fields=["title", "short_title"])
    if not question.topics.exists():
        names = {topic["slug"]: topic["name"] for topic in rows("topics.csv")}
        question.topics.set(
            Topic.objects.get_or_create(slug=slug, defaults={"name": names[slug]})[0]
            for slug in row["topics"].split(";")
        )


@cache
def _known_questions() -> dict[str, dict[str, str]]:
    """Titles and topics of the questions of the 2021 letter, by their words."""
    name = "letter_kazakhstan_2021.txt"
    letter = parse_letter((DATA / name).read_bytes(), name)
    by_label = {f"KAZ-{one.number}": one for one in letter.own_questions}
    by_label |= {f"Q{one.number}": one for one in letter.common_questions}
    return {wording(by_label[row["number"]].text): row for row in rows("questions_2021.csv")}
