"""How a kept page is asked for and given: methods, hosts, validators, encodings."""

import gzip

import pytest
from django.test import Client

from questions import editions
from tests.kept_pages import publish, rendered

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.kept_pages")]


@pytest.fixture(autouse=True)
def nothing_rendered():
    rendered.clear()


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


def test_long_addresses_are_not_kept(client):
    address = "/answers/?" + "x" * editions.LONGEST_ADDRESS

    client.get(address)
    client.get(address)

    assert rendered == [address, address]
