"""An address that once named an asker asks for nothing once the name is withheld (security.md 53).

The slug is that of the name, and stays: what is found by it would say who asked.
"""

import pytest

from questions.models import Asker

from .public_pages import forget_kept_pages, make_record, read

pytestmark = pytest.mark.django_db

LISTS = ["/api/v1/questions?asker=civicus", "/api/v1/answers?asker=civicus"]
PAGES = ["/en/questions/?asker=civicus", "/en/questions/?asker=civicus&year=2021"]


def found():
    forget_kept_pages()
    listed = [len(read(address).json()["items"]) for address in LISTS]
    return [*listed, *("/en/2021/q1/" in read(address).text for address in PAGES)]


def test_req_053_the_slug_of_a_name_that_is_withheld_finds_nothing():
    make_record()
    named = found()

    Asker.objects.update(kind="individual")

    assert named == [3, 3, True, True]
    assert found() == [0, 0, False, False]
