"""Who may do what: every page of our own, with the one right that opens it (security.md 40, 41)."""

import pytest
from django.urls import reverse

from questions.admin.site import staff_site
from questions.models import (
    AccessLink,
    AddressedQuestion,
    AuditEntry,
    Letter,
    Submission,
    Translation,
)
from questions.operations.publication import withdraw_question
from tests.factories import (
    AFTER,
    make_contact,
    make_correction,
    make_event,
    make_link,
    make_question,
    make_response,
    make_slot,
    make_translation,
    make_user,
)

pytestmark = pytest.mark.django_db

# name of the page, what it acts on, the right that opens it, methods that it knows
PAGES = [
    ("questions_event_open", "event", "open_event", "GET POST"),
    ("questions_event_close", "event", "open_event", "GET POST"),
    ("questions_event_compose", "event", "add_letter", "GET POST"),
    ("questions_event_send", "event", "add_outgoingmail", "GET POST"),
    ("questions_question_put", "question", "add_addressedquestion", "GET POST"),
    ("questions_candidacy_letter", "candidacy", "add_letter", "GET POST"),
    ("questions_candidacy_compose", "candidacy", "add_letter", "GET POST"),
    ("questions_candidacy_link", "candidacy", "mint_link", "GET POST"),
    ("questions_accesslink_revoke", "link", "mint_link", "GET POST"),
    ("record_answer_for", "candidacy", "add_submission", "GET POST"),
    ("questions_response_publish", "response", "publish_response", "POST"),
    ("questions_response_withhold", "response", "publish_response", "GET POST"),
    ("questions_response_again", "withheld", "publish_response", "GET POST"),
    ("questions_translation_revise", "translation", "change_translation", "GET POST"),
    ("questions_translation_publish", "translation", "publish_translation", "POST"),
    ("questions_translation_withdraw", "translation", "publish_translation", "GET POST"),
    ("questions_response_redact", "response", "publish_response", "GET POST"),
    ("questions_question_withdraw", "question", "publish_response", "GET POST"),
    ("questions_question_restore", "withdrawn", "publish_response", "GET POST"),
    ("questions_correction_publish", "correction", "publish_correction", "POST"),
]
OTHER_RIGHTS = ["view_event", "change_event", "change_question", "change_candidacy"]
ids = [name for name, *_rest in PAGES]


def withdrawn_question():
    question = make_slot().question
    withdraw_question(question, reason="A slip.", ground="mistake", by=make_user(), at=AFTER)
    return question


@pytest.fixture
def rows():
    response = make_response(slot=make_slot())
    candidacy = response.slot.candidacy
    contact = make_contact(state=candidacy.state)
    link, _token = make_link(candidacy=candidacy, contact=contact)
    return {
        "event": candidacy.event,
        "question": response.slot.question,
        "candidacy": candidacy,
        "link": link,
        "response": response,
        "withdrawn": withdrawn_question(),
        "withheld": make_response(status="withheld", withheld_reason="It names a person."),
        "translation": make_translation(of=response, published=False),
        "correction": make_correction(event=candidacy.event),
    }


def address(name, row):
    return reverse(f"admin:{name}", args=[row.pk])


def everything():
    """What any of these pages could change."""
    counted = [AccessLink, AddressedQuestion, AuditEntry, Letter, Submission, Translation]
    return [model.objects.count() for model in counted]


@pytest.mark.parametrize(("name", "kind", "right", "methods"), PAGES, ids=ids)
def test_req_040_a_page_opens_with_its_right_and_with_no_other(
    name, kind, right, methods, rows, staff_with, client
):
    page = address(name, rows[kind])
    before = everything()

    anonymous = [client.get(page), client.post(page)]
    others = staff_with(*[other for other in OTHER_RIGHTS if other != right])
    refused = [others.get(page).status_code, others.post(page).status_code]
    after_refusals = everything()
    holder = staff_with(right)
    opened = (holder.get if "GET" in methods else holder.post)(page)

    assert [p.url for p in anonymous] == [f"/admin/login/?next={page}"] * 2
    assert refused == [403 if "GET" in methods else 405, 403]
    assert after_refusals == before
    assert opened.status_code in {200, 302}


