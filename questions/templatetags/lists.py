"""Several things in one sentence, as each language lists them."""

from collections.abc import Iterable
from datetime import date
from functools import reduce

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from questions.days import written
from questions.models import Asker, Mission, Topic

register = template.Library()


def in_series(parts: Iterable[object]) -> SafeString | str:
    """a, b, c; escaped."""
    # Translators: two members of a list; what matters is the sign between them.
    pattern = pgettext("list", "{one}, {other}")
    parts = list(parts)
    if not parts:
        return ""
    return reduce(
        lambda listed, part: format_html(pattern, one=listed, other=part),
        parts[1:],
        format_html("{}", parts[0]),
    )


@register.filter
def in_list(parts: Iterable[object]) -> SafeString | str:
    """a; a and b; a, b and c; escaped."""
    parts = list(parts)
    if len(parts) < 2:
        return in_series(parts)
    # Translators: the end of a list, as in "a, b and c".
    pattern = pgettext("list", "{first} and {last}")
    return format_html(pattern, first=in_series(parts[:-1]), last=parts[-1])


@register.filter
def names(people: Iterable[str]) -> SafeString | str:
    """As `in_list`, each name isolated, so that none reorders what stands beside it."""
    return in_list(_isolated(name) for name in people)


def _isolated(name: str) -> SafeString:
    return format_html('<bdi dir="auto">{}</bdi>', name)


@register.filter
def public_askers(askers: Iterable[Asker], with_links: bool = False) -> SafeString | str:
    """Who asked, as the public may know; those who are named lead to their pages."""
    return in_list(
        format_html('<a href="{}">{}</a>', asker.get_absolute_url(), _isolated(asker.public_name))
        if with_links and asker.is_named_in_public
        else _isolated(asker.public_name)
        for asker in askers
    )


@register.filter
def topic_links(topics: Iterable[Topic]) -> SafeString | str:
    """Each leads to its page."""
    return in_series(
        format_html('<a href="{}">{}</a>', topic.get_absolute_url(), topic) for topic in topics
    )


@register.filter
def askers_for_state(askers: Iterable[Asker]) -> SafeString | str:
    """Who asked, as the State may know."""
    return names(asker.name_for_state for asker in askers)


@register.filter
def days_in_series(days: Iterable[date]) -> SafeString | str:
    """29 September 2021, 4 October 2021; as times that machines can read."""
    return in_series(
        format_html('<time datetime="{}">{}</time>', day.isoformat(), written(day)) for day in days
    )


@register.filter
def cities(missions: Iterable[Mission]) -> SafeString | str:
    """New York and Geneva."""
    return in_list(mission.get_city_display() for mission in missions)
