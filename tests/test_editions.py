"""Kept public pages (security.md 87). The pages here are small ones of our own, on real models."""

import gzip
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError, connections
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import include, path
from django.utils import timezone
from django.views.decorators.csrf import ensure_csrf_cookie

from questions import editions
from questions.models import Edition, EventStatus, Response, next_change_after
from questions.operations.publication import publish_responses, withhold_responses
from tests.factories import make_candidacy, make_event, make_response, make_slot, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

NOW = datetime(2021, 10, 1, 9, 0, tzinfo=UTC)
rendered = []


def answers(request):
    rendered.append(request.get_full_path())
    texts = Response.objects.publicly_visible().order_by("pk").values_list("text", flat=True)
    return kept(HttpResponse("\n".join(texts)))


def as_of(request):
    return kept(HttpResponse(f"as of {timezone.now():%d %B}"))


def slow(request):
    """Something is published while the page is rendered."""
    text = Response.objects.publicly_visible().count()
    publish()
    return kept(HttpResponse(f"{text} published"))


@ensure_csrf_cookie
def with_cookie(request):
    return kept(render(request, "404.html"))


def of_the_visitor(request):
    return kept(HttpResponse(f"for {request.user}"))


def not_marked(request):
    rendered.append(request.get_full_path())
    return HttpResponse("not marked")


def failing(request):
    rendered.append(request.get_full_path())
    return kept(HttpResponse("gone", status=410))


def kept(response):
    response.is_kept = True
    return response


urlpatterns = [
    path("answers/", answers),
    path("as-of/", as_of),
    path("slow/", slow),
    path("with-cookie/", with_cookie),
    path("of-the-visitor/", of_the_visitor),
    path("not-marked/", not_marked),
    path("failing/", failing),
    path("", include("questions.urls")),
]


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()
    rendered.clear()


