"""What comes out of the printer: the record with its source, without what paper cannot use."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from questions.models import Response
from tests.factories import make_translation
from tests.views.public_pages import make_record

pytestmark = pytest.mark.django_db(transaction=True)


def printed(page, address):
    """The words on the paper, on one line."""
    page.goto(address)
    paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    width, height = paper.pages[0].mediabox.upper_right
    assert (round(float(width)), round(float(height))) == (595, 842)  # A4
    return " ".join(" ".join(sheet.extract_text() for sheet in paper.pages).split())


def test_answer_on_paper_has_its_translation_its_address_and_its_day(page, live_server):
    make_record(text="The original words.")
    answer = Response.objects.get(slot__question__state=None)
    make_translation(of=answer, text="Les mots traduits.")

    words = printed(page, "/en/2021/q1/xka/")

    for said in [
        "The original words.",
        "Les mots traduits.",  # folded on the screen
        "Printed from http://",
        "New York time · reference PE2021/Q1/XKA",
        "Answered on time",
    ]:
        assert said in words, said
    for left_off in ["Skip to main content", "Français", "BibTeX", "For Wikipedia", "Contact ISHR"]:
        assert left_off not in words, left_off


@pytest.mark.parametrize(
    "address", ["/en/2021/", "/ar/2021/q1/", "/en/2021/xka/", "/en/states/xka/"]
)
def test_every_page_prints_its_symbol_and_no_navigation(page, live_server, address):
    make_record()

    words = printed(page, address)

    assert "PE2021" in words or "XKA" in words
    for left_off in ["Skip to main content", "Français", "BibTeX", "Atom"]:
        assert left_off not in words, left_off


@pytest.mark.parametrize("address", ["/en/", "/en/events/", "/en/states/xka/"])
def test_wide_table_fits_on_the_paper(page, live_server, address):
    make_record()
    page.goto(address)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 670, "height": 950})  # A4 without its margins

    inner, outer = page.evaluate(
        """() => {
            const table = document.querySelector("table.data");
            return [table.scrollWidth, document.querySelector("main").clientWidth];
        }"""
    )

    assert inner <= outer


def test_narrowed_page_on_paper_says_in_its_address_how(page, live_server):
    make_record()

    words = printed(page, "/en/2021/q1/?status=on").replace(" ", "")

    assert "/en/2021/q1/?status=on·asof" in words
