from datetime import date

import pytest

from questions.models import AskerKind, Contact, Question
from questions.operations.letter_results import Difference
from questions.operations.letters import import_letter
from tests.factories import AFTER, make_asker, make_contact, make_state
from tests.specimen_letters import letter_to, parsed

pytestmark = pytest.mark.django_db


def put_in(content):
    return import_letter(parsed(content), content=content, name="a.txt", by=None, at=AFTER)


@pytest.mark.parametrize(
    ("printed", "kind", "state"),
    [
        ("Permanent Mission of Nona to the United Nations", AskerKind.STATE_MISSION, "Nona"),
        ("Permanent Mission of Nowhere to the United Nations", AskerKind.UNKNOWN, None),
        ("A. Person (Twitter user)", AskerKind.SOCIAL_MEDIA_USER, None),
        ("A. Person", AskerKind.UNKNOWN, None),
    ],
)
def test_kind_of_an_asker_is_unknown_unless_the_letter_shows_it(printed, kind, state):
    make_state(name="Octava")
    make_state(name="Nona")

    put_in(letter_to("Octava", ("*CIVICUS*", f"*{printed}*")))

    asker = Question.objects.get(number=2, state=None).asked_by.get().asker
    assert (asker.kind, asker.state and asker.state.name) == (kind, state)


def test_consent_that_is_on_record_stays():
    make_state(name="Octava")
    asker = make_asker(
        name="CIVICUS", state_consent_on=date(2020, 1, 1), state_consent_source="by mail"
    )

    put_in(letter_to("Octava"))

    asker.refresh_from_db()
    assert (asker.state_consent_on, asker.state_consent_source) == (date(2020, 1, 1), "by mail")


def test_addressees_are_found_again_and_keep_their_address():
    octava = make_state(name="Octava", iso3="XOC")
    known = make_contact(
        state=octava, city="new_york", name="Ana Octava", email="a@octava.example", role="Envoy"
    )

    result = put_in(letter_to("Octava"))

    known.refresh_from_db()
    assert (known.email, known.role, known.honorific, known.is_addressee) == (
        "a@octava.example",
        "Envoy",
        "H.E. Mr.",
        True,
    )
    assert Contact.objects.count() == 2
    assert result.differences == [
        Difference(
            "Ana Octava: role",
            "Envoy",
            "Permanent Representative of Octava to the United Nations in New York",
        )
    ]


def test_askers_whose_names_differ_in_signs_only_have_an_address_each():
    make_state(name="Octava")
    make_asker(name="C.I.V.I.C.U.S")
    make_asker(name="CIVICUS!")

    put_in(letter_to("Octava"))

    slugs = [asker.slug for asker in Question.objects.get(number=2, state=None).askers.all()]
    assert slugs[0].startswith("civicus-")
