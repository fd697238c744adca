"""What people ask of the API that it does not answer (security.md 85, 86)."""

import json

import pytest
from django.test import Client

from tests.stopwatch import within

from .test_api import API, NAMED_BY, found, get
from .test_api_safety import DETAILS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("asker__email__startswith=a", "asker__email__startswith"),
        ("created_by__password__regex=%5E", "created_by__password__regex"),
        ("ordering=asker__email", "ordering"),
        ("order_by=?", "order_by"),
        ("_connector=OR", "_connector"),
        ("_negated=1", "_negated"),
        ("fields=staff_note", "fields"),
        ("id=1", "id"),
        ("pk=1", "pk"),
        ("page=-1", "page"),
        ("offset=100000000000000000000", "offset"),
        ("format=xml", "format"),
        ("callback=alert", "callback"),
        ("limit=1&limit=2", "limit"),
        ("limit=1&limit=1", "limit"),
        ("LIMIT=1", "LIMIT"),
        ("limit%5B%5D=1", "limit[]"),
        ("%00=1", "\0"),
    ],
)
@pytest.mark.parametrize("kind", NAMED_BY)
def test_req_085_parameters_are_those_that_are_named_and_each_once(record, kind, query, name):
    page = get(f"{kind}?{query}")

    problem = json.loads(page.content)
    assert page.status_code == problem["status"] == 400
    assert page.headers["Content-Type"] == "application/problem+json"
    assert [wrong["name"] for wrong in problem["parameters"]] == [name]


@pytest.mark.parametrize("address", [*DETAILS, "", "openapi.json", "docs"])
def test_req_085_single_objects_take_no_parameter(record, address):
    assert get(f"{address}?expand=asker").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=201",
        "limit=100000000000000000000",
        "limit=1e9",
        "limit=",
        "limit=NaN",
        "limit=%2B5",
        "limit=5_0",
        "limit=%205",
        "limit=5.0",
        "limit=05",
        "limit=５",
        "event=",
        "event=%00",
        "event=%ED%A0%80",
        "event=2021%0A",
        "event=PE2021",
        "event=２０２１",
        "event[$ne]=2021",
        "state=xka",
        "state=XKAX",
        "state='",
        "status=draft",
        "status=on,late",
        "language=de",
        "topic=%27%20OR%201%3D1--",
        "asker=" + "a" * 81,
        "cursor=x",
        "cursor=" + "a" * 100_000,
        "group=GRULAC",
        "&".join(f"p{number}=1" for number in range(2_000)),
        "&".join("limit=1" for _ in range(2_000)),
    ],
)
def test_req_086_hostile_query_is_refused_at_once(record, query):
    with within(1):
        page = get(f"answers?{query}")

    assert page.status_code == 400
    assert json.loads(page.content)["status"] == 400
    assert page.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "address",
    [
        "answers/%00",
        "answers/%ED%A0%80",
        "answers/..%2F..%2Fetc%2Fpasswd",
        "answers/" + "A" * 8_000,
        "answers/PE2021-Q1-XKA%0A",
        "answers/PE2021-Q99999999999999999999-XKA",
        "questions/PE2021-Q1/",
        "answers/PE2021-Q01-XKA",
        "events/２０２１",
        "answers/PE2021/Q1/XKA",
    ],
)
def test_req_086_hostile_path_names_nothing(record, address):
    page = get(address)

    assert page.status_code == 404
    assert json.loads(page.content)["title"] == "Not Found"


@pytest.mark.parametrize(
    "cursor",
    ["WyJQRTIwMjEiLCIiLDEsIlhLQSJd", "." + "a" * 60, "a" * 30 + "." + "b" * 43, "-" * 200],
)
def test_req_086_cursor_that_no_list_gave_begins_no_page(record, cursor):
    assert get(f"answers?cursor={cursor}").status_code == 404


def test_req_086_cursor_of_one_list_begins_no_page_of_another(record):
    cursor = found("answers?limit=1")["next"].partition("cursor=")[2].partition("&")[0]

    assert get(f"answers?cursor={cursor}").status_code == 200
    assert get(f"questions?cursor={cursor}").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": ",".join(["text/html;q=0.1"] * 4_000)},
        {"If-None-Match": '"' + "a" * 8_000},
        {"If-None-Match": ", ".join('W/"x"' for _ in range(1_000))},
        {"If-Modified-Since": "the day before"},
        {"Accept-Encoding": "gzip;q=x, *;q=2"},
        {"Range": "bytes=0-0,1-1"},
        {"Content-Type": "multipart/form-data; boundary="},
    ],
)
def test_req_086_hostile_headers_change_nothing(record, headers):
    with within(1):
        page = get("answers?limit=1", **headers)

    assert page.status_code == 200


def test_what_fails_says_so_in_json(record, monkeypatch):
    def fail(*arguments, **named):
        raise RuntimeError("SECRET")

    monkeypatch.setattr("questions.serializers.api.event_object", fail)

    page = Client(raise_request_exception=False).get(f"{API}events/2021")

    assert page.status_code == 500
    assert json.loads(page.content)["title"] == "Internal Server Error"
    assert b"SECRET" not in page.content
