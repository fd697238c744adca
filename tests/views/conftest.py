"""Every test begins without kept pages, and may say what time it is."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_kept_pages():
    cache.clear()


@pytest.fixture
def clock(monkeypatch):
    """Call it with the moment at which requests arrive."""

    def set_to(moment):
        now = SimpleNamespace(now=lambda: moment)
        monkeypatch.setattr("questions.middleware.timezone", now)
        monkeypatch.setattr("questions.editions.timezone", now)

    return set_to
