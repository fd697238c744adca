"""Headers, hosts and addresses (security.md 86, 91, 93)."""

import http.client
import re
import socket
import time
from datetime import UTC, datetime

import pytest
from django.conf import settings as current
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone

from bench.server import running
from pledgeportal.urls import urlpatterns as portal
from questions.middleware import ArrivalMiddleware, client_address
from questions.models import AuditEntry, acting_from
from tests.factories import BEFORE, make_link
from tests.production import ROOT, SAFE, python

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
}


def fails(request):
    raise ZeroDivisionError


def links(request):
    """Something that is recorded with where it came from."""
    make_link()
    return HttpResponse()


urlpatterns = [path("fails/", fails), path("links/", links), *portal]
handler400 = "questions.views.errors.bad_request"
handler404 = "questions.views.errors.not_found"
handler500 = "questions.views.errors.server_error"


@pytest.fixture
def visitor():
    """Gets the page of an error instead of the error."""
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/en/", {}, 200),
        ("/healthz", {}, 200),
        ("/admin/login/", {}, 200),
        ("/en/nowhere/", {}, 404),
        ("/reply/open/unknown", {}, 404),
        ("/en/", {"host": "evil.example"}, 400),
        ("/fails/", {}, 500),
        ("/", {}, 302),
    ],
)
def test_req_091_every_answer_carries_the_strict_policy(visitor, address, headers, status):
    page = visitor.get(address, headers=headers)

    assert page.status_code == status
    assert set(page["Content-Security-Policy"].split("; ")) == POLICY
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("address", ["/en/", "/en/nowhere/", "/admin/login/", "/fails/"])
def test_req_091_no_page_names_a_host_of_others_in_what_it_loads(visitor, address):
    html = visitor.get(address).content.decode()

    loaded = re.findall(r"<(?:script|img|iframe|source|link rel=.stylesheet.)[^>]*>", html)
    assert [tag for tag in loaded if "//" in tag] == []
    assert re.findall(r"<script(?![^>]*src=)|\son\w+=|\sstyle=", html) == []


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "testserver.evil.example",
        "evil.example:80",
        "testserver@evil.example",
        "a b",
    ],
)
def test_req_093_a_wrong_host_gets_our_page_with_400(visitor, host):
    page = visitor.get("/en/", headers={"host": host})

    assert page.status_code == 400
    assert b"This request was not understood" in page.content
    assert host.encode() not in page.content


def test_req_093_another_host_that_a_header_claims_is_nowhere_on_a_page(client):
    page = client.get("/en/", headers={"x-forwarded-host": "evil.example"})

    assert page.status_code == 200
    assert b"evil.example" not in page.content


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1, 198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (2, "203.0.113.9", "192.0.2.1"),  # fewer than our proxies: it did not come through them
        (1, None, ""),
        (1, "unknown", ""),
        (1, "<script>" + "x" * 4000, ""),
        (1, " 2001:db8::1 ", "2001:db8::1"),
    ],
)
def test_req_093_the_address_comes_from_as_many_proxies_as_are_ours(
    settings, proxies, forwarded, address
):
    settings.PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory(headers=headers, REMOTE_ADDR="192.0.2.1").get("/")

    assert client_address(request) == address


def test_a_peer_on_a_socket_has_no_address(settings):
    settings.PROXY_COUNT = 0

    assert client_address(RequestFactory(REMOTE_ADDR="").get("/")) == ""


def test_req_030_the_moment_of_arrival_is_settled_before_the_body_is_read(monkeypatch):
    moments = iter([BEFORE, datetime(2099, 1, 1, tzinfo=UTC)])
    monkeypatch.setattr(timezone, "now", lambda: next(moments))

    class SlowBody:
        def read(self, *args):
            timezone.now()  # time passes
            return b""

        def close(self):
            pass

    def view(request):
        request._stream = SlowBody()
        _ = request.body
        return HttpResponse(request.received_at.isoformat())

    page = ArrivalMiddleware(view)(RequestFactory().post("/"))

    assert page.content.decode() == BEFORE.isoformat()


def test_req_030_no_header_of_the_client_moves_the_moment_of_arrival(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: BEFORE)
    request = RequestFactory(headers={"date": "Fri, 01 Jan 1999 00:00:00 GMT"}).get("/")

    ArrivalMiddleware(HttpResponse)(request)

    assert request.received_at == BEFORE


def test_what_is_recorded_carries_the_address_of_its_request_and_no_later_one(client):
    client.get("/links/", REMOTE_ADDR="192.0.2.1")
    make_link()

    assert list(AuditEntry.objects.order_by("number").values_list("address", flat=True)) == [
        "192.0.2.1",
        "",
    ]
    assert acting_from.get() == ""


