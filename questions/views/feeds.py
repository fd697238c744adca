"""What was published last, in Atom, for those who follow a page; withdrawn texts leave their feed.

Feeds have no language: the words around what people wrote are English. They depend on what is
public alone, not on the clock.
"""

import re
from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import override
from django.utils.xmlutils import SimplerXMLGenerator

from questions.citations import PUBLISHER, version_suffix
from questions.models import (
    Asker,
    Correction,
    Event,
    Question,
    Response,
    ResponseKind,
    ResponseQuerySet,
    State,
    Topic,
    load_translations,
)

from .public.pages import kept
from .public.questions import find_question

MOST = 50
MEDIA_TYPE = "application/atom+xml"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # of a feed in which nothing was published yet
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class AtomFeed(Atom1Feed):
    """With the text of each entry in its own language."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict) -> None:
        super().add_item_elements(handler, item)
        language = {"xml:lang": item["language"]} if item["language"] else {}
        handler.addQuickElement("content", item["content"], {"type": "html", **language})

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=EPOCH)


@kept()
def feed_of_all(request: HttpRequest) -> HttpResponse:
    return feed(request, "Latest answers", reverse("public:home"), real_texts())


@kept()
def feed_of_event(request: HttpRequest, event: str) -> HttpResponse:
    """The specimen event has one too, and is in no other."""
    found = get_object_or_404(Event.objects.publicly_visible(), slug=event)
    texts = texts_in_force().filter(slot__candidacy__event=found)
    return feed(request, found.title, found.get_absolute_url(), texts)


@kept()
def feed_of_question(request: HttpRequest, event: str, question: str) -> HttpResponse:
    found = find_question(event, question)
    title = f"{found.heading} ({found.symbol})"
    texts = texts_in_force().filter(slot__question=found)
    return feed(request, title, found.get_absolute_url(), texts)


@kept()
def feed_of_state(request: HttpRequest, state: str) -> HttpResponse:
    found = get_object_or_404(State.objects.real(), iso3=state.upper())
    texts = real_texts().filter(slot__candidacy__state=found)
    return feed(request, str(found), found.get_absolute_url(), texts)


@kept()
def feed_of_topic(request: HttpRequest, topic: str) -> HttpResponse:
    found = get_object_or_404(Topic, slug=topic)
    if not real_questions().filter(topics=found).exists():
        raise Http404
    texts = real_texts().filter(slot__question__topics=found)
    return feed(request, found.name, found.get_absolute_url(), texts)


@kept()
def feed_of_asker(request: HttpRequest, asker: str) -> HttpResponse:
    found = get_object_or_404(Asker.objects.named_in_public(), slug=asker)
    if not real_questions().filter(asked_by__asker=found).exists():
        raise Http404
    texts = real_texts().filter(slot__question__asked_by__asker=found)
    title = f"Questions asked by {found.public_name}"
    return feed(request, title, found.get_absolute_url(), texts)


@kept()
def feed_of_corrections(request: HttpRequest) -> HttpResponse:
    """What changed after it was published, outside the specimen event."""
    register = f"{settings.BASE_URL}{reverse('public:corrections')}"
    atom = atom_feed(request, "Corrections", register)
    for note in Correction.objects.shown().real()[:MOST]:
        content = render_to_string("includes/feed_correction.html", {"note": note})
        atom.add_item(
            title=as_xml(f"{note.get_kind_display()}: {note.cited}"),
            link=f"{settings.BASE_URL}{note.get_absolute_url()}",
            description=None,
            unique_id=f"{register}#{note.anchor}",
            author_name=PUBLISHER,
            pubdate=note.published_at,
            updateddate=note.published_at,
            language="en",
            content=as_xml(content),
        )
    return answer_with(atom)


def real_questions():
    return Question.objects.publicly_visible().filter(event__is_specimen=False)


def texts_in_force() -> ResponseQuerySet:
    return Response.objects.publicly_visible().in_force()


def real_texts() -> ResponseQuerySet:
    return texts_in_force().filter(slot__candidacy__event__is_specimen=False)


def feed(request: HttpRequest, title: str, page: str, texts: ResponseQuerySet) -> HttpResponse:
    """The texts published last, newest first; `page` is what the feed follows."""
    atom = atom_feed(request, title, f"{settings.BASE_URL}{page}")
    shown = list(texts.with_names().order_by("-published_at", "-pk")[:MOST])
    with override("en"):
        load_translations(shown)
        for text in shown:
            add_entry(atom, text)
    return answer_with(atom)


def atom_feed(request: HttpRequest, title: str, link: str) -> AtomFeed:
    return AtomFeed(
        title=as_xml(f"{title} – Questions to Candidates, ISHR"),
        link=link,
        description="",
        language="en",
        author_name=PUBLISHER,
        feed_url=f"{settings.BASE_URL}{request.path}",
    )


def answer_with(atom: AtomFeed) -> HttpResponse:
    content = atom.writeString("utf-8")
    return HttpResponse(content, content_type=f"{MEDIA_TYPE}; charset=utf-8")


def add_entry(atom: AtomFeed, text: Response) -> None:
    """The text as sent, and which translations of it there are; a new one brings it up again."""
    slot = text.slot
    state = str(slot.candidacy.state)
    permalink = f"{settings.BASE_URL}{slot.permalink}"
    is_declined = text.kind == ResponseKind.DECLINED
    said = f" – {text.get_kind_display()}" if is_declined else ""
    atom.add_item(
        title=as_xml(f"{state}: {slot.question.heading} ({text.symbol}){said}"),
        link=permalink + version_suffix(text),
        description=None,
        unique_id=f"{permalink}.v{text.version}",
        author_name=as_xml(state),
        pubdate=text.published_at,
        updateddate=max(one.published_at for one in [text, *text.shown_translations]),
        language=text.language,
        content=as_xml(render_to_string("includes/feed_entry.html", {"text": text})),
    )


def as_xml(text: str) -> str:
    """Without the characters that XML cannot hold; the rest is escaped where it is written."""
    return NOT_IN_XML.sub("", text)
