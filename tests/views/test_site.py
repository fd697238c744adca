"""Addresses that readers ask for whatever a page names."""

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static

pytestmark = pytest.mark.django_db


def test_favicon_leads_to_the_icon_that_pages_name(client):
    page = client.get("/favicon.ico")

    assert (page.status_code, page.headers["Location"]) == (302, static("favicon.svg"))
    assert finders.find("favicon.svg")
    assert not page.cookies


@pytest.mark.parametrize("prefix", ["ar", "es", "fr", "ru", "zh-hans"])
@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("", "/en/"),
        ("/", "/en/"),
        ("/2021/q5/", "/en/2021/q5/"),
        ("/2021/?a=1&b=%2F", "/en/2021/?a=1&b=%2F"),
        ("//evil.example/", "/en/evil.example/"),
        ("/%5Cevil.example", "/en/%5Cevil.example"),
        ("/?next=//evil.example", "/en/?next=//evil.example"),
    ],
)
def test_req_089_languages_to_come_lead_to_the_english_page_here(client, prefix, asked, led_to):
    page = client.get(f"/{prefix}{asked}")

    assert (page.status_code, page.headers["Location"]) == (302, led_to)
    assert not page.cookies


@pytest.mark.parametrize("rest", ["%0D%0ASet-Cookie:%20a=b", "%0A", "%0A//evil.example"])
def test_req_089_a_line_break_in_the_address_makes_no_header(client, rest):
    page = client.get(f"/fr/{rest}")

    assert page.status_code == 404
    assert not page.cookies
