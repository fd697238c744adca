import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from questions.models import AuditEntry
from tests.admin.pages import change_page, fields_of
from tests.factories import make_event, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/auth/user/"


def test_req_043_staff_are_deactivated_and_never_deleted(admin, boss):
    colleague = make_user(username="colleague")
    make_event()

    pages = [
        admin.get(reverse("admin:auth_user_delete", args=[colleague.pk])),
        admin.post(reverse("admin:auth_user_delete", args=[colleague.pk]), {"post": "yes"}),
        admin.post(
            LIST,
            {"action": "delete_selected", "_selected_action": [colleague.pk], "post": "yes"},
            follow=True,
        ),
    ]
    typed = fields_of(admin.get(change_page(colleague)))
    del typed["is_active"]
    admin.post(change_page(colleague), typed)

    colleague.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert [page.status_code for page in pages] == [403, 403, 200]
    assert not colleague.is_active
    assert (entry.action, entry.subject, entry.user) == (
        "user.changed",
        f"user {colleague.pk}",
        boss,
    )
    assert "colleague" not in f"{entry.subject} {entry.details}"


def test_req_043_no_account_exists_before_somebody_makes_one():
    assert not get_user_model().objects.exists()


def test_a_new_password_is_on_record(admin, boss):
    colleague = make_user()
    secret = "an entirely new sentence"

    admin.post(
        reverse("admin:auth_user_password_change", args=[colleague.pk]),
        {"password1": secret, "password2": secret, "usable_password": "true"},
    )

    colleague.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert colleague.check_password(secret)
    assert (entry.action, entry.subject) == ("user.password_changed", f"user {colleague.pk}")
    assert entry.details == {}


def test_ones_own_new_password_is_on_record(admin, boss):
    old, new = "correct horse battery staple", "an entirely new sentence"

    admin.post(
        reverse("admin:password_change"),
        {"old_password": old, "new_password1": new, "new_password2": "another"},
    )
    refused = AuditEntry.objects.count()
    admin.post(
        reverse("admin:password_change"),
        {"old_password": old, "new_password1": new, "new_password2": new},
    )

    boss.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert refused == 0
    assert boss.check_password(new)
    assert (entry.action, entry.subject, entry.user) == (
        "user.password_changed",
        f"user {boss.pk}",
        boss,
    )


def test_only_a_superuser_gives_rights(staff_with):
    client = staff_with("view_user", "change_user", "view_group", "change_group", "add_group")
    colleague = make_user(username="colleague")
    group = Group.objects.create(name="Publishers")
    right = Permission.objects.get(codename="publish_response")
    typed = fields_of(client.get(change_page(colleague)))

    client.post(
        change_page(colleague),
        typed
        | {
            "first_name": "Changed",
            "is_superuser": "on",
            "groups": [group.pk],
            "user_permissions": [right.pk],
        },
    )
    forged = client.post(change_page(group), {"name": "Publishers", "permissions": [right.pk]})

    colleague.refresh_from_db()
    assert colleague.first_name == "Changed"
    assert not colleague.is_superuser
    assert not colleague.groups.exists() and not colleague.user_permissions.exists()
    assert forged.status_code == 403
    assert not group.permissions.exists()


def test_staff_change_no_superuser(staff_with, boss):
    client = staff_with("view_user", "change_user")

    pages = [
        client.post(change_page(boss), {"username": "taken"}),
        client.post(
            reverse("admin:auth_user_password_change", args=[boss.pk]),
            {"password1": "x" * 20, "password2": "x" * 20},
        ),
    ]

    boss.refresh_from_db()
    assert [page.status_code for page in pages] == [403, 403]
    assert boss.username == "boss" and boss.check_password("correct horse battery staple")


def test_req_041_passwords_cannot_be_probed_through_filters(admin):
    for lookup in ["password__startswith", "groups__user__password__startswith"]:
        page = admin.get(LIST, {lookup: "argon2"})

        assert page.status_code in {302, 400}
    related = admin.get("/admin/questions/response/", {"entered_by__password__startswith": "a"})
    assert related.status_code == 400
