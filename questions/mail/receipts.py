"""The receipt of a reply, with the text that was received."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from questions.models import MailKind, OutgoingMail, Submission

from .rows import contacts_by_address, make_mail, thread_of
from .words import BETWEEN_LANGUAGES, clocks, flat, rendered

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

    The received text stands once, in the English part, whatever the mission's language.
    """
    english = _in_english(submission)
    contacts = contacts_by_address(submission.candidacy.state).values()
    OutgoingMail.objects.bulk_create(
        make_mail(
            MailKind.RECEIPT,
            contact,
            _in_language(submission, contact.language, english),
            submission=submission,
            in_reply_to=thread_of(submission.candidacy, contact),
            at=at,
        )
        for contact in contacts
    )
    return len(contacts)


def _in_english(submission: Submission) -> str:
    return render_to_string(
        "receipt/en.txt",
        {
            "submission": submission,
            "text": submission.canonical_text(),
            "answers": submission.answer_count,
            "refusals": submission.refusal_count,
            "command": CHECK_COMMAND,
            "responses": submission.responses.with_names().in_letter_order(),
            "base_url": settings.BASE_URL,
            "office_email": settings.OFFICE_EMAIL,
        },
        using="mail",
    )


def _in_language(submission: Submission, language: str, english: str) -> tuple[str, str]:
    """Subject and body: what was received when, in the language, above the English."""
    if language == "en":
        return f"{submission.symbol}: your reply has been received", english
    signatory = ", ".join(filter(None, [submission.signatory_name, submission.signatory_title]))
    values = {
        "receipt": submission.symbol,
        "reference": submission.candidacy.symbol,
        "state": flat(submission.candidacy.state.name_in(language)),
        "answers": submission.answer_count,
        "refusals": submission.refusal_count,
        "signatory": flat(signatory),
        "received": clocks(submission.received_at, language),
        "due": submission.due_at,
        "is_late": submission.is_late,
        "office_email": settings.OFFICE_EMAIL,
    }
    subject, body = rendered(MailKind.RECEIPT, language, values)
    return subject, f"{body}{BETWEEN_LANGUAGES}{english}"
