"""The API: what its lists and objects hold, and how they are walked."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from questions.models import Edition, EventRecord, ResponseKind, ResponseStatus, Topic
from questions.serializers import listing
from tests.factories import (
    AFTER,
    BEFORE,
    DUE_AT,
    make_asker,
    make_candidacy,
    make_event,
    make_question,
    make_response,
    make_slot,
    make_state,
)

from .public_pages import (
    PASSED,
    TODAY,
    forget_kept_pages,
    make_board,
    make_record,
    publish,
    publisher,
)

pytestmark = pytest.mark.django_db

API = "/api/v1/"
NAMED_BY = {
    "events": "slug",
    "candidacies": "symbol",
    "questions": "symbol",
    "answers": "symbol",
    "states": "iso3",
    "topics": "slug",
    "askers": "slug",
}


def get(address, **headers):
    return Client().get(address if address.startswith("/") else f"{API}{address}", headers=headers)


def found(address):
    page = get(address)
    assert page.status_code == 200, page.content
    return json.loads(page.content)


def names(address):
    """Of the objects on one page of a list."""
    named_by = NAMED_BY[urlsplit(address).path.rpartition("/")[2]]
    return [item[named_by] for item in found(address)["items"]]


def walked(address):
    """The pages of a list as `next` leads through them."""
    pages = []
    while address:
        page = found(address)
        pages.append(page["items"])
        address = page["next"] and page["next"].removeprefix("http://127.0.0.1:8000")
    return pages


def make_specimen():
    event = make_event(year=2000, slug="specimen", is_specimen=True)
    state = make_state(iso3="XPR", is_specimen=True)
    asker = make_asker(name="Specimen Observatory")
    question = make_question(event=event, askers=[asker])
    question.topics.add(Topic.objects.create(slug="specimen-topic", name="Specimen topic"))
    return make_slot(candidacy=make_candidacy(event=event, state=state), question=question)


def test_answer_says_what_is_public_of_the_reply(clock):
    clock(PASSED)
    event = make_event(year=2021)
    candidacy = make_candidacy(event=event, state=make_state(iso3="XKA", name="Kalba"))
    slot = make_slot(candidacy=candidacy, question=make_question(event=event))
    publish(slot, text="Yes.", status=ResponseStatus.SUPERSEDED)
    publish(slot, text="Да.", language="ru", received_at=AFTER, amendment_reason="Asked again.")

    assert found("answers/PE2021-Q1-XKA") == {
        "symbol": "PE2021/Q1/XKA",
        "event": "2021",
        "question": "PE2021/Q1",
        "state": "XKA",
        "state_name": "Kalba",
        "status": "on",
        "rules": "http://127.0.0.1:8000/en/about/method/v1/",
        "letter_date": "2021-09-29",
        "due_on": "2021-10-08",
        "due_at": "2021-10-09T00:00:00-04:00",
        "received_at": "2021-10-01T09:00:00Z",
        "days_from_deadline": -7,
        "withheld_reason": "",
        "in_force": {
            "symbol": "PE2021/Q1/XKA.v2",
            "version": 2,
            "kind": "answer",
            "text": "Да.",
            "language": "ru",
            "received_at": "2021-10-10T04:00:00Z",
            "published_at": "2021-10-10T04:00:00Z",
            "amendment_reason": "Asked again.",
            "translations": [],
            "permalink": "http://127.0.0.1:8000/r/PE2021-Q1-XKA.v2",
        },
        "earlier": [
            {
                "symbol": "PE2021/Q1/XKA",
                "version": 1,
                "kind": "answer",
                "text": "Yes.",
                "language": "en",
                "received_at": "2021-10-01T09:00:00Z",
                "published_at": "2021-10-01T09:00:00Z",
                "amendment_reason": "",
                "translations": [],
                "permalink": "http://127.0.0.1:8000/r/PE2021-Q1-XKA.v1",
            }
        ],
        "permalink": "http://127.0.0.1:8000/r/PE2021-Q1-XKA",
        "files": [],
    }


def test_answers_have_the_status_of_the_pages_and_are_found_by_it(clock):
    clock(PASSED)
    event = make_event(year=2021)
    candidacy = make_candidacy(event=event, state=make_state(iso3="XKA"))
    slots = [
        make_slot(candidacy=candidacy, question=make_question(event=event)) for _number in range(5)
    ]
    publish(slots[0])
    publish(slots[1], received_at=DUE_AT)
    publish(slots[2], kind=ResponseKind.DECLINED, text="", language="")
    make_response(slot=slots[3], text="Hidden.", status="withheld", withheld_reason="Names people.")

    statuses = [answer["status"] for answer in found("answers")["items"]]
    waiting = found("answers?status=rec")["items"][0]

    assert statuses == ["on", "late", "dec", "rec", "none"]
    for status in statuses:
        assert [a["status"] for a in found(f"answers?status={status}")["items"]] == [status]
    assert found("answers?status=unk")["items"] == []
    assert (waiting["withheld_reason"], waiting["in_force"]) == ("Names people.", None)
    assert waiting["received_at"] == "2021-10-01T09:00:00Z"


def test_question_is_word_for_word_and_names_who_may_be_named(clock):
    clock(TODAY)
    event = make_event(year=2021)
    state = make_state(iso3="XKA")
    askers = [
        make_asker(name="CIVICUS"),
        make_asker(name="Jane Doe", kind="individual"),
        make_asker(name="J. Roe", kind="social_media_user", label="Twitter user"),
    ]
    own = make_question(event=event, state=state, text=" =1+1\n\nWhat?", askers=askers)
    own.topics.add(Topic.objects.create(slug="health", name="Health"))
    make_slot(candidacy=make_candidacy(event=event, state=state), question=own)

    assert found("questions/PE2021-XKA-1") == {
        "symbol": "PE2021/XKA-1",
        "event": "2021",
        "label": "XKA-1",
        "scope": "one",
        "state": "XKA",
        "title": "",
        "text": " =1+1\n\nWhat?",
        "language": "en",
        "asked_by": [
            {"name": "CIVICUS", "kind": "ngo", "asker": "civicus"},
            {"name": "Individual participant", "kind": "individual", "asker": None},
            {"name": "Individual, via Twitter", "kind": "social_media_user", "asker": None},
        ],
        "topics": ["health"],
        "translations": [],
        "permalink": "http://127.0.0.1:8000/r/PE2021-XKA-1",
    }
    assert found("answers/PE2021-XKA-1")["question"] == "PE2021/XKA-1"
    assert names("askers") == ["civicus"]
    assert get(f"askers/{askers[1].slug}").status_code == 404
    assert names(f"questions?asker={askers[1].slug}") == []
    assert names(f"answers?asker={askers[1].slug}") == []
    assert names("answers?asker=civicus") == ["PE2021/XKA-1"]


def test_candidacy_tells_its_deadline_with_the_offset_there_and_how_it_was_moved(clock):
    clock(TODAY)
    moved = DUE_AT + timedelta(days=31)  # in New York the clocks have gone back
    candidacy = make_candidacy(
        event=make_event(year=2021), state=make_state(iso3="XKA", name="Kalba"), due_at=moved
    )
    candidacy.extensions.create(
        previous_due_at=DUE_AT, due_at=moved, reason="Floods.", by=publisher(), extended_at=BEFORE
    )

    assert found("candidacies/PE2021-XKA") == {
        "symbol": "PE2021/XKA",
        "event": "2021",
        "state": "XKA",
        "state_name": "Kalba",
        "group": "AFG",
        "participation": "unknown",
        "standing": "candidate",
        "result": "pending",
        "votes": None,
        "due_on": "2021-11-08",
        "due_at": "2021-11-08T23:00:00-05:00",
        "extensions": [
            {
                "previous_due_at": "2021-10-09T00:00:00-04:00",
                "due_at": "2021-11-08T23:00:00-05:00",
                "reason": "Floods.",
                "extended_at": "2021-10-01T09:00:00Z",
            }
        ],
        "sources": [],
        "permalink": "http://127.0.0.1:8000/r/PE2021-XKA",
    }


def test_specimen_event_is_in_no_list_that_does_not_name_it(clock):
    clock(TODAY)
    make_record()
    make_specimen()

    assert names("events") == ["2021"]
    assert names("states") == ["XKA"]
    assert names("askers") == ["civicus"]
    assert names("topics") == ["rights"]
    for kind in ("candidacies", "questions", "answers"):
        assert not any("PE2000" in name for name in names(kind))
        assert all(name.startswith("PE2000") for name in names(f"{kind}?event=specimen"))
        assert len(names(f"{kind}?event=specimen")) == 1
    assert found("events/specimen")["is_specimen"] is True
    assert found("questions/PE2000-Q1")["asked_by"] == [
        {"name": "Specimen Observatory", "kind": "ngo", "asker": None}
    ]
    assert get("states/XPR").status_code == 404


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("events?status=closed", ["2022"]),
        ("candidacies?event=2022", ["PE2022/XLA"]),
        ("candidacies?state=XKA", ["PE2021/XKA"]),
        ("candidacies?group=APG", ["PE2022/XLA"]),
        ("questions?event=2021", ["PE2021/Q1", "PE2021/XKA-1"]),
        ("questions?scope=one", ["PE2021/XKA-1"]),
        ("questions?state=XLA", ["PE2022/Q1"]),
        ("questions?topic=health", ["PE2022/Q1"]),
        ("questions?asker=civicus", ["PE2021/Q1"]),
        ("questions?language=fr", ["PE2022/Q1"]),
        ("answers?event=2022", ["PE2022/Q1/XLA"]),
        ("answers?state=XKA&event=2021", ["PE2021/Q1/XKA", "PE2021/XKA-1"]),
        ("answers?group=APG", ["PE2022/Q1/XLA"]),
        ("answers?topic=health", ["PE2022/Q1/XLA"]),
        ("answers?asker=civicus", ["PE2021/Q1/XKA"]),
        ("answers?language=ru", ["PE2021/Q1/XKA"]),
        ("answers?language=en", []),
        ("states?group=APG", ["XLA"]),
        ("states?group=LAC", []),
        ("askers?kind=ngo", ["civicus"]),
        ("events?limit=1", ["2021"]),
        ("answers?event=1999", []),
    ],
)
def test_list_is_narrowed_by_the_filters_that_it_names(clock, address, expected):
    clock(PASSED)
    event, state = make_event(year=2021), make_state(iso3="XKA")
    candidacy = make_candidacy(event=event, state=state)
    common = make_question(event=event, askers=[make_asker(name="CIVICUS")])
    slot = make_slot(candidacy=candidacy, question=common)
    publish(slot, status=ResponseStatus.SUPERSEDED)
    publish(slot, language="ru", received_at=AFTER)
    make_slot(candidacy=candidacy, question=make_question(event=event, state=state, askers=[]))
    later = make_event(year=2022, status="closed", record=EventRecord.RECONSTRUCTED)
    other = make_candidacy(event=later, state=make_state(iso3="XLA", group="APG"))
    asked = make_question(event=later, language="fr", askers=[make_asker(name="UN", kind="other")])
    asked.topics.add(Topic.objects.create(slug="health", name="Health"))
    make_slot(candidacy=other, question=asked)

    assert names(address) == expected


def test_answers_are_walked_in_the_order_of_their_symbols(clock):
    clock(TODAY)
    make_board(states=3, questions=11)
    event = make_event(year=2019)
    state = make_state(iso3="XZZ")
    candidacy = make_candidacy(event=event, state=state)
    for fields in ({"state": state}, {}):
        make_slot(candidacy=candidacy, question=make_question(event=event, askers=[], **fields))

    pages = walked(f"{API}answers?limit=4")
    order = [answer["symbol"] for page in pages for answer in page]

    assert [len(page) for page in pages] == [4] * 8 + [3]
    assert order[:5] == [
        "PE2019/Q1/XZZ",
        "PE2019/XZZ-1",
        "PE2021/Q1/XAA",
        "PE2021/Q1/XAB",
        "PE2021/Q1/XAC",
    ]
    assert order[-4:] == ["PE2021/Q10/XAC", "PE2021/Q11/XAA", "PE2021/Q11/XAB", "PE2021/Q11/XAC"]
    assert len(set(order)) == len(order) == 35


def test_answers_of_a_status_are_looked_for_a_few_questions_at_a_time(
    clock, monkeypatch, django_assert_max_num_queries
):
    clock(TODAY)
    monkeypatch.setattr(listing, "QUESTIONS_AT_ONCE", 3)
    monkeypatch.setattr(listing, "written_page", listing.written_page.__wrapped__)  # not kept
    slots = make_board(states=2, questions=9)
    for cell in ((0, 4), (1, 4), (0, 8)):
        publish(slots[cell], received_at=AFTER)

    pages = walked(f"{API}answers?status=late")
    rest = walked(f"{API}answers?status=wait&limit=4")

    assert [[answer["symbol"] for answer in page] for page in pages if page] == [
        ["PE2021/Q4/XAA", "PE2021/Q4/XAB"],
        ["PE2021/Q8/XAA"],
    ]
    assert pages[0] == []
    assert sum(len(page) for page in rest) == len({a["symbol"] for p in rest for a in p}) == 15
    assert {len(answers) for answers in walked(f"{API}answers?status=rec")} == {0}
    for address in ("answers?status=late", "answers?status=wait", "answers?status=rec"):
        forget_kept_pages()
        with django_assert_max_num_queries(3):
            found(address)


@pytest.mark.parametrize("kind", NAMED_BY)
def test_every_list_is_walked_without_a_gap_or_a_repetition(clock, kind):
    clock(TODAY)
    for year in (2021, 2022, 2023):
        slots = make_board(states=3, questions=2, year=year)
        question = slots[0, 1].question
        question.topics.add(Topic.objects.create(slug=f"topic-{year}", name=f"Topic {year}"))
        question.asked_by.create(asker=make_asker(name=f"NGO {year}"))

    whole = names(f"{API}{kind}?limit=200")
    walk = [item[NAMED_BY[kind]] for page in walked(f"{API}{kind}?limit=2") for item in page]

    assert walk == whole
    assert len(whole) > 2
    assert whole[0] == found(f"{kind}/{whole[0].replace('/', '-')}")[NAMED_BY[kind]]


def test_what_is_published_meanwhile_moves_nothing_over_the_edge_of_a_page(clock):
    clock(TODAY)
    slots = make_board(states=4, questions=1)
    first = found("answers?limit=2")

    question = slots[0, 1].question
    for code in ("WAA", "XZZ"):  # before what was read, and after all
        added = make_candidacy(event=question.event, state=make_state(iso3=code))
        make_slot(candidacy=added, question=question)
    Edition.objects.bump(at=TODAY)
    rest = walked(first["next"].removeprefix("http://127.0.0.1:8000"))

    assert [answer["state"] for answer in first["items"]] == ["XAA", "XAB"]
    assert [answer["state"] for page in rest for answer in page] == ["XAC", "XAD", "XZZ"]


@pytest.mark.parametrize("kind", NAMED_BY)
@pytest.mark.parametrize(("states", "questions"), [(1, 1), (3, 1), (10, 6)])
def test_list_takes_three_queries_at_most_at_any_size(
    clock, django_assert_max_num_queries, kind, states, questions
):
    clock(PASSED)
    for slot in make_board(states=states, questions=questions).values():
        slot.question.asked_by.create(asker=make_asker(), position=slot.candidacy_id)
        publish(slot)
        make_response(slot=slot, text="Amends.", received_at=AFTER)
        question = make_question(event=slot.question.event)
        waits = make_slot(candidacy=slot.candidacy, question=question)
        make_response(slot=waits, text="Waits.", status="withheld", withheld_reason="Names people.")
    forget_kept_pages()
    get(kind)
    forget_kept_pages()

    with django_assert_max_num_queries(3):
        found(kind)