@pytest.fixture(scope="module")
def behind_a_proxy(tmp_path_factory):
    """gunicorn with production's settings, behind one proxy that takes TLS off."""
    file = tmp_path_factory.mktemp("portal") / "portal.sqlite3"
    environment = SAFE | {
        "DATABASE_URL": f"sqlite:///{file}",
        "SQLITE_IN_PRODUCTION": "yes",
        "STATIC_ROOT": str(file.parent / "static"),
        "DJANGO_SETTINGS_MODULE": "pledgeportal.settings",
    }
    for command in (["migrate"], ["collectstatic", "--noinput"]):
        done = python("manage.py", *command, **environment)
        assert done.returncode == 0, done.stderr
    with running("pledgeportal.wsgi:application", **environment) as server:
        yield server.port


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (("X-Forwarded-Proto", "https"), 302),  # from / to /en/
        (("X-Forwarded-Proto", "http"), 301),  # to https
        (("X_Forwarded_Proto", "https"), 301),
        (("X-Forwarded_Proto", "https"), 301),
        (("X-Other", "https"), 301),
    ],
)
def test_req_093_a_header_with_underscores_does_not_pass_for_the_proxys(
    behind_a_proxy, header, status
):
    connection = http.client.HTTPConnection("127.0.0.1", behind_a_proxy, timeout=20)

    connection.request("GET", "/", headers={"Host": "portal.example.org", header[0]: header[1]})

    answer = connection.getresponse()
    assert answer.status == status
    assert set(answer.getheader("Content-Security-Policy").split("; ")) == POLICY
    connection.close()


@pytest.mark.parametrize(
    ("header", "value"),
    [("SCRIPT_NAME", "/corrections"), ("PATH_INFO", "/feed.atom"), ("SCRIPT_NAME", "/elsewhere")],
)
def test_req_087_no_header_puts_another_page_under_an_address(behind_a_proxy, header, value):
    connection = http.client.HTTPConnection("127.0.0.1", behind_a_proxy, timeout=20)
    trusted = {"Host": "portal.example.org", "X-Forwarded-Proto": "https"}

    connection.request("GET", "/corrections/feed.atom", headers=trusted | {header: value})

    answer = connection.getresponse()
    assert answer.status == 200
    assert b"<title>Corrections " in answer.read()
    connection.close()


@pytest.mark.parametrize("file", ["README.md", "run"])
def test_req_087_every_gunicorn_that_is_started_believes_no_such_header(file):
    started = re.findall(r"gunicorn pledgeportal.wsgi(?:.*\\\n)*.*", (ROOT / file).read_text())

    assert started
    assert all("--forwarder-headers ''" in command for command in started)


def test_req_087_addresses_begin_at_the_root_whatever_a_server_says(client, db):
    page = client.get("/feed.atom", SCRIPT_NAME="/corrections")

    assert page.wsgi_request.path == "/feed.atom"


def test_req_092_production_tells_browsers_to_stay_with_https(behind_a_proxy):
    connection = http.client.HTTPConnection("127.0.0.1", behind_a_proxy, timeout=20)

    connection.request(
        "GET", "/", headers={"Host": "portal.example.org", "X-Forwarded-Proto": "https"}
    )

    sent = connection.getresponse().getheader("Strict-Transport-Security")
    seconds, *rest = sent.split("; ")
    assert int(seconds.removeprefix("max-age=")) >= 31_536_000
    assert "includeSubDomains" in rest
    connection.close()


@pytest.mark.parametrize(
    "line",
    [
        "GET /en/?q=%00 HTTP/1.1",
        "GET /en/%ED%A0%80/ HTTP/1.1",
        "GET /en/%00/ HTTP/1.1",
        "GET /en/?page=-1&page=100000000000000000000 HTTP/1.1",
        "GET /en/99999999999999999999/q1/ HTTP/1.1",
        f"GET /en/?q={'x' * 100_000} HTTP/1.1",
        f"GET /en/?{'a&' * 1_000} HTTP/1.1",
        f"GET /{'/' * 3_000} HTTP/1.1",
        "GET //evil.example/en/ HTTP/1.1",
        "GET http://evil.example/en/ HTTP/1.1",
        "POST /en/ HTTP/1.1\r\nContent-Length: -1",
        "POST /en/ HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=\r\nContent-Length: 0",
        "FOO /en/ HTTP/1.1",
        f"GET /en/ HTTP/1.1\r\nX-Long: {'a' * 8_000}",
        f"GET /en/ HTTP/1.1\r\nX-Longer: {'a' * 80_000}",
        f"GET /en/ HTTP/1.1\r\nAccept: {',;=/' * 1_000}",
        f"GET /en/ HTTP/1.1\r\nAccept-Encoding: {'gzip;q=0,' * 800}",
        f"GET /en/ HTTP/1.1\r\nAccept-Language: {'en;q=0.1,' * 800}",
        f"GET /en/ HTTP/1.1\r\nIf-None-Match: {chr(34) * 8_000}",
        f"GET /en/ HTTP/1.1\r\nIf-None-Match: {'W/' * 4_000}",
        f"GET /en/ HTTP/1.1\r\nCookie: {'a=b;' * 2_000}",
        f"GET /en/ HTTP/1.1\r\nX-Forwarded-For: {',' * 8_000}",
        "GET /en/ HTTP/1.1\r\nIf-Modified-Since: Fri, 99 Foo 9999999",
        "GET /en/ HTTP/1.1\r\nRange: bytes=0-,1-,2-",
    ],
    ids=lambda line: line[:40],
)
def test_req_086_no_request_breaks_the_server_or_keeps_it_busy(behind_a_proxy, line):
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", behind_a_proxy), timeout=20) as server:
        server.sendall(
            f"{line}\r\nHost: portal.example.org\r\nX-Forwarded-Proto: https\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        status = int(server.makefile("rb").readline().split()[1])

    assert 200 <= status < 500
    assert time.monotonic() - start < 5  # by the clock, on a machine that does other things too


def test_the_editions_answer_first_and_no_cache_of_django_is_installed():
    assert current.MIDDLEWARE[0] == "questions.editions.EditionMiddleware"
    assert not [name for name in current.MIDDLEWARE if "django.middleware.cache" in name]
