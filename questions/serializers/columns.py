"""The columns of answers.csv: the one source of page, schema and header."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Column:
    """A column of answers.csv: its type in the Table Schema, and what it holds."""

    name: str
    type: str
    description: str

    @property
    def field(self) -> dict[str, Any]:
        """As the Table Schema has it."""
        return {"name": self.name, "type": self.type, "description": self.description}


COLUMNS = [
    Column("reference", "string", "Symbol of the question as put to the State."),
    Column("event", "string", "Code of the event."),
    Column("term", "string", "First and last year of the term of membership."),
    Column("question_no", "string", "Q5, or KAZ-1 for a question put to one State."),
    Column("question_scope", "string", "all, some or one: of how many candidates it was asked."),
    Column("question_text", "string", "The question, word for word."),
    Column("question_lang", "string", "Language of the question."),
    Column("theme", "string", "Themes, separated by semicolons."),
    Column("asker_public", "string", "Who asked, as public pages say, separated by semicolons."),
    Column("asker_type", "string", "Kind of each asker, in the same order."),
    Column("state_iso3", "string", "ISO 3166 code of the State; those of invented States begin X."),
    Column("state_m49", "string", "M49 code of the State."),
    Column("state_name_en", "string", "Short name of the State in English."),
    Column("regional_group", "string", "AFG, APG, EEG, LAC or WEOG."),
    Column("attendance", "string", "Whether the State took part in the event."),
    Column("letter_sent", "date", "Day of the letter that put the question."),
    Column("deadline_utc", "datetime", "The first instant that is late."),
    Column("extended", "boolean", "Whether the deadline of the State was moved."),
    Column("status", "string", "on, late, dec, rec, none, wait, undel or unk."),
    Column("received_at_utc", "datetime", "The receipt that decides between on time and late."),
    Column("days_from_deadline", "integer", "Days of the calendar; negative before the deadline."),
    Column("answer_version", "integer", "Number of the published text."),
    Column("amended_at_utc", "datetime", "Receipt of the text in force, where it is a later one."),
    Column("answer_lang", "string", "Language of the answer."),
    Column("answer_words", "integer", "Words between spaces; Chinese is not counted."),
    Column("answer_text", "string", "The answer in the words in which it was sent."),
    Column("translation_en", "string", "The answer in English, where a translation is published."),
    Column("translation_kind", "string", "official (by the State), ishr or machine: who made it."),
    Column("whole_letter", "boolean", "Whether one public letter answers several questions."),
    Column("attachment_url", "string", "Addresses of public files, separated by spaces."),
    Column("attachment_sha256", "string", "SHA-256 of each of these files, in the same order."),
    Column("permalink", "string", "Address of the reply."),
    Column("exported_at_utc", "datetime", "The moment up to which the record is shown."),
]
