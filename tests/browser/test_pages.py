"""Every screen of the public and of a mission: axe, the width of a telephone, table roles."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from questions.models import Asker
from questions.operations.alerts import mint_alert_link
from tests.browser.record import PUBLIC, link_to, load_record
from tests.factories import BEFORE, answer, make_alert, send

pytestmark = pytest.mark.django_db(transaction=True)

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}

WITHOUT_LINK = [
    "/en/reply/",
    "/en/reply/link/",
    "/en/reply/link/asked/",
    "/en/reply/not-for-us/",
]


def alert_token():
    """Of a link whose page shows both what is confirmed and what is not."""
    confirmed = make_alert(email="reader@example.org", confirmed_at=BEFORE)
    make_alert(email="reader@example.org", words="peace")
    return mint_alert_link(confirmed, at=BEFORE)


@pytest.fixture
def addresses():
    """The public pages, and a mission's screens behind its link, each with its status."""
    load_record()
    link, candidacy = link_to("PE2000", "XDU")
    revoked, of_another = link_to("PE2000", "XPR")
    of_another.links.update(revoked_at="2000-01-01T00:00Z")
    reply = f"/en/reply/{candidacy.reference}/"
    slot = candidacy.slots.sent().first()
    asker = Asker.objects.filter(questions__slots__letter__isnull=False).first()
    send(candidacy, {slot: answer("Yes.")}, received_at=timezone.now())
    return {
        **dict.fromkeys(PUBLIC, 200),
        "/en/alerts/": 200,
        "/en/alerts/asked/": 200,
        f"/alerts/open/{alert_token()}": 200,
        "/alerts/open/unknown": 404,
        f"/en/askers/{asker.slug}/": 200,
        "/en/nowhere/": 404,
        link: 200,
        f"{reply}questions/": 200,
        f"{reply}letter/": 200,
        f"{reply}{slot.question.slug}/": 200,
        f"{reply}check/": 200,
        f"{reply}decline/": 200,
        f"{reply}not-for-us/": 200,
        f"{reply}r{candidacy.submissions.latest('number').number}/": 200,
        f"/en/reply/{of_another.reference}/": 403,
        "/reply/open/unknown": 404,
        **dict.fromkeys(WITHOUT_LINK, 200),
        revoked: 410,
    }


def tab(browser, live_server, **options):
    context = browser.new_context(base_url=live_server.url, **options)
    context.set_default_timeout(10_000)
    return context.new_page()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "320"])
def test_axe_finds_nothing(browser, live_server, addresses, size, scheme):
    # axe puts styles of its own into the page, so the policy is not asked.
    page = tab(browser, live_server, viewport=size, color_scheme=scheme, bypass_csp=True)
    axe = Axe()
    found = []
    for address in addresses:
        page.goto(address)
        for broken in axe.run(page).response["violations"]:
            found += [(address, broken["id"], node["html"]) for node in broken["nodes"]]
    page.context.close()

    assert found == []


def test_req_091_no_screen_breaks_the_policy(page, addresses):
    """The fixture fails on any complaint in the console."""
    for address, status in addresses.items():
        assert page.goto(address).status == status, address
        page.wait_for_load_state("networkidle")


def test_no_page_is_wider_than_a_telephone(browser, live_server, addresses):
    page = tab(browser, live_server, viewport=NARROW, java_script_enabled=True)
    wider = []
    for address in addresses:
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > NARROW["width"]:
            wider.append((address, width))
    page.context.close()

    assert wider == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_matrix_is_a_table_to_screen_readers_at_any_width(browser, live_server, width):
    load_record()
    page = tab(browser, live_server, viewport={"width": width, "height": 800})
    page.goto("/en/specimen/")
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in tree if not node["ignored"]]
    page.context.close()

    assert roles.count("table") >= 1
    assert roles.count("columnheader") >= 2
    assert roles.count("rowheader") >= 12
    assert roles.count("cell") + roles.count("gridcell") >= 12
