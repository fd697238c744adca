"""Every public address costs at most ten queries, whatever the size of the record (ux.md §5.2).

Beside them stands the reading of the edition, which a kept page costs too. The addresses
are those of the URLconf: a new one is asked as well, or the test says what it misses.
"""

import re
from datetime import timedelta
from itertools import product

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls.resolvers import URLPattern

from questions.models import Edition, Topic
from questions.urls import public_pages, without_language
from tests.factories import (
    BEFORE,
    make_asker,
    make_candidacy,
    make_correction,
    make_event,
    make_letter,
    make_mail,
    make_question,
    make_slot,
    make_state,
    make_translation,
)

from .public_pages import PASSED, forget_kept_pages, letters, publish, publisher

pytestmark = pytest.mark.django_db

MOST = 10
# What stands for each part of an address that varies; where that depends on the rest, by address.
PARTS = {
    **{"event": "2021", "question": "q1", "state": "xaa", "version": "1", "language": "en"},
    **{"asker": "asker-0", "topic": "topic-0", "ending": "ris", "iso3": "XAA"},
    **{"symbol": "PE2021-Q1-XAA", "number": "1"},
}
PARTS_AT = {
    "api/v1/events/<slug>": {"slug": "2021"},
    "api/v1/topics/<slug>": {"slug": "topic-0"},
    "api/v1/askers/<slug>": {"slug": "asker-0"},
    "api/v1/candidacies/<symbol>": {"symbol": "PE2021-XAA"},
    "api/v1/questions/<symbol>": {"symbol": "PE2021-Q1"},
    "data/schema/<str:name>": {"name": "event.json"},
    "en/<event:event>/<question:question>/<state:state>/v<int:version>/changes/": {"version": "2"},
}
WITH_QUERY = [
    "/en/search/?q=Yes",
    "/en/2021/?group=AFG&status=on",
    "/en/2021/q1/?order=received&view=columns",
    "/en/2021/q1/?compare=xaa&compare=xab",
    "/en/2021/q1/?order=group",
    "/en/states/?order=name",
]
# By name: files that are read through in blocks, what is no public page, what answers at once.
NOT_ASKED = {
    *("file_of_all", "event_file", "package_of_all", "event_package", "attachment"),
    *("admin", "healthz", "favicon", "nothing_here", "api-root"),
    *("home_in_their_language", "reply_in_their_language"),
}


def patterns(found, prefix=""):
    for pattern in found:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.name or pattern.callback.__name__
        elif not route.startswith("/admin/"):
            yield from patterns(pattern.url_patterns, route)


def address_of(route):
    parts = PARTS | PARTS_AT.get(route.lstrip("/"), {})
    varying = re.findall(r"<(?:\w+:)?(\w+)>", route)
    assert set(varying) <= parts.keys(), f"PARTS says nothing of {route}: give it a value, please"
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: parts[found[1]], route)


ROUTES = [*patterns(public_pages, "/en/"), *patterns(without_language, "/")]
ADDRESSES = [
    address_of(route)
    for route, name in ROUTES
    if name not in NOT_ASKED and "token" not in route  # with a token it is one person's own
]


def make_record_of(size):
    """So many of everything: events, States, questions, askers, themes, versions, corrections."""
    askers = [make_asker(name=f"Asker {number}") for number in range(size)]
    topics = [Topic.objects.create(slug=f"topic-{n}", name=f"Topic {n}") for n in range(size)]
    states = [make_state(iso3=f"X{letters(number)}") for number in range(size)]
    by = publisher()
    for year in range(2021, 2021 + size):
        event = make_event(year=year, record="kept")
        event.sessions.create(date=event.answers_due_on)
        candidacies = [make_candidacy(event=event, state=state) for state in states]
        questions = [make_question(event=event, askers=askers) for _number in range(size)]
        questions.append(make_question(event=event, state=states[0], askers=askers))
        make_correction(event=event, published_at=BEFORE, by=by)
        for question in questions:
            question.topics.set(topics)
            make_translation(of=question, text="Quoi ?", entered_by=by)
            make_correction(event=event, question=question, published_at=BEFORE, by=by)
        for candidacy in candidacies:
            make_letter(candidacy=candidacy)
            make_mail(candidacy=candidacy)
            make_correction(event=event, candidacy=candidacy, published_at=BEFORE, by=by)
            for version, question in product(range(2), questions[: 1 if year > 2021 else None]):
                answer(candidacy, question, version)
    call_command("rebuild_search_index")
    Edition.objects.bump(at=PASSED)


def answer(candidacy, question, version):
    """Twice, so that each text has one before it."""
    if question.state_id not in {None, candidacy.state_id}:
        return
    slot = candidacy.slots.filter(question=question).first()
    slot = slot or make_slot(candidacy=candidacy, question=question)
    slot.responses.filter(status="published").update(status="superseded")
    received_at = BEFORE + timedelta(hours=version)
    response = publish(slot, text=f"Yes, {version}.", received_at=received_at)
    make_translation(of=response, text="Oui.", entered_by=response.published_by)
    make_correction(
        event=slot.question.event, slot=slot, published_at=BEFORE, by=response.published_by
    )


@pytest.mark.parametrize("size", [1, 3, 5])
def test_every_public_address_costs_ten_queries_at_most(clock, size):
    clock(PASSED)
    make_record_of(size)
    counted = {}

    for address in [*ADDRESSES, *WITH_QUERY]:
        forget_kept_pages()
        with CaptureQueriesContext(connection) as queries:
            page = Client().get(address)
        assert page.status_code in {200, 302}, (address, page.status_code)
        counted[address] = len(queries)

    too_many = {address: count for address, count in counted.items() if count > MOST}
    assert too_many == {}
    assert len(counted) >= 45
