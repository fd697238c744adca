"""The addresses of pages about rows, each found once for a language: lists print hundreds."""

from functools import lru_cache

from django.urls import reverse
from django.utils.translation import get_language


def address(view: str, *args: str) -> str:
    """What `reverse` finds in the active language."""
    return _found(view, args, get_language())


@lru_cache(maxsize=8192)
def _found(view: str, args: tuple[str, ...], language: str | None) -> str:
    return reverse(view, args=args)
