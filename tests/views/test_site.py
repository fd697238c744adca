"""Addresses that readers ask for whatever a page names, and those that have no language."""

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static

from tests.factories import make_candidacy, make_contact, make_link

pytestmark = pytest.mark.django_db

SIX = ["ar", "en", "es", "fr", "ru", "zh-hans"]


def test_favicon_leads_to_the_icon_that_pages_name(client):
    page = client.get("/favicon.ico")

    assert (page.status_code, page.headers["Location"]) == (302, static("favicon.svg"))
    assert finders.find("favicon.svg")
    assert not page.cookies


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", "en"),
        ("fr-CH, de;q=0.9, en;q=0.8", "fr"),
        ("de, ar-EG;q=0.5", "ar"),
        ("zh-CN", "zh-hans"),
        ("zh-TW, en;q=0.1", "zh-hans"),
        ("en;q=0.2, ru;q=0.9", "ru"),
        ("pt-BR, es-MX", "es"),
        ("de, *", "en"),
        ("../admin/", "en"),
        ("//evil.example", "en"),
        (",".join(["xx"] * 4000), "en"),
    ],
)
@pytest.mark.parametrize(
    ("address", "rest"), [("/", ""), ("/reply/", "reply/"), ("/reply", "reply/")]
)
def test_an_address_without_a_language_leads_to_the_readers(client, address, rest, asked, language):
    page = client.get(address, headers={"accept-language": asked})

    assert (page.status_code, page.headers["Location"]) == (302, f"/{language}/{rest}")
    assert page.headers["Vary"] == "Accept-Language"
    assert not page.cookies


@pytest.mark.parametrize("address", ["/healthz", "/admin/login/"])
def test_an_address_without_a_language_is_in_english_whoever_asks(client, address):
    page = client.get(address, headers={"accept-language": "fr"})

    assert page.status_code == 200
    assert page.headers["Content-Language"] == "en"
    assert "Accept-Language" not in page.headers.get("Vary", "")


@pytest.mark.parametrize("language", SIX)
def test_req_089_no_address_in_a_language_leads_elsewhere(client, language):
    for rest in ("//evil.example/", "/%5Cevil.example", "/%0D%0ASet-Cookie:%20a=b", "/%0A"):
        page = client.get(f"/{language}{rest}")

        assert page.status_code == 404, rest
        assert page.headers["Content-Language"] == language
        assert not page.cookies


@pytest.mark.parametrize("address", ["/de/", "/zh/", "/EN/", "/fr-ca/", "/en-us/events/"])
def test_only_the_six_languages_have_pages(client, address):
    assert client.get(address).status_code == 404


def test_a_missions_link_opens_the_form_in_the_contacts_language(client):
    candidacy = make_candidacy()
    contact = make_contact(state=candidacy.state, language="zh-hans")
    _link, token = make_link(candidacy=candidacy, contact=contact)

    page = client.get(f"/reply/open/{token}", headers={"accept-language": "fr"})

    assert page.headers["Location"] == f"/zh-hans/reply/{candidacy.reference}/"
