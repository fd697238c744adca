"""The deadline on the form: what people read, what is late, what is closed (security.md 27-34)."""

import re
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.html import strip_tags

from questions.forms.reply import SendForm
from questions.models import (
    DeadlineExtension,
    DraftAnswer,
    EventStatus,
    OutgoingMail,
    Submission,
    end_of_day,
    last_day,
)
from tests.factories import (
    BEFORE,
    DUE_AT,
    DUE_ON,
    make_contact,
    make_event,
    make_state,
    make_user,
)

from .reply_pages import (
    SIGNED,
    address,
    check_and_send,
    clock,
    make_reply,
    opened,
    page_of,
    save,
    send_form,
)

pytestmark = pytest.mark.django_db

CLOSING_DAY = date(2021, 10, 13)
CLOSES_AT = end_of_day(CLOSING_DAY)
SECOND = timedelta(seconds=1)


def make_closing_reply(**fields):
    return make_reply(event=make_event(closes_on=CLOSING_DAY), **fields)


def test_req_027_a_day_ends_in_new_york_as_one_instant():
    assert end_of_day(date(2021, 10, 8)) == datetime(2021, 10, 9, 4, 0, tzinfo=UTC)
    assert make_event(answers_due_on=date(2021, 10, 8)).due_at == DUE_AT


def test_req_027_naive_moments_are_refused():
    with pytest.raises(RuntimeWarning, match="naive datetime"):
        make_reply(due_at=datetime(2021, 10, 9, 4, 0))


@pytest.mark.parametrize("rest", ["", "questions/", "q1/", "check/"])
def test_req_028_the_deadline_is_shown_in_new_york_geneva_and_utc(monkeypatch, rest):
    clock(monkeypatch, BEFORE)
    candidacy, _slots = make_reply()

    page = opened(candidacy).get(address(candidacy, rest))

    clocks = "8 October, 23:59 New York time · 9 October, 05:59 Geneva time · 9 October, 03:59 UTC"
    assert clocks in page.text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2021, 10, 6, 14, 42, tzinfo=UTC), "2 days left"),
        (datetime(2021, 10, 8, 3, 59, tzinfo=UTC), "1 day left"),
        (datetime(2021, 10, 8, 4, 0, tzinfo=UTC), "Last day"),
        (DUE_AT - SECOND, "Last day"),
    ],
)
def test_days_left_are_days_in_new_york(monkeypatch, moment, words):
    clock(monkeypatch, moment)
    candidacy, _slots = make_reply()

    assert words in opened(candidacy).get(address(candidacy)).text


def test_a_reply_whose_deadline_is_not_known_says_nothing_of_it(monkeypatch):
    clock(monkeypatch, BEFORE)
    candidacy, (slot,) = make_reply(state=make_state(name="Octava", iso3="XOC"), due_at=None)
    client = opened(candidacy)
    save(client, slot)

    pages = [client.get(address(candidacy, rest)).text for rest in ["", "questions/", "q1/"]]
    receipt = client.get(check_and_send(client, candidacy).url).text

    for page in [*pages, receipt]:
        words = strip_tags(page).lower()  # without the random values of hidden fields
        assert "octava" in words
        assert not re.search(r"left|due|on time|deadline", words)


def test_an_extension_that_was_agreed_is_said(monkeypatch):
    clock(monkeypatch, BEFORE)
    candidacy, _slots = make_reply(state=make_state(name="Octava", iso3="XOC"))
    later = end_of_day(date(2021, 10, 11))
    DeadlineExtension.objects.create(
        candidacy=candidacy,
        previous_due_at=DUE_AT,
        due_at=later,
        reason="Asked for",
        by=make_user(),
        extended_at=BEFORE,
    )
    candidacy.due_at = later
    candidacy.save()

    page = opened(candidacy).get(address(candidacy))

    assert (
        "ISHR has agreed to receive answers from Octava until the end of 11 October 2021 in New"
        " York (05:59 on 12 October in Geneva). Until then they count as on time." in page.text
    )


