"""What people wrote is shown as they wrote it, on every page of the staff (security.md 25, 42)."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from questions.admin.site import staff_site
from questions.models import OutgoingMail, StateAlias
from questions.operations import audit
from tests.admin.pages import change_page
from tests.factories import (
    AFTER,
    answer,
    make_asker,
    make_candidacy,
    make_contact,
    make_event,
    make_link,
    make_question,
    make_slot,
    make_state,
    make_user,
    send,
)

pytestmark = pytest.mark.django_db

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{% now %}[a](javascript:alert(3))"
)
PARTS = ["<script>alert", "<img src=x"]


@pytest.fixture
def rows():
    """One row of everything, hostile wherever people write."""
    state = make_state(name=HOSTILE[:100], iso3="XOC", formal_name=HOSTILE)
    StateAlias.objects.create(state=state, name=HOSTILE[:90])
    event = make_event(title=HOSTILE[:120], organisers=HOSTILE, sources=HOSTILE)
    candidacy = make_candidacy(event=event, state=state, staff_note=HOSTILE, sources=HOSTILE)
    contact = make_contact(state=state, name=HOSTILE, role=HOSTILE, email="geneva@octava.example")
    asker = make_asker(name=HOSTILE, label=HOSTILE[:60])
    question = make_question(event=event, title=HOSTILE[:120], text=HOSTILE, askers=[asker])
    link, _token = make_link(candidacy=candidacy, contact=contact)
    slot = make_slot(candidacy=candidacy, question=question)
    submission = send(candidacy, {slot: answer(HOSTILE)})
    type(submission).objects.update(signatory_name=HOSTILE[:120], signatory_title=HOSTILE)
    user = make_user(first_name=HOSTILE[:100], username=HOSTILE[:100])
    found = {
        "state": state,
        "event": event,
        "candidacy": candidacy,
        "contact": contact,
        "asker": asker,
        "question": question,
        "link": link,
        "submission": submission,
        "response": slot.responses.get(),
        "mail": OutgoingMail.objects.get(kind="receipt"),
        "letter": slot.letter,
        "user": user,
    }
    OutgoingMail.objects.update(subject=HOSTILE, body=HOSTILE, error=HOSTILE)
    return found


def assert_harmless(page):
    html = page.content.decode()
    assert page.status_code == 200
    assert [part for part in PARTS if part in html] == []
    assert "&lt;script&gt;alert(1)" in html  # it is there, as text


def test_req_025_lists_pages_and_histories_show_it_as_typed(admin, boss, rows):
    for row in rows.values():
        LogEntry.objects.create(
            user=boss,
            content_type=ContentType.objects.get_for_model(row),
            object_id=row.pk,
            object_repr=HOSTILE,
            action_flag=CHANGE,
            change_message=HOSTILE,
        )
        name = staff_site.get_model_admin(type(row)).audit_subject(row)
        audit.record("test.act", name, by=boss, at=AFTER, changed=[HOSTILE])
        model = f"{row._meta.app_label}_{row._meta.model_name}"

        assert_harmless(admin.get(reverse(f"admin:{model}_changelist")))
        assert_harmless(admin.get(change_page(row)))
        assert_harmless(admin.get(reverse(f"admin:{model}_history", args=[row.pk])))


def test_req_025_pages_of_our_own_show_it_as_typed(admin, rows):
    candidacy, response = rows["candidacy"], rows["response"]
    make_slot(
        candidacy=candidacy,
        question=make_question(event=rows["event"], text=HOSTILE, askers=[rows["asker"]]),
        sent=False,
    )
    make_candidacy(event=rows["event"])
    pages = [
        ("index", []),
        ("record_answer_for", [candidacy.pk]),
        ("questions_event_open", [rows["event"].pk]),
        ("questions_question_put", [rows["question"].pk]),
        ("questions_candidacy_link", [candidacy.pk]),
        ("questions_candidacy_letter", [candidacy.pk]),
        ("questions_accesslink_revoke", [rows["link"].pk]),
        ("questions_response_withhold", [response.pk]),
    ]
    for name, args in pages:
        assert_harmless(admin.get(reverse(f"admin:{name}", args=args)))
    assert_harmless(admin.get(reverse("admin:record_answer"), {"event": rows["event"].pk}))


def test_req_042_results_of_acting_show_it_as_typed(admin, rows):
    candidacy, response, asker = rows["candidacy"], rows["response"], rows["asker"]
    chosen = {"action": "publish_chosen", "_selected_action": [response.pk]}

    assert_harmless(
        admin.post(
            reverse("admin:questions_candidacy_link", args=[candidacy.pk]),
            {"contact": rows["contact"].pk},
        )
    )
    assert_harmless(admin.post("/admin/questions/response/", chosen))
    assert_harmless(admin.get(reverse("admin:questions_asker_delete", args=[asker.pk])))
    assert_harmless(admin.get(reverse("admin:questions_topic_changelist"), {"q": HOSTILE}))
    assert_harmless(
        admin.post(
            reverse("admin:record_answer_for", args=[candidacy.pk]),
            {"received": HOSTILE, "reason": HOSTILE, f"text_{response.slot_id}": HOSTILE},
        )
    )


def test_req_042_autocomplete_answers_as_data(admin, rows):
    for model, field in [("candidacy", "state"), ("questionasker", "asker")]:
        page = admin.get(
            reverse("admin:autocomplete"),
            {"app_label": "questions", "model_name": model, "field_name": field, "term": "script"},
        )

        assert page.headers["Content-Type"] == "application/json"
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert HOSTILE.startswith(page.json()["results"][0]["text"][:90])


def test_req_042_a_template_in_a_text_is_not_rendered(admin, rows):
    html = admin.get(change_page(rows["response"])).content.decode()

    assert "{{7*7}}" in html and "{% now %}" in html
