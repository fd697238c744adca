from datetime import UTC, datetime, timedelta

import pytest

from questions.models import (
    AuditEntry,
    Edition,
    Event,
    EventStatus,
    Response,
    ResponseStatus,
    text_digest,
)
from questions.operations.publication import (
    EventNotOpen,
    close_event,
    open_event,
    publish_responses,
    withhold_responses,
)
from tests.factories import BEFORE, make_event, make_response, make_slot, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2021, 10, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def publish(*responses, by=None, at=NOW):
    chosen = Response.objects.filter(pk__in=[response.pk for response in responses])
    return publish_responses(chosen, by=by or make_user(), at=at)


def withhold(*responses, reason="Names a private person.", at=NOW):
    chosen = Response.objects.filter(pk__in=[response.pk for response in responses])
    return withhold_responses(chosen, reason=reason, by=make_user(), at=at)


def test_an_answer_whose_words_stand_in_a_file_waits_for_its_text():
    waiting, answered = make_response(text="", kind="general"), make_response(text="Yes.")
    declined = make_response(text="", language="", kind="declined")

    count = publish(waiting, answered, declined)

    assert count == 2
    assert set(Response.objects.publicly_visible()) == {answered, declined}
    waiting.refresh_from_db()
    assert waiting.status == ResponseStatus.RECEIVED


def versions(slot):
    return list(slot.responses.order_by("pk").values_list("text", "status", "version"))


def acts():
    return list(AuditEntry.objects.order_by("number").values_list("action", "subject"))


def test_publishing_says_when_by_whom_and_of_which_text():
    response = make_response(text="Yes.")
    user = make_user()

    count = publish(response, by=user)

    response.refresh_from_db()
    assert count == 1
    assert (response.status, response.version) == (ResponseStatus.PUBLISHED, 1)
    assert (response.published_at, response.published_by) == (NOW, user)
    assert (response.approved_by, response.approved_sha256) == (user, text_digest("Yes."))
    assert list(Response.objects.publicly_visible()) == [response]


def test_req_043_each_publication_is_one_act_on_record_with_the_hash_of_its_text():
    first, second = make_response(text="Yes."), make_response(text="No.")
    user = make_user()

    publish(first, second, by=user)

    entries = AuditEntry.objects.order_by("number")
    assert [(e.action, e.subject, e.user, e.details["sha256"]) for e in entries] == [
        ("response.published", first.slot.symbol, user, text_digest("Yes.")),
        ("response.published", second.slot.symbol, user, text_digest("No.")),
    ]


def test_a_later_text_supersedes_the_published_one_under_the_next_version():
    slot = make_slot()
    first = make_response(slot=slot, text="Yes.")
    publish(first)
    second = make_response(slot=slot, text="Perhaps.", received_at=BEFORE + timedelta(days=1))

    publish(second, at=LATER)

    assert versions(slot) == [
        ("Yes.", ResponseStatus.SUPERSEDED, 1),
        ("Perhaps.", ResponseStatus.PUBLISHED, 2),
    ]
    assert set(Response.objects.publicly_visible()) == {first, second}
    assert acts()[-1] == ("response.published", f"{slot.symbol}.v2")


def test_two_texts_of_one_slot_published_together_follow_their_receipt():
    slot = make_slot()
    later = make_response(slot=slot, text="Later.", received_at=BEFORE + timedelta(days=1))
    earlier = make_response(slot=slot, text="Earlier.", received_at=BEFORE)

    publish(later, earlier)

    assert versions(slot) == [
        ("Later.", ResponseStatus.PUBLISHED, 2),
        ("Earlier.", ResponseStatus.SUPERSEDED, 1),
    ]


@pytest.mark.parametrize("status", [ResponseStatus.PUBLISHED, ResponseStatus.SUPERSEDED])
def test_publishing_again_changes_nothing(status):
    response = make_response(published=True, status=status)

    count = publish(response, at=LATER)

    response.refresh_from_db()
    assert count == 0
    assert (response.status, response.published_at) == (status, BEFORE)
    assert acts() == []
    assert not Edition.objects.exists()


def test_what_was_withheld_comes_back_as_it_was_without_its_reason():
    response = make_response()
    publish(response)
    withhold(response)

    publish(response, at=LATER)

    response.refresh_from_db()
    assert (response.status, response.version) == (ResponseStatus.PUBLISHED, 1)
    assert (response.published_at, response.withheld_reason) == (NOW, "")


