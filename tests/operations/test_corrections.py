from datetime import timedelta

import pytest

from questions.models import AuditEntry, Correction, Edition
from questions.operations.corrections import (
    AlreadyPublished,
    CorrectionChanged,
    NotPublic,
    discard_correction,
    enter_correction,
    publish_correction,
)
from questions.operations.two_people import NotTheirs, SamePerson
from tests.factories import BEFORE, make_correction, make_event, make_slot, make_user

pytestmark = pytest.mark.django_db

LATER = BEFORE + timedelta(days=1)


def edition():
    return Edition.objects.values_list("number", flat=True).first()


def acts():
    return list(AuditEntry.objects.order_by("number").values_list("action", "subject"))


def test_entered_it_is_a_draft_that_changes_no_edition():
    by, event = make_user(), make_event(year=2021)
    draft = make_correction(event=event)
    draft.pk = None
    draft._state.adding = True

    entered = enter_correction(draft, by=by, at=BEFORE)

    assert (entered.entered_by, entered.entered_at, entered.published_at) == (by, BEFORE, None)
    assert edition() is None
    assert acts() == [("correction.entered", "PE2021")]


def test_published_it_is_in_the_register_with_an_entry_and_an_edition():
    draft = make_correction(event=make_event(year=2021))
    by = make_user()

    published = publish_correction(draft, sha256=draft.sha256, by=by, at=LATER)

    assert (published.published_by, published.published_at) == (by, LATER)
    assert list(Correction.objects.publicly_visible()) == [published]
    assert edition() == 2
    assert acts() == [("correction.published", "PE2021")]
    assert AuditEntry.objects.get().details == {"sha256": draft.sha256}


@pytest.mark.parametrize("is_superuser", [False, True])
def test_req_044_who_entered_it_does_not_publish_it(is_superuser):
    by = make_user(is_superuser=is_superuser)
    draft = make_correction(by=by)

    with pytest.raises(SamePerson):
        publish_correction(draft, sha256=draft.sha256, by=by, at=LATER)

    assert not Correction.objects.publicly_visible().exists()


def test_an_office_of_one_publishes_what_it_entered(settings):
    settings.TWO_PEOPLE = False
    draft = make_correction()

    publish_correction(draft, sha256=draft.sha256, by=draft.entered_by, at=LATER)

    assert Correction.objects.publicly_visible().exists()


def test_req_045_what_changed_since_it_was_looked_at_is_not_published():
    draft = make_correction()
    seen = draft.sha256
    draft.what_changed = "9 September 2021."
    enter_correction(draft, by=draft.entered_by, at=BEFORE)

    with pytest.raises(CorrectionChanged):
        publish_correction(draft, sha256=seen, by=make_user(), at=LATER)

    assert not Correction.objects.publicly_visible().exists()


def test_a_draft_is_changed_by_who_entered_it_only():
    draft = make_correction()
    draft.what_changed = "9 September 2021."

    with pytest.raises(NotTheirs):
        enter_correction(draft, by=make_user(), at=LATER)

    assert Correction.objects.get().what_changed == "8 September 2021."


def test_what_is_published_is_neither_changed_nor_discarded_nor_published_again():
    note = make_correction(published_at=BEFORE)

    with pytest.raises(AlreadyPublished):
        enter_correction(note, by=note.entered_by, at=LATER)
    with pytest.raises(AlreadyPublished):
        discard_correction(note, by=note.entered_by, at=LATER)
    with pytest.raises(AlreadyPublished):
        publish_correction(note, sha256=note.sha256, by=make_user(), at=LATER)

    assert list(Correction.objects.values_list("published_at", flat=True)) == [BEFORE]
    assert acts() == []


@pytest.mark.parametrize("about", ["event", "slot"])
def test_what_is_about_nothing_public_is_not_published(about):
    event = make_event(status="draft" if about == "event" else "open")
    slot = {"slot": make_slot(sent=False)} if about == "slot" else {}
    draft = make_correction(event=event, **slot)

    with pytest.raises(NotPublic):
        publish_correction(draft, sha256=draft.sha256, by=make_user(), at=LATER)

    assert Correction.objects.get().published_at is None
    assert edition() is None


def test_a_draft_is_discarded_with_an_entry():
    draft = make_correction(event=make_event(year=2021))

    discard_correction(draft, by=make_user(), at=LATER)

    assert not Correction.objects.exists()
    assert acts() == [("correction.discarded", "PE2021")]
