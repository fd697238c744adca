"""The public pages: no account, no cookie, no script; GET changes nothing."""

from .alerts import alert_asked, alerts
from .askers import asker_detail, asker_list
from .briefs import brief
from .changes import answer_changes
from .corrections import corrections, corrections_of_event
from .events import event_detail, event_figures, event_list, home
from .office import about, accessibility, method, method_version, privacy
from .questions import answer_detail, answer_version, question_detail
from .search import search
from .states import state_at_event, state_list, state_record
from .topics import question_list, topic_detail, topic_list

__all__ = [
    "about",
    "accessibility",
    "alert_asked",
    "alerts",
    "answer_changes",
    "answer_detail",
    "answer_version",
    "asker_detail",
    "asker_list",
    "brief",
    "corrections",
    "corrections_of_event",
    "event_detail",
    "event_figures",
    "event_list",
    "home",
    "method",
    "method_version",
    "privacy",
    "question_detail",
    "question_list",
    "search",
    "state_at_event",
    "state_list",
    "state_record",
    "topic_detail",
    "topic_list",
]
