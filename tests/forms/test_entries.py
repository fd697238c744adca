from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from questions.forms.entries import EntryForm, read_moment
from questions.models import GENEVA, NEW_YORK
from tests.factories import make_slot

AT = datetime(2021, 10, 20, 12, 0, tzinfo=UTC)
CLOCKS = "Clocks were changed at that time. Write it in UTC, as 2021-10-31T01:30Z."
PATTERN = "Write it as 27 Sep 2021 15:10 or 2021-09-27 15:10."


@pytest.mark.parametrize(
    ("typed", "zone", "moment"),
    [
        ("27 Sep 2021 15:10", GENEVA, datetime(2021, 9, 27, 13, 10, tzinfo=UTC)),
        ("27 Sep 2021 15:10", NEW_YORK, datetime(2021, 9, 27, 19, 10, tzinfo=UTC)),
        ("27 september 2021, 15:10", GENEVA, datetime(2021, 9, 27, 13, 10, tzinfo=UTC)),
        ("  7  Jan 2021  03:04:05 ", GENEVA, datetime(2021, 1, 7, 2, 4, 5, tzinfo=UTC)),
        ("2021-09-27 15:10", GENEVA, datetime(2021, 9, 27, 13, 10, tzinfo=UTC)),
        ("2021-09-27T15:10:30", NEW_YORK, datetime(2021, 9, 27, 19, 10, 30, tzinfo=UTC)),
        ("2021-09-27T15:10Z", NEW_YORK, datetime(2021, 9, 27, 15, 10, tzinfo=UTC)),
        ("2021-10-31T02:30+02:00", GENEVA, datetime(2021, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_read_moment_takes_what_people_write_and_iso(typed, zone, moment):
    assert read_moment(typed, zone) == moment


@pytest.mark.parametrize(
    ("typed", "zone", "sentence"),
    [
        ("31 Feb 2021 10:00", GENEVA, PATTERN),
        ("2021-02-31 10:00", GENEVA, PATTERN),
        ("27 Sep 15:10", GENEVA, PATTERN),
        ("27/09/2021 15:10", GENEVA, PATTERN),
        ("2021-09-27", GENEVA, PATTERN),
        ("27 Sep 2021 25:10", GENEVA, PATTERN),
        ("yesterday", GENEVA, PATTERN),
        ("27 Sep 0021 15:10", GENEVA, "Enter a year from 2006 on."),
        ("31 Oct 2021 02:30", GENEVA, CLOCKS),  # twice that night
        ("28 Mar 2021 02:30", GENEVA, CLOCKS),  # never that night
        ("7 Nov 2021 01:30", NEW_YORK, CLOCKS),
    ],
)
def test_read_moment_refuses_what_is_no_moment(typed, zone, sentence):
    with pytest.raises(ValidationError) as refused:
        read_moment(typed, zone)

    assert refused.value.messages == [sentence]


def entry(slot, **typed):
    fields = {
        "form_key": uuid4(),
        "channel": "email",
        "received": "1 Oct 2021 10:00",
        "zone": GENEVA,
        "language": "fr",
        "signatory_name": "A. Diplomat",
        "reason": "Sent by e-mail.",
        f"text_{slot.pk}": "Oui.",
    }
    return EntryForm(slot.candidacy, [slot], fields | typed, at=AT)


@pytest.mark.django_db
def test_entry_form_takes_the_language_above_unless_the_answer_has_its_own():
    slot = make_slot()

    above, own = entry(slot), entry(slot, **{f"language_{slot.pk}": "ar"})

    assert above.is_valid() and own.is_valid()
    assert above.answers() == [(slot, "answer", "Oui.", "Oui.", "fr")]
    assert own.answers() == [(slot, "answer", "Oui.", "Oui.", "ar")]


@pytest.mark.django_db
def test_entry_form_keeps_the_text_normalised_and_as_typed():
    slot = make_slot()
    typed = "\r\n  Oui\u00ad.\r\nNon.\r\n"

    form = entry(slot, **{f"text_{slot.pk}": typed})

    assert form.is_valid()
    assert form.answers() == [(slot, "answer", "  Oui.\nNon.", typed, "fr")]


@pytest.mark.django_db
def test_entry_form_takes_a_refusal_with_and_without_a_reason():
    slot = make_slot()

    bare = entry(slot, **{f"text_{slot.pk}": " ", f"declined_{slot.pk}": "on"})
    reasoned = entry(slot, **{f"declined_{slot.pk}": "on"})

    assert bare.is_valid() and reasoned.is_valid()
    assert bare.answers() == [(slot, "declined", "", " ", "")]
    assert reasoned.answers() == [(slot, "declined", "Oui.", "Oui.", "fr")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("received", "20 Oct 2021 14:01", "This is in the future. Enter when it arrived."),
        ("received", "1 Oct 2099 10:00", "This is in the future. Enter when it arrived."),
        ("received", "9999-12-31T23:59-14:00", "This is in the future. Enter when it arrived."),
        ("received", "", "This field is required."),
        ("reason", "", "This field is required."),
        ("signatory_name", "", "This field is required."),
    ],
)
def test_req_032_entry_form_refuses_a_future_time_and_a_missing_reason(field, value, sentence):
    form = entry(make_slot(), **{field: value})

    assert form.errors == {field: [sentence]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [("channel", "form"), ("zone", "Asia/Almaty"), ("language", "tlh"), ("mission", "999")],
)
def test_entry_form_refuses_a_choice_that_it_does_not_offer(field, value):
    assert list(entry(make_slot(), **{field: value}).errors) == [field]


@pytest.mark.django_db
def test_entry_form_needs_one_answer():
    slot = make_slot()

    form = entry(slot, **{f"text_{slot.pk}": " \n "})

    assert form.non_field_errors() == ["Enter at least one answer, or tick one as declined."]