@pytest.mark.parametrize("after", [timedelta(hours=1), timedelta(days=5) - SECOND])
def test_req_029_an_answer_after_the_deadline_is_taken_and_marked_late_with_its_time(
    monkeypatch, after
):
    moment = DUE_AT + after
    clock(monkeypatch, moment)
    candidacy, (slot,) = make_closing_reply()
    make_contact(state=candidacy.state, email="geneva@octava.example")
    client = opened(candidacy)

    start = client.get(address(candidacy))
    save(client, slot)
    page = client.get(check_and_send(client, candidacy).url)

    assert (
        "The deadline was the end of 8 October 2021 in New York (05:59 on 9 October in Geneva)."
        " Answers sent now are published and marked “answered late”. The form closes at the end"
        " of 13 October 2021 in New York" in start.text
    )
    submission = Submission.objects.get()
    assert (submission.received_at, submission.is_late) == (moment, True)
    assert "Received after the deadline" in page.text
    assert "Received on time" not in page.text
    assert "Received after the deadline" in OutgoingMail.objects.get(kind="receipt").body


@pytest.mark.parametrize(
    ("offset", "is_late"), [(-SECOND, False), (0 * SECOND, True), (SECOND, True)]
)
def test_req_030_the_servers_clock_at_arrival_decides_whatever_the_client_says(
    monkeypatch, offset, is_late
):
    candidacy, (slot,) = make_reply()
    clock(monkeypatch, DUE_AT - timedelta(minutes=10))
    client = opened(candidacy)
    save(client, slot)
    posted = send_form(client.get(address(candidacy, "check/"))).values | SIGNED

    clock(monkeypatch, DUE_AT + offset)
    lies = {"shown": "late", "received_at": "2021-10-01T00:00:00Z", "now": "2021-10-01"}
    client.post(address(candidacy, "check/"), posted | lies, headers={"Date": "Fri, 01 Oct 2021"})

    submission = Submission.objects.get()
    assert (submission.received_at, submission.is_late) == (DUE_AT + offset, is_late)
    assert submission.due_at == DUE_AT


def test_req_030_what_is_done_with_the_request_does_not_move_its_arrival(monkeypatch):
    candidacy, (slot,) = make_reply()
    clock(monkeypatch, DUE_AT - SECOND)
    client = opened(candidacy)
    save(client, slot)
    posted = send_form(client.get(address(candidacy, "check/"))).values | SIGNED
    is_valid = SendForm.is_valid

    def valid_in_five_minutes(form):
        clock(monkeypatch, DUE_AT + timedelta(minutes=5))
        return is_valid(form)

    monkeypatch.setattr(SendForm, "is_valid", valid_in_five_minutes)
    client.post(address(candidacy, "check/"), posted)

    assert Submission.objects.get().received_at == DUE_AT - SECOND


def test_the_deadline_passing_while_the_page_is_open_is_said_before_it_is_sent(monkeypatch):
    candidacy, (slot,) = make_reply()
    clock(monkeypatch, DUE_AT - SECOND)
    client = opened(candidacy)
    save(client, slot)
    shown = send_form(client.get(address(candidacy, "check/")))
    clock(monkeypatch, DUE_AT)

    page = client.post(address(candidacy, "check/"), shown.values | SIGNED)

    assert page.status_code == 409
    assert (
        "The deadline passed at 05:59 Geneva time while you were working. You can still send this"
        " answer; it will be marked late" in page.text
    )
    assert not Submission.objects.exists()
    client.post(address(candidacy, "check/"), send_form(page).values | SIGNED)
    assert Submission.objects.get().is_late


def test_req_031_after_closing_nothing_is_stored_and_the_text_comes_back(monkeypatch, caplog):
    candidacy, (slot,) = make_closing_reply()
    clock(monkeypatch, CLOSES_AT - SECOND)
    client = opened(candidacy)
    save(client, slot, "Saved in time.")
    posted = send_form(client.get(address(candidacy, "check/"))).values | SIGNED
    clock(monkeypatch, CLOSES_AT)

    saved = save(client, slot, "Typed <too> late.", revision=1)
    unready = save(client, slot, "Typed without saying whether it is ready.", ready="")
    sent = client.post(address(candidacy, "check/"), posted)
    declined = client.post(address(candidacy, "decline/"), {"reason": "Typed reason."})

    assert [page.status_code for page in (saved, sent, declined)] == [403, 403, 403]
    assert "Typed &lt;too&gt; late." in saved.text
    assert "Typed without saying whether it is ready." in unready.text
    assert "A. Diplomat" in sent.text
    assert "Typed reason." in declined.text
    for page in (saved, sent, declined):
        assert "It was open until the end of 13 October 2021 in New York" in page.text
        assert f'quote <span class="sym">{candidacy.symbol}</span>' in page.text
        assert "mailto:" in page.text
    assert not Submission.objects.exists()
    assert DraftAnswer.objects.get().text == "Saved in time."
    assert caplog.text.count(f"Posted to {candidacy.reference}, which is closed") == 4


