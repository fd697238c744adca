"""Translations are published while others publish, revise and withhold."""

import pytest
from django.db import IntegrityError

from questions.models import (
    EntryKind,
    Response,
    SearchEntry,
    Translation,
    TranslationKind,
    TranslationStatus,
)
from questions.operations import search_index, translations
from questions.operations.audit import first_bad_entry
from questions.operations.publication import withhold_responses
from questions.operations.translations import (
    TranslationSettled,
    publish_translation,
    revise_translation,
)
from questions.searching import parse
from tests.concurrency.racing import at_once, errors_in, meet_before, without_row_locks
from tests.factories import BEFORE, make_response, make_translation, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def publishing(draft, by):
    return lambda: publish_translation(draft, sha256=draft.sha256, by=by, at=BEFORE)


def publish_two_into_one_language(monkeypatch):
    original = make_response(published=True)
    drafts = [make_translation(of=original, text=t, published=False) for t in ("Oui.", "Si.")]
    by = [make_user(), make_user()]
    meet_before(monkeypatch, translations, "require_another")
    return at_once(*map(publishing, drafts, by))


def test_two_translations_into_one_language_take_turns_and_one_stands(monkeypatch):
    outcomes = publish_two_into_one_language(monkeypatch)

    assert outcomes == [None, None]
    assert sorted(Translation.objects.values_list("status", flat=True)) == [
        TranslationStatus.PUBLISHED,
        TranslationStatus.WITHDRAWN,
    ]
    assert first_bad_entry() is None


def test_control_without_the_lock_one_of_them_fails(monkeypatch):
    without_row_locks(monkeypatch)

    assert errors_in(publish_two_into_one_language(monkeypatch)) == [IntegrityError]


def publish_while_it_is_revised(monkeypatch):
    draft, by = make_translation(published=False), make_user()
    facts = {
        "kind": TranslationKind.OFFICE,
        "made_by": "ISHR",
        "made_on": draft.made_on,
        "by": draft.entered_by,
    }
    sha256 = draft.sha256
    meet_before(monkeypatch, translations, "_draft")
    outcomes = at_once(
        publishing(draft, by),
        lambda: revise_translation(draft, text="CANARY", sha256=sha256, at=BEFORE, **facts),
    )
    draft.refresh_from_db()
    return outcomes, draft


def test_what_was_looked_at_is_published_or_revised_and_never_both(monkeypatch):
    outcomes, draft = publish_while_it_is_revised(monkeypatch)

    assert len(errors_in(outcomes)) == 1
    published = draft.status == TranslationStatus.PUBLISHED
    assert (draft.text == "CANARY") != published
    assert not published or errors_in(outcomes) == [TranslationSettled]


def publish_while_the_answer_is_withheld(monkeypatch):
    response = make_response(text="Yes.", published=True)
    draft, by = make_translation(of=response, text="Canari.", published=False), make_user()
    chosen = Response.objects.filter(pk=response.pk)
    meet_before(monkeypatch, search_index, "_replace")
    return at_once(
        publishing(draft, by),
        lambda: withhold_responses(chosen, reason="A name.", by=by, at=BEFORE),
    )


def test_req_050_no_translation_of_what_is_withheld_meanwhile_stays_in_the_index(monkeypatch):
    outcomes = publish_while_the_answer_is_withheld(monkeypatch)

    assert outcomes == [None, 1]
    assert not Translation.objects.publicly_visible().exists()
    assert not SearchEntry.objects.found(EntryKind.ANSWER, parse("canari", {}).clauses).read


def test_control_without_the_lock_the_index_keeps_it(monkeypatch):
    without_row_locks(monkeypatch)

    publish_while_the_answer_is_withheld(monkeypatch)

    assert SearchEntry.objects.exists()
