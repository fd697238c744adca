"""The index says what is public, at every moment, on both databases."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from questions.models import (
    AddressedQuestion,
    Asker,
    EntryKind,
    EventStatus,
    Question,
    QuestionStatus,
    Response,
    SearchEntry,
    Topic,
    Translation,
)
from questions.operations.deadlines import extend_deadline
from questions.operations.publication import (
    close_event,
    open_event,
    publish_responses,
    withhold_responses,
)
from questions.operations.search_index import (
    rebuild_search_index,
    refresh_answers,
    refresh_questions,
    refresh_what_shows,
)
from questions.operations.translations import publish_translation, withdraw_translation
from questions.searching import names_of, parse
from tests.factories import (
    BEFORE,
    DUE_AT,
    make_asker,
    make_candidacy,
    make_event,
    make_question,
    make_response,
    make_slot,
    make_state,
    make_translation,
    make_user,
    send,
)
from tests.factories import answer as answered
from tests.seals import unsealed

pytestmark = pytest.mark.django_db

CORPUS = {
    "en": "We protect human rights defenders, and the right to self-determination of peoples.",
    "fr": "Nous protégeons les défenseurs des droits humains et la liberté d'expression.",
    "es": "Protegemos a las mujeres y la educación en derechos humanos.",
    "ru": "Мы защищаем права человека и правозащитников, ёлки и все.",
    "ar": "نحمي حقوق الإنسان والمدافعين عن حقوق المرأة في المدرسة.",
    "zh-hans": "我们保护人权捍卫者，支持人权理事会2021年的工作。",
}


def found(query, kind=EntryKind.ANSWER, names=()):
    """The sources of what is found, the latest first."""
    clauses = parse(query, names_of(names)).clauses
    return [hit.source for hit in SearchEntry.objects.found(kind, clauses).read]


def everything():
    fields = ["kind", "source", "question", "response", "moment", "month", "facets"]
    return set(SearchEntry.objects.values_list(*fields))


def public(text="Yes.", language="en", **fields):
    """A published answer, in the index."""
    response = make_response(text=text, language=language, published=True, **fields)
    refresh_answers(AddressedQuestion.objects.filter(pk=response.slot_id))
    return response


@pytest.fixture
def corpus():
    return {language: public(text, language).pk for language, text in CORPUS.items()}


@pytest.mark.parametrize(
    ("query", "languages"),
    [
        ("defender", "en"),
        ("DEFENDERS peoples", "en"),
        ('"human rights defenders"', "en"),
        ('"rights human"', ""),
        ("self-determination", "en"),
        ("determination-self", ""),
        ("rights -defenders", ""),
        ("right -freedom", "en"),
        ("defenseurs", "fr"),
        ("Défenseur", "fr"),
        ("libertés", "fr"),
        ("LIBERTE", "fr"),
        ("droits -femmes", "fr"),
        ("mujer", "es"),
        ("educaciones", "es"),
        ("educacion", "es"),
        ("derecho humano", "es"),
        ("ПРАВАМИ", "ru"),
        ("правозащитник", "ru"),
        ("елка", "ru"),
        ("حقوق", "ar"),
        ("الانسان", "ar"),
        ("إنسان", "ar"),
        ("مدرسه", "ar"),
        ("حُقُوق", "ar"),
        ("人权", "zh-hans"),
        ("人权理事会", "zh-hans"),
        ("权", "zh-hans"),
        ("人会", ""),
        ("人权 -理事会", ""),
        ("2021", "zh-hans"),
        ("“人权捍卫者”", "zh-hans"),
        ("xyzzy", ""),
    ],
)
def test_words_are_found_in_every_language_on_both_databases(corpus, query, languages):
    assert found(query) == [corpus[language] for language in languages.split()]


def test_a_query_of_nothing_but_exclusions_finds_all_others(corpus):
    assert set(found("-rights -人权")) == set(corpus.values()) - {corpus["en"], corpus["zh-hans"]}


def test_the_latest_is_found_first_and_the_rest_after_it():
    days = [0, 40, 3, 400]
    answers = [public("Yes.", received_at=BEFORE - timedelta(days=day)).pk for day in days]
    order = [answers[place] for place in (0, 2, 1, 3)]

    assert found("yes") == order

    clauses = parse("yes", {}).clauses
    first = SearchEntry.objects.hits(EntryKind.ANSWER, clauses, most=2)
    rest = SearchEntry.objects.hits(EntryKind.ANSWER, clauses, before=first[-1].place, most=9)
    assert [hit.source for hit in [*first, *rest]] == order


def test_a_states_answers_are_found_by_each_of_its_names():
    state = make_state(name="Ruritania", iso3="XRU")
    of_it = public("Yes.", slot=make_slot(candidacy=make_candidacy(state=state))).pk
    about_it = public("As in Ruritania.").pk
    public("No.")

    assert set(found("Ruritania", names=[("XRU", "Ruritania")])) == {of_it, about_it}
    assert found("Руритания", names=[("XRU", "Руритания")]) == [of_it]
    assert found("yes ruritania", names=[("XRU", "Ruritania")]) == [of_it]


def test_a_question_is_found_by_its_words_title_asker_and_symbol():
    asker = make_asker(name="Specimen Watch")
    question = make_question(text="What of prisons?", title="Detention", askers=[asker])
    make_slot(question=question)
    refresh_questions(Question.objects.all())

    for query in ["prison", "detention", "specimen watch", question.symbol]:
        assert found(query, EntryKind.QUESTION) == [question.pk]
    assert found('"prisons detention"', EntryKind.QUESTION) == []


def test_translations_are_found_each_in_its_language_once_they_are_public():
    response = public("We protect them.")
    question = make_slot(question=make_question(text="What of prisons?")).question
    for original in [response, question]:
        for language, text in CORPUS.items():
            if language != "en":
                make_translation(of=original, language=language, text=text)
        make_translation(of=original, text="CANARY défenseur", published=False)
    refresh_questions(Question.objects.all())

    for query in ["defenseurs", "mujer", "правозащитник", "إنسان", "人权理事会"]:
        assert found(query) == [response.pk]
        assert found(query, EntryKind.QUESTION) == [question.pk]
    assert found("canary") == found("canary", EntryKind.QUESTION) == []


def test_req_050_a_withdrawn_translation_leaves_the_index_at_once():
    response = public("Yes.")
    for original in [response, make_slot(question=make_question(text="What?")).question]:
        draft = make_translation(
            of=original, text="Persona privada", language="es", published=False
        )
        publish_translation(draft, sha256=draft.sha256, by=make_user(), at=DUE_AT)
    kinds = list(EntryKind)
    before = [len(found("privada", kind)) for kind in kinds]

    for translation in Translation.objects.all():
        withdraw_translation(translation, reason="A name.", by=make_user(), at=DUE_AT)

    assert before == [1, 1]
    assert [found("privada", kind) for kind in kinds] == [[], []]
    assert found("yes") == [response.pk]


def test_req_047_no_text_that_is_not_public_enters_the_index():
    at = DUE_AT
    shown = make_slot()
    make_response(slot=shown, text="CANARY received")
    make_response(slot=shown, text="CANARY withheld", status="withheld", withheld_reason="-")
    make_response(text="CANARY superseded", status="superseded")
    draft = make_event(status=EventStatus.DRAFT)
    make_response(
        slot=make_slot(question=make_question(event=draft)), text="CANARY", published=True
    )
    specimen = make_event(is_specimen=True)
    make_response(
        slot=make_slot(question=make_question(event=specimen)), text="CANARY", published=True
    )
    make_slot(question=make_question(text="CANARY unsent"), sent=False)
    for status in (QuestionStatus.SUBMITTED, QuestionStatus.DECLINED):
        make_question(text="CANARY", status=status, status_reason="CANARY")
    hidden = make_asker(name="CANARY person", kind="individual")
    make_slot(question=make_question(text="Shown.", askers=[hidden]))

    rebuild_search_index()
    send(shown.candidacy, {shown: answered("CANARY sent")})
    close_event(shown.candidacy.event, by=None, at=at)

    assert found("canary") == found("canary", EntryKind.QUESTION) == []
    assert found("shown", EntryKind.QUESTION) != []


def test_req_050_what_is_withdrawn_leaves_the_index_at_once():
    by = make_user()
    first = make_response(text="First words.")
    slot = first.slot
    chosen = Response.objects.filter(slot=slot)
    publish_responses(chosen, by=by, at=DUE_AT)
    assert found("first") == [first.pk]

    second = make_response(slot=slot, text="Second words.")
    assert found("words") == [first.pk]
    publish_responses(chosen.filter(pk=second.pk), by=by, at=DUE_AT)
    assert found("words") == [second.pk]

    withhold_responses(chosen.filter(pk=second.pk), reason="Names a person.", by=by, at=DUE_AT)
    assert found("words") == []

    publish_responses(chosen.filter(pk=second.pk), by=by, at=DUE_AT)
    assert found("words") == [second.pk]


def test_req_053_a_consent_taken_back_leaves_the_index_at_once():
    asker = make_asker(
        name="Jane Example",
        kind="individual",
        public_consent_on=date(2021, 9, 1),
        public_consent_source="E-mail",
    )
    slot = make_slot(question=make_question(askers=[asker]))
    refresh_questions(Question.objects.all())
    assert found("jane", EntryKind.QUESTION) == [slot.question_id]

    Asker.objects.update(public_consent_on=None, public_consent_source="")
    refresh_what_shows(asker)

    assert found("jane", EntryKind.QUESTION) == []


def test_an_event_that_opens_enters_the_index():
    draft = make_event(status=EventStatus.DRAFT)
    slot = make_slot(question=make_question(event=draft, text="What of prisons?"))
    response = make_response(slot=slot, text="Closed.", published=True)

    open_event(draft, by=None, at=DUE_AT)

    assert found("prisons", EntryKind.QUESTION) == [slot.question_id]
    assert found("closed") == [response.pk]


def test_an_extension_makes_a_late_answer_one_on_time():
    response = public("Yes.", received_at=DUE_AT + timedelta(days=1))
    assert "1slate" in SearchEntry.objects.get().facets.split()

    candidacy = response.slot.candidacy
    day = (DUE_AT + timedelta(days=9)).date()
    extend_deadline([candidacy], day, reason="Asked for.", by=make_user(), at=DUE_AT)

    assert "1son" in SearchEntry.objects.get(kind=EntryKind.ANSWER).facets.split()


def test_what_is_entered_later_and_came_before_makes_a_late_answer_one_on_time():
    late = public("Yes.", received_at=DUE_AT + timedelta(days=1))

    send(late.slot.candidacy, {late.slot: answered("Before.")}, received_at=BEFORE)

    assert "1son" in SearchEntry.objects.get().facets.split()


def test_rebuilding_gives_the_same_and_drops_what_is_false():
    question = make_question()
    question.topics.add(Topic.objects.create(slug="torture", name="Torture"))
    response = public("Yes.", slot=make_slot(question=question))
    refresh_questions(Question.objects.all())
    before = everything()
    assert len(before) == 2

    assert rebuild_search_index() == 2
    assert everything() == before
    assert found("yes") == [response.pk]

    Response.objects.update(status="withheld", withheld_reason="-")
    assert rebuild_search_index() == 1
    assert found("yes") == []


def test_an_entry_goes_with_what_it_names():
    response = public("Yes.")

    with unsealed():
        response.delete()

    assert found("yes") == []


@pytest.mark.postgres
def test_postgresql_counts_the_index_while_it_grows():
    make_response(published=True)

    with CaptureQueriesContext(connection) as queries:
        rebuild_search_index()

    assert "ANALYZE questions_searchentry" in [query["sql"] for query in queries]
