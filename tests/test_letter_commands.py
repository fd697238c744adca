"""The commands that compose and issue letters, and that extend deadlines."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from questions.models import (
    Contact,
    DeadlineExtension,
    LetterDocument,
    LetterStatus,
    Standing,
    end_of_day,
)
from tests.factories import DUE_AT, make_candidacy, make_event, make_user
from tests.operations.letters_out import (
    LETTER_DATE,
    make_letterhead,
    make_ready,
    make_ready_event,
    make_template,
)

pytestmark = pytest.mark.django_db

LATER = date(2021, 10, 15)


def run(command, *args, **options):
    out = StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue().splitlines()


@pytest.fixture
def event():
    """Two States that wait for a letter."""
    make_template()
    make_letterhead()
    event = make_ready_event(letter_date=LETTER_DATE)
    make_ready(event=event)
    make_ready(event=event)
    return event


def letters_of(event):
    return [one.letters.get() for one in event.candidacies.filter(letters__isnull=False)]


def test_letters_are_composed_and_issued(event):
    lines = run("issue_letters", event.code.lower())

    assert lines == ["2 letters were composed.", "2 letters were issued."]
    assert [(one.status, one.date) for one in letters_of(event)] == [
        (LetterStatus.ISSUED, LETTER_DATE)
    ] * 2
    assert run("issue_letters", event.code) == [
        "0 letters were composed.",
        "0 letters were issued.",
    ]


def test_drafts_only_issues_none_and_the_day_may_be_given(event):
    lines = run("issue_letters", event.code, date=date(2021, 9, 30), drafts_only=True)

    assert lines == ["2 letters were composed."]
    assert [(one.status, one.date) for one in letters_of(event)] == [
        (LetterStatus.DRAFT, date(2021, 9, 30))
    ] * 2
    assert not LetterDocument.objects.exists()


def test_another_template_is_chosen_by_its_name(event):
    make_template(name="Short", is_default=False, closing="Goodbye.")

    run("issue_letters", event.code, template="Short")

    assert ["Goodbye." in one.text for one in letters_of(event)] == [True, True]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"template": "None such"}, "There is no template None such."),
        ({"template": "Lame"}, "The template lacks a paragraph or has a lone brace."),
    ],
)
def test_a_template_that_cannot_be_used_is_named(event, options, message):
    make_template(name="Lame", is_default=False, closing="")

    with pytest.raises(CommandError) as refusal:
        run("issue_letters", event.code, **options)

    assert str(refusal.value) == message
    assert letters_of(event) == []


def test_what_is_not_known_of_a_run_is_asked_for():
    event = make_ready_event()
    with pytest.raises(CommandError, match=r"Give --date\.$"):
        run("issue_letters", event.code)
    with pytest.raises(CommandError, match="No template is proposed: give --template"):
        run("issue_letters", event.code, date=LETTER_DATE)


def test_an_outdated_draft_is_named_and_none_is_issued(event):
    unaddressed = event.candidacies.first()
    run("issue_letters", event.code, drafts_only=True)
    contacts = Contact.objects.filter(mission__state=unaddressed.state)
    contacts.update(is_addressee=False)  # no new draft can be composed to it

    with pytest.raises(CommandError) as refusal:
        run("issue_letters", event.code)

    assert str(refusal.value) == (
        f"None was issued. Compose again: Letter 1 to {unaddressed.symbol}, 2021-09-29"
    )
    assert not LetterDocument.objects.exists()


def test_a_deadline_is_extended_for_one_state_or_for_all_that_still_stand():
    event = make_event()
    first, second = make_candidacy(event=event), make_candidacy(event=event)
    withdrew = make_candidacy(event=event, standing=Standing.WITHDREW)
    make_candidacy(event=event, due_at=None)
    user = make_user(username="ada")

    one = run(
        "extend_deadline", event.code, LATER, reason="Asked", by="ada", state=[first.state.iso3]
    )
    dues = []
    for candidacy in (first, second, withdrew):
        candidacy.refresh_from_db()
        dues.append(candidacy.due_at)
    both = run("extend_deadline", event.code, date(2021, 10, 20), reason="Asked", by="ada")

    assert one == ["1 deadlines were extended to 2021-10-15."]
    assert dues == [end_of_day(LATER), DUE_AT, DUE_AT]
    assert both == ["2 deadlines were extended to 2021-10-20."]
    assert set(DeadlineExtension.objects.values_list("by", "reason")) == {(user.pk, "Asked")}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "nobody"}, "There is no member of staff nobody."),
        ({"by": "left"}, "There is no member of staff left."),
        ({"reason": " "}, "An extension needs a reason."),
        ({"due_on": date(2021, 10, 8)}, "Not later than the deadline of Octava at PE2998."),
        ({"state": ["XXX"]}, "Not at PE2998: XXX."),
        ({"state": ["XNO"]}, "A State without a deadline has none to extend."),
    ],
)
def test_an_extension_that_makes_no_sense_is_refused_with_a_sentence(options, message):
    event = make_event(year=2998)
    octava = make_candidacy(event=event)
    type(octava.state).objects.filter(pk=octava.state.pk).update(name="Octava", iso3="XOC")
    nona = make_candidacy(event=event, due_at=None)
    type(nona.state).objects.filter(pk=nona.state.pk).update(iso3="XNO")
    make_user(username="ada")
    make_user(username="left", is_active=False)
    values = {"due_on": LATER, "reason": "Asked", "by": "ada", "state": ["XOC"]} | options

    with pytest.raises(CommandError) as refusal:
        run("extend_deadline", "PE2998", values.pop("due_on"), **values)

    assert str(refusal.value) == message
    assert not DeadlineExtension.objects.exists()
