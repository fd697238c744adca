"""Who did what to a row, on its own page (security.md 43)."""

import pytest
from django.urls import reverse

from questions.models import Response, Topic
from questions.operations import audit
from questions.operations.publication import publish_responses, withhold_responses
from tests.factories import AFTER, make_response, make_state, make_user

from .conftest import logged_in
from .pages import change_page, fields_of

pytestmark = pytest.mark.django_db


def history(row):
    return reverse(f"admin:questions_{row._meta.model_name}_history", args=[row.pk])


def acts(page):
    return [(entry.action, entry.actor) for entry in page.context["entries"]]


def test_the_history_of_an_answer_is_what_was_done_to_it(admin, boss):
    response, other = make_response(), make_response()
    publish_responses(Response.objects.all(), by=boss, at=AFTER)
    chosen = Response.objects.filter(pk=response.pk)
    withhold_responses(chosen, reason="A slip.", ground="mistake", by=boss, at=AFTER)

    page = admin.get(history(response))

    by = f"user {boss.pk} boss"
    assert acts(page) == [("response.withheld", by), ("response.published", by)]
    assert {entry.subject for entry in page.context["entries"]} == {response.slot.symbol}
    assert acts(admin.get(history(other))) == [("response.published", by)]


def test_it_holds_versions_and_translations_and_no_neighbour(admin, acts_on):
    response = make_response()
    symbol = response.slot.symbol
    acts_on(f"{symbol}.v2", f"{symbol} in fr", f"{symbol}0", f"{symbol}/X", symbol)

    page = admin.get(history(response))

    subjects = [entry.subject for entry in page.context["entries"]]
    assert subjects == [symbol, f"{symbol} in fr", f"{symbol}.v2"]


@pytest.fixture
def acts_on(boss):
    def record(*subjects):
        for subject in subjects:
            audit.record("test.act", subject, by=boss, at=AFTER)

    return record


def test_what_was_changed_in_a_form_is_named(admin, boss):
    topic = Topic.objects.create(name="Health", slug="health")
    typed = fields_of(admin.get(change_page(topic))) | {"name": "Right to health"}
    admin.post(change_page(topic), typed)

    page = admin.get(history(topic))

    assert acts(page) == [("topic.changed", f"user {boss.pk} boss")]
    assert 'topic.changed <span class="quiet">name</span>' in page.content.decode()


def test_a_row_that_nobody_touched_says_so(admin):
    page = admin.get(history(make_state()))

    assert "Nobody did anything to it that is on record." in page.content.decode()


def test_req_040_who_may_not_read_the_record_gets_no_name_from_it(staff_with, boss):
    response = make_response()
    publish_responses(Response.objects.all(), by=boss, at=AFTER)

    page = staff_with("view_response").get(history(response))

    assert page.status_code == 200
    assert "boss" not in page.content.decode()


def test_req_040_the_record_alone_opens_no_history(staff_with):
    response = make_response()

    assert staff_with("view_auditentry").get(history(response)).status_code == 403
    assert logged_in(make_user()).get(history(response)).status_code == 403
