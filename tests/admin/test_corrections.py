"""Entering and publishing corrections in the staff's site."""

import pytest
from django.urls import reverse

from questions.models import Correction
from tests.factories import BEFORE, make_correction, make_event, make_response, make_slot

from .conftest import logged_in
from .pages import change_page, errors_of, messages_of

pytestmark = pytest.mark.django_db

ADD = "/admin/questions/correction/add/"
WORDS = {
    "corrected_on": "2021-10-03",
    "what_was_wrong": "The date of the sitting.",
    "what_changed": "8 September 2021.",
    "reason": "A slip of the pen.",
}


def test_it_is_entered_by_symbol_and_waits_for_another_person(admin, boss):
    slot = make_slot(candidacy=make_slot().candidacy)

    admin.post(ADD, {"about": slot.symbol.lower(), **WORDS})

    entered = Correction.objects.get()
    assert (entered.slot, entered.event) == (slot, slot.candidacy.event)
    assert (entered.entered_by, entered.published_at) == (boss, None)


@pytest.mark.parametrize(
    ("about", "found"),
    [
        ("PE2021", {"event": "PE2021"}),
        ("PE2021/XKA", {"event": "PE2021", "candidacy": "PE2021/XKA"}),
        ("PE2021/Q1", {"event": "PE2021", "question": "PE2021/Q1"}),
        ("PE2021/XKA-1", {"event": "PE2021", "question": "PE2021/XKA-1"}),
        ("/fr/about/method/", {"page": "/about/method/"}),
        ("https://portal.example/en/about/method/", {"page": "/about/method/"}),
    ],
)
def test_what_it_is_about_is_found_by_symbol_or_address(admin, about, found):
    from tests.views.public_pages import make_record

    make_record()

    admin.post(ADD, {"about": about, **WORDS})

    entered = Correction.objects.get()
    names = ["event", "candidacy", "question", "slot", "page"]
    said = {name: value for name in names if (value := getattr(entered, name))}
    assert {name: getattr(row, "symbol", row) for name, row in said.items()} == found


@pytest.mark.parametrize(
    "about",
    ["PE2021", "PE2022/Q1", "PE2022/Q9", "nonsense", "/2021/", "/admin/", "/en/2022/xka/", ""],
)
def test_what_is_not_public_cannot_be_named(admin, about):
    make_event(year=2021, status="draft")
    make_slot(candidacy=None, question=None, sent=False)
    make_event(year=2022)

    page = admin.post(ADD, {"about": about, **WORDS})

    assert "about" in errors_of(page)
    assert not Correction.objects.exists()


def test_a_day_in_the_future_is_refused(admin):
    make_event(year=2021)

    page = admin.post(ADD, {"about": "PE2021", **WORDS, "corrected_on": "2999-01-01"})

    assert errors_of(page) == {"corrected_on": ["This day is in the future."]}


def test_req_044_who_entered_it_is_told_that_another_publishes_it(admin, boss):
    draft = make_correction(by=boss)

    page = admin.post(publish_page(draft), {"sha256": draft.sha256}, follow=True)

    assert messages_of(page) == ["You entered it: someone else publishes it."]
    assert Correction.objects.get().published_at is None


def test_another_publishes_what_the_page_shows(admin):
    draft = make_correction()
    shown = admin.get(change_page(draft)).content.decode()

    page = admin.post(publish_page(draft), {"sha256": draft.sha256}, follow=True)

    assert f'name="sha256" value="{draft.sha256}"' in shown
    assert messages_of(page) == ["The correction is in the register."]
    assert Correction.objects.publicly_visible().exists()


def test_only_who_entered_a_draft_changes_it_and_nobody_what_is_published(admin, boss):
    own, others = make_correction(by=boss), make_correction()
    published = make_correction(by=boss, published_at=own.entered_at)
    typed = {"about": own.event.code, **WORDS, "reason": "Changed."}

    statuses = [admin.post(change_page(row), typed).status_code for row in [own, others, published]]

    assert statuses == [302, 403, 403]
    changed = Correction.objects.filter(reason="Changed.")
    assert list(changed) == [own]


