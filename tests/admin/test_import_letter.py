import hashlib
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from questions.models import AuditEntry, Event, EventStatus, Letter, Question
from tests.factories import make_event, make_letter, make_state, make_user
from tests.specimen_letters import letter_to

pytestmark = pytest.mark.django_db

IMPORT = "/admin/questions/letter/import/"
CONFIRM = "/admin/questions/letter/import/confirm/"


@pytest.fixture
def staff(client):
    """A client signed in as someone who may import letters, and open events."""
    client.force_login(user_with("add_letter", "view_letter", "open_event"))
    return client


def user_with(*codenames):
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def upload(client, content, name="letter.txt"):
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, content), "text": ""})


def confirmation(page, **fields):
    return {name: page.context["form"].initial[name] for name in ("sha256", "fingerprint")} | fields


def nothing_is_stored():
    return not (Event.objects.exists() or Letter.objects.exists() or AuditEntry.objects.exists())


def problems(page):
    assert page.status_code == 200
    assert nothing_is_stored()
    return page.context["problems"]


def test_preview_then_confirm_imports_the_letter(staff):
    make_state(name="Octava", iso3="XOC")
    preview = upload(staff, letter_to("Octava"))
    assert nothing_is_stored()

    page = staff.post(CONFIRM, confirmation(preview))

    letter = Letter.objects.get()
    assert page.status_code == 302
    assert page.url == reverse("admin:questions_letter_change", args=[letter.pk])
    assert bytes(letter.file) == letter_to("Octava")
    assert Event.objects.get().status == EventStatus.DRAFT
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.user.pk) == ("letter.imported", int(staff.session["_auth_user_id"]))
    result = staff.get(page.url).content.decode()
    assert "The letter with 11 questions was imported." in result
    assert reverse("admin:questions_event_change", args=[Event.objects.get().pk]) in result


def test_preview_shows_what_the_letter_says(staff):
    make_state(name="Octava", iso3="XOC")

    html = upload(staff, letter_to("Octava")).content.decode()

    for words in [
        "H.E. Mr. Ana Octava",
        "Permanent Representative of Octava to the United Nations in Geneva",
        "the end of 8 October 2021 in New York (05:59 on 9 October in Geneva)",
        "over 200 online attendees",
        "PE2021/XOC-1",
        "PE2021/Q9",
        "Social media user, new, not named in public",
        "What are your plans to mainstream and advance child rights at the Human Rights Council?",
        "Event PE2021, Pledging event 2021 (Reconstructed from files)",
    ]:
        assert words in html
    assert "What differs" not in html
    assert 'type="checkbox" name="make_public" id="id_make_public">' in html


def test_pasted_text_is_imported(staff):
    make_state(name="Octava", iso3="XOC")
    preview = staff.post(IMPORT, {"text": letter_to("Octava").decode()})

    staff.post(CONFIRM, confirmation(preview))

    assert Letter.objects.get().file_name == "pasted.txt"


def test_event_is_opened_when_ticked(staff):
    make_state(name="Octava", iso3="XOC")
    preview = upload(staff, letter_to("Octava"))

    staff.post(CONFIRM, confirmation(preview, make_public="on"))

    assert Event.objects.get().status == EventStatus.OPEN


def test_event_stays_a_draft_for_who_may_not_open_events(client):
    make_state(name="Octava", iso3="XOC")
    client.force_login(user_with("add_letter"))
    preview = upload(client, letter_to("Octava"))

    client.post(CONFIRM, confirmation(preview, make_public="on"))

    assert "make_public" not in preview.content.decode()
    assert Event.objects.get().status == EventStatus.DRAFT
    assert Letter.objects.exists()


def test_req_054_a_letter_of_a_public_event_is_imported_when_that_is_said(staff):
    make_state(name="Octava", iso3="XOC")
    make_event(year=2021, status=EventStatus.CLOSED)
    preview = upload(staff, letter_to("Octava"))
    assert "becomes visible to everyone at once" in preview.content.decode()

    page = staff.post(CONFIRM, confirmation(preview))
    assert "Nothing was imported: the event is public." in page.content.decode()
    assert not Letter.objects.exists()

    staff.post(CONFIRM, confirmation(page, make_public="on"))
    assert Letter.objects.exists()
    assert Event.objects.get().status == EventStatus.CLOSED


