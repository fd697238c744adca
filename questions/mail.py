"""Every message we send: one function and one template each, written to the outbox."""

from datetime import datetime
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string

from questions.models import Contact, MailKind, OutgoingMail, Submission

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
    contacts = Contact.objects.reachable().filter(mission__state=submission.candidacy.state)
    by_address = {contact.email.lower(): contact for contact in contacts.order_by("-pk")}
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
    subject = f"{submission.symbol}: your reply has been received"
    OutgoingMail.objects.bulk_create(
        OutgoingMail(
            kind=MailKind.RECEIPT,
            contact=contact,
            submission=submission,
            to=contact.email,
            subject=subject,
            body=body,
            message_id=make_msgid(domain=urlsplit(settings.BASE_URL).hostname),
            next_try_at=at,
            queued_at=at,
        )
        for contact in by_address.values()
    )
    return len(by_address)
