"""Asking for alerts (security.md 12, 65, 87, 88, 89)."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.core.signing import Signer
from django.test import Client

from questions.models import (
    ALLOWANCES,
    Alert,
    AlertFrequency,
    Asker,
    AskerKind,
    Attempt,
    AttemptKind,
    AuditEntry,
    EventStatus,
    OutgoingMail,
    Question,
    Topic,
)
from questions.operations.alerts import mint_alert_link
from tests.factories import make_alert, make_asker, make_question, make_slot

from .public_pages import PAGES, TODAY, words_of

pytestmark = pytest.mark.django_db

FORM, ASKED = "/en/alerts/", "/en/alerts/asked/"
READER = "reader@example.org"
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def now(clock):
    clock(TODAY)


def shown_at(moment):
    return Signer(salt="alerts").sign(str(int(moment.timestamp())))


def ask(client=None, *, page=FORM, **fields):
    typed = {
        "email": READER,
        "about": "everything",
        "frequency": "once",
        "shown_at": shown_at(TODAY - MINUTE),
    }
    return (client or Client()).post(page, typed | fields)


def make_link(**fields):
    """The address that a message to the reader holds."""
    alert = make_alert(email=READER, **fields)
    return f"/alerts/open/{mint_alert_link(alert, at=TODAY)}"


def rows():
    return [list(m.objects.order_by("pk").values()) for m in [Alert, OutgoingMail, AuditEntry]]


def option_chosen(page):
    found = re.search(
        r'<option value="([^"]*)" selected>(.*?)</option>', page.content.decode(), re.S
    )
    return (
        (unescape(found[1]), unescape(re.sub("<[^>]+>", "", found[2])).strip()) if found else None
    )


def test_req_088_one_mailbox_is_one_address_however_its_domain_is_written():
    for email in ["reader@example.org", "reader@EXAMPLＥ.org", "Reader@ｅxample.org"]:
        assert ask(email=email).status_code == 302

    assert [mail.to for mail in OutgoingMail.objects.all()] == [READER]


@pytest.mark.parametrize(
    "email",
    [
        "reader@x\u2028y.org",
        "reader@x＠y.org",
        "reader@℀.org",
        "\u017feader@example.org",
        f"reader@{'.'.join(['İ' * 58] * 4)}.org",
    ],
)
def test_req_088_an_address_that_no_mail_server_knows_is_not_taken(email):
    page = ask(email=email)

    assert page.status_code == 200
    assert "Enter an e-mail address in the correct format" in words_of(page)
    assert not Alert.objects.exists()


def test_an_alert_is_asked_for_without_a_script_and_after_the_form_was_read(clock):
    client = Client(enforce_csrf_checks=True)
    page = client.get(f"{FORM}?q=clean+water").content.decode()
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page))
    clock(TODAY + MINUTE)

    posted = client.post(
        FORM, fields | {"email": READER, "about": "search:clean water", "frequency": "weekly"}
    )

    assert (posted.status_code, posted["Location"]) == (302, ASKED)
    alert = Alert.objects.get()
    assert (alert.email, alert.words, alert.frequency) == (READER, "clean water", "weekly")
    assert alert.language == "en"
    assert OutgoingMail.objects.get().to == READER


def test_the_messages_are_in_the_language_of_the_page():
    ask(page="/ar/alerts/")

    assert Alert.objects.get().language == "ar"


def test_a_link_to_follow_something_has_it_chosen_in_the_form():
    slot = make_slot()
    event, state, question = slot.question.event, slot.candidacy.state, slot.question
    topic = Topic.objects.create(slug="defenders", name="Defenders")
    question.topics.add(topic)
    [asker] = question.askers.all()
    reference = question.symbol.replace("/", "-")
    chosen = {
        f"event={event.slug}": (f"event:{event.slug}", event.title),
        f"state={state.slug}": (f"state:{state.slug}", str(state)),
        f"question={reference}": (
            f"question:{reference}",
            f"{question.symbol}. {question.heading}",
        ),
        "topic=defenders": ("topic:defenders", "Defenders"),
        f"asker={asker.slug}": (f"asker:{asker.slug}", asker.name),
        "q=%22clean+water%22": ('search:"clean water"', 'Search: "clean water"'),
    }

    assert {query: option_chosen(Client().get(f"{FORM}?{query}")) for query in chosen} == chosen
    for value, _label in chosen.values():
        assert ask(about=value).status_code == 302
    abouts = Alert.objects.order_by("pk").values_list(
        "event", "state", "question", "topic", "asker", "words"
    )
    assert list(abouts) == [
        (event.pk, None, None, None, None, ""),
        (None, state.pk, None, None, None, ""),
        (None, None, question.pk, None, None, ""),
        (None, None, None, topic.pk, None, ""),
        (None, None, None, None, asker.pk, ""),
        (None, None, None, None, None, '"clean water"'),
    ]


def test_req_012_what_is_not_public_can_be_neither_followed_nor_found_out():
    draft, specimen = make_slot(), make_slot()
    unsent = make_slot(sent=False)
    nameless = make_asker(kind=AskerKind.INDIVIDUAL)
    make_slot(question=make_question(askers=[nameless]))
    events = type(draft.question.event).objects
    events.filter(pk=draft.question.event_id).update(status=EventStatus.DRAFT)
    events.filter(pk=specimen.question.event_id).update(is_specimen=True)
    draft.question.topics.create(slug="embargo", name="Embargo")
    hidden = ["topic:embargo", *(f"event:{one.question.event.slug}" for one in (draft, specimen))]
    hidden += [f"question:{one.question.symbol.replace('/', '-')}" for one in (draft, unsent)]
    hidden += [f"asker:{one.question.askers.get().slug}" for one in (draft, specimen, unsent)]
    hidden += [f"asker:{nameless.slug}"]
    missing = [
        "event:1999",
        "question:PE1999-Q1",
        "state:zzz",
        "topic:none",
        "asker:none",
        "search:",
        "what:ever",
    ]

    pages = {ask(about=about).content.replace(about.encode(), b"") for about in hidden + missing}

    assert not Alert.objects.exists()
    assert len({re.sub(rb'value="\w{64}"', b"", page) for page in pages}) == 1
    for about in [*hidden, *missing]:
        assert option_chosen(Client().get(f"{FORM}?{about.replace(':', '=')}")) is None


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"email": ""}, "Enter an e-mail address in the correct format"),
        ({"email": "reader"}, "Enter an e-mail address in the correct format"),
        ({"email": "a@example.org\r\nBcc: b@example.org"}, "Enter an e-mail address"),
        ({"email": "a@example.org, b@example.org"}, "Enter an e-mail address"),
        ({"email": f"{'a' * 250}@example.org"}, "Enter an e-mail address"),
        ({"email": "a\0@example.org"}, "Enter an e-mail address"),
        ({"about": ""}, "Choose what the messages are to be about"),
        ({"about": "state:\0\0\0"}, "Choose what the messages are to be about"),
        ({"about": "search:" + "a" * 201}, "Choose what the messages are to be about"),
        ({"frequency": "hourly"}, "Choose what the messages are to be about"),
        ({"shown_at": ""}, "Wait a few seconds, then send the form once more"),
        ({"shown_at": "1:forged"}, "Wait a few seconds, then send the form once more"),
        ({"shown_at": shown_at(TODAY)}, "Wait a few seconds, then send the form once more"),
        ({"shown_at": shown_at(TODAY + MINUTE)}, "Wait a few seconds"),
        ({"shown_at": shown_at(TODAY - timedelta(days=2))}, "Wait a few seconds"),
    ],
)
def test_req_065_what_is_wrong_is_said_and_nothing_is_stored(fields, error):
    page = ask(**fields)

    assert page.status_code == 200
    assert error in words_of(page)
    assert not Alert.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_who_was_too_fast_can_send_the_same_form_again(clock):
    stamp = shown_at(TODAY)
    assert f'value="{stamp}"' in ask(shown_at=stamp).content.decode()

    clock(TODAY + timedelta(seconds=4))

    assert ask(shown_at=stamp).status_code == 302


def test_req_088_a_machine_that_fills_the_trap_is_told_the_same_and_nothing_is_kept():
    page = ask(website="https://evil.example")

    assert (page.status_code, page["Location"]) == (302, ASKED)
    assert rows() == [[], [], []]


def test_req_088_the_answer_is_the_same_for_an_address_that_is_known():
    known, other = make_alert(email=READER, confirmed_at=TODAY), "other@example.org"
    client = Client()

    answers = [
        [client.get(page["Location"]).content, page.status_code, page["Location"]]
        for page in [ask(email=known.email), ask(email=other), ask(email=other)]
    ]

    assert answers[0] == answers[1] == answers[2]
    assert OutgoingMail.objects.count() == 1  # to the other, who has to confirm


def test_req_088_asking_is_limited_for_an_address(clock):
    most = ALLOWANCES[AttemptKind.ALERT].most
    answers = [ask(email=f"r{number}@example.org") for number in range(most + 1)]

    assert [page.status_code for page in answers] == [302] * most + [429]
    assert answers[-1]["Retry-After"] == "3660"
    assert Alert.objects.count() == most
    clock(TODAY + timedelta(minutes=62))
    assert ask(shown_at=shown_at(TODAY)).status_code == 302


def test_req_088_nobody_can_close_the_form_for_others(monkeypatch):
    kind = AttemptKind.ALERT_OF_ALL
    monkeypatch.setitem(ALLOWANCES, kind, replace(ALLOWANCES[kind], most=3))

    answers = [
        ask(Client(REMOTE_ADDR=f"203.0.{number}.1"), email=f"r{number}@example.org")
        for number in range(9)
    ]

    assert {(page.status_code, page["Location"]) for page in answers} == {(302, ASKED)}
    assert len({Client().get(page["Location"]).content for page in answers}) == 1
    assert (Alert.objects.count(), OutgoingMail.objects.count()) == (9, 3)


def test_req_088_who_asks_much_comes_later_and_his_neighbours_with_him():
    for number in [1, 1, 2, 3]:
        ask(Client(REMOTE_ADDR=f"203.0.113.{number}"), email=f"r{number}@example.org")
    ask(Client(REMOTE_ADDR="198.51.100.1"))

    turns = Alert.objects.order_by("pk").values_list("email", "turn")
    assert list(turns) == [
        ("r1@example.org", 1),
        ("r2@example.org", 3),
        ("r3@example.org", 4),
        (READER, 1),
    ]


def test_req_088_no_address_of_a_client_is_stored():
    ask(Client(REMOTE_ADDR="203.0.113.77"))
    link = make_link(words="peace")
    chosen = {"confirm": "yes", "alert": [alert.pk for alert in Alert.objects.all()]}
    Client(REMOTE_ADDR="203.0.113.77").post(link, chosen)
    Client(REMOTE_ADDR="203.0.113.77").post(link, {"end": "all"})

    assert "203.0.113.77" not in str([rows(), list(Attempt.objects.values())])
    assert AuditEntry.objects.count() == 4


def test_req_087_only_the_form_sets_a_cookie_and_it_is_not_kept(record):
    page = Client().get(FORM)

    assert list(page.cookies) == [settings.CSRF_COOKIE_NAME]
    assert "no-store" in page["Cache-Control"]
    client = Client()
    client.get(FORM)
    for address in [*PAGES, ASKED]:
        public = client.get(address)
        assert public.status_code == 200
        assert not public.cookies
        assert "Cookie" not in public.get("Vary", "")


def test_the_form_is_refused_without_its_cookie():
    assert ask(Client(enforce_csrf_checks=True)).status_code == 403
    assert not Alert.objects.exists()


@pytest.mark.parametrize("events", [1, 3, 12])
def test_the_form_costs_the_same_whatever_is_on_offer(django_assert_num_queries, events):
    for number in range(events):
        make_slot().question.topics.create(slug=str(number), name=str(number))

    Client().get(FORM)  # makes the first edition

    with django_assert_num_queries(3):
        Client().get(FORM)


@pytest.mark.parametrize("address", ["//evil.example", "/\\evil.example", "https:evil.example"])
def test_req_089_nothing_typed_decides_where_the_form_leads(address):
    page = ask(next=address)
    link = Client().post(f"{make_link(words='a')}", {"confirm": "yes", "next": address})

    assert page["Location"] == ASKED
    assert link["Location"].startswith("/alerts/open/")


def test_hostile_words_come_back_as_text():
    page = Client().get(f"{FORM}?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E{{{{7*7}}}}")

    assert b"<script>alert" not in page.content
    assert b"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page.content


def test_weekly_is_offered_beside_at_once():
    page = words_of(Client().get(FORM))

    assert [str(label) in page for label in AlertFrequency.labels] == [True, True]


def test_pages_lead_to_the_form_with_what_they_show_chosen(record):
    Question.objects.first().topics.create(slug="defenders", name="Defenders")
    asker = Asker.objects.named_in_public().filter(asked__isnull=False).first()
    leads = {
        "/en/": None,  # everything
        "/en/2021/": ("event:2021", str(record.title)),
        "/en/2021/q1/": ("question:PE2021/Q1", "PE2021/Q1. What will you do?"),
        "/en/states/xka/": ("state:xka", "Kalba"),
        "/en/topics/defenders/": ("topic:defenders", "Defenders"),
        f"/en/askers/{asker.slug}/": (f"asker:{asker.slug}", asker.name),
        "/en/search/?q=%22a+%26+b%22": ('search:"a & b"', 'Search: "a & b"'),
    }

    for address, chosen in leads.items():
        page = Client().get(address).content.decode()
        link = unescape(re.search(r'href="(/en/alerts/[?#][^"]*)"', page)[1])
        assert option_chosen(Client().get(link)) == chosen, address


def test_what_is_invented_is_not_followed(record):
    type(record).objects.update(is_specimen=True)

    for address in ["/en/2021/", "/en/2021/q1/"]:
        assert "/en/alerts/?" not in Client().get(address).content.decode()
