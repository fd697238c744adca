"""What machines read of the pages of questions and answers: JSON-LD in the words of schema.org."""

import json
import re

import pytest
from pyld import jsonld

from questions.models import Edition, Event, ResponseKind, ResponseStatus
from tests.factories import make_asker, make_question, make_response, make_slot

from .public_pages import TODAY, make_board, make_record, publish, read

pytestmark = pytest.mark.django_db

SCHEMA = "https://schema.org/"
BASE = "http://127.0.0.1:8000/r/"


def block_of(address):
    return re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', read(address).content.decode(), re.S
    )


def data_of(address):
    (block,) = block_of(address)
    return json.loads(block)


def expanded(address):
    """The question and its answers as another's reader of JSON-LD understands them."""

    def context_at_hand(url, _options):
        assert url == "https://schema.org"  # nothing else is fetched
        words = {"@vocab": SCHEMA, "id": "@id", "url": {"@id": f"{SCHEMA}url", "@type": "@id"}}
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": words}}

    (page,) = jsonld.expand(data_of(address), {"documentLoader": context_at_hand})
    assert page["@type"] == [f"{SCHEMA}QAPage"]
    return page[f"{SCHEMA}mainEntity"][0]


def value(node, name):
    return node[f"{SCHEMA}{name}"][0].get("@value")


def test_reader_of_linked_data_finds_the_question_and_who_answered(record):
    question = expanded("/en/2021/q1/")

    assert question["@id"] == f"{BASE}PE2021-Q1"
    assert value(question, "text") == "What will you do?"
    assert value(question[f"{SCHEMA}author"][0], "name") == "CIVICUS"
    assert value(question, "answerCount") == 1
    (answer,) = question[f"{SCHEMA}suggestedAnswer"]
    assert answer["@type"] == [f"{SCHEMA}Answer"]
    assert answer[f"{SCHEMA}url"] == [{"@id": f"{BASE}PE2021-Q1-XKA"}]
    assert (value(answer, "text"), value(answer, "inLanguage")) == ("Yes.", "en")
    assert value(answer, "dateCreated") == "2021-10-01T09:00:00+00:00"
    assert value(answer[f"{SCHEMA}author"][0], "name") == "Kalba"


def test_silence_and_refusals_are_no_answers(record):
    candidacy = record.candidacies.get()
    refused = make_slot(candidacy=candidacy, question=make_question(event=record))
    publish(refused, kind=ResponseKind.DECLINED, text="We will not.")

    for address in ["/en/2021/q2/", "/en/2021/q2/xka/", "/en/2021/q3/"]:
        question = data_of(address)["mainEntity"]
        assert (question["answerCount"], question["suggestedAnswer"]) == (0, [])


def test_page_of_an_answer_has_all_of_it_and_that_of_a_question_its_start(record):
    text = " ".join(f"word{number}" for number in range(60))
    slot = make_slot(question=make_question(event=record))
    publish(slot, text=text, language="zh-hans")

    (whole,) = data_of(slot.get_absolute_url())["mainEntity"]["suggestedAnswer"]
    (start,) = data_of("/en/2021/q3/")["mainEntity"]["suggestedAnswer"]
    assert (whole["text"], whole["inLanguage"]) == (text, "zh-Hans")
    assert start["text"] == " ".join(text.split()[:40]) + "…"


def test_req_025_no_text_ends_the_block_or_starts_a_script(clock):
    clock(TODAY)
    hostile = '</script><script>alert(1)</script><!-- \u2028 &lt; " \\ ]]>'
    make_record(text=hostile, title=hostile, question=hostile, asker=hostile)

    for address in ["/en/2021/q1/", "/en/2021/q1/xka/"]:
        (block,) = block_of(address)
        question = json.loads(block)["mainEntity"]
        assert not re.search("[<>&\u2028]", block)
        assert {question["name"], question["text"], question["author"][0]["name"]} == {hostile}
        text = question["suggestedAnswer"][0]["text"]
        assert text.split() == hostile.split()


def test_req_047_linked_data_holds_only_what_is_public(record):
    hidden = make_asker(name="Canary Person", kind="individual")
    record.questions.get(number=1, state=None).asked_by.create(asker=hidden, position=2)
    slot = record.candidacies.get().slots.get(question__number=1, question__state=None)
    make_response(slot=slot, text="Canary amendment")
    Edition.objects.bump(at=TODAY)

    assert "anary" not in "".join(block_of("/en/2021/q1/") + block_of("/en/2021/q1/xka/"))
    hidden.public_consent_on, hidden.public_consent_source = TODAY.date(), "letter"
    hidden.save()
    Edition.objects.bump(at=TODAY)
    assert {"@type": "Person", "name": "Canary Person"} in data_of("/en/2021/q1/")["mainEntity"][
        "author"
    ]


def test_req_050_withdrawn_answer_is_in_no_block(record):
    slot = record.candidacies.get().slots.get(question__number=1, question__state=None)
    slot.responses.update(status=ResponseStatus.WITHHELD, withheld_reason="At its request")

    for address in ["/en/2021/q1/", "/en/2021/q1/xka/"]:
        assert data_of(address)["mainEntity"]["suggestedAnswer"] == []


def test_what_is_invented_is_offered_to_no_machine(record):
    Event.objects.update(is_specimen=True)

    assert block_of("/en/2021/q1/") == block_of("/en/2021/q1/xka/") == []


def test_question_with_many_answers_lists_them_all(clock):
    clock(TODAY)
    for slot in make_board(states=25).values():
        publish(slot)

    assert data_of("/en/2021/q1/")["mainEntity"]["answerCount"] == 25
