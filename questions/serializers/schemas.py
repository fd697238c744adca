"""JSON Schemas of what we promise as JSON; they describe, and the tests hold the files to them."""

from typing import Any

from django.conf import settings
from pydantic.json_schema import models_json_schema

from questions.models import EventRecord

from . import objects
from .columns import COLUMNS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TYPES = {
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
}
TEXT, TEXTS = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
DAY = {"type": ["string", "null"], "format": "date"}
# What event.json says of the event, before its rows.
OF_EVENT = {
    "code": (TEXT, "Code of the event, the first part of every symbol."),
    "title": (TEXT, "Title of the event."),
    "body": (TEXT, "The body for which the States stand."),
    "term": (TEXT, "First and last year of the term of membership."),
    "organisers": (TEXTS, "Who convened the event."),
    "letter_date": (DAY, "Day of the letters with the questions."),
    "answers_due_on": (DAY, "The day with whose end answers are late."),
    "election_date": (DAY, "Day of the election."),
    "record": ({"enum": EventRecord.values}, "Kept here as it happened, or reconstructed."),
    "is_specimen": ({"type": "boolean"}, "Whether event, States and answers are invented."),
    "sources": (TEXTS, "Addresses of the sources."),
    "rules": (TEXT, "Address of the rules by which statuses are decided, in the version in force."),
    "exported_at_utc": (TYPES["datetime"], "The moment up to which the record is shown."),
}
API_OBJECTS = [
    *(objects.EventObject, objects.CandidacyObject, objects.QuestionObject),
    *(objects.QuestionWithTranslationsObject, objects.AnswerObject),
    *(objects.AnswerWithFilesObject, objects.StateObject, objects.TopicObject),
    *(objects.AskerObject, objects.EventList, objects.CandidacyList, objects.QuestionList),
    *(objects.AnswerList, objects.StateList, objects.TopicList, objects.AskerList),
    *(objects.CorrectionObject, objects.CorrectionList),
]


def event_schema() -> dict[str, Any]:
    """Of event.json: the event, and its rows with the columns of answers.csv."""
    row = {column.name: or_null(column.type, column.description) for column in COLUMNS}
    about = {name: kind | {"description": said} for name, (kind, said) in OF_EVENT.items()}
    rows = {"description": "The rows of answers.csv.", "type": "array", "items": whole(row)}
    return {
        **named("event.json", "An event, its questions as put to each State, and the answers"),
        **whole(about | {"answers": rows}),
    }


def api_schema() -> dict[str, Any]:
    """Of every object and list of the API."""
    _keys, found = models_json_schema([(made, "serialization") for made in API_OBJECTS])
    return {
        **named("api.json", "The objects and lists of the API"),
        "anyOf": [{"$ref": f"#/$defs/{made.__name__}"} for made in API_OBJECTS],
        "$defs": found["$defs"],
    }


def named(name: str, title: str) -> dict[str, str]:
    return {
        "$schema": DIALECT,
        "$id": f"{settings.BASE_URL}/data/schema/{name}",
        "title": title,
    }


def whole(fields: dict[str, Any]) -> dict[str, Any]:
    """An object with these fields, all of them, and no others."""
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def or_null(kind: str, description: str) -> dict[str, Any]:
    """Of a cell, which may be empty."""
    found = TYPES.get(kind, {"type": kind})
    return found | {"type": [found["type"], "null"], "description": description}


SCHEMAS = {"event.json": event_schema, "api.json": api_schema}