def test_a_draft_is_discarded_and_what_is_published_is_not(staff_with):
    client = staff_with("view_correction", "delete_correction")
    draft, published = make_correction(), make_correction(published_at=make_correction().entered_at)
    rows = [draft, published]

    statuses = [
        client.post(
            reverse("admin:questions_correction_delete", args=[row.pk]), {"post": "yes"}
        ).status_code
        for row in rows
    ]

    assert statuses == [302, 403]
    assert [Correction.objects.filter(pk=row.pk).exists() for row in rows] == [False, True]


def publish_page(correction):
    return reverse("admin:questions_correction_publish", args=[correction.pk])


def test_publishing_takes_its_own_right(staff_with):
    draft = make_correction()
    client = staff_with("view_correction", "change_correction", "add_correction")

    page = client.post(publish_page(draft), {"sha256": draft.sha256})

    assert page.status_code == 403
    assert logged_in(draft.entered_by).post(publish_page(draft)).status_code == 403


# --- Taking words out -----------------------------------------------------------------------------


def redact_page(response):
    return reverse("admin:questions_response_redact", args=[response.pk])


def test_req_051_staff_take_words_out_and_another_publishes_what_is_left(admin, staff_with):
    response = make_response(text="We met Canary in May.", published=True)
    typed = {"text": "We met […] in May.", "ground": "person", "reason": "A person at risk."}

    page = admin.post(redact_page(response), typed, follow=True)
    redacted = response.redactions.get()
    own = admin.post(reverse("admin:questions_response_publish", args=[redacted.pk]), follow=True)
    other = staff_with("view_response", "publish_response")
    other.post(reverse("admin:questions_response_publish", args=[redacted.pk]))

    assert messages_of(page) == [
        "Withheld. Someone else publishes the text below. See where the words still stand."
    ]
    assert "Canary </" not in page.content.decode()
    assert '<span class="vh" lang="en">[taken out: </span>Canary ' in page.content.decode()
    assert messages_of(own) == ["You took words out of it: someone else publishes it."]
    redacted.refresh_from_db()
    assert redacted.status == "published"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": "We saw […] in May."}, "text"),
        ({"text": "We met Canary in May."}, "text"),
        ({"reason": "Ms. Canary asked for it."}, "reason"),
        ({"reason": ""}, "reason"),
        ({"ground": ""}, "ground"),
    ],
)
def test_what_cannot_be_taken_out_so_is_refused_beside_the_field(admin, typed, field):
    response = make_response(text="We met Canary in May.", published=True)
    fields = {"text": "We met […] in May.", "ground": "person", "reason": "A person at risk."}

    page = admin.post(redact_page(response), fields | typed)

    assert list(page.context["form"].errors) == [field]
    response.refresh_from_db()
    assert response.status == "published"


def test_words_are_taken_out_of_a_published_note_and_someone_else_publishes_the_rest(admin, boss):
    note = make_correction(published_at=BEFORE, reason="Aziza Canary saw it.")
    address = reverse("admin:questions_correction_redact", args=[note.pk])
    page = admin.get(change_page(note))
    assert f'href="{address}"' in page.text
    words = {"what_was_wrong": note.what_was_wrong, "what_changed": note.what_changed}

    refused = admin.post(address, {**words, "reason": "Someone saw it."})
    admin.post(address, {**words, "reason": "[…] saw it."})

    assert "Only take words out, and write […] where they stood." in refused.text
    left = Correction.objects.get(replaces=note)
    assert (left.reason, left.entered_by, left.published_at) == ("[…] saw it.", boss, None)
    assert "No reader sees it: words were taken out" in admin.get(change_page(note)).text
    page = admin.get(change_page(left)).text
    assert "Words were taken out of" in page
    assert 'name="reason"' not in page
    own = {"sha256": left.sha256}
    publish = reverse("admin:questions_correction_publish", args=[left.pk])
    assert messages_of(admin.post(publish, own, follow=True)) == [
        "You entered it: someone else publishes it."
    ]


def test_who_may_not_publish_takes_no_words_out(staff_with):
    note = make_correction(published_at=BEFORE)
    address = reverse("admin:questions_correction_redact", args=[note.pk])

    reader = staff_with("view_correction", "change_correction")

    assert reader.get(address).status_code == 403
    assert address not in reader.get(change_page(note)).text
