"""Lines of the log: JSON, one event each, no token (security.md 12, 99)."""

import json
import logging
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import path

from pledgeportal.urls import urlpatterns as portal
from questions.logging import JsonFormatter, mask_tokens
from questions.operations.links import revoke_link
from tests.factories import BEFORE, make_link, make_user
from tests.production import ROOT, SAFE

TOKEN = "s3cret-Token_of-43-characters-aaaaaaaaaaaaaa"


def fails(request, token):
    raise ValueError(f"{request.path} failed")


urlpatterns = [path("reply/open/<str:token>/fails", fails), *portal]
handler404 = "questions.views.errors.not_found"
handler500 = "questions.views.errors.server_error"


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        (f"/reply/open/{TOKEN}", "/reply/open/***"),
        (f"GET /reply/open/{TOKEN} HTTP/1.1", "GET /reply/open/*** HTTP/1.1"),
        (f"<WSGIRequest: GET '/reply/open/{TOKEN}'>", "<WSGIRequest: GET '/reply/open/***'>"),
        (f'"https://a.example/reply/open/{TOKEN}?x=1"', '"https://a.example/reply/open/***?x=1"'),
        (f"/reply/open/{TOKEN}/x", "/reply/open/***/x"),
        (f"GET /reply/read/{TOKEN} HTTP/1.1", "GET /reply/read/*** HTTP/1.1"),
        (f"/reply%252Fread%2F{TOKEN}", "/reply/read/***"),
        (f"POST /alerts/open/{TOKEN} HTTP/1.1", "POST /alerts/open/*** HTTP/1.1"),
        (f"/alerts%252Fopen%2F{TOKEN}", "/alerts/open/***"),
        (f"/reply%2Fopen%2F{TOKEN}", "/reply/open/***"),
        (f"/reply%2fopen/{TOKEN}", "/reply/open/***"),
        (f"/%72eply/open/{TOKEN}", "/reply/open/***"),
        (f"/reply%252Fopen%252F{TOKEN}", "/reply/open/***"),
        (f"a /reply/open/{TOKEN} b %72eply/open/{TOKEN}", "a /reply/open/*** b reply/open/***"),
        (f"/reply//open//{TOKEN}", "/reply//open//***"),
        (f"\\/reply\\/open\\/{TOKEN}", "\\/reply\\/open\\/***"),
        ("50% of /reply/open", "50% of /reply/open"),
        ("100%25 of 3 questions", "100%25 of 3 questions"),
    ],
)
def test_req_012_tokens_are_masked_however_the_path_is_written(line, masked):
    assert mask_tokens(line) == masked
    assert TOKEN not in mask_tokens(line)


def formatted(message, *arguments, error=None):
    record = logging.LogRecord("portal", logging.INFO, __file__, 1, message, arguments, error)
    return JsonFormatter().format(record)


def test_req_099_a_line_is_one_json_object_in_utc():
    line = json.loads(formatted("%d sent", 3))

    assert line.keys() == {"at", "level", "logger", "message"}
    assert (line["level"], line["logger"], line["message"]) == ("INFO", "portal", "3 sent")
    assert line["at"].endswith("+00:00")


def test_req_099_what_people_send_cannot_begin_a_line_or_colour_a_terminal():
    line = formatted("Not Found: %s", "/a\r\n{}\n\x1b[31m\u2028\u202e")

    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["message"] == "Not Found: /a\r\n{}\n\x1b[31m\u2028\u202e"


def test_req_012_tokens_are_masked_in_tracebacks():
    try:
        raise ValueError(f"/reply/open/{TOKEN} failed")
    except ValueError:
        line = json.loads(formatted("Internal Server Error", error=sys.exc_info()))

    assert "ValueError: /reply/open/*** failed" in line["traceback"]
    assert TOKEN not in line["traceback"]


@pytest.fixture
def lines(caplog):
    """What the portal's own handler would write."""

    def written():
        formatter = JsonFormatter()
        return [formatter.format(record) for record in caplog.records]

    caplog.set_level(logging.DEBUG, logger="django.request")
    return written


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_req_012_no_line_holds_the_token_of_a_link_that_was_asked_for(lines):
    link, token = make_link()
    revoke_link(link, by=make_user(), at=BEFORE)
    visitor = Client(raise_request_exception=False)

    for address in (f"/reply/open/{token}", f"/reply/open/{token}x", f"/reply/open/{token}/fails"):
        visitor.get(address)

    written = lines()
    assert len(written) >= 3
    assert [line for line in written if token in line] == []
    assert any("/reply/open/***" in line for line in written)


def test_req_012_the_servers_own_access_log_is_masked_too():
    code = (
        "import logging; from gunicorn.config import Config; from gunicorn.glogging import Logger;"
        "config = Config(); config.set('accesslog', '-'); log = Logger(config);"
        "import django; django.setup();"
        f"log.access_log.info('%(r)s', {{'r': 'GET /reply/open/{TOKEN} HTTP/1.1'}})"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        env=SAFE | {"DJANGO_SETTINGS_MODULE": "pledgeportal.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    (line,) = (done.stdout + done.stderr).splitlines()
    assert json.loads(line)["message"] == "GET /reply/open/*** HTTP/1.1"