def test_req_054_who_may_not_open_events_imports_nothing_into_a_public_one(client):
    make_state(name="Octava", iso3="XOC")
    make_event(year=2021, status=EventStatus.OPEN)
    client.force_login(user_with("add_letter"))
    preview = upload(client, letter_to("Octava"))

    client.post(CONFIRM, confirmation(preview, make_public="on"))

    assert "Somebody who may open events has to import it." in preview.content.decode()
    assert not Letter.objects.exists()


def test_differences_are_shown_before_and_after(staff):
    make_state(name="Octava", iso3="XOC")
    make_state(name="Nona", iso3="XNO")
    staff.post(CONFIRM, confirmation(upload(staff, letter_to("Octava"))))

    preview = upload(staff, letter_to("Nona", ("What are your plans to", "How will you")))
    page = staff.post(CONFIRM, confirmation(preview), follow=True)

    assert "What differs, and stays as it is here" in preview.content.decode()
    assert 'class="differs"' in preview.content.decode()
    assert "PE2021/Q4 stays as it was: the letter differs." in page.content.decode()
    assert Question.objects.filter(number=4).get().text.startswith("What are your plans to")


def test_the_same_letter_is_said_to_be_known_and_confirming_it_changes_nothing(staff):
    make_state(name="Octava", iso3="XOC")
    staff.post(CONFIRM, confirmation(upload(staff, letter_to("Octava"))))

    preview = upload(staff, letter_to("Octava"))
    page = staff.post(CONFIRM, confirmation(preview), follow=True)

    assert "This letter was imported before" in preview.content.decode()
    assert "Nothing was changed." in page.content.decode()
    assert Letter.objects.count() == 1
    assert AuditEntry.objects.count() == 1


def test_a_record_that_changed_since_is_previewed_again(staff):
    make_state(name="Octava", iso3="XOC")
    preview = upload(staff, letter_to("Octava"))
    make_event(year=2021, status=EventStatus.OPEN)

    page = staff.post(CONFIRM, confirmation(preview))

    assert page.status_code == 200
    assert "The record has changed since. Please look again." in page.content.decode()
    assert not Letter.objects.exists()

    staff.post(CONFIRM, confirmation(page, make_public="on"))
    assert Letter.objects.exists()


def test_another_letter_chosen_since_is_not_imported(staff):
    make_state(name="Octava", iso3="XOC")
    make_state(name="Nona", iso3="XNO")
    preview = upload(staff, letter_to("Octava"))
    upload(staff, letter_to("Nona"))

    page = staff.post(CONFIRM, confirmation(preview))

    assert problems(page) == [
        "Another letter was chosen since this page was shown. Choose the file again."
    ]


def test_confirming_without_a_letter_at_hand_asks_for_it(staff):
    page = staff.post(CONFIRM, {"sha256": hashlib.sha256(b"").hexdigest(), "fingerprint": ""})

    assert (page.status_code, page.url) == (302, IMPORT)
    assert nothing_is_stored()


def test_confirming_twice_imports_once(staff):
    make_state(name="Octava", iso3="XOC")
    preview = upload(staff, letter_to("Octava"))
    staff.post(CONFIRM, confirmation(preview))

    page = staff.post(CONFIRM, confirmation(preview))

    assert page.url == IMPORT
    assert Letter.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("letter.txt", b"", "The file is empty. A letter was expected."),
        ("letter.exe", b"MZ", "A file ending in .txt, .docx or .pdf was expected."),
        ("letter.pdf", b"<html>", "The name ends in .pdf, but the file is a plain text."),
        ("letter.txt", b"\0" * 9, "The text contains a NUL character. A plain text was expected."),
        ("letter.txt", b"x" * 5_000_001, "The file is larger than 5 MB."),
    ],
)
def test_req_059_a_file_that_is_no_letter_is_refused_with_a_sentence(
    staff, name, content, sentence
):
    assert problems(upload(staff, content, name)) == [sentence]


@pytest.mark.parametrize("name", ["letter.docx", "letter.pdf"])
def test_req_059_a_broken_file_is_refused_with_a_sentence(staff, name):
    start = {"letter.docx": b"PK\x03\x04", "letter.pdf": b"%PDF-1.7\n"}[name]

    [sentence] = problems(upload(staff, start + b"\xff" * 500, name))

    assert sentence.endswith(".")


def test_req_082_hostile_text_is_refused_with_a_sentence(staff):
    [sentence] = problems(staff.post(IMPORT, {"text": "1. *" + "*" * 200_000}))

    assert sentence.endswith(".")


