"""The form through gunicorn's processes: one POST sent twenty times at once (security.md 17)."""

from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlencode

import pytest
from django.test import Client

from bench.server import running
from questions.models import DraftAnswer, OutgoingMail, Submission
from tests.concurrency.racing import database_url
from tests.factories import make_contact
from tests.views.reply_pages import SIGNED, address, make_reply, opened, save, send_form

pytestmark = pytest.mark.django_db(transaction=True)

TIMES = 20


@pytest.fixture
def port():
    """Of gunicorn on the tests' database."""
    with running(
        "pledgeportal.wsgi:application",
        PORTAL_ENV="test",
        DATABASE_URL=database_url(),
        DJANGO_SETTINGS_MODULE="pledgeportal.settings",
    ) as server:
        yield server.port


def post(port, client, path, fields):
    """(status, where to) of what a browser with the client's cookies posts."""
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    server = HTTPConnection("127.0.0.1", port, timeout=30)
    server.request(
        "POST",
        path,
        body=urlencode(fields),
        headers={"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"},
    )
    answer = server.getresponse()
    answer.read()
    server.close()
    return answer.status, answer.getheader("Location")


def test_req_017_one_post_sent_twenty_times_at_once_gets_one_receipt(port):
    candidacy, (slot,) = make_reply(due_at=None)
    make_contact(state=candidacy.state, city="geneva", email="geneva@octava.example")
    make_contact(state=candidacy.state, city="new_york", email="newyork@octava.example")
    client = opened(candidacy, client=Client(enforce_csrf_checks=True))
    page = client.get(address(candidacy, f"{slot.question.slug}/"))
    save(client, slot, "Yes.", csrfmiddlewaretoken=page.context["csrf_token"])
    assert DraftAnswer.objects.get().is_ready
    check = address(candidacy, "check/")
    fields = send_form(client.get(check)).values | SIGNED
    start = Barrier(TIMES)

    def sending(_number):
        start.wait(timeout=20)
        return post(port, client, check, fields)

    with ThreadPoolExecutor(max_workers=TIMES) as pool:
        outcomes = list(pool.map(sending, range(TIMES)))
    ten_minutes_later = post(port, client, check, fields)

    receipt = (302, address(candidacy, "r1/"))
    assert {*outcomes, ten_minutes_later} == {receipt}
    assert Submission.objects.count() == 1
    receipts = OutgoingMail.objects.filter(kind="receipt")
    assert sorted(receipts.values_list("to", flat=True)) == [
        "geneva@octava.example",
        "newyork@octava.example",
    ]
