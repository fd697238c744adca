"""Letters to invented States, one part of them varied at a time."""

ADDRESSEES = """\
H.E. Ms. Ada Lund
Permanent Representative of Octava to the United Nations in New York

H.E. Mr. Jan Berg
Permanent Representative of Octava to the United Nations in Geneva"""
EVENT = (
    "On 7 September 2022, the International Service for Human Rights and Amnesty International "
    "held an online pledging event for candidate States to the Human Rights Council for the "
    "membership term 2023-2025."
)
AUDIENCE = "This year's event had over 150 participants and many questions."
PARTICIPATION = "We thank Octava for participating in the event."
DEADLINE = "Please send your responses to Noor Haddad at n.haddad@example.org by 14 October 2022."
OWN_HEADING = "Questions addressed specifically to Octava"
OWN = "1. *Child Rights Connect*: What will Octava do for children?"
COMMON_HEADING = "Questions posed to all candidate States:"
COMMON = """\
1. *CIVICUS*: What will you do for civil society?
2. *Eric Example (Twitter user)*: What will you do for the climate?"""
CLOSING = "We look forward to hearing from you."
SIGNATURE = """\
Robin Vale
Programme Director
International Service for Human Rights
r.vale@example.org"""


def letter_text(
    *,
    addressees=ADDRESSEES,
    letter_date="30 September 2022",
    salutation="Your Excellencies,",
    title="Questions from Human Rights Council Elections Pledging Event 2022",
    event=EVENT,
    audience=AUDIENCE,
    participation=PARTICIPATION,
    deadline=DEADLINE,
    own_heading=OWN_HEADING,
    own=OWN,
    common_heading=COMMON_HEADING,
    common=COMMON,
    closing=CLOSING,
    signature=SIGNATURE,
):
    """A whole letter; a part given as "" is left out."""
    parts = [
        addressees,
        letter_date,
        salutation,
        title,
        event,
        audience,
        participation,
        deadline,
        own_heading,
        own,
        common_heading,
        common,
        closing,
        signature,
    ]
    return "\n\n".join(part for part in parts if part)
