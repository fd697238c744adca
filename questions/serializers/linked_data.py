"""Questions and answers in the words of schema.org, for machines that read pages."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from questions.models import Asker, AskerKind, Entry, Question, Response
from questions.plaintext import excerpt

WORDS = 40  # of an answer, where the page of each has all of them


def question_and_answers(question: Question, entries: Iterable[Entry]) -> dict[str, Any]:
    """A question, loaded `with_askers()`, with the start of every answer to it.

    All are suggested answers, for none is accepted more than another; silence and refusals are
    no answers.
    """
    answers = [
        {**answer(entry, entry.answer), "text": excerpt(entry.answer.text, WORDS)}
        for entry in entries
        if entry.answer
    ]
    return page_of(question, answers)


def question_and_answer(entry: Entry) -> dict[str, Any]:
    """A question with one State's answer, in full; without one where there is none."""
    answers = [answer(entry, entry.answer)] if entry.answer else []
    return page_of(entry.slot.question, answers)


def page_of(question: Question, answers: list[dict[str, Any]]) -> dict[str, Any]:
    askers = [asker for asker in question.askers_in_order if asker.is_named_in_public]
    return {
        "@context": "https://schema.org",
        "@type": "QAPage",
        "mainEntity": {
            "@type": "Question",
            "@id": f"{settings.BASE_URL}/r/{question.symbol.replace('/', '-')}",
            "identifier": question.symbol,
            "name": question.heading,
            "text": question.text,
            "inLanguage": tag_of(question.language),
            "author": [author(asker) for asker in askers],
            "answerCount": len(answers),
            "suggestedAnswer": answers,
        },
    }


def author(asker: Asker) -> dict[str, str]:
    is_person = asker.kind in {AskerKind.INDIVIDUAL, AskerKind.SOCIAL_MEDIA_USER}
    return {"@type": "Person" if is_person else "Organization", "name": asker.name}


def answer(entry: Entry, text: Response) -> dict[str, Any]:
    state = entry.slot.candidacy.state
    permalink = f"{settings.BASE_URL}{entry.slot.permalink}"
    return {
        "@type": "Answer",
        "@id": f"{permalink}#answer",
        "url": permalink,
        "identifier": text.symbol,
        "version": text.version,
        "text": text.text,
        "inLanguage": tag_of(text.language),
        "dateCreated": text.received_at.isoformat(),
        "datePublished": text.published_at.isoformat(),
        "author": {
            "@type": "GovernmentOrganization",
            "name": str(state),
            "identifier": state.iso3,
        },
    }


def tag_of(language: str) -> str:
    """zh-Hans for zh-hans."""
    return language.replace("hans", "Hans")
