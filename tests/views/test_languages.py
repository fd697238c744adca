"""Public pages and the form in the six languages."""

import re

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from tests.factories import make_candidacy, make_event, make_question, make_slot, make_state

from .reply_pages import address, make_reply, opened

pytestmark = pytest.mark.django_db

DIRECTIONS = {"ar": "rtl", "en": "ltr", "es": "ltr", "fr": "ltr", "ru": "ltr", "zh-hans": "ltr"}
IN_HTML = {code: "zh-Hans" if code == "zh-hans" else code for code in DIRECTIONS}
SITE = "http://127.0.0.1:8000"
PATHS = ["", "events/", "states/", "questions/", "topics/", "askers/", "about/"]
PATHS += ["2021/", "2021/q5/", "2021/xka/", "2021/q5/xka/"]
OWN_NAMES = ["العربية", "中文", "English", "Français", "Русский", "Español"]


@pytest.fixture
def slot():
    """Q5 of PE2021, put to Kazakhstan."""
    event = make_event(year=2021)
    state = make_state(
        iso3="XKA", name="Kazakhstan", name_ar="كازاخستان", name_zh_hans="哈萨克斯坦"
    )
    candidacy = make_candidacy(event=event, state=state)
    return make_slot(candidacy=candidacy, question=make_question(event=event, number=5))


def text_of(address):
    page = Client().get(address)
    assert page.status_code == 200, address
    return page, page.content.decode()


@pytest.mark.parametrize("language", DIRECTIONS)
@pytest.mark.parametrize("path", PATHS)
def test_a_page_says_its_language_and_leads_to_the_others(slot, language, path):
    page, text = text_of(f"/{language}/{path}")

    assert f'<html lang="{IN_HTML[language]}" dir="{DIRECTIONS[language]}">' in text
    assert page.headers["Content-Language"] == language
    listed = re.search(r'<nav class="langs".*?</nav>', text, re.S)[0]
    assert re.findall(r">([^<>\s]+)</a>", listed) == OWN_NAMES
    assert set(re.findall(r'href="([^"]+)" lang', listed)) == {
        f"/{code}/{path}" for code in DIRECTIONS
    }
    assert re.search(rf'lang="{IN_HTML[language]}" hreflang="[\w-]+" aria-current="true"', listed)
    alternates = dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)"', text))
    there = {IN_HTML[code]: f"{SITE}/{code}/{path}" for code in DIRECTIONS}
    assert alternates == there | {"x-default": f"{SITE}/en/{path}"}
    links = re.findall(r'<a [^>]*href="(/[^"]*)"', text.replace(listed, ""))
    without = re.compile(r"/(?:r|cite|data|files|api)/|/(?:[\w-]+/)*feed\.atom$")
    assert {one for one in links if not one.startswith(f"/{language}/")} == {
        one for one in links if without.match(one)
    }


def test_the_language_list_keeps_the_query(slot):
    _page, text = text_of("/en/2021/?group=APG&status=on")

    assert 'href="/fr/2021/?group=APG&amp;status=on" lang="fr"' in text


def test_a_state_has_its_name_in_the_language_of_the_page(slot):
    for language, name in (("ar", "كازاخستان"), ("zh-hans", "哈萨克斯坦"), ("fr", "Kazakhstan")):
        for path in ("2021/", "2021/q5/", "2021/xka/", "2021/q5/xka/", "states/xka/"):
            _page, text = text_of(f"/{language}/{path}")
            assert f"<bdi>{name}</bdi>" in text, path


def test_errors_speak_the_language_of_the_address(slot):
    for language in DIRECTIONS:
        page = Client().get(f"/{language}/2021/nowhere/")
        with override(language):
            title = gettext("Page not found")

        assert page.status_code == 404
        assert f"<h1>{title}</h1>" in page.content.decode()
        assert f'<html lang="{IN_HTML[language]}"' in page.content.decode()


def test_the_form_keeps_the_page_in_each_language():
    candidacy, _slots = make_reply()
    client = opened(candidacy)

    for language, direction in DIRECTIONS.items():
        at = address(candidacy, "questions/").replace("/en/", f"/{language}/")
        page = client.get(f"{at}?saved=q1").content.decode()

        assert f'<html lang="{IN_HTML[language]}" dir="{direction}">' in page
        assert f'href="{at.replace(language, "ru", 1)}?saved=q1" lang="ru"' in page


def test_an_address_with_a_token_is_not_in_the_language_list():
    page = Client().get("/reply/open/no-such-token-at-all")

    assert page.status_code == 404
    assert b"no-such-token" not in page.content
    assert b'href="/ar/reply/" lang="ar"' in page.content


@pytest.mark.parametrize("path", ["/{language}/{event}/", "/{language}/reply/{reference}/"])
def test_the_body_is_named_in_the_language_of_the_page(path):
    slot = make_slot(sent=True)
    candidacy = slot.candidacy
    client = opened(candidacy)
    bodies = {
        "en": "Human Rights Council",
        "ru": "Совет по правам человека",
        "zh-hans": "人权理事会",
    }

    for language, body in bodies.items():
        where = path.format(
            language=language, event=candidacy.event.slug, reference=candidacy.reference
        )
        assert f"{body}" in client.get(where).text.split("<main")[1]
