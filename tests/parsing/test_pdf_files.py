"""PDFs that want to do harm, and what pages do to a text (security.md 60)."""

import io
import zlib
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from questions.parsing.letters import LetterRefused, parse_letter
from questions.parsing.pdf_files import pdf_text
from questions.parsing.refusals import FileRefused
from tests.stopwatch import within

LETTER = (Path(__file__).parent / "files" / "letter_kazakhstan_2021.pdf").read_bytes()


def pdf(*pages, extra=b""):
    """A PDF of pages given as content streams, with one font, upright and one italic."""
    fonts = (
        b"<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
        b" /F2 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Oblique"
        b" /Encoding /WinAnsiEncoding >> >>"
    )
    kids = b" ".join(b"%d 0 R" % (3 + 2 * n) for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % extra,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
    ]
    for number, content in enumerate(pages):
        packed = zlib.compress(content)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font %s >> >>" % (4 + 2 * number, fonts)
        )
        objects.append(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
        )
    return _written(objects)


def _written(objects):
    file, places = io.BytesIO(), []
    file.write(b"%PDF-1.7\n")
    for number, content in enumerate(objects, start=1):
        places.append(file.tell())
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = file.tell()
    file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    file.writelines(b"%010d 00000 n \n" % place for place in places)
    file.write(
        b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    )
    return file.getvalue()


def page(*lines, gap_before=(), indented=(), foot=""):
    """Lines 14 points apart, 28 before those named; italics between asterisks."""
    height, content = 800, []
    for line in lines:
        height -= 28 if line in gap_before else 14
        content.append(_line(line, height, left=80 if line in indented else 60))
    if foot:
        content.append(_line(foot, 40))
    return "\n".join(content).encode("cp1252")


def _line(text, height, *, left=60):
    shown = []
    for index, part in enumerate(text.split("*")):
        escaped = part.replace("(", r"\(").replace(")", r"\)")
        shown.append(f"/F{1 + index % 2} 10 Tf ({escaped}) Tj")
    return f"BT 1 0 0 1 {left} {height} Tm {' '.join(shown)} ET"


def test_lines_stay_lines_and_gaps_are_blank_lines():
    content = pdf(page("One line", "goes on.", "The next.", "Goes on.", gap_before=["The next."]))

    assert pdf_text(content) == "One line\ngoes on.\n\nThe next.\nGoes on."


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["Of their orien-", "tation and rights."], "Of their orientation and rights."),
        (["Of low-", "income and non-", "action."], "Of low-\nincome and non-\naction."),
        (
            [
                "A reso-",
                "lution contin-",
                "ues; correspon-",
                "dents of govern-",
                "ments of peace-",
                "ful",
            ],
            "A resolution continues; correspondents of governments of peaceful",
        ),
        (
            [
                "A reso-",
                "lution of govern-",
                "ments by decision-",
                "making, risk-",
                "taking, taking",
            ],
            "A resolution of governments by decision-\nmaking, risk-\ntaking, taking",
        ),
        (["A good stake-", "holder."], "A good stake-\nholder."),
        (["All of a peo\xad", "ple here."], "All of a people here."),
        (["In 2023\xad2025 it was low\xad", "income."], "In 2023-2025 it was low-\nincome."),
    ],
)
def test_a_word_hyphenated_to_fit_its_line_is_put_together(lines, text):
    assert pdf_text(pdf(page(*lines))) == text


def test_an_indented_line_after_a_sentence_begins_a_paragraph():
    lines = ["1. Asker: It is so.", "It was so.", "Is it still", "so?", "Will it be?"]
    content = pdf(page(*lines, indented=["It was so.", "Will it be?"]))

    assert pdf_text(content) == ("1. Asker: It is so.\nIt was so.\nIs it still\nso?\n\nWill it be?")


def test_page_numbers_and_running_heads_are_left_out():
    content = pdf(
        page("ISHR, 29 September", "1. Would you", "not damage", foot="Page 1 of 2"),
        page("ISHR, 29 September", "the sentence?", "2. And 3", foot="Page 2 of 2"),
    )

    assert pdf_text(content) == "1. Would you\nnot damage\nthe sentence?\n2. And 3"


