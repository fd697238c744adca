from datetime import UTC, date, datetime, timedelta

import pytest

from questions.models import (
    AuditEntry,
    Edition,
    Response,
    Translation,
    TranslationKind,
    TranslationStatus,
)
from questions.operations.publication import withhold_responses
from questions.operations.translations import (
    NothingToTranslate,
    TranslationChanged,
    TranslationSettled,
    enter_translation,
    publish_translation,
    revise_translation,
    withdraw_translation,
)
from questions.operations.two_people import NotTheirs, SamePerson
from tests.factories import make_event, make_question, make_response, make_slot, make_user
from tests.factories import make_translation as make

pytestmark = pytest.mark.django_db

NOW = datetime(2021, 10, 5, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
FACTS = {"kind": TranslationKind.OFFICE, "made_by": "ISHR", "made_on": date(2021, 10, 5)}


def enter(original=None, *, language="fr", text="Oui.", by=None, **facts):
    original = original or make_response(text="Yes.", published=True)
    return enter_translation(
        original, language=language, text=text, by=by or make_user(), at=NOW, **FACTS | facts
    )


def publish(draft, *, by=None, sha256=None, at=LATER):
    publish_translation(draft, sha256=sha256 or draft.sha256, by=by or make_user(), at=at)
    draft.refresh_from_db()


def acts():
    return list(AuditEntry.objects.order_by("number").values_list("action", "subject"))


def edition():
    return Edition.objects.get_or_create(pk=1)[0].number


def test_what_is_entered_is_a_draft_and_on_record():
    original, user = make_response(text="Yes.", published=True), make_user()

    draft = enter(original, by=user)

    assert (draft.status, draft.entered_by, draft.entered_at) == ("draft", user, NOW)
    assert (draft.response, draft.question, draft.text) == (original, None, "Oui.")
    assert not Translation.objects.publicly_visible().exists()
    assert not Edition.objects.exists()
    assert acts() == [("translation.entered", f"{original.symbol} in fr")]
    assert AuditEntry.objects.get().details == {"number": draft.pk, "sha256": draft.sha256}


@pytest.mark.parametrize("fields", [{"language": "fr"}, {"text": "", "kind": "declined"}])
def test_a_text_in_that_language_or_without_words_is_not_translated(fields):
    original = make_response(published=True, **fields)

    with pytest.raises(NothingToTranslate):
        enter(original)

    assert not Translation.objects.exists()
    assert acts() == []


def test_another_person_publishes():
    draft, user, before = enter(), make_user(), edition()

    publish(draft, by=user)

    assert (draft.status, draft.published_by, draft.published_at) == ("published", user, LATER)
    assert list(Translation.objects.publicly_visible()) == [draft]
    assert edition() == before + 1
    assert acts()[-1] == ("translation.published", str(draft))
    assert AuditEntry.objects.latest("number").details["sha256"] == draft.sha256


def test_req_044_who_entered_a_translation_does_not_publish_it_superusers_too():
    boss = make_user(is_superuser=True)
    draft = enter(by=boss)

    with pytest.raises(SamePerson):
        publish(draft, by=boss)

    assert not Translation.objects.publicly_visible().exists()
    assert [action for action, _subject in acts()] == ["translation.entered"]


def test_in_an_office_of_one_who_entered_it_publishes_it(settings):
    settings.TWO_PEOPLE = False
    only = make_user()
    draft = enter(by=only)

    publish(draft, by=only)

    assert list(Translation.objects.publicly_visible()) == [draft]
    assert draft.by_one_person


def test_who_publishes_a_draft_has_written_no_word_of_it():
    first, second = make_user(), make_user()
    draft = enter(by=first)
    with pytest.raises(NotTheirs):
        revise_translation(draft, text="Si.", sha256=draft.sha256, by=second, at=LATER, **FACTS)

    revised = revise_translation(
        draft, text="Oui !", sha256=draft.sha256, by=first, at=LATER, **FACTS
    )

    assert (revised.text, revised.entered_by, revised.entered_at) == ("Oui !", first, LATER)
    with pytest.raises(SamePerson):
        publish(revised, by=first)
    publish(revised, by=second)


@pytest.mark.parametrize("field", ["text", "kind", "made_by"])
def test_what_is_published_is_what_was_looked_at(field):
    draft = enter()
    seen = draft.sha256
    Translation.objects.update(**{field: "machine"})

    with pytest.raises(TranslationChanged):
        publish(draft, sha256=seen)
    with pytest.raises(TranslationChanged):
        revise_translation(draft, text="x", sha256=seen, by=make_user(), at=LATER, **FACTS)

    draft.refresh_from_db()
    assert draft.status == TranslationStatus.DRAFT


def test_a_later_translation_takes_the_place_of_the_earlier_one_in_its_language():
    original = make_response(text="Yes.", published=True)
    other = make(of=original, language="ar", text="نعم")
    elsewhere = make()
    first, second = enter(original), enter(original, text="Si.")
    publish(first)

    publish(second)

    first.refresh_from_db()
    assert (first.status, first.withdrawn_reason) == (
        TranslationStatus.WITHDRAWN,
        "Replaced by a later translation.",
    )
    assert set(Translation.objects.publicly_visible()) == {other, elsewhere, second}


@pytest.mark.parametrize("status", [TranslationStatus.PUBLISHED, TranslationStatus.WITHDRAWN])
def test_what_was_published_or_withdrawn_is_neither_published_nor_revised_again(status):
    reason = "A slip." if status == TranslationStatus.WITHDRAWN else ""
    settled = make(status=status, withdrawn_reason=reason)

    with pytest.raises(TranslationSettled):
        publish(settled)
    with pytest.raises(TranslationSettled):
        revise_translation(
            settled, text="x", sha256=settled.sha256, by=make_user(), at=LATER, **FACTS
        )

    assert acts() == []


@pytest.mark.parametrize("published", [True, False])
def test_a_translation_is_withdrawn_with_its_reason_and_stays_on_record(published):
    translation, before = make(published=published), edition()

    withdraw_translation(translation, reason="A slip.", by=make_user(), at=LATER)

    translation.refresh_from_db()
    assert (translation.status, translation.withdrawn_reason) == ("withdrawn", "A slip.")
    assert not Translation.objects.publicly_visible().exists()
    assert edition() == before + published  # a draft was on no page
    assert AuditEntry.objects.get().details["was"] == ("published" if published else "draft")
    with pytest.raises(TranslationSettled):
        withdraw_translation(translation, reason="Again.", by=make_user(), at=LATER)


def test_req_050_withholding_an_answer_takes_its_translations_with_it():
    translation = make()
    kept = make()

    withhold_responses(
        Response.objects.filter(pk=translation.response_id),
        reason="Names a private person.",
        by=make_user(),
        at=LATER,
    )

    assert list(Translation.objects.publicly_visible()) == [kept]


def test_a_translation_is_as_public_as_its_original():
    event = make_event(status="draft")
    asked = make_slot(question=make_question(event=make_event())).question
    shown = make(of=asked)
    make(of=make_question())  # never sent
    make(of=make_response())
    make(of=make_response(slot=make_slot(question=make_question(event=event)), published=True))
    make(of=make_response(published=True), published=False)

    assert list(Translation.objects.publicly_visible()) == [shown]
