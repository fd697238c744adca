import pytest
from django.db.models import DateTimeField, F

from questions.models import (
    Given,
    GivenKeys,
    Question,
    Response,
    ResponseStatus,
    WrittenQuery,
)
from questions.models.queries import rows_of
from tests.factories import (
    BEFORE,
    DUE_AT,
    make_candidacy,
    make_question,
    make_response,
    make_slot,
    make_state,
)

pytestmark = pytest.mark.django_db


def texts_of(*names):
    received_at = F("submission__received_at")
    rows = Response.objects.filter(**dict(names)).annotate(received_at=received_at)
    return WrittenQuery(rows.defer("text_as_typed").order_by("pk"))


def test_written_query_is_read_with_what_is_given_each_time(django_assert_num_queries):
    make_response(text="Yes.", language="en")
    make_response(text="Oui.", language="fr", received_at=DUE_AT)
    texts = texts_of(("language", Given("language")), ("text", Given("text")))

    with django_assert_num_queries(3):
        found = [
            [(text.text, text.received_at) for text in texts.read(language=language, text=words)]
            for language, words in [("en", "Yes."), ("fr", "Oui."), ("en", "x' OR '1'='1")]
        ]

    assert found == [[("Yes.", BEFORE)], [("Oui.", DUE_AT)], []]


def test_moment_is_given_as_the_database_has_it():
    make_response(text="Yes.")
    make_response(text="Later.", received_at=DUE_AT)
    until = Given("until", DateTimeField())
    texts = texts_of(("submission__received_at__lt", until))

    assert [[text.text for text in texts.read(until=at)] for at in (BEFORE, DUE_AT)] == [
        [],
        ["Yes."],
    ]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_as_many_keys_are_given_as_there_are(count):
    keys = [make_response().pk for _text in range(4)][:count]

    assert [text.pk for text in texts_of(("pk__in", GivenKeys("keys"))).read(keys=keys)] == keys


def test_instances_are_those_of_the_queryset():
    make_response(text="Yes.")
    plain = Response.objects.get()

    (text,) = texts_of().read()

    assert text == plain
    assert (text._state.db, text._state.adding) == (plain._state.db, plain._state.adding)
    assert text.get_deferred_fields() == {"text_as_typed"}
    assert [
        getattr(text, field.attname) == getattr(plain, field.attname)
        for field in Response._meta.concrete_fields
    ] == [True] * len(Response._meta.concrete_fields)


def test_rows_that_are_joined_to_one_share_it(django_assert_num_queries):
    state = make_state(name="Kalba")
    candidacy = make_candidacy(state=state)
    for _question in range(2):
        question = make_question(event=candidacy.event, state=state)
        make_slot(candidacy=candidacy, question=question)
    make_question(event=candidacy.event)
    rows = Question.objects.filter(event=Given("event")).select_related("event", "state")
    questions = WrittenQuery(rows.only("event__code", "state__name", "number").order_by("pk"))

    with django_assert_num_queries(1):
        first, second, common = questions.read(event=candidacy.event_id)

        assert (first.event.code, first.state.name) == (candidacy.event.code, "Kalba")
        assert (first.event, first.state) == (second.event, second.state)
        assert first.state is second.state
        assert common.event is first.event
        assert common.state is None


def in_force():
    rows = Response.objects.in_force().filter(pk__in=GivenKeys("keys"))
    rows = rows.annotate(received_at=F("submission__received_at"))
    return WrittenQuery(rows.select_related("slot__candidacy").defer("text_as_typed"))


def test_rows_are_found_by_their_keys_and_others_are_left_out(django_assert_num_queries):
    published, unpublished = make_response(published=True), make_response()
    received_at, candidacy = published.submission.received_at, published.slot.candidacy

    with django_assert_num_queries(1):
        rows = in_force().by_key([unpublished.pk, published.pk])

    with django_assert_num_queries(0):
        assert [(pk, row, row.slot.candidacy) for pk, row in rows.items()] == [
            (published.pk, published, candidacy)
        ]
        assert rows[published.pk].received_at == received_at


def test_rows_are_read_anew_each_time():
    published, other = make_response(published=True), make_response(published=True)
    texts = in_force()
    assert texts.by_key([published.pk]) == {published.pk: published}

    Response.objects.filter(pk=published.pk).update(
        status=ResponseStatus.WITHHELD, withheld_reason="An error."
    )

    assert texts.by_key([published.pk]) == {}
    assert texts.by_key([other.pk, published.pk]) == {other.pk: other}


def test_without_keys_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert in_force().by_key([]) == {}


def texts_in_force():
    return Response.objects.in_force().order_by("pk").values_list("pk", "text")


def test_plain_rows_are_those_of_the_queryset():
    make_response(text="Yes.", published=True)
    assert rows_of(texts_in_force) == list(texts_in_force())

    other = make_response(text="Once more.", published=True)

    assert rows_of(texts_in_force)[-1] == (other.pk, "Once more.")
