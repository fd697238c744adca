"""Kept public pages (security.md 87). The pages here are small ones of our own, on real models."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from questions import editions
from questions.models import Channel, Edition, Response
from questions.operations.publication import withhold_responses
from questions.operations.submissions import Entry, Signatory, enter_submission
from tests.factories import (
    BEFORE,
    answer,
    make_candidacy,
    make_event,
    make_response,
    make_slot,
    make_user,
    send,
)
from tests.kept_pages import publish, rendered

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kept_pages")]

NOW = datetime(2021, 10, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_rendered():
    rendered.clear()


@pytest.fixture
def clock(monkeypatch):
    """`clock(moment)` sets the time."""

    def set_time(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_time(NOW)
    return set_time


def enter(slot):
    return enter_submission(
        slot.candidacy,
        {slot: answer("Yes.")},
        form_key=uuid4(),
        channel=Channel.PAPER,
        mission=None,
        signatory=Signatory("A. Diplomat", "First Secretary"),
        received_at=BEFORE,
        entry=Entry(make_user(), NOW, "By post"),
    )


def test_req_087_a_public_page_is_rendered_once_and_then_kept(client):
    publish("Yes.")

    first, second = client.get("/answers/"), client.get("/answers/")

    assert first.content == second.content == b"Yes."
    assert first.headers == second.headers
    assert rendered == ["/answers/"]


def test_req_087_a_kept_page_says_how_it_may_be_cached_and_sets_no_cookie(client):
    client.get("/answers/")

    page = client.get("/answers/")

    assert page["Cache-Control"] == "public, no-cache"
    assert page["Vary"] == "Accept-Encoding"
    assert page["ETag"].startswith('W/"')
    assert "Last-Modified" not in page
    assert not page.cookies


def test_req_091_a_kept_page_carries_the_policy_every_time(client):
    for page in (client.get("/answers/"), client.get("/answers/")):
        assert page["Content-Security-Policy"].startswith("default-src 'none'")
        assert page["X-Content-Type-Options"] == "nosniff"


def test_a_304_has_no_body_and_what_caches_need_of_its_headers(client):
    first = client.get("/answers/")

    again = client.get("/answers/", headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert dict(again.headers) == {name: first[name] for name in ("Cache-Control", "ETag", "Vary")}


def test_req_087_visitors_with_and_without_cookies_get_the_same_bytes(client, admin_client):
    publish("Yes.")

    of_staff, of_anyone = admin_client.get("/answers/"), client.get("/answers/")

    assert (of_staff.content, of_staff["ETag"]) == (of_anyone.content, of_anyone["ETag"])
    assert rendered == ["/answers/"]


@pytest.mark.parametrize("address", ["/with-cookie/", "/of-the-visitor/"])
def test_req_087_a_page_that_looked_at_the_visitor_is_never_kept(admin_client, client, address):
    first = admin_client.get(address)

    second = client.get(address)

    assert "ETag" not in first
    assert "ETag" not in second
    assert b"for admin" not in second.content


@pytest.mark.parametrize("address", ["/not-marked/", "/failing/"])
def test_only_good_pages_that_their_view_marks_are_kept(client, address):
    pages = [client.get(address), client.get(address)]

    assert rendered == [address, address]
    assert all("ETag" not in page for page in pages)


def test_publishing_and_withholding_change_the_page_at_once(client):
    before = client.get("/answers/").content
    response = publish("Yes.")
    published = client.get("/answers/").content
    withhold_responses(
        Response.objects.filter(pk=response.pk), reason="Names a person.", by=make_user(), at=NOW
    )
    withheld = client.get("/answers/").content

    assert [before, published, withheld] == [b"", b"Yes.", b""]


def test_what_is_received_changes_pages_at_once(client):
    """Its words are not public, that it is being prepared is."""
    slot, other = make_slot(), make_slot()
    client.get("/statuses/")

    send(slot.candidacy, {slot: answer("Yes.")})
    after_the_form = client.get("/statuses/").content
    enter(other)
    after_staff = client.get("/statuses/").content

    assert after_the_form == b"rec none"
    assert after_staff == b"rec rec"


def test_what_an_edition_ago_was_public_is_not_confirmed_to_who_holds_it(client):
    response = publish("Yes.")
    held = client.get("/answers/")["ETag"]
    withhold_responses(
        Response.objects.filter(pk=response.pk), reason="Names a person.", by=make_user(), at=NOW
    )

    page = client.get("/answers/", headers={"if-none-match": held})

    assert (page.status_code, page.content) == (200, b"")


def test_a_page_rendered_before_a_publication_and_kept_after_it_is_not_served(client):
    first = client.get("/slow/")

    second = client.get("/slow/")

    assert (first.content, second.content) == (b"0 published", b"1 published")


def test_an_edition_that_changed_nothing_on_the_page_leaves_the_held_copy_good(client):
    publish("Yes.")
    first = client.get("/answers/")
    Edition.objects.bump(at=NOW)

    again = client.get("/answers/", headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert rendered == ["/answers/", "/answers/"]


def test_pages_change_by_themselves_when_a_deadline_passes(client, clock):
    make_candidacy(due_at=NOW + timedelta(hours=1))
    Edition.objects.bump(at=NOW)
    number = Edition.objects.get().number
    client.get("/answers/")

    clock(NOW + timedelta(hours=1) - timedelta(microseconds=1))
    client.get("/answers/")
    assert rendered == ["/answers/"]

    clock(NOW + timedelta(hours=1))
    client.get("/answers/")
    client.get("/answers/")
    assert rendered == ["/answers/", "/answers/"]
    assert Edition.objects.get().number == number + 1


def test_pages_that_say_a_day_change_at_midnight_in_new_york(client, clock):
    make_event(answers_due_on=None)
    Edition.objects.bump(at=NOW)
    midnight = datetime(2021, 10, 2, 4, 0, tzinfo=UTC)
    clock(midnight - timedelta(seconds=1))
    held = client.get("/as-of/")

    clock(midnight + timedelta(days=1))
    page = client.get("/as-of/", headers={"if-none-match": held["ETag"]})

    assert (held.content, page.content) == (b"as of 02 October", b"as of 03 October")


def test_the_first_edition_knows_when_time_will_change_a_page(client, clock):
    make_candidacy(due_at=NOW + timedelta(hours=1))

    client.get("/answers/")

    assert Edition.objects.get().fresh_until == NOW + timedelta(hours=1)


def test_nothing_is_kept_while_debugging(client, settings):
    settings.DEBUG = True

    client.get("/answers/")
    client.get("/answers/")

    assert rendered == ["/answers/", "/answers/"]


def test_the_oldest_pages_go_when_all_are_too_much(client, monkeypatch):
    publish("x" * 1000)
    monkeypatch.setattr(editions, "MOST_BYTES", 2500)

    for number in (1, 2, 3, 3, 1):
        client.get(f"/answers/?{number}")

    assert rendered == [f"/answers/?{number}" for number in (1, 2, 3, 1)]


def test_no_page_of_an_edition_ago_stays_in_memory(client):
    publish("One.")
    for number in (1, 2):
        client.get(f"/answers/?{number}")

    publish("Two.")
    client.get("/answers/?1")

    assert [page.plain for page in editions.at_hand.pages.values()] == [b"One.\nTwo."]
    assert editions.at_hand.size == sum(page.size for page in editions.at_hand.pages.values())


@pytest.mark.parametrize("address", ["/healthz", "/admin/login/", "/reply/open/x"])
def test_addresses_that_are_never_kept_do_not_ask_for_the_edition(client, address):
    client.get(address)

    assert not Edition.objects.exists()


def test_a_page_of_another_release_is_not_ours():
    ours, same = (editions.EditionMiddleware(None).release for _ in range(2))

    assert ours == same


def test_another_release_has_another_name(settings, tmp_path):
    names = set()
    for text in ("old", "new"):
        settings.BASE_DIR = tmp_path / text
        (settings.BASE_DIR / "templates").mkdir(parents=True)
        (settings.BASE_DIR / "templates" / "page.html").write_text(text)
        names.add(editions.release())

    settings.OFFICE_EMAIL = "other@example.org"
    names.add(editions.release())

    assert len(names) == 3


def test_a_cut_connection_is_opened_again(monkeypatch):
    closed = []
    answers = iter([OperationalError("server closed the connection"), (7, None)])

    def select():
        if isinstance(answer := next(answers), Exception):
            raise answer
        return answer

    monkeypatch.setattr(editions, "select_edition", select)
    monkeypatch.setattr(connections["default"], "in_atomic_block", False)
    monkeypatch.setattr(connections["default"], "close", lambda: closed.append(True))

    assert editions.current_edition() == 7
    assert closed == [True]


def test_without_a_database_the_view_answers_for_itself(client, monkeypatch):
    def select():
        raise OperationalError("no server")

    monkeypatch.setattr(editions, "select_edition", select)

    page = client.get("/not-marked/")

    assert page.content == b"not marked"


def test_no_page_is_made_from_the_host_that_was_asked(settings):
    """A kept page is everyone's: nothing in it may come from one visitor's Host header."""
    sources = [*settings.BASE_DIR.glob("questions/**/*.py")]
    sources += settings.BASE_DIR.glob("templates/**/*.html")

    assert [
        str(path)
        for path in sources
        if path.name != "editions.py"
        and any(word in path.read_text() for word in ("build_absolute_uri", "get_host"))
    ] == []


def test_make_slot_in_a_draft_event_changes_no_byte_of_a_page(client):
    publish("Yes.")
    before = client.get("/answers/")
    make_response(slot=make_slot(candidacy=make_candidacy(event=make_event(status="draft"))))
    Edition.objects.bump(at=NOW)

    after = client.get("/answers/")

    assert (after.content, after["ETag"]) == (before.content, before["ETag"])