@pytest.mark.parametrize(("name", "kind", "right", "methods"), PAGES, ids=ids)
def test_a_page_knows_no_other_method_and_reading_it_changes_nothing(
    name, kind, right, methods, rows, admin
):
    page = address(name, rows[kind])
    before = everything()

    statuses = {method: getattr(admin, method)(page).status_code for method in ["put", "delete"]}
    read = admin.get(page)

    assert statuses == {"put": 405, "delete": 405}
    assert read.status_code == (200 if "GET" in methods else 405)
    assert everything() == before


@pytest.mark.parametrize(("name", "kind", "right", "methods"), PAGES, ids=ids)
def test_a_page_of_what_does_not_exist_is_not_found(name, kind, right, methods, admin):
    page = reverse(f"admin:{name}", args=[987_654])

    assert (admin.get if "GET" in methods else admin.post)(page).status_code == 404


def test_req_040_staff_without_rights_open_no_list_no_form_and_no_autocomplete(staff_with, rows):
    client = staff_with()
    statuses = set()
    for model in staff_site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        statuses |= {
            client.get(reverse(f"admin:{name}_changelist")).status_code,
            client.get(reverse(f"admin:{name}_add")).status_code,
            client.get(reverse(f"admin:{name}_change", args=[1])).status_code,
            client.get(reverse(f"admin:{name}_delete", args=[1])).status_code,
            client.get(reverse(f"admin:{name}_history", args=[1])).status_code,
        }
    autocomplete = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "questions", "model_name": "candidacy", "field_name": "state"},
    )

    assert statuses <= {302, 403, 404}  # 302: no such row, back to the start page
    assert autocomplete.status_code == 403
    assert client.get(reverse("admin:record_answer")).status_code == 403


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("response", "entered_by"),
        ("accesslink", "minted_by"),
        ("auditentry", "user"),
        ("draftanswer", "slot"),
        ("submission", "received_at"),
    ],
)
def test_req_041_autocomplete_serves_no_unrelated_model(staff_with, model, field):
    client = staff_with("view_response", "view_submission", "view_accesslink", "view_auditentry")

    page = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "questions", "model_name": model, "field_name": field, "term": "a"},
    )

    assert page.status_code == 403


@pytest.mark.parametrize(
    "name",
    ["auditentry", "outgoingmail", "accesslink", "submission", "response", "edition", "letter"],
)
def test_req_041_what_is_only_read_is_added_changed_and_deleted_by_nobody(admin, name, rows):
    link = rows["link"]
    pages = [
        admin.get(reverse(f"admin:questions_{name}_add")),
        admin.post(reverse(f"admin:questions_{name}_add"), {"_popup": 1, "number": 5}),
        admin.post(
            reverse(f"admin:questions_{name}_delete", args=[1]), {"post": "yes", "_to_field": "id"}
        ),
    ]
    listed = admin.post(
        reverse(f"admin:questions_{name}_changelist"),
        {"action": "delete_selected", "_selected_action": [link.pk], "post": "yes"},
    )

    assert [page.status_code for page in pages][:2] == [403, 403]
    assert pages[2].status_code in {302, 403}
    assert listed.status_code in {200, 302}
    assert AccessLink.objects.get() == link


def test_req_041_an_inline_adds_nothing_to_what_the_page_does_not_offer(staff_with):
    client = staff_with("view_event", "change_event")
    event = make_event()
    question = make_question(event=event)

    client.post(
        reverse("admin:questions_event_change", args=[event.pk]),
        {
            "candidacies-TOTAL_FORMS": 1,
            "candidacies-INITIAL_FORMS": 0,
            "candidacies-0-state": 1,
            "questions-TOTAL_FORMS": 1,
            "questions-0-id": question.pk,
            "questions-0-text": "Forged.",
        },
    )

    question.refresh_from_db()
    assert not event.candidacies.exists()
    assert question.text != "Forged."


@pytest.mark.parametrize(
    "query",
    [
        {"submission__link__token_digest__startswith": "a"},
        {"slot__draft_answer__text__contains": "a"},
        {"published_by__password__startswith": "a"},
    ],
)
def test_req_041_filters_reach_no_secret_and_no_draft(admin, query):
    assert admin.get("/admin/questions/response/", query).status_code == 400


def test_drafts_of_missions_are_on_no_list():
    names = {model._meta.model_name for model in staff_site._registry}

    assert not {"draft", "draftanswer", "conflictcopy"} & names
