"""Sets the real letter as the two PDFs beside this file; see README.md."""

import re
import textwrap
from pathlib import Path

import typst
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

HERE = Path(__file__).parent
LETTER = HERE.parents[2] / "questions" / "data" / "letter_kazakhstan_2021.txt"

PREAMBLE = """
#set page(paper: "a4", margin: 2.5cm,
  header: context if here().page() > 1 [ISHR, letter of 29 September 2021],
  footer: context align(center)[Page #here().page() of #counter(page).final().first()])
#set text(font: "Libertinus Serif", size: 11pt, lang: "en")
#set par(justify: true)
#set smartquote(enabled: false)
"""


def paragraphs() -> list[str]:
    """The letter's paragraphs, with the sentence it cuts in two put together."""
    text = LETTER.read_text().replace("candidates\n\npresent", "candidates present")
    return [line.strip() for line in text.splitlines() if line.strip()]


def typst_markup() -> str:
    lines = [PREAMBLE]
    for paragraph in paragraphs():
        escaped = re.sub(r"([#$@\\<>\[\]_`~])", r"\\\1", paragraph)
        escaped = re.sub(r"^(\d+\.) \*(.+?)\*:", r"+ #emph[\2]:", escaped)
        escaped = escaped.replace("29th September, 2021", "29#super[th] September, 2021")
        is_heading = paragraph.startswith("Questions")
        lines.append(f"*{escaped}*" if is_heading else escaped)
    text = "\n\n".join(lines)
    return re.sub(r"(?m)(^\+ .*)\n\n(?=\+ )", r"\1\n", text).replace("\n\n+ ", "\n\n+ ")


def plain_pdf(path: Path) -> None:
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    height, page = 780, 1
    for paragraph in paragraphs():
        for line in textwrap.wrap(paragraph.replace("*", ""), 95, break_on_hyphens=True):
            if height < 80:
                canvas.drawCentredString(300, 40, str(page))
                canvas.showPage()
                height, page = 780, page + 1
            canvas.setFont("Helvetica", 10)
            canvas.drawString(60, height, line)
            height -= 14
        height -= 8
    canvas.drawCentredString(300, 40, str(page))
    canvas.save()


if __name__ == "__main__":
    source = typst_markup().encode()
    (HERE / "letter_kazakhstan_2021.pdf").write_bytes(
        typst.compile(source, ignore_system_fonts=True, timestamp=0)
    )
    plain_pdf(HERE / "letter_kazakhstan_2021_plain.pdf")
