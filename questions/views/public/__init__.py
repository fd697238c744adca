"""The public pages: no account, no cookie, no script; GET changes nothing."""

from .askers import asker_detail
from .events import event_detail, event_list, home
from .office import about, accessibility, method, privacy
from .questions import answer_detail, answer_version, question_detail
from .search import search
from .states import state_at_event, state_list, state_record

__all__ = [
    "about",
    "accessibility",
    "answer_detail",
    "answer_version",
    "asker_detail",
    "event_detail",
    "event_list",
    "home",
    "method",
    "privacy",
    "question_detail",
    "search",
    "state_at_event",
    "state_list",
    "state_record",
]
