"""Small pages to be framed by other sites: no script, no cookie, one request, at most 15 KB.

They alone may be framed. Their styles stand in them, and their policy names the digest of these.
"""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_exempt

from questions.citations import Citation, as_of, cite_event, cite_question, cite_reply
from questions.models import Entry, Event, Tally, entries_of_question, matrix_of
from questions.plaintext import excerpt

from .public.pages import Gone, kept, public_page, today
from .public.questions import find_entry, find_question

LONGEST_TEXT = 1_500  # characters; of a longer one the first words, and a link to the rest
WORDS = 120


def in_that_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer in the language that the address names after /embed/."""

    @wraps(view)
    def answered(request: HttpRequest, language: str, **arguments: str) -> HttpResponse:
        with translation.override(language):
            try:
                response = view(request, **arguments)
            except Gone as gone:
                response = framed_tombstone(request, gone)
        response.headers["Content-Language"] = language
        return response

    return answered


def framed(request: HttpRequest, template: str, citation: Citation, context: Mapping):
    """The page under a policy of its own: it loads nothing, and any site may frame it."""
    shared = {"citation": citation, **context}
    response = public_page(request, template, shared, section="", symbol=citation.symbol)
    return framable(response)


def framed_tombstone(request: HttpRequest, gone: Gone) -> HttpResponse:
    """Where a site still frames what was withdrawn."""
    context = {"gone": gone, "event": {"is_specimen": gone.is_specimen}, "page": gone.instead}
    symbol = gone.note.cited if gone.note else ""
    response = public_page(request, "embed/gone.html", context, section="", symbol=symbol)
    response.status_code = 410
    return framable(response)


def framable(response: HttpResponse) -> HttpResponse:
    response.headers["Content-Security-Policy"] = policy()
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@lru_cache
def policy() -> str:
    digest = hashlib.sha256(render_to_string("embed/style.html").encode()).digest()
    return (
        f"default-src 'none'; style-src 'sha256-{b64encode(digest).decode()}'; base-uri 'none';"
        " form-action 'none'; frame-ancestors *"
    )


@xframe_options_exempt
@kept()
@in_that_language
def embed_event(request: HttpRequest, event: str) -> HttpResponse:
    """How many answered; never the whole matrix."""
    found = get_object_or_404(Event.objects.publicly_visible(), slug=event)
    matrix = matrix_of(found, at=request.received_at)
    context = {"event": found, "matrix": matrix, "page": found.get_absolute_url()}
    return framed(request, "embed/event.html", cite_event(found), context)


@xframe_options_exempt
@kept()
@in_that_language
def embed_question(request: HttpRequest, event: str, question: str) -> HttpResponse:
    found = find_question(event, question)
    if found.state_id:
        return _framed_reply(request, find_entry(request, found, found.state.iso3))
    entries = entries_of_question(found, at=request.received_at)
    context = {
        "event": found.event,
        "question": found,
        "asked": excerpt(found.text, WORDS),
        "tally": Tally.of(entry.status for entry in entries),
        "page": found.get_absolute_url(),
    }
    return framed(request, "embed/question.html", cite_question(found), context)


@xframe_options_exempt
@kept()
@in_that_language
def embed_answer(request: HttpRequest, event: str, question: str, state: str) -> HttpResponse:
    return _framed_reply(request, find_entry(request, find_question(event, question), state))


def _framed_reply(request: HttpRequest, entry: Entry) -> HttpResponse:
    text = entry.response
    is_whole = text is None or len(text.text) <= LONGEST_TEXT
    context = {
        "event": entry.slot.candidacy.event,
        "question": entry.slot.question,
        "state": entry.slot.candidacy.state,
        "entry": entry,
        "said": "" if text else as_of(entry.status, today(request)),
        "start": "" if is_whole else excerpt(text.text, WORDS),
        "page": entry.href,
    }
    citation = cite_reply(entry, today(request), text=text)
    return framed(request, "embed/answer.html", citation, context)
