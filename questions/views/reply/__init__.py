"""The missions' reply form (ux.md §2): opened by a link, without an account."""

from .answers import answer
from .autosave import autosave
from .capital import capital, capital_file, returned
from .codes import enter_code, link_again, link_asked, not_for_us, not_for_us_told
from .contact import contact
from .entry import open_link
from .files import attachment
from .reading import open_reading, reading, reading_link
from .screens import letter, letter_pdf, question_list, receipt, receipt_pdf, receipt_text, start
from .sending import check_and_send, decline
from .whole_letter import whole_letter

__all__ = [
    "answer",
    "attachment",
    "autosave",
    "capital",
    "capital_file",
    "check_and_send",
    "contact",
    "decline",
    "enter_code",
    "letter",
    "letter_pdf",
    "link_again",
    "link_asked",
    "not_for_us",
    "not_for_us_told",
    "open_link",
    "open_reading",
    "question_list",
    "reading",
    "reading_link",
    "receipt",
    "receipt_pdf",
    "receipt_text",
    "returned",
    "start",
    "whole_letter",
]