@pytest.fixture
def clock(monkeypatch):
    """`clock(moment)` sets the time."""

    def set_time(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_time(NOW)
    return set_time


def publish(text="Yes."):
    response = make_response(text=text)
    publish_responses(Response.objects.filter(pk=response.pk), by=make_user(), at=NOW)
    return response


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


def test_req_091_a_kept_page_and_its_304_carry_the_policy(client):
    first = client.get("/answers/")

    again = client.get("/answers/", headers={"if-none-match": first["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    for page in (first, again):
        assert page["Content-Security-Policy"].startswith("default-src 'none'")
    assert first["X-Content-Type-Options"] == "nosniff"


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


@pytest.mark.parametrize(
    ("event", "due_in", "changes_in"),
    [
        ({"record": "reconstructed"}, timedelta(hours=1), None),
        ({"status": EventStatus.DRAFT}, timedelta(hours=1), None),
        ({}, timedelta(hours=1), timedelta(hours=1)),
        # Midnight in New York is 04:00 UTC, 19 hours from NOW.
        ({}, timedelta(days=7), timedelta(hours=19)),
        ({}, -timedelta(days=7), timedelta(hours=19)),
        (
            {"zone": "Pacific/Auckland", "answers_due_on": None, "closes_on": date(2021, 10, 1)},
            timedelta(days=7),
            timedelta(hours=2),  # 2 October begins in Auckland at 11:00 UTC
        ),
    ],
)
def test_next_change_is_the_next_deadline_closing_or_midnight(event, due_in, changes_in):
    make_candidacy(event=make_event(**event), due_at=NOW + due_in)

    assert next_change_after(NOW) == (changes_in and NOW + changes_in)


def test_bump_from_another_edition_than_the_current_does_nothing():
    Edition.objects.bump(at=NOW)
    number = Edition.objects.get().number

    outcomes = [
        Edition.objects.bump_from(number, at=NOW),
        Edition.objects.bump_from(number, at=NOW),
    ]

    assert outcomes == [True, False]
    assert Edition.objects.get().number == number + 1


@pytest.mark.parametrize(
    ("if_none_match", "status"),
    [
        ("{etag}", 304),
        ("{strong}", 304),  # compared weakly: RFC 9110 §13.1.2
        ('"other", {etag}', 304),
        ('{etag} , W/"other"', 304),
        ("*", 304),
        ('W/"other"', 200),
        ("{bare}", 200),  # an entity tag has its quotes
        ('"{etag}"', 200),
        ('"x{bare}"', 200),
        ('"{bare}x"', 200),
        ('"", ,"', 200),
        ("", 200),
    ],
)
def test_if_none_match_is_read_as_a_list_of_tags(client, if_none_match, status):
    etag = client.get("/answers/")["ETag"]
    asked = if_none_match.format(etag=etag, strong=etag[2:], bare=etag[3:-1])

    page = client.get("/answers/", headers={"if-none-match": asked})

    assert page.status_code == status


@pytest.mark.parametrize(
    ("accept_encoding", "encoding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "gzip"),
        ("br;q=1.0, GZIP;q=0.8, *;q=0.1", "gzip"),
        ("deflate,x-gzip", "gzip"),
        ("gzip ; q=0.001", "gzip"),
        ("gzip;q=0", None),
        ("gzip; q=0.000, identity", None),
        ("br;q=1.0, gzip;q=0", None),
        ("gzipped, notgzip, gzip-x", None),
        ("gzip;q=high", None),
        ("identity", None),
        ("", None),
    ],
)
def test_accept_encoding_decides_which_bytes_are_sent(client, accept_encoding, encoding):
    publish("Yes." * 100)

    page = client.get("/answers/", headers={"accept-encoding": accept_encoding})

    assert page.headers.get("Content-Encoding") == encoding
    body = gzip.decompress(page.content) if encoding else page.content
    assert body == b"Yes." * 100
    assert page["Content-Length"] == str(len(page.content))


def test_head_says_what_get_says_without_a_body(client):
    publish("Yes.")
    on_first = client.head("/answers/")
    by_get = client.get("/answers/")
    when_kept = client.head("/answers/")

    for page in (on_first, when_kept):
        assert page.headers == by_get.headers
        assert page.content == b""
    assert by_get.content == b"Yes."


def test_what_head_rendered_is_not_kept_for_readers(client):
    client.head("/answers/")
    client.get("/answers/")

    assert rendered == ["/answers/", "/answers/"]


def test_post_is_never_answered_from_what_is_kept(client):
    client.get("/answers/")

    client.post("/answers/")

    assert rendered == ["/answers/", "/answers/"]


def test_parameters_make_another_page(client):
    client.get("/answers/")
    client.get("/answers/?view=columns")

    assert rendered == ["/answers/", "/answers/?view=columns"]


def test_req_093_a_kept_page_is_not_given_to_a_wrong_host(client):
    client.get("/answers/")

    page = client.get("/answers/", headers={"host": "evil.example"})

    assert page.status_code == 400
    assert page["Content-Security-Policy"].startswith("default-src 'none'")


def test_req_092_a_kept_page_is_not_given_in_clear(client, settings):
    client.get("/answers/")
    settings.SECURE_SSL_REDIRECT = True

    page = Client().get("/answers/")

    assert (page.status_code, page["Location"]) == (301, "https://testserver/answers/")


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


def test_long_addresses_are_not_kept(client):
    address = "/answers/?" + "x" * editions.LONGEST_ADDRESS

    client.get(address)
    client.get(address)

    assert rendered == [address, address]


@pytest.mark.parametrize("address", ["/healthz", "/admin/login/", "/reply/open/x"])
def test_addresses_that_are_never_kept_do_not_ask_for_the_edition(client, address):
    client.get(address)

    assert not Edition.objects.exists()


def test_a_page_of_another_release_is_not_ours():
    ours, same = (editions.EditionMiddleware(None).release for _ in range(2))

    assert ours == same


def test_another_release_has_another_name(settings, tmp_path):
    (tmp_path / "templates").mkdir()
    template = tmp_path / "templates" / "page.html"
    settings.BASE_DIR = tmp_path
    names = set()
    for text in ("old", "new"):
        template.write_text(text)
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
