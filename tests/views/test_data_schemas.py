"""The JSON Schemas, and that what we promise as JSON keeps to them."""

import json

import jsonschema
import pytest
from django.test import Client

from questions.models import ResponseKind
from tests.factories import make_question, make_slot

from .public_pages import PASSED, make_record, publish, publisher
from .test_api import NAMED_BY, get

pytestmark = pytest.mark.django_db


def schema(name):
    page = Client().get(f"/data/schema/{name}")
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "application/schema+json"
    assert page.headers["Access-Control-Allow-Origin"] == "*"
    found = json.loads(page.content)
    assert found["$id"] == f"http://127.0.0.1:8000/data/schema/{name}"
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(
        found, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


@pytest.fixture
def full_record(clock):
    """Every kind of row: answered, refused, silent, a State's own question."""
    clock(PASSED)
    event = make_record()
    candidacy = event.candidacies.get()
    for kind in (ResponseKind.DECLINED, ResponseKind.GENERAL):
        question = make_question(event=event)
        text = "" if kind == ResponseKind.DECLINED else "All."
        publish(make_slot(candidacy=candidacy, question=question), kind=kind, text=text)
    candidacy.extensions.create(
        previous_due_at=candidacy.due_at,
        due_at=PASSED,
        reason="Floods.",
        by=publisher(),
        extended_at=candidacy.due_at,
    )


def test_event_json_keeps_to_its_schema(full_record):
    found = json.loads(Client().get("/data/2021/event.json").content)
    validator = schema("event.json")

    validator.validate(found)
    assert len(found["answers"]) == 5
    assert not validator.is_valid(found | {"staff_notes": "CANARY"})
    assert not validator.is_valid({name: found[name] for name in list(found)[1:]})
    assert not validator.is_valid(found | {"answers": [found["answers"][0] | {"answer_text": 1}]})


def test_everything_of_the_api_keeps_to_its_schema(full_record):
    validator = schema("api.json")

    for kind, named_by in NAMED_BY.items():
        whole = json.loads(get(kind).content)
        validator.validate(whole)
        for item in whole["items"]:
            one = json.loads(get(f"{kind}/{item[named_by].replace('/', '-')}").content)
            validator.validate(one)
            assert not validator.is_valid(one | {"id": 1})
        assert whole["items"]


@pytest.mark.parametrize("name", ["nothing.json", "api", "..%2Fapi.json"])
def test_there_are_no_other_schemas(name):
    assert Client().get(f"/data/schema/{name}").status_code == 404


def test_data_page_leads_to_the_api_and_to_the_schemas(full_record):
    html = Client().get("/en/data/").content.decode()

    for address in ("/api/v1/docs", "/data/schema/event.json", "/data/schema/api.json"):
        assert f'href="{address}"' in html