def test_req_031_a_closed_reply_can_be_read_and_offers_nothing_to_send(monkeypatch):
    candidacy, (sent, drafted) = make_closing_reply(common=2)
    clock(monkeypatch, BEFORE)
    client = opened(candidacy)
    save(client, sent, "What was sent.")
    check_and_send(client, candidacy)
    save(client, drafted, "What was not sent.")
    clock(monkeypatch, CLOSES_AT)

    pages = {
        rest: client.get(address(candidacy, rest))
        for rest in ["", "questions/", "q1/", "q2/", "r1/", "r1/text/", "check/", "decline/"]
    }

    for rest in ["", "questions/", "q1/", "q2/"]:
        assert "This reply is closed." in pages[rest].text
    assert "What was sent." in pages["q1/"].text
    assert "What was not sent." in pages["q2/"].text
    assert "This draft was not sent" in pages["q2/"].text
    assert all("<form" not in page.text for page in pages.values())
    assert [pages[rest].status_code for rest in ["check/", "decline/"]] == [403, 403]
    assert [pages[rest].status_code for rest in ["r1/", "r1/text/"]] == [200, 200]


def test_req_031_the_closing_that_is_shown_is_never_before_the_deadline(monkeypatch):
    candidacy, _slots = make_closing_reply(due_at=end_of_day(date(2021, 10, 20)))
    clock(monkeypatch, BEFORE)

    page = opened(candidacy).get(address(candidacy, "questions/"))

    assert "The form takes answers until the end of 20 October 2021 in New York" in page.text
    assert "13 October" not in page.text


def test_req_031_an_event_that_staff_closed_takes_nothing_and_names_no_day():
    candidacy, (slot,) = make_reply(event=make_event(status=EventStatus.CLOSED))
    client = opened(candidacy)

    page = save(client, slot)

    assert page.status_code == 403
    assert "It was open until" not in page.text
    assert not DraftAnswer.objects.exists()


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Almaty"])
def process_zone(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


# In this week Geneva has left summer time and New York has not: they are five hours apart.
AUTUMN = [date(2026, 10, 25) + timedelta(days=n) for n in range(8)]


@pytest.mark.parametrize("offset", [-SECOND, 0 * SECOND, SECOND])
@pytest.mark.parametrize("day", [DUE_ON, AUTUMN[0], AUTUMN[3], AUTUMN[6], AUTUMN[7]])
def test_req_034_the_deadline_holds_in_every_zone_of_the_process(
    monkeypatch, process_zone, day, offset
):
    due_at = end_of_day(day)
    candidacy, (slot,) = make_reply(event=make_event(answers_due_on=day), due_at=due_at)
    clock(monkeypatch, due_at + offset)
    client = opened(candidacy)
    save(client, slot)

    page = client.get(check_and_send(client, candidacy).url)

    submission = Submission.objects.get()
    assert submission.received_at == due_at + offset
    assert submission.is_late is (offset >= 0 * SECOND)
    assert ("Received after the deadline" in page.text) is submission.is_late
    assert last_day(due_at) == day


@pytest.mark.parametrize(
    ("day", "utc", "geneva"),
    [
        (AUTUMN[0], "26 October, 03:59 UTC", "26 October, 04:59 Geneva time"),
        (AUTUMN[6], "1 November, 03:59 UTC", "1 November, 04:59 Geneva time"),
        (AUTUMN[7], "2 November, 04:59 UTC", "2 November, 05:59 Geneva time"),
    ],
)
def test_req_034_clocks_in_the_week_when_the_cities_are_five_hours_apart(
    monkeypatch, process_zone, day, utc, geneva
):
    clock(monkeypatch, end_of_day(day) - timedelta(days=3))
    candidacy, (slot,) = make_reply(event=make_event(answers_due_on=day), due_at=end_of_day(day))

    page = opened(candidacy).get(page_of(slot)).text.replace("\xa0", " ")

    assert utc in page
    assert geneva in page


def test_req_034_the_time_zone_data_is_new_enough_for_almaty():
    moment = datetime(2026, 10, 28, tzinfo=UTC)

    assert moment.astimezone(ZoneInfo("Asia/Almaty")).utcoffset() == timedelta(hours=5)
    assert moment.astimezone(ZoneInfo("Europe/Zurich")).utcoffset() == timedelta(hours=1)
    assert moment.astimezone(ZoneInfo("America/New_York")).utcoffset() == timedelta(hours=-4)
