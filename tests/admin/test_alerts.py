"""Alerts as staff see them: figures, and one address when its owner asks (GDPR 15, 17)."""

import pytest
from django.urls import reverse

from questions.models import Alert, AlertFrequency, AuditEntry
from tests.factories import BEFORE, make_alert, make_event, make_state

pytestmark = pytest.mark.django_db

PAGE = "/admin/questions/alert/"
READER = "reader@example.org"


def counts_in(page):
    return {
        count["about"]: (count["at_once"], count["weekly"], count["unconfirmed"])
        for count in page.context["counts"]
    }


def test_staff_see_how_many_there_are_and_no_address(staff_with):
    make_alert(email=READER, confirmed_at=BEFORE)
    make_alert(email=READER, confirmed_at=BEFORE, state=make_state())
    make_alert(email=READER, event=make_event())
    make_alert(email=READER, words="peace", frequency=AlertFrequency.WEEKLY, confirmed_at=BEFORE)

    page = staff_with("view_alert").get(PAGE)

    assert counts_in(page) == {
        "event": (0, 0, 1),
        "state": (1, 0, 0),
        "question": (0, 0, 0),
        "topic": (0, 0, 0),
        "asker": (0, 0, 0),
        "search": (0, 1, 0),
        "everything": (1, 0, 0),
    }
    assert "reader" not in page.content.decode()
    assert "peace" not in page.content.decode()


def test_an_address_is_found_by_its_exact_spelling_and_erased(admin, boss):
    make_alert(email=READER, words="peace")
    make_alert(email=READER, confirmed_at=BEFORE)
    other = make_alert(email=f"a{READER}")

    assert [one.email for one in admin.post(PAGE, {"email": READER.upper()}).context["found"]] == [
        READER,
        READER,
    ]
    assert list(admin.post(PAGE, {"email": "reader"}).context["found"]) == []
    page = admin.post(PAGE, {"email": READER, "erase": "yes"}, follow=True)

    assert "Erased, with the address: 2." in page.content.decode()
    assert [alert.pk for alert in Alert.objects.all()] == [other.pk]
    entries = AuditEntry.objects.order_by("number")
    assert [(e.action, e.user, e.details) for e in entries] == [
        ("alert.ended", boss, {"why": "erased"})
    ] * 2
    assert READER not in str(list(entries.values()))


def test_erasing_nothing_and_hostile_words_are_no_error(admin):
    for email in ["", "\0", "<script>alert(1)</script>", "a" * 1000]:
        page = admin.post(PAGE, {"email": email, "erase": "no"})
        assert page.status_code == 200
        assert b"<script>alert" not in page.content
    assert admin.post(PAGE, {"email": "x", "erase": "yes"}).status_code == 302


def test_looking_and_erasing_take_a_right_each(staff_with):
    alert = make_alert(email=READER)

    assert staff_with("view_event").get(PAGE).status_code == 403
    assert staff_with("delete_alert").get(PAGE).status_code == 403
    looking = staff_with("view_alert")
    assert b'name="email"' not in looking.get(PAGE).content
    assert looking.post(PAGE, {"email": READER, "erase": "yes"}).status_code == 403
    assert Alert.objects.get() == alert


def test_there_is_no_page_of_one_alert(admin):
    alert = make_alert()

    for page in ["change", "delete", "history"]:
        assert admin.get(f"{PAGE}{alert.pk}/{page}/").status_code == 404
    assert admin.get(f"{PAGE}add/").status_code == 403
    assert reverse("admin:questions_alert_changelist") in admin.get("/admin/").content.decode()
