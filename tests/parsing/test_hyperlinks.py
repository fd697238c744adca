import pytest

from questions.parsing.hyperlinks import references, with_links, without_forms


def shouted(_tag, address):
    return address.upper()


@pytest.mark.parametrize(
    ("page", "result"),
    [
        ('<a class="x" href="/en/">Home</a>', '<a class="x" href="/EN/">Home</a>'),
        ('<link rel="icon" href="/i.svg">', '<link rel="icon" href="/I.SVG">'),
        ('<use href="#g-on" xlink:href="#g-on"/>', '<use href="#G-ON" xlink:href="#g-on"/>'),
        ('<a href="/?a=1&amp;b=2">', '<a href="/?A=1&amp;B=2">'),
        ("<p>&lt;a href=&quot;/en/&quot;&gt;</p>", "<p>&lt;a href=&quot;/en/&quot;&gt;</p>"),
        ('<abbr title="href">', '<abbr title="href">'),
        ('<p data-href="/en/"> href="/en/"</p>', '<p data-href="/en/"> href="/en/"</p>'),
    ],
)
def test_with_links_changes_links_and_nothing_else(page, result):
    assert with_links(page, shouted) == result


def test_a_link_that_leads_nowhere_loses_its_address_and_keeps_its_words():
    assert with_links('<a href="?x=1">All</a>', lambda *_: None) == "<a>All</a>"


def test_what_a_link_leads_to_is_written_safely():
    assert with_links('<a href="/">x</a>', lambda *_: '/"><b>') == (
        '<a href="/&quot;&gt;&lt;b&gt;">x</a>'
    )


def test_forms_are_left_out():
    page = '<p>a</p><form method="get"><input name="q"></form><p>b</p><form>\n</form>'

    assert without_forms(page) == "<p>a</p><p>b</p>"


def test_references_are_what_a_reader_of_html_finds():
    found = references('<p id="top"><a href="/?a&amp;b">x</a><script src="/s.js"></script>')

    assert found.links == ["/?a&b", "/s.js"]
    assert found.anchors == {"top"}
