"""The named parameters of each list, and the cursor; nothing else of an address is looked at.

A parameter that is not given is empty.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from pydantic import BaseModel, BeforeValidator, Field

from questions.models import (
    UN_LANGUAGES,
    AnswerStatus,
    AskerKind,
    CorrectionKind,
    EventStatus,
    QuestionScope,
    RegionalGroup,
)

from .problems import ParameterProblem, Refused

MOST, USUAL = 200, 50
PLAIN_NUMBER = re.compile("[1-9][0-9]{0,2}")
SLUG = "[A-Za-z0-9_-]{1,80}"
EVENT = "[0-9]{4}(-[a-z]{1,12})?|specimen"

event_filter = Field(
    "",
    pattern=f"^({EVENT})$",
    description="Of one event, by its slug. The specimen event is in no list that names none.",
    examples=["specimen"],
)
state_filter = Field("", pattern="^[A-Z]{3}$", description="The State's code.", examples=["XPR"])
group_filter = Field("", description="States of one regional group.", examples=["AFG"])
topic_filter = Field(
    "", pattern=f"^{SLUG}$", description="A topic's slug.", examples=["human-rights-defenders"]
)
asker_filter = Field(
    "", pattern=f"^{SLUG}$", description="Slug of an asker named in public.", examples=["civicus"]
)
Group = Literal[tuple(RegionalGroup.values)]
Language = Literal[tuple(code for code, _name in UN_LANGUAGES)]


def plainly_written(number: str | int) -> str | int:
    """Python reads "+5", "5_0" and digits of other scripts as numbers too."""
    if isinstance(number, str) and not PLAIN_NUMBER.fullmatch(number):
        raise ValueError("a number in plain digits is expected")
    return number


class Query(BaseModel):
    """What every list takes."""

    cursor: str = Field(
        "",
        pattern=r"^[A-Za-z0-9_.-]{20,200}$",
        description="Where a page begins, as next of the page before has it. It does not expire.",
    )
    limit: Annotated[int, BeforeValidator(plainly_written)] = Field(
        USUAL, ge=1, le=MOST, description="The most objects on a page.", examples=[20]
    )

    @property
    def filters(self) -> dict[str, str]:
        """As the functions of `listing` take them."""
        return self.model_dump(exclude={"cursor", "limit"})


class EventQuery(Query):
    status: Literal[tuple(EventStatus.values[1:])] = Field(
        "", description="open or closed.", examples=["open"]
    )


class CandidacyQuery(Query):
    event: str = event_filter
    state: str = state_filter
    group: Group = group_filter


class QuestionQuery(Query):
    event: str = event_filter
    state: str = state_filter
    scope: Literal[tuple(QuestionScope.values)] = Field(
        "", description="all, some or one: of how many candidates it was asked.", examples=["all"]
    )
    topic: str = topic_filter
    asker: str = asker_filter
    language: Language = Field("", description="Language of the question.", examples=["en"])


class AnswerQuery(Query):
    event: str = event_filter
    state: str = state_filter
    group: Group = group_filter
    status: Literal[tuple(AnswerStatus.values)] = Field(
        "", description="The status, as answers have it.", examples=["late"]
    )
    topic: str = topic_filter
    asker: str = asker_filter
    language: Language = Field("", description="Language of the text in force.", examples=["fr"])


class StateQuery(Query):
    group: Group = group_filter


class TopicQuery(Query):
    pass


class AskerQuery(Query):
    kind: Literal[tuple(AskerKind.values)] = Field(
        "", description="The kind of asker.", examples=["ngo"]
    )


class CorrectionQuery(Query):
    event: str = event_filter
    kind: Literal[tuple(CorrectionKind.values)] = Field(
        "", description="The kind of note.", examples=["withdrawal"]
    )


def require_named_once(request: HttpRequest, names: set[str]) -> None:
    """Raises Refused where the address has a parameter that is unknown or repeated."""
    wrong = [
        ParameterProblem(name=name[:80], detail="Unknown parameter.")
        for name in request.GET
        if name not in names
    ]
    wrong += [
        ParameterProblem(name=name, detail="Given more than once.")
        for name, values in request.GET.lists()
        if name in names and len(values) > 1
    ]
    if wrong:
        raise Refused(400, "The address has parameters that are unknown or repeated.", wrong[:20])


def cursor_after(kind: str, key: Sequence[str | int]) -> str:
    return Signer(sep=".", salt=f"api.{kind}").sign_object(list(key))


def key_of(kind: str, cursor: str) -> list[str | int] | None:
    """The key after which the page begins. Raises Refused where this list gave no such cursor."""
    if not cursor:
        return None
    try:
        return Signer(sep=".", salt=f"api.{kind}").unsign_object(cursor)
    except BadSignature as unknown:
        raise Refused(404, "No page of this list begins at this cursor.") from unknown
