"""The API, read only: `/api/v1/` (security.md 83–86)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja.errors import ValidationError

from ..data import open_to_all
from . import description
from .objects import ninja
from .problems import HERE, ParameterProblem, Refused, problem

__all__ = ["HERE", "addresses", "description_of_api", "problem"]

description.describe(ninja)
ALLOWED = "GET, HEAD, OPTIONS"


def addresses() -> list[URLPattern]:
    """Each of them answers every method: those that would change something with 405."""
    patterns, _app, _namespace = ninja.urls
    for found in patterns:
        found.callback = public_json(found.callback)
    return patterns


def description_of_api() -> dict[str, Any]:
    """As /api/v1/openapi.json has it."""
    return description.described(ninja)


def public_json(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Read by anyone's pages, with GET and HEAD alone."""

    @wraps(view)
    def answered(request: HttpRequest, **arguments: str) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            response = view(request, **arguments)
        elif request.method == "OPTIONS":
            response = HttpResponse(status=204, headers={"Allow": ALLOWED})
            response.headers["Access-Control-Allow-Methods"] = ALLOWED
        else:
            response = problem(405, "This address is read with GET or HEAD.")
            response.headers["Allow"] = ALLOWED
        if request.method == "HEAD" and not getattr(response, "is_kept", False):
            response.content = b""
        return open_to_all(response)

    return answered


@ninja.exception_handler(Refused)
def refused(request: HttpRequest, found: Refused) -> HttpResponse:
    return problem(found.status, found.detail, found.parameters)


@ninja.exception_handler(Http404)
def not_found(request: HttpRequest, found: Http404) -> HttpResponse:
    return problem(404, "Nothing public has this address.")


@ninja.exception_handler(ValidationError)
def not_valid(request: HttpRequest, found: ValidationError) -> HttpResponse:
    """400 with what is wrong in the query; a symbol that cannot be one names nothing."""
    if any(error["loc"][0] == "path" for error in found.errors):
        return not_found(request, Http404())
    wrong = [
        ParameterProblem(name=str(error["loc"][-1]), detail=error["msg"]) for error in found.errors
    ]
    return problem(400, "A parameter has a value that it cannot have.", wrong)