def test_a_letter_to_an_unknown_state_is_refused(staff):
    [sentence] = problems(upload(staff, letter_to("Octava")))

    assert sentence.startswith("The letter is to “Octava”, which is not the name of a State here.")


@pytest.mark.parametrize("given", [{}, {"text": "Excellency", "file": True}])
def test_one_of_file_and_text_is_asked_for(staff, given):
    if given.get("file"):
        given = given | {"file": SimpleUploadedFile("letter.txt", b"Excellency")}

    assert problems(staff.post(IMPORT, given)) == [
        "Choose a file or paste the text, one of the two."
    ]


def test_req_042_names_in_a_letter_are_shown_as_text(staff):
    make_state(name="Octava", iso3="XOC")
    content = letter_to(
        "Octava",
        ("*CIVICUS*", "*Union <img src=x onerror=alert(1)>*"),
        ("What are your plans", "<script>alert(1)</script> What are your plans"),
    )

    preview = upload(staff, content)
    page = staff.post(CONFIRM, confirmation(preview), follow=True)

    for html in (preview.content.decode(), page.content.decode()):
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "&lt;img src=x" in html


@pytest.mark.parametrize("address", [IMPORT, CONFIRM])
def test_req_043_importing_needs_the_permission(client, address):
    client.force_login(user_with("view_letter", "change_event"))

    assert client.post(address, {"text": "x"}).status_code == 403


@pytest.mark.parametrize("address", [IMPORT, CONFIRM])
def test_req_043_importing_needs_a_member_of_staff(client, address):
    client.force_login(make_user(is_staff=False))

    page = client.post(address, {"text": "x"})

    assert (page.status_code, page.url) == (302, f"/admin/login/?next={address}")


def test_confirm_is_not_for_reading(staff):
    assert staff.get(CONFIRM).status_code == 405


def test_import_needs_the_token_of_the_form(client):
    client.handler.enforce_csrf_checks = True
    client.force_login(user_with("add_letter"))

    assert client.post(IMPORT, {"text": "x"}).status_code == 403


def test_letters_are_listed_with_one_set_of_queries(staff, django_assert_num_queries):
    def look():
        staff.get("/admin/questions/letter/")

    make_letter(date=date(2021, 9, 29))
    look()
    with django_assert_num_queries(8):
        look()
    make_letter()
    make_letter()

    with django_assert_num_queries(8):
        look()


def test_the_button_stands_where_it_may_be_pressed(client):
    client.force_login(user_with("view_letter"))
    assert IMPORT not in client.get("/admin/questions/letter/").content.decode()

    client.force_login(user_with("view_letter", "add_letter"))
    assert IMPORT in client.get("/admin/questions/letter/").content.decode()


def test_req_058_the_imported_file_can_only_be_saved(staff):
    letter = make_letter(
        file=b"<script>alert(1)</script>", file_sha256="0" * 64, file_name='a"b.html'
    )

    page = staff.get(f"/admin/questions/letter/{letter.pk}/file/")

    assert page.content == b"<script>alert(1)</script>"
    assert page.headers["Content-Disposition"] == 'attachment; filename="a\\"b.html"'
    assert page.headers["Content-Type"] == "application/octet-stream"
    assert page.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in page.headers["Cache-Control"]


def test_req_058_the_imported_file_needs_the_permission_to_view_letters(client):
    letter = make_letter(file=b"x", file_sha256="0" * 64)
    client.force_login(user_with("add_letter"))

    assert client.get(f"/admin/questions/letter/{letter.pk}/file/").status_code == 403


def test_a_letter_cannot_be_changed_or_deleted(client):
    letter = make_letter(text="Excellency, this is it.")
    client.force_login(make_user(is_superuser=True))
    address = f"/admin/questions/letter/{letter.pk}"

    page = client.get(f"{address}/change/")
    client.post(f"{address}/change/", {"title": "Other"})

    assert "Excellency, this is it." in page.content.decode()
    assert 'name="title"' not in page.content.decode()
    assert client.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    letter.refresh_from_db()
    assert letter.title == ""


def test_an_event_leads_to_the_import_of_its_letters(client):
    event = make_event()
    client.force_login(make_user(is_superuser=True))

    page = client.get(reverse("admin:questions_event_change", args=[event.pk]))

    assert f'<a href="{IMPORT}">Import a letter</a>' in page.content.decode()
