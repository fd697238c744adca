"""Everything that a visitor can read is there in every language (ux.md §5.3)."""

import re
from pathlib import Path

import django
import pytest

from questions.management.commands.makemessages import LANGUAGES

from .catalogues import (
    asked_for,
    compiled,
    entries,
    in_compiled,
    placeholders,
    plural_header,
    tags,
)

DJANGO = Path(django.__file__).parent / "conf" / "locale"


@pytest.fixture(scope="module")
def messages():
    return asked_for()


def test_messages_are_found_in_code_and_in_templates(messages):
    files = set(messages.values())

    assert len(messages) > 500
    assert {"questions/templatetags/sentences.py", "templates/base.html"} <= files
    assert not [name for name in files if "admin" in name]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_message_is_in_the_catalogue_and_translated(messages, language):
    known = {entry.message: entry for entry in entries(language)}

    missing = [f"{name}: {m.text}" for m, name in messages.items() if m not in known]
    unfinished = [
        f"{messages[message]}: {message.text}"
        for message, entry in known.items()
        if message in messages and (entry.is_fuzzy or not all(entry.forms))
    ]

    assert missing == []
    assert unfinished == []


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_catalogue_has_nothing_that_nobody_asks_for(messages, language):
    _header, *known = entries(language)

    assert [entry.message.text for entry in known if entry.message not in messages] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_every_placeholder_and_every_tag(language):
    _header, *known = entries(language)
    wrong = []
    for entry in known:
        texts = [text for text in (entry.message.text, entry.message.plural) if text]
        allowed = set().union(*map(placeholders, texts))
        for form in filter(None, entry.forms):
            # A form for one number alone need not give the number.
            needed = set.intersection(*map(placeholders, texts)) - (
                {"number", "counter", "count", "n", "days", "asked"}
                if entry.message.plural
                else set()
            )
            if not needed <= placeholders(form) <= allowed:
                wrong.append(f"placeholders: {form}")
            if tags(form) not in [tags(text) for text in texts]:
                wrong.append(f"tags: {form}")

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_are_those_of_django(language):
    header, *known = entries(language)
    djangos = (DJANGO / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    theirs = re.search(r'"Plural-Forms:((?:.|"\n")*?)\\n"', djangos)[1].replace('"\n"', "")
    number = int(re.search(r"nplurals=(\d)", plural_header(header))[1])

    assert plural_header(header) == theirs.replace(" ", "")
    assert {len(entry.forms) for entry in known if entry.message.plural} == {number}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_compiled_catalogue_is_that_of_the_text(language):
    wanted = {}
    for entry in entries(language):
        wanted |= in_compiled(entry)

    assert compiled(language) == wanted
