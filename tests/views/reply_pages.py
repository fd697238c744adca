"""Using the reply form as a mission does: open a link, read the forms of a page, send them."""

from html.parser import HTMLParser
from types import SimpleNamespace

from django.test import Client

from questions.models import AccessLink
from tests.factories import BEFORE, make_candidacy, make_link, make_question, make_slot


def clock(monkeypatch, moment):
    """What the server's clock says when a request arrives."""
    monkeypatch.setattr("questions.middleware.timezone", SimpleNamespace(now=lambda: moment))


def opened(candidacy, *, city="geneva", client=None) -> Client:
    """A browser in which a new link to the candidacy's reply was opened."""
    client = client or Client()
    _link, token = make_link(candidacy=candidacy, city=city)
    assert client.get(f"/reply/open/{token}").status_code == 303
    return client


def address(candidacy, rest=""):
    return f"/en/reply/{candidacy.reference}/{rest}"


def make_reply(*, common=1, own=0, **fields):
    """A candidacy with questions put to all candidates and own ones, and its slots in order."""
    candidacy = make_candidacy(**fields)
    state = candidacy.state
    questions = [make_question(event=candidacy.event, state=state) for _ in range(own)]
    questions += [make_question(event=candidacy.event) for _ in range(common)]
    return candidacy, [make_slot(candidacy=candidacy, question=each) for each in questions]


def page_of(slot):
    return address(slot.candidacy, f"{slot.question.slug}/")


def save(client, slot, text="Yes.", *, language="en", ready="yes", revision=0, **fields):
    posted = {"text": text, "language": language, "ready": ready, "revision": revision}
    return client.post(page_of(slot), posted | fields)


SIGNED = {
    "signatory_name": "A. Diplomat",
    "signatory_title": "First Secretary",
    "declaration": "yes",
}


def check_and_send(client, candidacy, **fields):
    """Send what the preview shows, signed."""
    page = client.get(address(candidacy, "check/"))
    return client.post(address(candidacy, "check/"), send_form(page).values | SIGNED | fields)


def send_form(page):
    (form,) = forms_of(page)
    return form


class Form:
    def __init__(self, attributes):
        self.action = attributes.get("action", "")
        self.method = attributes.get("method", "get")
        self.values = {}
        self.buttons = []


class FormReader(HTMLParser):
    """The forms of a page with the values a browser would send untouched, and their buttons."""

    def __init__(self):
        super().__init__()
        self.forms, self.text_of, self.option_of = [], None, None

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form":
            self.forms.append(Form(found))
        if not self.forms:
            return
        values, name = self.forms[-1].values, found.get("name")
        kind = found.get("type", "text")
        if tag == "button":
            self.forms[-1].buttons.append({name: found.get("value", "")} if name else {})
        elif tag == "input" and (kind not in {"radio", "checkbox"} or "checked" in found):
            self.add(name, found.get("value") or "")
        elif tag == "textarea":
            self.text_of = name
            values[name] = ""
        elif tag == "select":
            self.option_of = name
        elif tag == "option" and (self.option_of not in values or "selected" in found):
            values[self.option_of] = found.get("value", "")

    def add(self, name, value):
        """A list where a name stands on several fields, as a test client sends it."""
        values = self.forms[-1].values
        if name not in values:
            values[name] = value
        elif isinstance(values[name], list):
            values[name].append(value)
        else:
            values[name] = [values[name], value]

    def handle_data(self, data):
        if self.text_of:
            values = self.forms[-1].values
            values[self.text_of] += data if values[self.text_of] else data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.text_of = None
        if tag == "select":
            self.option_of = None


def forms_of(page):
    reader = FormReader()
    reader.feed(page.content.decode())
    return reader.forms


def link_of(client, candidacy) -> AccessLink:
    return AccessLink.objects.get(pk=client.session["reply_grants"][candidacy.reference])


__all__ = [
    "BEFORE",
    "SIGNED",
    "address",
    "check_and_send",
    "clock",
    "forms_of",
    "link_of",
    "make_reply",
    "opened",
    "page_of",
    "save",
    "send_form",
]
