from datetime import date
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from questions.admin.site import staff_site
from questions.models import (
    Alert,
    Edition,
    Letterhead,
    LetterTemplate,
    MailKind,
    OfficialHoliday,
    OutgoingMail,
    StateAlias,
    Topic,
)
from questions.operations import audit
from tests.factories import (
    BEFORE,
    DUE_ON,
    make_asker,
    make_attachment,
    make_candidacy,
    make_contact,
    make_correction,
    make_event,
    make_link,
    make_question,
    make_reply_contact,
    make_response,
    make_slot,
    make_state,
    make_translation,
)

pytestmark = pytest.mark.django_db

RELATED = ["state", "asker", "candidacy", "question", "mission", "contact"]


def changelist(model):
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")


def lists():
    """Every list of the staff's site, and those that our own pages link to with a filter."""
    for model in staff_site._registry.keys() - {Alert}:  # which has figures and no list
        yield changelist(model)
    yield reverse("admin:questions_candidacy_changelist") + "?answers=awaited"
    yield reverse("admin:questions_response_changelist") + "?status__exact=received"
    yield reverse("admin:questions_state_changelist") + "?q=specimenia"
    yield reverse("admin:questions_candidacy_changelist") + "?q=specimenia"
    yield reverse("admin:questions_response_changelist") + "?q=specimenia"


def make_rows(event, numbers):
    """One row of each list for each number, at one event."""
    to_all = event.questions.filter(title="To all").first() or make_question(
        event=event, number=900, title="To all"
    )
    for number in numbers:
        state = make_state(name=f"Specimenia of {number}", iso3=code(number))
        StateAlias.objects.create(state=state, name=f"Alias {number}")
        candidacy = make_candidacy(event=event, state=state)
        contact = make_contact(state=state, name=f"Contact {number}")
        link, _token = make_link(candidacy=candidacy, contact=contact)
        topic = Topic.objects.create(name=f"Topic {number}", slug=f"topic-{number}")
        question = make_question(event=event, number=number + 1, askers=[make_asker()])
        question.topics.add(topic)
        response = make_response(slot=make_slot(candidacy=candidacy, question=question))
        make_slot(candidacy=candidacy, question=to_all)  # which stays unanswered
        OutgoingMail.objects.create(
            kind=MailKind.RECEIPT,
            contact=contact,
            submission=response.submission,
            to=f"mission{number}@specimen.example",
            subject="Received",
            body="…",
            message_id=str(uuid4()),
            next_try_at=BEFORE,
            queued_at=BEFORE,
        )
        make_reply_contact(link=link)
        make_correction(event=event, slot=response.slot)
        make_translation(of=question, published=False)
        make_attachment(slot=response.slot, link=link, submission=response.submission, number=1)
        make_event(year=3000 + number, answers_due_on=DUE_ON, letter_date=date(2021, 9, 29))
        LetterTemplate.objects.create(name=f"Template {number}", texts={})
        OfficialHoliday.objects.create(date=date(1900 + number, 1, 1), name=f"Day {number}")
        get_user_model().objects.create(username=f"colleague {number}", password="!")
        Group.objects.create(name=f"Group {number}")
        with transaction.atomic():
            audit.record("row.made", f"row {number}", by=None, at=BEFORE)


def code(number):
    """XAA, XAB … and then YAA …: 300 codes of their own."""
    first, rest = divmod(number, 26 * 26)
    return "XYZ"[first] + chr(65 + rest // 26) + chr(65 + rest % 26)


def queries_of(client, address):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get(address)
    assert page.status_code == 200, address
    return len(queries), page.context["cl"].result_count


def test_every_list_runs_as_many_queries_at_300_rows_as_at_3(admin):
    event = make_event(year=2090)
    make_rows(event, range(3))
    for address in lists():
        admin.get(address)  # content types are looked up once
    few = {address: queries_of(admin, address) for address in lists()}

    make_rows(event, range(3, 300))
    many = {address: queries_of(admin, address) for address in lists()}

    assert {a: queries for a, (queries, _rows) in many.items()} == {
        a: queries for a, (queries, _rows) in few.items()
    }
    one_row = {changelist(Edition), changelist(Letterhead)}
    assert [a for a, (_queries, rows) in few.items() if rows < 3 and a not in one_row] == []
    assert [a for a, (_queries, rows) in many.items() if rows < 300 and a not in one_row] == []


def test_start_page_runs_as_many_queries_at_300_rows_as_at_3(admin, django_assert_num_queries):
    event = make_event(year=2090)
    make_rows(event, range(3))
    admin.get("/admin/")
    with CaptureQueriesContext(connection) as few:
        admin.get("/admin/")

    make_rows(event, range(3, 40))

    with django_assert_num_queries(len(few)):
        admin.get("/admin/")


@pytest.mark.parametrize("model", ["candidacy", "question", "contact", "asker", "mission", "event"])
def test_no_form_offers_all_states_askers_or_questions_in_a_select(admin, model):
    make_rows(make_event(year=2090), range(30))

    page = admin.get(reverse(f"admin:questions_{model}_add"))

    assert "Specimenia of" not in page.content.decode()
    assert "Asker " not in page.content.decode().replace("Asker kind", "")
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("model", "field", "typed"),
    [
        ("candidacy", "state", "xoc"),
        ("candidacy", "state", "OCTAVA"),
        ("candidacy", "state", "أوكتافا"),
        ("candidacy", "state", "Октава"),
        ("candidacy", "state", "第八国"),
        ("candidacy", "state", "Octavie"),
        ("candidacy", "state", "Octavia"),
        ("candidacy", "state", "Republic of Octava"),
        ("candidacy", "state", "Old Eighth"),
        ("submission", "candidacy", "old eighth 2021"),
        ("submission", "candidacy", "PE2021/XOC"),
    ],
)
def test_autocomplete_finds_a_state_by_code_any_name_and_alias(admin, model, field, typed):
    octava = make_state(
        name="Octava",
        iso3="XOC",
        formal_name="the Republic of Octava",
        name_ar="أوكتافا",
        name_ru="Октава",
        name_zh_hans="第八国",
        name_fr="Octavie",
        name_es="Octavia",
    )
    StateAlias.objects.create(state=octava, name="Old Eighth")
    event = make_event(year=2021)
    wanted = octava if field == "state" else make_candidacy(event=event, state=octava)
    make_candidacy(event=event, state=make_state(name="Nona", iso3="XNO"))
    make_candidacy(event=make_event(year=2020), state=octava)

    page = admin.get(
        reverse("admin:autocomplete"),
        {"app_label": "questions", "model_name": model, "field_name": field, "term": typed},
    )

    assert page.json()["results"] == [{"id": str(wanted.pk), "text": str(wanted)}]
