"""The staff's screens. Importing a module registers what is in it."""

from . import (
    attachments,
    audit,
    candidacies,
    events,
    letter_templates,
    letters,
    links,
    mail,
    people,
    publication,
    questions,
    replies,
    reply_contacts,
    responses,
    states,
)

__all__ = [
    "attachments",
    "audit",
    "candidacies",
    "events",
    "letter_templates",
    "letters",
    "links",
    "mail",
    "people",
    "publication",
    "questions",
    "replies",
    "reply_contacts",
    "responses",
    "states",
]
