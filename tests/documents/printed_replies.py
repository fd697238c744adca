"""Replies as our documents print them, made without a database, and read back."""

from datetime import UTC, datetime

from questions.documents.replies import PrintedItem, PrintedReply
from questions.documents.word_replies import printed_docx
from questions.parsing.replies import Wanted, parse_reply

AT = datetime(2021, 10, 1, 9, 0, tzinfo=UTC)
TITLES = ["Arrests of journalists", "Standing invitation", "Reprisals against defenders"]
QUESTIONS = [
    "Will your Government free the journalists who were arrested?\n\nIf so, when?",
    "Will you extend a standing invitation to all Special Procedures?",
    "What will you do about reprisals against human rights defenders?",
]
SYMBOLS = ["PE2000/XPR-1", "PE2000/Q1/XPR", "PE2000/Q2/XPR"]
OWN, FIRST, SECOND = SYMBOLS
HEADINGS = ["Questions to this State alone", "Questions put to all candidates"]
HOW = ["Type each answer under the line."]


def line_of(symbol):
    return f"Type the answer to {symbol} below this line."


def item(number, text="", language="en"):
    return PrintedItem(
        symbol=SYMBOLS[number],
        title=TITLES[number],
        asked_by="Asked by: CIVICUS",
        question=QUESTIONS[number],
        question_language="en",
        note="",
        line=line_of(SYMBOLS[number]),
        text=text,
        language=language,
    )


def printed(*texts, direction="ltr", language="en"):
    """A reply to three questions, one of them the State's own."""
    texts = [*texts, "", "", ""]
    items = [item(number, texts[number], language) for number in range(3)]
    return PrintedReply(
        reference="PE2000/XPR",
        title="Answers to questions from the pledging event: Prima",
        language=language,
        dir=direction,
        language_of_answers="",
        how=HOW,
        sections=list(zip(HEADINGS, [items[:1], items[1:]], strict=True)),
    )


WANTED = [Wanted(*each) for each in zip(SYMBOLS, TITLES, QUESTIONS, strict=True)]
OWN_LINES = {
    printed().title,
    *HEADINGS,
    *HOW,
    "How to use this document",
    "Asked by: CIVICUS",
    *(line_of(symbol) for symbol in SYMBOLS),
}


def docx_of(*texts, **fields):
    return printed_docx(printed(*texts, **fields), at=AT)


def returned(content):
    return parse_reply(content, WANTED, OWN_LINES)


def texts_of(reply):
    """What stands under each question, in the order of the letter."""
    return [reply.texts[symbol].text if symbol in reply.texts else None for symbol in SYMBOLS]
