"""What describes the API: its start, `openapi.json` and a page to read, made from one another."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from ninja import NinjaAPI

from .problems import HERE, PROBLEM_JSON
from .queries import require_named_once

ABOUT = """The record of what States that stand for the Human Rights Council were asked, and what \
they answered. It is read only, needs no key, and shows what the public pages show.

A list holds as many objects as limit says, in the order of their names; next is the address of \
those after them. A page of answers of one status may hold fewer, or none, while next leads on. \
Only the parameters that are named here exist: another, or one given twice, is refused. A filter \
that names nothing public gives an empty list. Single objects are found by the name that cites \
them, with hyphens: PE2021/Q5/KAZ is PE2021-Q5-KAZ.

Moments are ISO 8601 with their offset. Every answer has an ETag; a request with If-None-Match is \
answered with 304 while nothing at its address has changed. There is no filter by time of change: \
time alone changes a status, at due_at, where nothing was received. Any site's pages may read it."""
COLLECTIONS = (
    *("events", "candidacies", "questions", "answers", "states", "topics", "askers"),
    "corrections",
)
IN_WORDS = {
    200: "What was asked for.",
    400: "A parameter is unknown, repeated, or has a value that it cannot have.",
    404: "Nothing public has this name, or no page of the list begins at the cursor.",
    410: "It was public, and is withdrawn; the problem says when and why.",
}


def describe(ninja: NinjaAPI) -> None:
    """Add the addresses that hold no objects; what has no address is the last of them."""

    def add(path: str, view) -> None:
        ninja.api_operation(["GET", "HEAD"], path, include_in_schema=False)(view)

    def openapi_json(request: HttpRequest) -> HttpResponse:
        return kept_json(request, described(ninja))

    def docs(request: HttpRequest) -> HttpResponse:
        require_named_once(request, set())
        page = render(None, "public/api.html", readable(described(ninja)))
        page.is_kept = True
        return page

    add("", start)
    add("openapi.json", openapi_json)
    add("docs", docs)
    add("{path:rest}", nothing_here)


def start(request: HttpRequest) -> HttpResponse:
    """Where to begin."""
    addresses = {name: f"{settings.BASE_URL}{HERE}{name}" for name in COLLECTIONS}
    addresses["description"] = f"{settings.BASE_URL}{HERE}openapi.json"
    addresses["documentation"] = f"{settings.BASE_URL}{HERE}docs"
    return kept_json(request, addresses)


def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    raise Http404


def kept_json(request: HttpRequest, found: dict[str, Any]) -> HttpResponse:
    require_named_once(request, set())
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.is_kept = True
    return response


@cache
def described(ninja: NinjaAPI) -> dict[str, Any]:
    """OpenAPI 3.1, as ninja has it and with what it cannot say."""
    found = dict(ninja.get_openapi_schema(path_prefix=HERE.lstrip("/")))
    schemas = found["components"]["schemas"]
    for name in [name for name in schemas if name.endswith("Query")]:
        del schemas[name]  # each parameter is described where it is taken
    found["info"] |= {"description": ABOUT}
    if settings.DATA_LICENCE:
        found["info"]["description"] += f"\n\n{settings.DATA_LICENCE}"
    found["servers"] = [{"url": settings.BASE_URL}]
    for path, methods in found["paths"].items():
        methods.pop("head")  # as GET, without the body
        operation = methods["get"]
        operation["operationId"] = operation_name(path)
        operation["parameters"] = [without_default(one) for one in operation["parameters"]]
        operation["responses"] = {
            str(status): answer_in_words(status, answer, schemas)
            for status, answer in operation["responses"].items()
        }
        operation["responses"]["304"] = {"description": "What the reader holds is still good."}
    return found


def operation_name(path: str) -> str:
    """list_answers, get_answers."""
    collection, *name = path.removeprefix(HERE).split("/")
    return f"{'get' if name else 'list'}_{collection}"


def without_default(parameter: dict[str, Any]) -> dict[str, Any]:
    """Not given is not the same as given and empty, which is refused."""
    schema = {
        name: value
        for name, value in parameter["schema"].items()
        if name not in {"title", "description", "examples"} and (name, value) != ("default", "")
    }
    return {
        "name": parameter["name"],
        "in": parameter["in"],
        "required": parameter["required"],
        "description": parameter["description"],
        "schema": schema,
        **({"example": parameter["examples"][0]} if "examples" in parameter else {}),
    }


def answer_in_words(status: int, answer: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    (content,) = answer["content"].values()
    media_type = "application/json" if status == 200 else PROBLEM_JSON
    example = example_of(content["schema"], schemas)
    return {
        "description": IN_WORDS[status],
        "content": {media_type: content | {"example": example}},
    }


def example_of(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """Its own where it has one, else made of those of its fields."""
    if "examples" in schema:
        return schema["examples"][0]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], schemas)
    if "items" in schema:
        return [example_of(schema["items"], schemas)]
    fields = schemas[name_of(schema)]["properties"]
    return {name: example_of(field, schemas) for name, field in fields.items()}


def name_of(schema: dict[str, Any]) -> str:
    return schema["$ref"].rpartition("/")[2]


def readable(found: dict[str, Any]) -> dict[str, Any]:
    """What the page prints of the description."""
    schemas = found["components"]["schemas"]
    return {
        "info": found["info"],
        "about": found["info"]["description"].split("\n\n"),
        "operations": [
            readable_operation(path, methods["get"]) for path, methods in found["paths"].items()
        ],
        "objects": [
            {
                "name": name,
                "about": schema["description"],
                "fields": [
                    (field, in_words(about), about.get("description", ""))
                    for field, about in schema["properties"].items()
                ],
                "example": json.dumps(
                    example_of({"$ref": name}, schemas), indent=1, ensure_ascii=False
                ),
            }
            for name, schema in schemas.items()
            if not name.endswith("List")
        ],
        "section": "data",
    }


def readable_operation(path: str, operation: dict[str, Any]) -> dict[str, Any]:
    answer = name_of(operation["responses"]["200"]["content"]["application/json"]["schema"])
    return {
        "path": path,
        "about": operation["description"],
        "id": operation["operationId"],
        "summary": operation["summary"],
        "is_list": answer.endswith("List"),
        "answers": answer.replace("List", "Object"),
        "parameters": [
            (
                one["name"],
                in_words(one["schema"]),
                one["description"],
                one.get("example", ""),
            )
            for one in operation["parameters"]
        ],
    }


def in_words(schema: dict[str, Any]) -> str:
    """The type of a value, for people."""
    if "$ref" in schema:
        return name_of(schema)
    if "anyOf" in schema:
        return " or ".join(in_words(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(value or "empty" for value in schema["enum"])
    if "const" in schema:
        return schema["const"] or "empty"
    if schema["type"] == "array":
        return f"list of {in_words(schema['items'])}"
    if schema["type"] == "object":
        return "numbers by name"
    if schema["type"] == "integer" and "maximum" in schema:
        return f"{schema['minimum']} to {schema['maximum']}"
    return schema.get("format", schema["type"])
