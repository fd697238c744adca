"""Words that were taken out of a reply, and where they stand all the same (security.md 51)."""

from collections.abc import Iterable

from questions.differences import words_of
from questions.models import AddressedQuestion, Response, ResponseStatus


class WordsStand(Exception):
    """Words that were taken out would be read again: it takes a look and a yes."""


def redactions_of(slots: Iterable[AddressedQuestion | int]) -> list[Response]:
    """The texts from which words were taken out, without attempts that were given up."""
    made = Response.objects.filter(slot__in=slots, redacts__isnull=False)
    given_up = made.filter(status=ResponseStatus.SUPERSEDED, published_at__isnull=True)
    return list(made.exclude(pk__in=given_up).select_related("redacts", "entered_by"))


def taken_out_by(redaction: Response) -> set[str]:
    return words_of(redaction.redacts.text) - words_of(redaction.text)


def standing_in(
    response: Response, redactions: Iterable[Response], *, translation: str = ""
) -> list[tuple[Response, list[str]]]:
    """Each redaction of the same reply of which the text, or its translation, has words."""
    words = words_of(translation or f"{response.text} {response.amendment_reason}")
    found = [
        (one, sorted(words & taken_out_by(one)))
        for one in redactions
        if one.slot_id == response.slot_id
    ]
    return [(redaction, standing) for redaction, standing in found if standing]
