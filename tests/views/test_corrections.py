"""The register of corrections, and the notes on the pages that they are about."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import BEFORE, make_correction, make_question, make_response, make_slot

from .public_pages import forget_kept_pages, make_board, publisher, read, words_of

pytestmark = pytest.mark.django_db

REGISTER = "/en/corrections/"


def note(*, day=0, **fields):
    by = publisher()
    return make_correction(by=by, published_at=BEFORE + timedelta(days=day), **fields)


def test_the_register_says_when_nothing_was_corrected(client):
    assert "Nothing that was published has been corrected or withdrawn." in words_of(read(REGISTER))


def test_the_register_is_dated_signed_and_newest_first(clock):
    slot = make_board()[0, 1]
    event = slot.candidacy.event
    note(event=event, what_was_wrong="The date.", what_changed="8 September.", reason="A slip.")
    note(day=3, event=event, slot=slot, corrected_on=date(2021, 10, 2), what_was_wrong="The name.")

    words = words_of(read(REGISTER))

    assert words.index("The name.") < words.index("The date.")
    assert (
        "8 October 2021 PE2021 · Correction What was wrong The date. What it says now"
        " 8 September. Reason A slip. ISHR · 1 October 2021"
    ) in " ".join(words.split())
    assert "2 October 2021 PE2021/Q1/XAA · Correction" in words
    assert "publisher" not in words  # a role signs, no person


@pytest.mark.parametrize(
    ("about", "pages"),
    [
        ("event", ["/en/2021/"]),
        ("candidacy", ["/en/2021/xaa/"]),
        ("question", ["/en/2021/q1/"]),
        ("slot", ["/en/2021/q1/xaa/"]),
    ],
)
def test_a_note_stands_on_the_page_that_it_is_about_and_on_no_other(about, pages):
    slot = make_board()[0, 1]
    event = slot.candidacy.event
    parts = {"event": {}, "slot": {"slot": slot}}
    parts |= {"candidacy": {"candidacy": slot.candidacy}, "question": {"question": slot.question}}
    note(event=event, what_was_wrong="CANARY", **parts[about])
    addresses = ["/en/2021/", "/en/2021/xaa/", "/en/2021/q1/", "/en/2021/q1/xaa/", "/en/about/"]

    shown = [address for address in addresses if "CANARY" in words_of(read(address))]

    assert shown == pages
    assert f'<a href="{pages[0]}">' in read(REGISTER).content.decode()


def test_the_page_of_a_states_own_question_shows_notes_about_either():
    slot = make_board()[0, 1]
    event, state = slot.candidacy.event, slot.candidacy.state
    own = make_question(event=event, state=state, askers=[])
    cell = make_slot(candidacy=slot.candidacy, question=own)
    note(event=event, question=own, what_was_wrong="The words.")
    note(event=event, slot=cell, what_was_wrong="The day.")

    words = words_of(read("/en/2021/xaa-1/"))

    assert "The words." in words
    assert "The day." in words


def test_a_note_about_a_page_of_the_office_leads_there(client):
    note(page="/about/method/")

    assert '<a href="/fr/about/method/">' in read("/fr/corrections/").content.decode()


def test_req_047_drafts_and_notes_about_what_is_not_public_are_not_shown(record):
    hidden = make_slot(candidacy=record.candidacies.get(), sent=False)
    addresses = [REGISTER, f"{REGISTER}2021/", "/en/2021/", "/en/2021/q1/xka/"]
    before = [read(address).content for address in addresses]

    make_correction(event=record, what_was_wrong="CANARY")
    note(event=record, question=hidden.question, what_was_wrong="CANARY")
    note(event=record, slot=hidden, what_was_wrong="CANARY")
    forget_kept_pages()

    assert [read(address).content for address in addresses] == before


def test_the_specimen_is_in_its_own_register_only():
    slot = make_board(is_specimen=True)[0, 1]
    note(event=slot.candidacy.event, what_was_wrong="CANARY")

    assert "CANARY" not in words_of(read(REGISTER))
    assert "CANARY" in words_of(read(f"{REGISTER}2021/"))


def test_the_register_is_filtered_by_event_and_paged(client, django_assert_num_queries):
    slot, other = make_board()[0, 1], make_board(year=2022)[0, 1]
    for number in range(51):
        note(day=number, event=slot.candidacy.event, slot=slot, what_was_wrong=f"No. {number}.")
    note(event=other.candidacy.event, what_was_wrong="CANARY")

    read("/en/about/")  # the edition is there
    with django_assert_num_queries(4):
        page = client.get(f"{REGISTER}2021/")
    second = words_of(read(f"{REGISTER}2021/?page=2"))

    assert "No. 50." in words_of(page)
    assert "No. 0." not in words_of(page)
    assert "CANARY" not in words_of(page)
    assert '<a rel="next" href="/en/corrections/2021/?page=2">' in page.content.decode()
    assert "No. 0." in second
    assert client.get(f"{REGISTER}2021/?page=3").status_code == 404
    assert client.get(f"{REGISTER}2023/").status_code == 404


def test_notes_cost_a_page_one_query_at_any_number():
    slot = make_board()[0, 1]
    response = make_response(slot=slot, published=True, published_by=publisher())
    counts = []
    for more in [1, 2, 17]:
        for _number in range(more):
            note(event=slot.candidacy.event, slot=slot, response=response)
        read("/en/about/")
        forget_kept_pages()
        with CaptureQueriesContext(connection) as queries:
            read("/en/2021/q1/xaa/")
        counts.append(len(queries))

    assert len(set(counts)) == 1
    assert counts[0] <= 10