def test_what_was_withheld_comes_back_behind_the_later_text_under_its_number():
    slot = make_slot()
    first, second = make_response(slot=slot, text="Yes."), make_response(slot=slot, text="No.")
    publish(first)
    withhold(first)
    publish(second)

    publish(first, at=LATER)

    assert versions(slot) == [
        ("Yes.", ResponseStatus.SUPERSEDED, 1),
        ("No.", ResponseStatus.PUBLISHED, 2),
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_texts_that_were_withheld_come_back_as_they_were_in_any_order(order):
    slot = make_slot()
    texts = [make_response(slot=slot, text="Yes."), make_response(slot=slot, text="No.")]
    for text in texts:
        publish(text)
    for text in texts:
        withhold(text)

    for place in order:
        publish(texts[place], at=LATER)

    assert versions(slot) == [
        ("Yes.", ResponseStatus.SUPERSEDED, 1),
        ("No.", ResponseStatus.PUBLISHED, 2),
    ]


def test_what_was_withheld_before_it_was_public_is_a_new_version():
    slot = make_slot()
    first, second = make_response(slot=slot, text="Yes."), make_response(slot=slot, text="No.")
    withhold(first)
    publish(second)

    publish(first, at=LATER)

    assert versions(slot) == [
        ("Yes.", ResponseStatus.PUBLISHED, 2),
        ("No.", ResponseStatus.SUPERSEDED, 1),
    ]


@pytest.mark.parametrize("published", [False, True])
def test_withholding_takes_a_text_from_the_public_and_keeps_its_reason(published):
    response = make_response(text="Yes.", published=published)

    count = withhold(response, reason="Names a private person.")

    response.refresh_from_db()
    assert count == 1
    assert response.status == ResponseStatus.WITHHELD
    assert response.withheld_reason == "Names a private person."
    assert response.text == "Yes."
    assert not Response.objects.publicly_visible().exists()


def test_req_043_withholding_is_on_record_with_what_it_was():
    response = make_response(text="Yes.", published=True)

    withhold(response)

    (entry,) = AuditEntry.objects.all()
    assert (entry.action, entry.details["was"]) == ("response.withheld", "published")
    assert entry.details["sha256"] == text_digest("Yes.")
    assert "private person" not in str(entry.details)


def test_withholding_twice_changes_nothing():
    response = make_response()
    withhold(response, reason="Names a private person.")

    count = withhold(response, reason="Another.", at=LATER)

    response.refresh_from_db()
    assert (count, response.withheld_reason) == (0, "Names a private person.")
    assert len(acts()) == 1


def test_many_publications_are_one_edition():
    publish(make_response())
    before = Edition.objects.get().number

    publish(make_response(), make_response())

    assert Edition.objects.get().number == before + 1


def test_publishing_touches_nothing_that_was_not_chosen():
    chosen, other = make_response(), make_response()

    publish(chosen)

    other.refresh_from_db()
    assert (other.status, other.version) == (ResponseStatus.RECEIVED, None)


@pytest.mark.parametrize(
    ("act", "before", "after"),
    [
        (open_event, EventStatus.DRAFT, EventStatus.OPEN),
        (open_event, EventStatus.CLOSED, EventStatus.OPEN),
        (close_event, EventStatus.OPEN, EventStatus.CLOSED),
    ],
)
def test_req_043_opening_and_closing_are_on_record_and_make_an_edition(act, before, after):
    event = make_event(status=before)

    act(event, by=make_user(), at=NOW)

    assert event.status == after
    assert Event.objects.get().status == after
    assert acts() == [(f"event.{after}", event.code)]
    assert AuditEntry.objects.get().details == {"was": before}
    assert Edition.objects.get().number == 2


def test_req_047_closing_a_draft_does_not_make_it_public():
    event = make_event(status=EventStatus.DRAFT)

    with pytest.raises(EventNotOpen):
        close_event(event, by=make_user(), at=NOW)

    assert event.status == EventStatus.DRAFT
    assert not Event.objects.publicly_visible().exists()
    assert acts() == []
    assert not Edition.objects.exists()


def test_closing_a_closed_event_is_no_act():
    close_event(make_event(status=EventStatus.CLOSED), by=make_user(), at=NOW)

    assert acts() == []
    assert not Edition.objects.exists()


def test_opening_an_open_event_is_no_act():
    open_event(make_event(status=EventStatus.OPEN), by=make_user(), at=NOW)

    assert acts() == []
    assert not Edition.objects.exists()
