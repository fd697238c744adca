"""The link in a message of an alert: confirms it and ends it (security.md 2, 12, 88)."""

import re

import pytest
from django.test import Client

from questions.models import (
    ALLOWANCES,
    MOST_FOR_AN_ADDRESS,
    Alert,
    AttemptKind,
    AuditEntry,
    OutgoingMail,
)
from questions.operations.alerts import mint_alert_link
from tests.factories import make_alert, make_event, make_state

from .public_pages import TODAY, words_of

pytestmark = pytest.mark.django_db

READER = "reader@example.org"


@pytest.fixture(autouse=True)
def now(clock):
    clock(TODAY)


def make_link(**fields):
    """The address that a message to the reader holds."""
    alert = make_alert(email=READER, **fields)
    return f"/alerts/open/{mint_alert_link(alert, at=TODAY)}"


def rows():
    return [list(m.objects.order_by("pk").values()) for m in [Alert, OutgoingMail, AuditEntry]]


def test_opening_the_link_changes_nothing():
    links = [make_link(state=make_state()), make_link(confirmed_at=TODAY)]
    before = rows()

    for link in links:
        assert Client().get(link).status_code == 200
        assert Client().head(link).status_code == 200
        assert Client().post(link).status_code == 200
        assert Client().post(link, {"confirm": "no", "List-Unsubscribe": "no"}).status_code == 200
        assert Client().put(link).status_code == 405
    assert rows() == before


def confirm(link, page=None):
    """Press the button of the page as it was shown."""
    page = page or Client().get(link)
    shown = re.findall(r'name="alert" value="(\d+)"', page.text)
    return Client().post(link, {"confirm": "yes", "alert": shown})


def test_pressing_confirms_all_that_the_page_showed():
    link = make_link(event=make_event(title="Pledging event 2021"))
    make_alert(email=READER, words="peace")
    other = make_alert()
    page = Client().get(link)
    assert "Pledging event 2021" in words_of(page)

    posted = confirm(link, page)

    assert (posted.status_code, posted["Location"]) == (303, link)
    assert [alert.confirmed_at for alert in Alert.objects.to_address(READER)] == [TODAY, TODAY]
    assert not Alert.objects.get(pk=other.pk).is_confirmed
    assert "To be confirmed" not in words_of(Client().get(link))


def test_only_what_its_reader_chose_is_confirmed():
    link = make_link(state=make_state())
    unwanted = make_alert(email=READER, words="peace")
    page = Client().get(link).text
    boxes = re.findall(r'<input type="checkbox"[^>]* value="(\d+)" checked>', page)

    Client().post(link, {"confirm": "yes", "alert": boxes[:1]})

    assert boxes == [str(alert.pk) for alert in Alert.objects.order_by("pk")]
    assert list(Alert.objects.unconfirmed()) == [unwanted]


def test_a_page_says_where_no_more_alerts_go_to_an_address():
    link = make_link(state=make_state())
    for number in range(MOST_FOR_AN_ADDRESS):
        assert "At most" not in words_of(Client().get(link))
        make_alert(email=READER, confirmed_at=TODAY, words=f"word {number}")

    assert "At most 20 alerts go to one address." in words_of(Client().get(link))
    confirm(link)
    assert Alert.objects.unconfirmed().count() == 1


def test_req_088_what_a_stranger_adds_while_the_page_is_read_is_not_confirmed():
    link = make_link(state=make_state())
    page = Client().get(link)
    added = make_alert(email=READER, words="peace")
    of_another = make_alert()

    confirm(link, page)
    Client().post(link, {"confirm": "yes", "alert": [of_another.pk, "x", "9" * 30, "\u0662"]})

    waiting = set(Alert.objects.unconfirmed())
    assert waiting == {added, of_another}


def test_req_088_words_that_someone_typed_are_shown_to_who_confirmed_only():
    link = make_link(words="BUY https://evil.example")
    assert "evil" not in words_of(Client().get(link))

    confirm(link)

    assert "Search: BUY https://evil.example" in words_of(Client().get(link))


def test_a_mail_program_ends_one_alert_without_cookie_or_redirect():
    link = make_link(confirmed_at=TODAY)
    make_alert(email=READER, confirmed_at=TODAY, words="peace")

    page = Client(enforce_csrf_checks=True).post(
        link,
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
        headers={"origin": "https://mail.example"},
    )

    assert page.status_code == 200
    assert "The alert has ended" in words_of(page)
    assert [alert.words for alert in Alert.objects.all()] == ["peace"]


def test_all_alerts_to_the_address_end_at_once_and_the_link_with_them():
    link = make_link(confirmed_at=TODAY)
    make_alert(email=READER, words="peace")
    other = make_alert()

    Client().post(link, {"end": "all"})

    assert [alert.pk for alert in Alert.objects.all()] == [other.pk]
    assert Client().get(link).status_code == 404


def test_the_link_goes_no_further_and_its_page_is_in_the_language_of_the_alert():
    link = make_link(confirmed_at=TODAY, language="ar")
    pages = [
        Client().get(link),
        Client().post(link, {"confirm": "yes"}),
        Client().post(link, {"end": "all"}),
        Client().get(link),
    ]

    assert 'lang="ar" dir="rtl"' in pages[0].content.decode()
    token = link.rpartition("/")[2]
    for page in pages:
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["Cache-Control"] == "no-store"
        assert "noindex" in page["X-Robots-Tag"]
        assert not page.cookies
        assert token not in page.content.decode()


def test_an_unknown_link_is_one_404_and_guessing_is_limited():
    known = make_link()
    ended = make_link(words="peace")
    Alert.objects.filter(words="peace").delete()
    pages = [Client().get(one) for one in [ended, "/alerts/open/x", f"/alerts/open/{'a' * 43}"]]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1

    most = ALLOWANCES[AttemptKind.LINK].most
    codes = [Client().post("/alerts/open/x", {"end": "all"}).status_code for _try in range(most)]

    assert codes == [404] * (most - 3) + [429] * 3
    assert Client().get(known).status_code == 200
