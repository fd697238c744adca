"""What every page prints of the portal itself; needs neither request nor database."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override

from questions.models import RulesVersion, rules_in_force

register = template.Library()


@register.simple_tag
def office_email() -> str:
    """The role address at which people reach the office."""
    return settings.OFFICE_EMAIL


@register.simple_tag
def base_url() -> str:
    """Where the portal is served, without a slash at the end."""
    return settings.BASE_URL


@register.simple_tag
def part_of_site(template: str, section: str) -> SafeString:
    """A part that all pages of a section have alike: rendered once in each language."""
    render = _rendered.__wrapped__ if settings.DEBUG else _rendered
    return render(template, section, get_language(), settings.OFFICE_EMAIL)


@lru_cache(maxsize=256)
def _rendered(template: str, section: str, language: str, email: str) -> SafeString:
    return render_to_string(template, {"section": section})


@register.filter
def outward(source: str) -> str:
    """A source as staff entered it; a link where it is a web address and nothing else."""
    if source.startswith(("https://", "http://")):
        return format_html(
            '<a href="{}" rel="external noopener noreferrer nofollow">{}</a>', source, source
        )
    return source


@register.simple_tag
def rules() -> RulesVersion:
    """The rules in force: figures name them."""
    return rules_in_force()


@register.simple_tag
def takes_two_people() -> bool:
    """Whether who entered a translation or a correction may not publish it."""
    return settings.TWO_PEOPLE


@register.simple_tag
def with_choices(path: str, chosen: Mapping[str, str | list[str]], **changed: str) -> str:
    """The address with what is chosen, and changed, in the order in which pages are kept."""
    given = sorted((name, value) for name, value in {**chosen, **changed}.items() if value)
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


@dataclass(frozen=True)
class Language:
    """One of the six, by its own name, and where the page is in it."""

    code: str  # as HTML writes it
    name: str
    href: str
    is_current: bool


@register.simple_tag
def languages(path: str, query: str, otherwise: str) -> list[Language]:
    """The page at `path` in each language; `otherwise`, a view, where no language begins it."""
    prefix, rest = f"/{get_language()}/", ""
    if is_prefixed := path.startswith(prefix):
        rest = path.removeprefix(prefix) + (f"?{query}" if query else "")
    return [
        Language(
            html_language(code),
            name,
            f"/{code}/{rest}" if is_prefixed else _in(code, otherwise),
            code == get_language(),
        )
        for code, name in settings.LANGUAGES
    ]


def _in(code: str, view: str) -> str:
    with override(code):
        return reverse(view)


def html_language(code: str) -> str:
    """As HTML writes it: zh-Hans."""
    return "zh-Hans" if code == "zh-hans" else code


@register.simple_tag
def page_language() -> str:
    """Of the words around what people wrote, as HTML writes it."""
    return html_language(get_language())
