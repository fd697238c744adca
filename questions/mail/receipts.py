"""The receipt of a reply, with the text that was received."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from questions.models import MailKind, OutgoingMail, Submission

from .rows import contacts_by_address, make_mail, thread_of

# Computes a receipt's SHA-256 from the message as saved, however it was encoded on the way.
CHECK_COMMAND = (
    'python3 -c "import email,email.policy,hashlib; '
    "m=email.message_from_binary_file(open('receipt.eml','rb'),policy=email.policy.default); "
    "t=m.get_body(('plain',)).get_content().replace('\\r\\n','\\n'); "
    "t=t.split('\\n-----BEGIN TEXT ',1)[1].split('-----\\n',1)[1].rpartition('-----END TEXT ')[0]; "
    'print(hashlib.sha256(t.encode()).hexdigest())"'
)


def queue_receipts(submission: Submission, *, at: datetime) -> int:
    """One receipt (E5, security.md 21) for each address on file at both missions of the State."""
    body = render_to_string(
        "receipt.txt",
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
    contacts = contacts_by_address(submission.candidacy.state).values()
    OutgoingMail.objects.bulk_create(
        make_mail(
            MailKind.RECEIPT,
            contact,
            (f"{submission.symbol}: your reply has been received", body),
            submission=submission,
            in_reply_to=thread_of(submission.candidacy, contact),
            at=at,
        )
        for contact in contacts
    )
    return len(contacts)
