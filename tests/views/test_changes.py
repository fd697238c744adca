"""What changed from one published wording to the next."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.factories import BEFORE, make_response

from .public_pages import forget_kept_pages, make_board, publish, read, words_of

pytestmark = pytest.mark.django_db

CHANGES = "/en/2021/q1/xaa/changes/"


def changes_of(version):
    return f"/en/2021/q1/xaa/v{version}/changes/"


@pytest.fixture
def slot():
    return make_board()[0, 1]


def amend(slot, *texts, **fields):
    """Versions 1, 2 … a day apart; the last in force."""
    for day, text in enumerate(texts):
        status = "published" if day + 1 == len(texts) else "superseded"
        publish(slot, text=text, status=status, received_at=BEFORE + timedelta(days=day), **fields)


def body_of(page):
    html = page.content.decode()
    return html[html.index('<div class="body diff"') : html.index("</article>")]


def test_it_shows_the_newest_change_with_words_for_those_who_do_not_see_it(slot):
    amend(slot, "We will ratify.", "We will sign and ratify.")

    body = body_of(read(CHANGES))

    assert body.startswith('<div class="body diff" lang="en" dir="ltr">We will <ins>')
    assert (
        '<ins><span class="vh" lang="en">[added: </span>sign and <span class="vh">] </span></ins>'
    ) in body
    assert "<del>" not in body


def test_each_change_has_its_page_and_the_list_leads_there(slot):
    amend(slot, "One.", "One, two.", "One, two, three.")

    page, second = read(CHANGES), read(changes_of(2))

    assert "From version 2 to version 3" in words_of(page)
    assert "From version 1 to version 2" in words_of(second)
    assert "three" not in words_of(second)
    assert [f'href="{changes_of(n)}"' in page.content.decode() for n in (1, 2, 3)] == [
        False,
        True,
        True,
    ]
    others = [0, 1, 4, "02", 10**30]
    assert [Client().get(changes_of(n)).status_code for n in others] == [404] * len(others)


def test_reasons_and_dates_stand_beside_the_change(slot):
    amend(slot, "One.")
    slot.responses.update(status="superseded")
    publish(slot, text="Two.", amendment_reason="A slip of ours.", received_at=BEFORE)

    words = words_of(read(CHANGES))

    assert "A slip of ours." in words
    assert "Received 1 October 2021 at 05:00 New York time" in words


@pytest.mark.parametrize(
    ("language", "direction", "html"), [("ar", "rtl", "ar"), ("zh-hans", "ltr", "zh-Hans")]
)
def test_the_text_keeps_its_language_and_direction(slot, language, direction, html):
    amend(slot, "一二三。", "一二四。", language=language)

    page = read(CHANGES)

    assert body_of(page).startswith(f'<div class="body diff" lang="{html}" dir="{direction}">')


def test_wordings_in_two_languages_are_not_compared(slot):
    amend(slot, "Yes.")
    slot.responses.update(status="superseded")
    publish(slot, text="Oui.", language="fr")

    page = read(CHANGES)

    assert "in different languages" in words_of(page)
    assert 'class="body diff"' not in page.content.decode()


def test_a_withdrawn_wording_is_named_with_its_reason_and_shows_no_word(slot):
    publish(slot, text="CANARY one.", status="withheld", withheld_reason="It names a person.")
    publish(slot, text="Two.", status="superseded")
    publish(slot, text="Two, three.")

    pages = [read(CHANGES), read("/en/2021/q1/xaa/")]

    for page in pages:
        words = words_of(page)
        assert "CANARY" not in words
        assert "Reason: It names a person. withdrawn" in words
        assert "/v1/" not in page.content.decode()
    assert "From version 2 to version 3" in words_of(pages[0])
    gone = Client().get(changes_of(2))  # nothing to compare it with
    assert (gone.status_code, "It names a person." in gone.text) == (410, True)


def test_req_047_what_waits_is_not_compared(slot):
    amend(slot, "One.", "One, two.")
    before = read(CHANGES).content
    make_response(slot=slot, text="CANARY")
    make_response(slot=slot, text="CANARY", status="withheld", withheld_reason="CANARY")
    forget_kept_pages()

    assert read(CHANGES).content == before


def test_there_is_no_such_page_before_anything_is_published(slot):
    assert Client().get(CHANGES).status_code == 404
    make_response(slot=slot, text="CANARY")
    assert Client().get(CHANGES).status_code == 404


def test_with_one_wording_it_says_so(slot):
    amend(slot, "One.")

    assert "There is no other published wording to compare." in words_of(read(CHANGES))
    assert CHANGES not in read("/en/2021/q1/xaa/").content.decode()


def test_the_page_of_the_answer_leads_there(slot):
    amend(slot, "One.", "Two.")

    assert f'<a href="{CHANGES}">' in read("/en/2021/q1/xaa/").content.decode()


def test_hostile_words_are_shown_as_words(slot):
    amend(slot, "<script>alert(1)</script> a", "<b>bold</b> a")

    body = body_of(read(CHANGES))

    assert "<script" not in body
    assert "<b>" not in body


@pytest.mark.parametrize("count", [1, 3, 12])
def test_it_costs_the_same_queries_at_any_number_of_versions(
    slot, count, django_assert_max_num_queries
):
    amend(slot, *[f"No. {number}." for number in range(count)])
    read("/en/about/")
    forget_kept_pages()

    with django_assert_max_num_queries(6):
        read(CHANGES)
