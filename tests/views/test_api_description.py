"""The API against its own description: whatever that allows is asked, and what it forbids too.

schemathesis makes the requests and holds the answers to the description (security.md 86).
"""

import json
import re
from html import unescape

import jsonschema
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from schemathesis.config import SchemathesisConfig

from questions.views.api import description_of_api
from tests.factories import BEFORE, make_correction

from .public_pages import PASSED, make_board, publish, publisher
from .test_api import NAMED_BY, make_specimen

pytestmark = pytest.mark.django_db

OPENAPI = "/api/v1/openapi.json"
EXAMPLES = 12  # of each kind for each address; examples and edges come besides


config = SchemathesisConfig.from_dict(
    {
        "generation": {"deterministic": True, "max-examples": EXAMPLES, "database": "none"},
        "checks": {"max_response_time": 5.0},
    }
)
api = schemathesis.openapi.from_dict(description_of_api(), config=config)
api.app = get_wsgi_application()


@pytest.fixture
def one_connection():
    """Left open between requests, as Django's own client does: the test's transaction is on it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def record_to_ask(clock, settings, one_connection):
    """What the description's examples name, and a second page of every list."""
    clock(PASSED)
    settings.ALLOWED_HOSTS = ["localhost"]  # what schemathesis says it asks
    publish(make_specimen())
    for slot in make_board(states=3, questions=3).values():
        publish(slot)
        make_correction(event=slot.question.event, published_at=BEFORE, by=publisher())


@pytest.mark.usefixtures("record_to_ask")
@api.parametrize()
@hypothesis_settings(
    deadline=None,
    derandomize=True,
    max_examples=EXAMPLES,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_req_086_api_answers_everything_as_it_is_described(case):
    case.call_and_validate(headers={"Accept-Encoding": "identity"})  # it reads no gzip


def test_description_describes_every_parameter_answer_and_field_with_an_example():
    found = json.loads(Client().get(OPENAPI).content)
    paths, schemas = found["paths"], found["components"]["schemas"]

    assert found["openapi"].startswith("3.1.")
    assert set(paths) == {
        f"/api/v1/{kind}{name}"
        for kind, named_by in NAMED_BY.items()
        for name in ("", f"/{{{named_by}}}")
    } | {"/api/v1/corrections"}
    for path, methods in paths.items():
        assert list(methods) == ["get"]
        answers = methods["get"]["responses"]
        may_be_gone = path.endswith(("questions/{symbol}", "answers/{symbol}"))
        assert set(answers) == {"200", "304", "400", "404", *(["410"] if may_be_gone else [])}
        assert all(answer["description"] for answer in answers.values())
        assert "content" not in answers.pop("304")
        for answer in answers.values():
            (content,) = answer["content"].values()
            validator(content["schema"], schemas).validate(content["example"])
        for parameter in methods["get"]["parameters"]:
            assert parameter["description"]
            assert "example" in parameter or parameter["name"] == "cursor"
            if "example" in parameter:
                validator(parameter["schema"], schemas).validate(parameter["example"])
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["description"]
        assert schema["additionalProperties"] is False
        assert all(field["description"] for field in schema["properties"].values())
        assert schema["required"] == list(schema["properties"])


def validator(schema, schemas):
    whole = {**schema, "components": {"schemas": schemas}}
    return jsonschema.Draft202012Validator(
        whole, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def test_documentation_is_the_description_in_plain_html():
    found = json.loads(Client().get(OPENAPI).content)
    page = Client().get("/api/v1/docs")
    html = page.content.decode()
    words = unescape(re.sub(r"<[^>]+>", "", html))

    assert page.status_code == 200
    assert "<script" not in html
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    for path, methods in found["paths"].items():
        assert path in words
        assert all(one["description"] in words for one in methods["get"]["parameters"])
    for name, schema in found["components"]["schemas"].items():
        if not name.endswith("List"):
            assert f'id="{name}"' in html
            assert all(field["description"] in words for field in schema["properties"].values())


def test_start_leads_to_every_list_and_to_the_description():
    page = Client().get("/api/v1/")

    addresses = json.loads(page.content)
    assert list(addresses) == [*NAMED_BY, "corrections", "description", "documentation"]
    for address in addresses.values():
        assert Client().get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200
