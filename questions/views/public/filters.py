"""What narrows a public page: GET parameters, each with the values that a reader can choose."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from questions.models import AnswerStatus, Asker, Event, Question, RegionalGroup, Tally, Topic

SLUG = re.compile(r"[-\w]{1,80}", re.A)
GROUP = re.compile("|".join(RegionalGroup.values))
STATUS = re.compile("|".join(AnswerStatus.values))


@dataclass(frozen=True)
class Filter:
    """One of them; `every` is what stands for no choice."""

    name: str
    title: str
    every: str
    options: Sequence[tuple[str, str]]
    chosen: str = ""


def group_filter(chosen: str) -> Filter:
    return Filter("group", _("Regional group"), _("All five groups"), RegionalGroup.choices, chosen)


def status_filter(tally: Tally, chosen: str) -> Filter:
    """Those that occur, and the one that is chosen."""
    offered = {*tally.present, chosen}
    options = [(status, label) for status, label in AnswerStatus.choices if status in offered]
    return replace(status_choice(chosen), options=options)


def status_choice(chosen: str) -> Filter:
    return Filter("status", _("Status"), _("All statuses"), AnswerStatus.choices, chosen)


def topic_filter(questions: Iterable[Question], chosen: str) -> Filter:
    """The themes of the questions, which are loaded with them."""
    return topic_choice({one for question in questions for one in question.topics.all()}, chosen)


def topic_choice(topics: Iterable[Topic], chosen: str) -> Filter:
    options = [(topic.slug, str(topic)) for topic in sorted(topics, key=lambda topic: topic.place)]
    return Filter("topic", _("Theme"), _("All themes"), options, chosen)


def asker_filter(questions: Iterable[Question], chosen: str) -> Filter:
    """Who asked the questions, of those who are named in public (security.md 53)."""
    askers = {asker for question in questions for asker in question.askers_in_order}
    return asker_choice((asker for asker in askers if asker.is_named_in_public), chosen)


def asker_choice(askers: Iterable[Asker], chosen: str) -> Filter:
    """`askers` are named in public."""
    options = [
        (asker.slug, asker.name)
        for asker in sorted(askers, key=lambda asker: asker.name.casefold())
    ]
    return Filter("asker", _("Who asked"), _("All askers"), options, chosen)


def year_choice(events: Iterable[Event], chosen: str) -> Filter:
    """The events, by the name that an event has in its address: mostly a year."""
    return Filter(
        "year", _("Year"), _("All years"), [(one.slug, one.slug) for one in events], chosen
    )
