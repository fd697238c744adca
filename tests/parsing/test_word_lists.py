from xml.etree import ElementTree

import pytest

from questions.parsing.word_lists import Numbering

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def element(inner, tag="w:p"):
    return ElementTree.fromstring(f"<{tag} {SPACE}>{inner}</{tag}>")  # noqa: S314


def level(number, kind, text, start=1):
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels, override="", styles=None):
    """One definition with two lists of it: list 1, and list 2 with what it overrides."""
    lists = element(
        f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="7"/>{override}</w:num>',
        "w:numbering",
    )
    return Numbering(lists, styles)


def paragraph(number_list=1, at=0):
    return element(
        f'<w:pPr><w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{number_list}"/></w:numPr></w:pPr>'
    )


def shown(numbers, *places):
    return [numbers.number_of(paragraph(*place)) for place in places]


@pytest.mark.parametrize(
    ("kind", "start", "expected"),
    [
        ("decimal", 1, ["1.", "2."]),
        ("decimal", 9, ["9.", "10."]),
        ("lowerLetter", 26, ["z.", "aa."]),
        ("upperLetter", 1, ["A.", "B."]),
        ("lowerRoman", 3, ["iii.", "iv."]),
        ("upperRoman", 9, ["IX.", "X."]),
        ("upperRoman", 5000, ["5000.", "5001."]),
        ("bullet", 1, ["•", "•"]),
        ("none", 1, [None, None]),
    ],
)
def test_numbers_as_word_writes_them(kind, start, expected):
    assert shown(numbering(level(0, kind, "%1.", start)), (1,), (1,)) == expected


def test_deeper_levels_begin_again_under_each_number():
    numbers = numbering(level(0, "decimal", "%1."), level(1, "lowerLetter", "%1.%2)"))

    assert shown(numbers, (1, 0), (1, 1), (1, 1), (1, 0), (1, 1)) == [
        "1.",
        "1.a)",
        "1.b)",
        "2.",
        "2.a)",
    ]


def test_lists_of_one_definition_count_on_unless_one_is_told_to_start_anew():
    going_on = numbering(level(0, "decimal", "%1."))
    anew = numbering(
        level(0, "decimal", "%1."),
        override='<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>',
    )

    assert shown(going_on, (1,), (2,), (2,)) == ["1.", "2.", "3."]
    assert shown(anew, (1,), (2,), (2,)) == ["1.", "1.", "2."]


def test_what_is_in_no_list_has_no_number():
    numbers = numbering(level(0, "decimal", "%1."))

    assert shown(numbers, (9,), (0,), (1, 5)) == [None, None, None]
    assert numbers.number_of(element("")) is None
    assert Numbering(None, None).number_of(paragraph()) is None


def test_a_style_may_put_a_paragraph_in_a_list_and_a_circle_of_styles_ends():
    styles = element(
        '<w:style w:styleId="Asked">'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="Child"><w:basedOn w:val="Asked"/></w:style>'
        '<w:style w:styleId="Circle"><w:basedOn w:val="Circle"/></w:style>',
        "w:styles",
    )
    numbers = numbering(level(0, "decimal", "%1."), styles=styles)

    def styled(name):
        return element(f'<w:pPr><w:pStyle w:val="{name}"/></w:pPr>')

    assert [numbers.number_of(styled(name)) for name in ("Asked", "Child", "Circle", "None")] == [
        "1.",
        "2.",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("properties", "is_emphasised"),
    [
        ("<w:i/>", True),
        ("<w:b/>", True),
        ('<w:i w:val="1"/>', True),
        ('<w:i w:val="0"/>', False),
        ('<w:rStyle w:val="Emphasis"/>', True),
        ('<w:rStyle w:val="Emphasis"/><w:i w:val="false"/>', False),
        ('<w:rStyle w:val="Other"/>', False),
        ("", False),
    ],
)
def test_emphasis_by_itself_or_by_style(properties, is_emphasised):
    styles = element(
        '<w:style w:styleId="Emphasis"><w:rPr><w:i/></w:rPr></w:style><w:style w:styleId="Other"/>',
        "w:styles",
    )

    assert Numbering(None, styles).is_emphasised(element(properties, "w:rPr")) is is_emphasised
