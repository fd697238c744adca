"""Translations in the data files and the API."""

import csv
import io
import json

import pytest
from django.test import Client

from questions.models import Edition, Response
from tests.factories import make_response, make_translation
from tests.seals import unsealed

from .public_pages import TODAY, forget_kept_pages, publish

pytestmark = pytest.mark.django_db


def read(address, **headers):
    page = Client().get(address, headers=headers)
    assert page.status_code == 200
    return page.getvalue()


def translated():
    """The cells of each row of answers.csv, and of each object of event.json."""
    forget_kept_pages()
    text = read("/data/2021/answers.csv").decode("utf-8-sig")
    names = ["reference", "translation_en", "translation_kind"]
    rows = [tuple(row[name] for name in names) for row in csv.DictReader(io.StringIO(text))]
    found = json.loads(read("/data/2021/event.json"))["answers"]
    assert [tuple(one[name] or "" for name in names) for one in found] == rows
    return rows


@pytest.fixture
def response(record):
    return Response.objects.get(slot__question__state=None)


def test_data_files_hold_the_public_translation_into_english(response):
    with unsealed():
        response.delete()
    response = publish(response.slot, language="fr", text="Oui.")
    nothing = [
        ("PE2021/Q1/XKA", "", ""),
        ("PE2021/Q2/XKA", "", ""),
        ("PE2021/XKA-1", "", ""),
    ]
    make_translation(of=response, language="ar", text="نعم.")
    make_translation(of=response, language="en", text="CANARY", published=False)
    make_translation(of=make_response(slot=response.slot), language="en", text="CANARY")
    before = translated()

    make_translation(of=response, language="en", text="Yes.", kind="machine")
    Edition.objects.bump(at=TODAY)

    assert before == nothing
    assert translated() == [("PE2021/Q1/XKA", "Yes.", "machine"), *nothing[1:]]


def test_api_gives_the_translations_of_each_text(response):
    for original in [response, response.slot.question]:
        make_translation(of=original, language="fr", text="Oui.")
        make_translation(of=original, language="ar", text="نعم.", kind="machine", made_by="Engine")
        make_translation(of=original, language="es", text="CANARY", published=False)
    expected = [
        {
            "language": "ar",
            "kind": "machine",
            "made_by": "Engine",
            "made_on": "2021-10-05",
            "text": "نعم.",
        },
        {
            "language": "fr",
            "kind": "ishr",
            "made_by": "ISHR",
            "made_on": "2021-10-05",
            "text": "Oui.",
        },
    ]

    answer = json.loads(read("/api/v1/answers/PE2021-Q1-XKA", **{"accept-language": "fr"}))
    question = json.loads(read("/api/v1/questions/PE2021-Q1", **{"accept-language": "fr"}))

    assert answer["in_force"]["translations"] == question["translations"] == expected
