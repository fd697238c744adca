"""The time at which pages are read, and a record to read."""

from types import SimpleNamespace

import pytest

from .public_pages import TODAY, make_record


@pytest.fixture
def clock(monkeypatch):
    """Call it with the moment at which requests arrive."""

    def set_to(moment):
        now = SimpleNamespace(now=lambda: moment)
        monkeypatch.setattr("questions.middleware.timezone", now)
        monkeypatch.setattr("questions.editions.timezone", now)

    return set_to


@pytest.fixture
def record(clock):
    """A published event in which every page of `PAGES` exists."""
    clock(TODAY)
    return make_record()
