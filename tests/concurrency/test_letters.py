"""Letters imported at the same moment, as two members of staff may do."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection

from questions.models import AddressedQuestion, Asker, Candidacy, Event, Letter, Question
from questions.operations import letters
from questions.operations.letters import import_letter
from tests.factories import AFTER, make_candidacy, make_event, make_state
from tests.specimen_letters import letter_to, parsed

pytestmark = pytest.mark.django_db(transaction=True)


def import_at_once(contents):
    """What each import returned or raised."""
    start = Barrier(len(contents))
    outcomes = []

    def put_in(content):
        letter = parsed(content)
        start.wait()
        try:
            result = import_letter(letter, content=content, name="a.txt", by=None, at=AFTER)
            outcomes.append(result)
        except IntegrityError as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [Thread(target=put_in, args=[content]) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_the_same_letter_imported_at_once_is_stored_once():
    make_state(name="Octava", iso3="XOC")

    outcomes = import_at_once([letter_to("Octava")] * 4)

    assert sorted(outcome.is_known for outcome in outcomes) == [False, True, True, True]
    assert Letter.objects.count() == 1
    assert AddressedQuestion.objects.filter(letter=Letter.objects.get()).count() == 11


def test_letters_of_one_event_imported_at_once_share_its_questions():
    names = ["Octava", "Nona", "Decima", "Quarta"]
    for name in names:
        make_state(name=name)

    outcomes = import_at_once([letter_to(name) for name in names])

    assert [outcome.differences for outcome in outcomes] == [[]] * 4
    assert Event.objects.count() == 1
    assert Asker.objects.count() == 8
    assert Question.objects.filter(state=None).count() == 9
    assert AddressedQuestion.objects.filter(letter__isnull=False).count() == 4 * 11


def test_without_the_locks_the_same_letter_breaks(monkeypatch):
    """The control: were nothing locked, the tests above would fail."""
    candidacy = make_candidacy(event=make_event(year=2021), state=make_state(name="Octava"))

    def unlocked_event(letter, state, at):
        return Event.objects.get(), False

    def unlocked_candidacy(event, state):
        return Candidacy.objects.get(pk=candidacy.pk), False

    monkeypatch.setattr(letters, "find_or_make_event", unlocked_event)
    monkeypatch.setattr(letters, "find_or_make_candidacy", unlocked_candidacy)

    outcomes = import_at_once([letter_to("Octava")] * 4)

    broken = [outcome for outcome in outcomes if isinstance(outcome, IntegrityError)]
    assert broken or Letter.objects.count() > 1
