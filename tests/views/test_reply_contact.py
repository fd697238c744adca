"""Whom ISHR can contact about a reply (ux.md M4)."""

import pytest

from questions.models import ReplyContact

from .reply_pages import address, forms_of, make_reply, opened

pytestmark = pytest.mark.django_db

TYPED = {
    "contact_name": "A. Second",
    "contact_post": "Second Secretary",
    "contact_email": "desk@specimen.example",
    "contact_language": "fr",
}


def test_a_mission_names_a_contact_sees_it_again_and_takes_it_back():
    candidacy, _slots = make_reply()
    client = opened(candidacy)

    client.post(address(candidacy, "contact/"), TYPED)

    (form,) = forms_of(client.get(address(candidacy, "contact/")))
    assert {name: form.values[name] for name in TYPED} == TYPED
    client.post(address(candidacy, "contact/"), {"remove": "yes"})
    assert not ReplyContact.objects.exists()


def test_the_other_mission_names_its_own_and_sees_no_name_of_the_first():
    candidacy, _slots = make_reply()
    opened(candidacy).post(address(candidacy, "contact/"), TYPED)
    new_york = opened(candidacy, city="new_york")

    page = new_york.get(address(candidacy, "contact/"))

    assert "A. Second" not in page.text
    new_york.post(address(candidacy, "contact/"), TYPED | {"contact_name": "B. First"})
    assert ReplyContact.objects.filter(candidacy=candidacy).count() == 2


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("contact_name", " ", "Enter a name"),
        (
            "contact_email",
            "desk@",
            "Enter an e-mail address in the correct format, such as mission@example.org",
        ),
        (
            "contact_email",
            "a\r\nBcc: b@example.org",
            "Enter an e-mail address in the correct format, such as mission@example.org",
        ),
        ("contact_language", "", "Select the language for messages from ISHR"),
    ],
)
def test_an_error_says_what_to_enter_and_keeps_the_rest(field, typed, message):
    candidacy, _slots = make_reply()
    client = opened(candidacy)

    page = client.post(address(candidacy, "contact/"), TYPED | {field: typed})

    assert page.text.count(message) == 2
    assert 'value="Second Secretary"' in page.text
    assert not ReplyContact.objects.exists()


def test_req_023_what_was_typed_comes_back_when_the_session_has_ended():
    candidacy, _slots = make_reply()
    client = opened(candidacy)
    client.cookies.clear()

    page = client.post(address(candidacy, "contact/"), TYPED)

    assert page.status_code == 403
    assert "desk@specimen.example" in page.text


def test_the_list_says_whether_this_mission_has_named_a_contact():
    candidacy, _slots = make_reply()
    geneva, new_york = opened(candidacy), opened(candidacy, city="new_york")

    geneva.post(address(candidacy, "contact/"), TYPED)

    assert "Completed" in geneva.get(address(candidacy, "questions/")).text
    assert "Completed" not in new_york.get(address(candidacy, "questions/")).text
