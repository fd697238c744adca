"""The missions' reply form (ux.md §2): opened by a link, without an account."""

from .answers import answer
from .entry import open_link
from .screens import letter, question_list, receipt, receipt_text, start
from .sending import check_and_send, decline

__all__ = [
    "answer",
    "check_and_send",
    "decline",
    "letter",
    "open_link",
    "question_list",
    "receipt",
    "receipt_text",
    "start",
]
