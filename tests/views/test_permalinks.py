"""/r/ and a symbol: the page that it names."""

import pytest
from django.test import Client

from questions.models import EventStatus, ResponseStatus
from tests.factories import make_candidacy, make_event, make_question, make_slot, make_state

from .public_pages import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def record():
    """PE2021 with Q5 and XKA-1, each with two versions; Q6 not sent; PE2022 a draft; PE2000."""
    event = make_event(year=2021)
    state = make_state(iso3="XKA")
    candidacy = make_candidacy(event=event, state=state)
    for question in [
        make_question(event=event, number=5),
        make_question(event=event, state=state, number=1),
    ]:
        slot = make_slot(candidacy=candidacy, question=question)
        publish(slot, status=ResponseStatus.SUPERSEDED)
        publish(slot)
    make_slot(candidacy=candidacy, question=make_question(event=event, number=6), sent=False)
    make_candidacy(event=make_event(year=2022, status=EventStatus.DRAFT), state=state)
    make_event(year=2000, slug="specimen", is_specimen=True)


@pytest.mark.parametrize(
    ("symbol", "address"),
    [
        ("PE2021", "/en/2021/"),
        ("PE2021-Q5", "/en/2021/q5/"),
        ("PE2021-XKA", "/en/2021/xka/"),
        ("PE2021-Q5-XKA", "/en/2021/q5/xka/"),
        ("PE2021-XKA-1", "/en/2021/xka-1/"),
        ("PE2021-Q5-XKA.v1", "/en/2021/q5/xka/v1/"),
        ("PE2021-Q5-XKA.v2", "/en/2021/q5/xka/v2/"),
        ("PE2021-XKA-1.v2", "/en/2021/xka-1/xka/v2/"),
        ("PE2000", "/en/specimen/"),
    ],
)
def test_symbol_leads_to_its_page(record, symbol, address):
    answer = Client().get(f"/r/{symbol}")

    assert (answer.status_code, answer["Location"]) == (302, address)
    assert Client().get(address).status_code == 200


@pytest.mark.parametrize(("asked", "language"), [("ar", "ar"), ("zh-CN", "zh-hans"), ("de", "en")])
def test_symbol_leads_to_the_page_in_the_readers_language(record, asked, language):
    answer = Client().get("/r/PE2021-Q5-XKA", headers={"accept-language": asked})

    assert answer["Location"] == f"/{language}/2021/q5/xka/"
    assert answer["Vary"] == "Accept-Language"


@pytest.mark.parametrize(
    "symbol",
    [
        "PE2023",
        "PE2022",
        "PE2022-XKA",
        "PE2021-Q6",
        "PE2021-Q6-XKA",
        "PE2021-Q7",
        "PE2021-XZZ",
        "PE2021-Q5-XZZ",
        "PE2021-XKA-2",
        "PE2021-Q5-XKA.v3",
        "PE2021-Q5-XKA.v0",
        "PE2021-Q5.v1",
        "PE2021.v1",
        "PE2021-XKA.v1",
        "pe2021",
        "PE2021-Q05",
        "PE2021-Q5-XKA-1",
        "PE2021-Q99999",
        "..%2Fadmin",
        "%2F%2Fevil.example",
        "PE2021%0A",
    ],
)
def test_anything_else_is_not_found(record, symbol):
    assert Client().get(f"/r/{symbol}").status_code == 404
