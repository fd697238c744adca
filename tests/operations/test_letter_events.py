"""Finding the State and the event of a letter that is imported."""

import pytest

from questions.models import State
from questions.operations.letter_events import find_state
from questions.operations.letter_results import UnknownState
from tests.factories import make_state
from tests.specimen_letters import letter_to, parsed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "written",
    ["Côte d'Octava", "Cote d’Octava", "CÔTE D’OCTAVA", "Coast of Octava", "the côte d'octava"],
)
def test_a_state_is_found_whatever_accents_capitals_and_quotes_its_name_is_written_with(written):
    state = make_state(name="Côte d'Octava")
    state.aliases.create(name="Coàst of Octava")
    make_state(name="Octava")

    assert find_state(parsed(letter_to(written))) == state


def test_a_name_that_two_states_have_but_for_accents_is_refused():
    make_state(name="Octáva")
    make_state(name="Octàva")

    with pytest.raises(UnknownState, match="“Octava”"):
        find_state(parsed(letter_to("Octava")))

    assert State.objects.count() == 2
