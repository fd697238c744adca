"""The receipt of a reply, with the text that was received, and the notice of it to the office."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from questions.models import (
    AddressedQuestion,
    MailKind,
    OutgoingMail,
    Response,
    ResponseStatus,
    Submission,
)

from .rows import all_about, make_mail, thread_of
from .words import BETWEEN_LANGUAGES, clocks, deadline_in, flat, rendered

# Computes a receipt's SHA-256 from the message as saved, however it was encoded on the way.
CHECK_COMMAND = (
    'python3 -c "import email,email.policy,hashlib; '
    "m=email.message_from_binary_file(open('receipt.eml','rb'),policy=email.policy.default); "
    "t=m.get_body(('plain',)).get_content().replace('\\r\\n','\\n'); "
    "t=t.split('\\n-----BEGIN TEXT ',1)[1].split('-----\\n',1)[1].rpartition('-----END TEXT ')[0]; "
    'print(hashlib.sha256(t.encode()).hexdigest())"'
)


def queue_receipts(submission: Submission, *, at: datetime) -> int:
    """One receipt (E5, security.md 21) for each address on file at both missions of the State.

    Those whom the missions named for this reply get one too. The received text stands once, in
    the English part, whatever the language.
    """
    facts = _facts(submission, at=at)
    english = _in_english(submission, facts)
    candidacy = submission.candidacy
    contacts = all_about(candidacy)
    OutgoingMail.objects.bulk_create(
        make_mail(
            MailKind.RECEIPT,
            contact,
            _in_language(submission, contact.language, english, facts),
            submission=submission,
            in_reply_to=thread_of(candidacy, contact),
            at=at,
        )
        for contact in contacts
    )
    return len(contacts)


def queue_notice(submission: Submission, *, at: datetime) -> OutgoingMail:
    """To the office, at once: who sent what through which link (security.md 22, E11)."""
    responses = list(submission.responses.as_sent().with_names().in_letter_order())
    slots = [response.slot_id for response in responses]
    published = Response.objects.filter(slot__in=slots, status=ResponseStatus.PUBLISHED)
    amended = set(published.values_list("slot", flat=True))
    values = {
        "submission": submission,
        "city": submission.mission and submission.mission.get_city_display,
        "contact": submission.link and flat(submission.link.contact.name),
        "signatory": signatory_of(submission),
        "responses": responses,
        "amended": [one.slot.symbol for one in responses if one.slot_id in amended],
        "base_url": settings.BASE_URL,
    }
    text = rendered(MailKind.NOTICE, "en", values)
    notice = make_mail(
        MailKind.NOTICE, None, text, to=settings.OFFICE_EMAIL, submission=submission, at=at
    )
    notice.save()
    return notice


def signatory_of(submission: Submission) -> str:
    return flat(", ".join(filter(None, [submission.signatory_name, submission.signatory_title])))


def _facts(submission: Submission, *, at: datetime) -> dict[str, Any]:
    """What the receipt says in every language: numbers, files, and how much is still open."""
    candidacy = submission.candidacy
    unanswered = AddressedQuestion.objects.sent().filter(
        candidacy=candidacy, responses__isnull=True
    )
    takes_answers = candidacy.takes_answers(at=at)
    return {
        "answers": submission.answer_count,
        "refusals": submission.refusal_count,
        "files": list(submission.attachments.all()),
        "open": unanswered.count() if takes_answers else 0,
        "is_before_deadline": candidacy.due_at is not None and not candidacy.is_late(at),
        "page": f"{candidacy.reference}/r{submission.number}/",
    }


def _in_english(submission: Submission, facts: dict[str, Any]) -> str:
    with translation.override("en"):  # whatever the page from which it was sent
        return render_to_string(
            "receipt/en.txt",
            facts
            | {
                "submission": submission,
                "text": submission.canonical_text(),
                "command": CHECK_COMMAND,
                "responses": submission.responses.as_sent().with_names().in_letter_order(),
                "base_url": settings.BASE_URL,
                "receipt_address": f"{settings.BASE_URL}/en/reply/{facts['page']}",
                "office_email": settings.OFFICE_EMAIL,
            },
            using="mail",
        )


def _in_language(
    submission: Submission, language: str, english: str, facts: dict[str, Any]
) -> tuple[str, str]:
    """Subject and body: what was received when, in the language, above the English."""
    if language == "en":
        return f"{submission.symbol}: your reply has been received", english
    candidacy = submission.candidacy
    values = facts | {
        "receipt": submission.symbol,
        "reference": candidacy.symbol,
        "state": flat(candidacy.state.name_in(language)),
        "signatory": signatory_of(submission),
        "received": clocks(submission.received_at, language),
        "due": deadline_in(submission.due_at, candidacy.event.zone, language),
        "is_late": submission.is_late,
        "receipt_address": f"{settings.BASE_URL}/{language}/reply/{facts['page']}",
        "office_email": settings.OFFICE_EMAIL,
    }
    subject, body = rendered(MailKind.RECEIPT, language, values)
    return subject, f"{body}{BETWEEN_LANGUAGES}{english}"
