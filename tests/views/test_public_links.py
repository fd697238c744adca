"""Where the links of public pages lead: in the language of the page, to pages that are there."""

import re
from html import unescape

import pytest
from django.test import Client

from questions.models import Edition, Topic
from tests.factories import make_candidacy, make_event, make_question, make_slot, make_state

from .public_pages import PAGES, PASSED, make_record, publish

pytestmark = pytest.mark.django_db

WITHOUT_LANGUAGE = re.compile(
    r"/(?:r|cite|data|files|static|api)/|/(?:[\w-]+/)*feed\.atom$|/embed/fr/"
)
LANGUAGES = re.compile(r'<nav class="langs".*?</nav>', re.S)


def links_of(page):
    """Where its links, forms and frames lead within the portal, but for the list of languages."""
    if page["Content-Type"] == "application/pdf":
        return set()
    body = LANGUAGES.sub("", page.content.decode())
    found = re.findall(r'<(?:a|form|iframe)\b[^>]*\s(?:href|action|src)="([^"]*)"', body)
    return {unescape(link).partition("#")[0] for link in found} - {""}


def crawl(start, *, most=400):
    """Every page that links lead to from there, each with its links."""
    waiting, seen = [start], {}
    while waiting and len(seen) < most:
        address = waiting.pop()
        page = Client().get(address)
        assert page.status_code in {200, 302}, address
        seen[address] = links_of(page) if page.status_code == 200 else {page["Location"]}
        for link in seen[address]:
            if link.startswith("?"):
                link = address.partition("?")[0] + link
            if link.startswith("/fr/") and link not in seen and link not in waiting:
                waiting.append(link)
    return seen


@pytest.fixture
def portal(clock):
    """Two States, all years, the specimen: every kind of page."""
    clock(PASSED)
    event = make_record()
    second = make_candidacy(event=event, state=make_state(iso3="XKB", name="Kelba", group="APG"))
    common = event.questions.get(number=1, state=None)
    publish(make_slot(candidacy=second, question=common))
    specimen = make_event(year=2000, slug="specimen", is_specimen=True)
    invented = make_state(iso3="XPR", name="Prima", is_specimen=True)
    slot = make_slot(
        candidacy=make_candidacy(event=specimen, state=invented),
        question=make_question(event=specimen),
    )
    slot.question.topics.add(Topic.objects.get(slug="rights"))
    publish(slot)
    Edition.objects.bump(at=PASSED)


def test_no_link_leads_to_another_language(portal):
    pages = crawl("/fr/")

    assert {address.replace("/en/", "/fr/", 1) for address in PAGES} <= {
        *pages,
        "/fr/corrections/2021/",  # of an event with none
        "/fr/2021/?group=AFG&status=on",
        "/fr/2021/q1/?order=received&view=columns",
    }
    elsewhere = {
        (address, link)
        for address, links in pages.items()
        for link in links
        if link.startswith("/") and not link.startswith("/fr/") and not WITHOUT_LANGUAGE.match(link)
    }
    assert elsewhere == set()


def test_req_089_links_lead_to_the_portal_or_say_that_they_do_not(portal):
    event = make_event(
        year=2019, sources="https://example.org/a\njavascript:alert(1)\n//evil.example"
    )
    state = make_state(iso3="XKC", name="Kilba")
    make_candidacy(event=event, state=state, sources="http://example.org/b\ndata:text/html,x")
    Edition.objects.bump(at=PASSED)

    outward = set()
    for address in [*PAGES, "/en/2019/", "/en/2019/xkc/"]:
        body = Client().get(address).content.decode()
        for tag in re.findall(r"<a\b[^>]*>", body):
            href = unescape(re.search(r'href="([^"]*)"', tag)[1])
            if href.startswith(("/", "#", "?")) and not href.startswith(("//", "/\\")):
                continue
            outward.add(href)
            is_mail = href.startswith("mailto:")
            assert is_mail or 'rel="external noopener noreferrer nofollow"' in tag, tag
    assert {link for link in outward if not link.startswith("mailto:")} == {
        "https://example.org/a",
        "http://example.org/b",
    }