def test_a_head_on_one_page_is_left_out_of_a_sentence():
    content = pdf(
        page("Would you", "not damage", "this and", "that, and"),
        page("Our Letter", "the sentence?", "And so on.", gap_before=["the sentence?"]),
    )

    assert (
        pdf_text(content) == "Would you\nnot damage\nthis and\nthat, and\nthe sentence?\nAnd so on."
    )


def test_a_line_is_no_head_where_no_sentence_goes_on():
    content = pdf(
        page("Here is the last sentence of all.", "Robin Vale", foot="Octava Forum, 1"),
        page(
            "Octava Forum",
            "r.vale@example.org",
            gap_before=["r.vale@example.org"],
            foot="Octava Forum, 2",
        ),
    )

    assert pdf_text(content).split("\n")[-3:] == ["Octava Forum", "", "r.vale@example.org"]


def test_a_running_head_is_known_by_its_place():
    content = pdf(
        page("Octava Forum", "Here is the last sentence of all.", "Robin Vale"),
        page("Octava Forum", "Director", "Octava Forum"),
    )

    assert pdf_text(content).split("\n")[-2:] == ["Director", "Octava Forum"]


def test_a_short_last_line_of_a_page_ends_its_paragraph():
    content = pdf(
        page("This is a line as long as any other", "and so it ends."),
        page("This begins another paragraph, also", "in two lines."),
    )

    assert "ends.\n\nThis begins" in pdf_text(content)


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["For low-", "income people in Octava"], "For low-\nincome people in Octava"),
        (["The stake-", "holders and stakeholders"], "The stakeholders and stakeholders"),
        (["The term 2022-", "2024 in Octava is long"], "The term 2022-\n2024 in Octava is long"),
        (["A co-op and a co-", "op, no coop in Octava"], "A co-op and a coop, no coop in Octava"),
    ],
)
def test_a_word_is_put_together_only_where_the_text_has_it_whole(lines, text):
    assert pdf_text(pdf(page(*lines))) == text


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["1. *Octava Forum*: Why do you?"], "1. *Octava Forum*: Why do you?"),
        (["1. *Octava* and *Prima:* Why do you?"], "1. *Octava* and *Prima*: Why do you?"),
        (
            ["1. *Permanent Mission of*", "*Octava*: Why do you?"],
            "1. *Permanent Mission of\nOctava*: Why do you?",
        ),
        (["1. Octava Forum: Why do *you*?"], "1. Octava Forum: Why do you?"),
        (["Octava *Forum*: not a question"], "Octava Forum: not a question"),
    ],
)
def test_italic_askers_are_marked(lines, text):
    assert pdf_text(pdf(page(*lines))) == text


def encrypted():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(LETTER)))
    writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


TEXT = b"BT /F1 10 Tf 60 700 Td (Some text in a PDF that goes on) Tj ET\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (pdf(b""), "The PDF holds no text, as a scan does."),
        (pdf(b"q 500 0 0 700 0 0 cm /Im1 Do Q"), "The PDF holds no text, as a scan does."),
        (encrypted(), "The PDF is encrypted."),
        (pdf(*[TEXT] * 51), "more than 50 pages"),
        (pdf(*[TEXT] * 1_500), "more than 50 pages"),
        (pdf(b" " * 50_000_000), "damaged or too complex"),
        (pdf(b"(a) Tj " * 400_000), "damaged or too complex"),
        (pdf(b"[" * 200_000), "damaged or too complex"),
        (pdf(b"BT /F1 9 Tf (" + b"a" * 2_000_000 + b") Tj ET"), "more text than a letter"),
        (LETTER[:20_000], "damaged or too complex"),
        (b"%PDF-1.7\n" + b"1 0 obj << /Kids [1 0 R] >>" * 1_000, "damaged or too complex"),
        (b"%PDF-1.7", "damaged or too complex"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_060_dangerous_pdfs_are_refused_in_time(content, message):
    with within(5), pytest.raises(LetterRefused) as refusal:
        parse_letter(content, "letter.pdf")

    assert message in str(refusal.value)


def test_060_active_content_is_not_run_and_not_read():
    action = b"/OpenAction << /S /JavaScript /JS (app.alert\\('x'\\)) >>"

    assert pdf_text(pdf(TEXT, extra=action)) == "Some text in a PDF that goes on"


def test_pdf_text_refuses_what_is_no_pdf():
    with pytest.raises(FileRefused):
        pdf_text(b"PK\x03\x04")
