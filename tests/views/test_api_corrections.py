"""The register of corrections as the API gives it."""

import pytest

from tests.factories import AFTER, BEFORE, make_candidacy, make_correction, make_event, make_slot

from .public_pages import PASSED, publisher
from .test_api import API, found, make_specimen, walked

pytestmark = pytest.mark.django_db


def test_corrections_are_listed_as_they_were_published(clock):
    clock(PASSED)
    slot = make_slot(candidacy=make_candidacy(event=make_event(year=2021)))
    event, specimen = slot.question.event, make_specimen().question.event
    first = {"what_was_wrong": "A date.", "what_changed": "Another.", "published_at": BEFORE}
    make_correction(event=event, slot=slot, by=publisher(), **first)
    make_correction(event=event, published_at=BEFORE, by=publisher())
    make_correction(event=event, published_at=AFTER, by=publisher())
    make_correction(event=event, what_changed="CANARY")
    make_correction(event=specimen, published_at=BEFORE, by=publisher())

    pages = walked(f"{API}corrections?limit=1")

    assert [note["about"] for page in pages for note in page] == [slot.symbol, "PE2021", "PE2021"]
    assert pages[0][0] == {
        "kind": "note",
        "ground": "",
        "event": "2021",
        "about": slot.symbol,
        "corrected_on": "2021-10-08",
        "what_was_wrong": "A date.",
        "what_changed": "Another.",
        "reason": "A slip of the pen.",
        "published_at": "2021-10-01T09:00:00Z",
    }
    assert [note["event"] for note in found("corrections?event=specimen")["items"]] == ["specimen"]
    assert found("corrections?kind=withdrawal")["items"] == []
