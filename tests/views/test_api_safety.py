"""What the API may not do: leak, change or remember (security.md 47, 50, 83, 84, 87)."""

import json

import pytest
from django.test import Client

from questions.models import (
    Asker,
    Edition,
    Event,
    EventStatus,
    Response,
    ResponseStatus,
    Submission,
)
from tests.factories import (
    AFTER,
    BEFORE,
    make_attachment,
    make_contact,
    make_correction,
    make_question,
    make_response,
    make_slot,
    make_translation,
)

from .public_pages import PASSED, TODAY, bodies, forget_kept_pages, make_record, publish
from .test_api import API, NAMED_BY, found, get
from .test_public_canaries import add_canaries

pytestmark = pytest.mark.django_db

DETAILS = [
    "events/2021",
    "candidacies/PE2021-XKA",
    "questions/PE2021-Q1",
    "questions/PE2021-XKA-1",
    "answers/PE2021-Q1-XKA",
    "answers/PE2021-Q2-XKA",
    "answers/PE2021-XKA-1",
    "states/XKA",
    "askers/civicus",
]
LISTS = [
    *NAMED_BY,
    "corrections",
    *(f"{kind}?limit=1" for kind in NAMED_BY),
    *(f"{kind}?event=2021" for kind in ("candidacies", "questions", "answers")),
    "answers?status=on",
    "answers?status=none",
    "answers?status=rec",
    "answers?state=XKA&limit=2",
    "answers?event=2022",
    "questions?asker=canary-organisation",
    "questions?scope=one",
    "askers?kind=individual",
    "",
    "openapi.json",
    "docs",
]
HIDDEN = [
    "events/2022",
    "candidacies/PE2022-XKA",
    "questions/PE2022-Q1",
    "questions/PE2021-Q3",
    "questions/PE2021-Q4",
    "questions/PE2021-XKA-2",
    "answers/PE2022-Q1-XKA",
    "answers/PE2021-Q3-XKA",
    "answers/PE2021-XKA-2",
    "askers/canary-organisation",
    "topics/canary",
    "nothing",
]
EVERYTHING = [f"{API}{address}" for address in [*LISTS, *DETAILS, *HIDDEN]]


def changed_between(before, after):
    return [address for address in before if after[address] != before[address]]


def test_req_047_what_is_not_public_changes_no_byte_of_the_api(record):
    before = bodies(EVERYTHING)

    add_canaries(record)
    Edition.objects.bump(at=TODAY)  # as what arrives and is not public does
    after = bodies(EVERYTHING)

    assert {before[f"{API}{address}"][0] for address in [*LISTS, *DETAILS]} == {200}
    assert {before[f"{API}{address}"][0] for address in HIDDEN} == {404}
    assert changed_between(before, after) == []
    assert len({after[f"{API}{address}"][1] for address in HIDDEN}) == 1


def test_req_047_the_same_things_show_in_the_api_once_they_are_public(record):
    """The control: what was silent above is not silent for want of a voice."""
    add_canaries(record)
    before = bodies(EVERYTHING)

    Event.objects.filter(code="PE2022").update(status=EventStatus.OPEN)
    for letterless in record.candidacies.get().slots.filter(letter=None):
        letterless.letter = letterless.candidacy.letters.issued().first()
        letterless.save()

    after = bodies(EVERYTHING)
    changed = {address for address in EVERYTHING if after[address] != before[address]}
    assert changed >= {f"{API}{kind}" for kind in NAMED_BY if kind != "topics"}
    assert {f"{API}events/2022", f"{API}questions/PE2021-Q3"} <= changed


def test_req_050_a_text_that_is_withdrawn_is_gone_from_the_api_with_its_validator(clock):
    clock(PASSED)
    make_record(text="Names a witness.")
    addresses = [f"{API}answers/PE2021-Q1-XKA", f"{API}answers", f"{API}answers?language=en"]
    held = {address: Client().get(address).headers["ETag"] for address in addresses}

    Response.objects.update(status=ResponseStatus.WITHHELD, withheld_reason="Names people.")
    Edition.objects.bump(at=PASSED)

    for address, etag in held.items():
        page = Client().get(address, headers={"If-None-Match": etag})
        assert page.status_code == 200
        assert b"witness" not in page.content
    assert found("answers/PE2021-Q1-XKA")["withheld_reason"] == "Names people."


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY"])
@pytest.mark.parametrize(
    "address", ["", "answers", "answers/PE2021-Q1-XKA", "openapi.json", "docs", "nothing"]
)
def test_req_083_api_is_read_and_not_written(record, method, address):
    before = bodies([f"{API}answers"])
    asking = Client(enforce_csrf_checks=True)
    headers = {"X-HTTP-Method-Override": "DELETE"}

    page = asking.generic(method, f"{API}{address}", b"{}", "application/json", headers=headers)

    assert page.status_code == 405
    assert page.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert page.headers["Content-Type"] == "application/problem+json"
    assert not page.cookies
    assert bodies([f"{API}answers"]) == before


def test_req_083_get_that_says_it_is_another_method_is_a_get(record):
    plain = get("events").content

    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        forget_kept_pages()
        assert get("events", **{name: "DELETE"}).content == plain
    assert Event.objects.count() == 1


@pytest.mark.parametrize("address", ["", *LISTS[:9], *DETAILS, "nothing", "answers?x=1"])
def test_req_083_any_site_may_read_the_api_and_nobody_is_remembered(record, address):
    asking = Client(
        headers={"Origin": "https://elsewhere.example", "Cookie": f"session={'a' * 32}"}
    )

    for page in (asking.get(f"{API}{address}"), asking.head(f"{API}{address}")):
        assert page.headers["Access-Control-Allow-Origin"] == "*"
        assert page.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Access-Control-Allow-Credentials" not in page.headers
        assert not page.cookies
        assert "Cookie" not in page.headers.get("Vary", "")


