"""What letters are written from, as staff write it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from questions.forms.dispatches import PARAGRAPHS, box_of
from questions.models import AuditEntry, Letterhead, LetterTemplate, OfficialHoliday
from questions.operations.compositions import standard_template
from tests.admin.pages import change_page, errors_of, fields_of
from tests.parsing.image_files import jpeg, png

pytestmark = pytest.mark.django_db

ADD = "/admin/questions/lettertemplate/add/"
ADD_LETTERHEAD = "/admin/questions/letterhead/add/"
HOSTILE = "<script>alert(1)</script>{{7*7}}{% now %}"


def make_template(*, name="Standard", texts=None, **fields):
    return LetterTemplate.objects.create(name=name, texts=texts or standard_template(), **fields)


def make_letterhead(**fields):
    return Letterhead.objects.create(pk=1, **fields)


def image_page(letterhead, name="logo"):
    return reverse("admin:questions_letterhead_image", args=[letterhead.pk, name])


def changed(client, row, **typed):
    return client.post(change_page(row), fields_of(client.get(change_page(row))) | typed)


# --- The wording ----------------------------------------------------------------------------------


def test_a_new_template_begins_with_the_standard_wording(admin, boss):
    typed = fields_of(admin.get(ADD)) | {"name": "Standard", "is_default": "on"}

    page = admin.post(ADD, typed)

    template = LetterTemplate.objects.get()
    entry = AuditEntry.objects.get()
    assert page.status_code == 302
    assert (template.name, template.is_default, template.texts) == (
        "Standard",
        True,
        standard_template(),
    )
    assert (entry.action, entry.user) == ("lettertemplate.added", boss)


def test_every_paragraph_has_its_box_with_its_own_text(admin):
    texts = standard_template() | {"closing": "Farewell."}

    page = admin.get(change_page(make_template(texts=texts)))

    boxes = {name: value for name, value in fields_of(page).items() if name.startswith("text_")}
    assert boxes == {box_of(name): text for name, text in texts.items()}
    assert sorted(boxes) == sorted(
        box_of(name) for several in PARAGRAPHS.values() for name in several
    )


def test_placeholders_stand_beside_the_boxes(admin):
    html = admin.get(ADD).content.decode()

    assert html.count("<textarea") == len(standard_template())
    assert "<dt><code>{deadline}</code></dt><dd>the day by which answers are due</dd>" in html


def test_a_changed_paragraph_is_stored_as_people_see_it_and_on_record(admin):
    template = make_template()

    changed(admin, template, text_closing="  First.\r\n\r\nSecond\u200b {state}.\n")

    template.refresh_from_db()
    assert template.texts == standard_template() | {"closing": "First.\n\nSecond {state}."}
    assert AuditEntry.objects.get().details["changed"] == ["text_closing"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("To {stat}.", "{stat} is not one of the placeholders."),
        ("To {state.__init__}.", "{state.__init__} is not one of the placeholders."),
        ("To {{state}}.", "A lone brace: placeholders are written {state}."),
        ("To {state.", "A lone brace: placeholders are written {state}."),
        ("", "This field is required."),
        ("\x00", "Null characters are not allowed."),
    ],
)
def test_req_066_what_is_no_placeholder_is_named_at_its_box(admin, typed, sentence):
    template = make_template()

    page = changed(admin, template, text_closing=typed)

    template.refresh_from_db()
    assert errors_of(page)["text_closing"][:1] == [sentence]
    assert set(errors_of(page)) == {"text_closing"}
    assert template.texts == standard_template()


def test_one_template_is_proposed_for_new_letters(admin):
    first = make_template(name="First", is_default=True)
    second = make_template(name="Second")

    page = changed(admin, second, is_default="on")
    again = changed(admin, first, name="Renamed")

    assert errors_of(page) == {
        "is_default": ["“First” is proposed for new letters. Untick it there first."]
    }
    assert again.status_code == 302
    assert list(LetterTemplate.objects.filter(is_default=True)) == [first]


def test_who_may_only_look_sees_the_wording_as_text(staff_with):
    template = make_template(texts=standard_template() | {"closing": HOSTILE})
    client = staff_with("view_lettertemplate")

    html = client.get(change_page(template)).content.decode()
    posted = client.post(change_page(template), {"text_closing": "Forged."})

    assert "&lt;script&gt;alert(1)" in html and "<script>alert" not in html
    assert "<textarea" not in html
    assert posted.status_code == 403


# --- The letterhead -------------------------------------------------------------------------------


def test_the_letterhead_is_one_row_with_its_images(admin):
    typed = fields_of(admin.get(ADD_LETTERHEAD)) | {
        "address": "1 Example Street\r\nSpecimen City\r\n",
        "signatory_name": "A. Signatory",
        "reply_contact_email": "replies@office.example",
        "new_logo": SimpleUploadedFile("logo.gif", png(), content_type="text/html"),
        "new_signature": SimpleUploadedFile("../signature.png", jpeg()),
    }

    page = admin.post(ADD_LETTERHEAD, typed)

    letterhead = Letterhead.objects.get(pk=1)
    assert page.status_code == 302
    assert (bytes(letterhead.logo), bytes(letterhead.signature)) == (png(), jpeg())
    assert (letterhead.signatory_name, letterhead.address) == (
        "A. Signatory",
        "1 Example Street\nSpecimen City",
    )
    assert AuditEntry.objects.get().action == "letterhead.added"
    assert admin.get(ADD_LETTERHEAD).status_code == 403


def test_images_stay_unless_another_is_chosen_or_one_is_removed(admin):
    letterhead = make_letterhead(logo=png(), signature=png(width=5))

    changed(admin, letterhead, signatory_name="B. Signatory")
    after_other_words = Letterhead.objects.get()
    changed(admin, letterhead, no_logo="on", new_signature=SimpleUploadedFile("s.jpg", jpeg()))

    letterhead.refresh_from_db()
    assert (bytes(after_other_words.logo), bytes(after_other_words.signature)) == (
        png(),
        png(width=5),
    )
    assert (letterhead.logo, bytes(letterhead.signature)) == (None, jpeg())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg onload=alert(1)></svg>", "Choose a PNG or a JPEG image."),
        (b"", "Choose a PNG or a JPEG image."),
        (png() + b"<script>", "The image is damaged, or more than an image."),
        (png() + b"0" * 1_000_000, "The image is larger than 1 MB."),
    ],
    ids=["svg", "empty", "two in one", "large"],
)
def test_req_055_what_is_no_image_is_refused_and_the_old_one_stays(admin, content, sentence):
    letterhead = make_letterhead(logo=png())

    page = changed(admin, letterhead, new_logo=SimpleUploadedFile("logo.png", content))

    letterhead.refresh_from_db()
    assert errors_of(page) == {"new_logo": [sentence]}
    assert bytes(letterhead.logo) == png()


def test_req_058_an_image_is_served_as_what_it_is_and_can_run_nothing(admin):
    letterhead = make_letterhead(logo=png(), signature=jpeg())

    pages = [admin.get(image_page(letterhead, name)) for name in ["logo", "signature"]]
    shown = admin.get(change_page(letterhead)).content.decode()

    assert [page.content for page in pages] == [png(), jpeg()]
    assert [page.headers["Content-Type"] for page in pages] == ["image/png", "image/jpeg"]
    for page in pages:
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert f'src="{image_page(letterhead)}"' in shown


@pytest.mark.parametrize("name", ["address", "pk", "signature", "delete-all"])
def test_only_an_image_that_is_there_is_served(admin, name):
    letterhead = make_letterhead(logo=png(), address="1 Example Street")

    assert admin.get(image_page(letterhead, name)).status_code == 404


def test_req_040_images_are_for_those_who_may_see_the_letterhead(staff_with, client):
    letterhead = make_letterhead(logo=png())

    refused = staff_with("view_lettertemplate").get(image_page(letterhead))
    anonymous = client.get(image_page(letterhead))
    allowed = staff_with("view_letterhead").get(image_page(letterhead))

    assert (refused.status_code, anonymous.status_code, allowed.status_code) == (403, 302, 200)
    assert admin_methods(staff_with("view_letterhead"), letterhead) == {405}


def admin_methods(client, letterhead):
    page = image_page(letterhead)
    return {client.post(page).status_code, client.put(page).status_code}


def test_who_may_only_look_is_offered_no_file(staff_with):
    letterhead = make_letterhead(logo=png(), signatory_name=HOSTILE)

    html = staff_with("view_letterhead").get(change_page(letterhead)).content.decode()

    assert 'type="file"' not in html
    assert "&lt;script&gt;" in html and "<script>alert" not in html


def test_a_holiday_is_entered_by_staff_on_record(admin):
    add = "/admin/questions/officialholiday/add/"
    typed = {"date": "2021-10-08", "name": "Specimen Day", "city": "geneva"}

    admin.post(add, fields_of(admin.get(add)) | typed)

    holiday = OfficialHoliday.objects.get()
    assert (str(holiday), holiday.city) == ("Specimen Day, 2021-10-08", "geneva")
    assert AuditEntry.objects.get().action == "officialholiday.added"
