"""What the tests of operations share with those of the pages."""

from tests.views.conftest import clock

__all__ = ["clock"]