def test_req_083_private_pages_are_not_open_to_other_sites(record):
    for address in ("/admin/", "/en/reply/", "/en/2021/"):
        page = Client().get(address, headers={"Origin": "https://elsewhere.example"})
        assert "Access-Control-Allow-Origin" not in page.headers


@pytest.mark.parametrize("address", ["answers", "answers?limit=1", "answers/PE2021-Q1-XKA"])
def test_req_083_head_and_options_answer_without_a_body(record, address):
    read, head = get(address), Client().head(f"{API}{address}")
    asked = Client().options(f"{API}{address}", headers={"Origin": "https://elsewhere.example"})

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == read.headers["ETag"]
    assert (asked.status_code, asked.content) == (204, b"")
    assert asked.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", ["answers", "answers?limit=1&status=on", "events/2021", "docs"])
def test_api_sends_nothing_again_to_whoever_holds_it(record, address):
    etag = get(address).headers["ETag"]

    held = get(address, **{"If-None-Match": etag})
    Edition.objects.bump(at=TODAY)
    Event.objects.update(title="Another title", term_end=2031)
    Response.objects.update(published_at=TODAY)
    changed = get(address, **{"If-None-Match": etag})

    assert (held.status_code, held.content) == (304, b"")
    assert held.headers["ETag"] == etag
    assert changed.status_code == (304 if address == "docs" else 200)


SECRET = [
    "canary@specimen.example",
    "CANARY note",
    "CANARY consent",
    "canary-staff",
    "CANARY Signatory",
    "CANARY typed",
    "canary.pdf",
    "CANARY received",
]


def test_req_084_api_shows_the_fields_that_are_declared_and_no_others(clock, django_user_model):
    clock(PASSED)
    event = make_record()
    staff = django_user_model.objects.create(username="canary-staff", email=SECRET[0])
    slot = make_slot(question=event.questions.get(number=2), candidacy=None)
    make_contact(state=slot.candidacy.state, name="CANARY note", email=SECRET[0])
    publish(slot, text_as_typed="CANARY typed", language="fr", entered_by=staff)
    make_response(slot=slot, text="CANARY received", received_at=AFTER)
    make_attachment(slot=slot, name="canary.pdf", stored_as="canary.pdf")
    Event.objects.update(staff_notes="CANARY note", stated_counts={"CANARY note": 1})
    event.candidacies.update(staff_note="CANARY note")
    event.sessions.update(staff_note="CANARY note")
    Asker.objects.update(public_consent_on=TODAY.date(), public_consent_source="CANARY consent")
    Submission.objects.update(signatory_name="CANARY Signatory", entry_reason="CANARY note")

    make_correction(event=event, published_at=BEFORE, by=staff)
    make_translation(of=Response.objects.first(), made_by="ISHR", entered_by=staff)

    lists = [*NAMED_BY, "corrections"]
    whole = "".join(get(f"{kind}?limit=200").content.decode() for kind in lists)
    whole += "".join(get(address).content.decode() for address in DETAILS)

    assert "Oui." in whole
    assert "8 September 2021." in whole
    assert [secret for secret in SECRET if secret in whole] == []
    assert fields_of(json.loads(get("answers/PE2021-Q1-XKA").content)) == {
        *("symbol", "event", "question", "state", "state_name", "status", "letter_date", "due_on"),
        *("due_at", "received_at", "days_from_deadline", "withheld_reason", "in_force", "earlier"),
        *("permalink", "files", "version", "kind", "text", "language", "published_at"),
        *("amendment_reason", "translations", "made_by", "made_on", "rules"),
    }
    assert fields_of(json.loads(get("askers/civicus").content)) == {
        *("slug", "name", "kind", "label", "page")
    }


def fields_of(found):
    """The names of all fields, however deep."""
    if isinstance(found, list):
        return {name for item in found for name in fields_of(item)}
    if not isinstance(found, dict):
        return set()
    return set(found) | {name for value in found.values() for name in fields_of(value)}


def test_req_084_no_address_of_the_api_takes_a_number_of_a_row(record):
    rows = [Event.objects.get().pk, record.questions.first().pk, Asker.objects.get().pk]

    for kind in NAMED_BY:
        for pk in rows:
            assert get(f"{kind}/{pk}").status_code == 404
    assert "id" not in {name for kind in NAMED_BY for name in fields_of(found(kind))}


def test_only_common_addresses_are_kept(record):
    """What anyone can spell in a thousand ways is answered and not kept (security.md 87)."""
    question = make_question(event=record, askers=[])
    make_slot(question=question, candidacy=record.candidacies.get())
    follow = found("answers?limit=1")["next"].partition("cursor=")[2].partition("&")[0]

    for address, is_kept in [
        ("answers", True),
        ("answers?state=XKA", True),
        (f"answers?cursor={follow}", True),
        (f"answers?cursor={follow}&state=XKA", True),
        (f"answers?state=XKA&cursor={follow}", False),
        ("answers?state=XQQ", False),
        ("answers?event=2021&state=XKA", False),
        ("answers?limit=50", False),
        ("answers?limit=1", False),
        ("answers?%73tate=XKA", False),
        ("answers?state=XKA&", False),
    ]:
        assert ("Vary" in get(address).headers) is is_kept, address
