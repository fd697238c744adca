"""The page on how statuses are decided, in its versions."""

import hashlib
import json
from datetime import date

import pytest
from django.test import Client

from questions.models import RulesVersion, versions_of_rules

from .public_pages import forget_kept_pages, read, words_of

pytestmark = pytest.mark.django_db

METHOD = "/en/about/method/"
ANOTHER = "Translations and corrections are published by someone other than the person who"
ALONE = "this office works without a second person"
# What was in force stays as it was: whoever changes the rules adds a version, with its digest here.
DIGESTS = {1: "efe25c7feca89534def5b95dc31119c68869d8def49b91c06c9db6848c67d3e0"}


def test_method_says_whether_a_second_person_publishes(settings):
    with_two = words_of(read(METHOD))
    settings.TWO_PEOPLE = False
    forget_kept_pages()
    alone = words_of(read(METHOD))

    assert (ANOTHER in with_two, ALONE in with_two) == (True, False)
    assert (ANOTHER in alone, ALONE in alone) == (False, True)


def test_the_words_of_a_version_are_never_changed(settings):
    made = {
        version.number: hashlib.sha256(
            (settings.BASE_DIR / "templates" / version.template).read_bytes()
        ).hexdigest()
        for version, _until in versions_of_rules()
    }

    assert made == DIGESTS


def test_the_rules_in_force_have_an_address_of_their_own():
    current, first = read(METHOD), read(f"{METHOD}v1/")

    for page in [current, first]:
        assert "Version 1 of these rules, 24 November 2026" in words_of(page)
        assert "Version 1 · 24 November 2026 · First version" in words_of(page)
        assert "no longer in force" not in words_of(page)


@pytest.mark.parametrize("address", [f"{METHOD}v2/", f"{METHOD}v01/", f"{METHOD}v0/"])
def test_a_version_that_never_was_is_not_found(address):
    assert Client().get(address).status_code == 404


def test_earlier_versions_stay_readable(monkeypatch, settings, tmp_path):
    later = tmp_path / "public" / "rules" / "v2.html"
    later.parent.mkdir(parents=True)
    later.write_text("<p>Rules to come.</p>")
    templates = [settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    settings.TEMPLATES = templates + settings.TEMPLATES[1:]
    versions = [version for version, _until in versions_of_rules()]
    versions.insert(0, RulesVersion(2, date(2027, 3, 1), "No answer has another name"))
    monkeypatch.setattr("questions.models.rules.VERSIONS", versions)

    current, first = words_of(read(METHOD)), words_of(read(f"{METHOD}v1/"))

    assert "Version 2 of these rules, 1 March 2027" in current
    assert "Rules to come." in current
    assert "Version 2 · 1 March 2027 · No answer has another name" in current
    assert "Version 1 of these rules, 24 November 2026" in first
    assert "others took their place on 1 March 2027" in first
    assert "Each question put to a State has one status." in first
    assert "Rules to come." not in first


def test_figures_and_data_name_the_version_of_their_rules(record):
    page = read("/en/2021/q1/").content.decode()
    found = json.loads(Client().get("/data/2021/event.json").getvalue())
    answer = json.loads(Client().get("/api/v1/answers/PE2021-Q1-XKA").getvalue())

    assert f'<a href="{METHOD}v1/">How statuses are decided, version 1</a>' in page
    address = "http://127.0.0.1:8000/en/about/method/v1/"
    assert found["rules"] == answer["rules"] == address
