import pytest
from django.core.exceptions import FieldError
from django.db.models import CharField, Exists, F, OuterRef, Subquery

from questions.models import AddressedQuestion, Question, Response
from questions.models.subqueries import OfRow, Written, WrittenExists
from tests.factories import make_response, make_slot

pytestmark = pytest.mark.django_db


@pytest.fixture
def slots():
    answered, silent, received = make_slot(), make_slot(), make_slot()
    make_response(slot=answered, text="Yes.", published=True)
    make_response(slot=received, text="Perhaps.")
    return answered, silent, received


def text():
    texts = Response.objects.filter(slot=OfRow()).order_by("pk").values("text")
    return Written(texts[:1], "pk", output_field=CharField())


def is_published():
    return WrittenExists(Response.objects.in_force().filter(slot=OfRow()), "pk")


def test_written_subquery_is_that_of_each_row_outside(slots):
    found = AddressedQuestion.objects.annotate(text=text(), published=is_published())

    assert list(found.order_by("pk").values_list("text", "published")) == [
        ("Yes.", True),
        (None, False),
        ("Perhaps.", False),
    ]


def test_written_subquery_finds_what_an_outer_reference_finds(slots):
    texts = Response.objects.filter(slot=OuterRef("pk")).order_by("pk").values("text")
    in_force = Response.objects.in_force().filter(slot=OuterRef("pk"))

    rows = AddressedQuestion.objects.annotate(
        text=text(),
        plainly=Subquery(texts[:1]),
        published=is_published(),
        is_plainly=Exists(in_force),
    )

    assert rows.filter(text=F("plainly"), is_plainly=F("published")).count() == 2


def test_written_subquery_holds_within_queries_that_read_the_same_tables(slots):
    answered, silent, received = slots
    unpublished = AddressedQuestion.objects.filter(~is_published()).annotate(text=text())
    questions = Question.objects.filter(slots__in=unpublished.filter(text="Perhaps."))

    assert list(Response.objects.filter(slot__in=unpublished.values("pk"))) == list(
        received.responses.all()
    )
    assert list(questions) == [received.question]
    assert set(AddressedQuestion.objects.exclude(question__in=questions)) == {answered, silent}
    assert set(AddressedQuestion.objects.filter(question__slots__in=unpublished)) == {
        silent,
        received,
    }


def test_written_subquery_refuses_to_read_the_table_of_the_row_outside(slots):
    others = AddressedQuestion.objects.filter(question=OfRow())

    with pytest.raises(FieldError, match="read within and outside"):
        list(AddressedQuestion.objects.filter(WrittenExists(others, "question")))
