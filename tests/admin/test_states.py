import pytest
from django.urls import reverse

from questions.models import AuditEntry, City, Contact, Mission, State, StateAlias
from tests.admin.pages import change_page, errors_of, fields_of
from tests.factories import make_candidacy, make_contact, make_link, make_state

pytestmark = pytest.mark.django_db

ADD_STATE = "/admin/questions/state/add/"
ADD_CONTACT = "/admin/questions/contact/add/"


def changed(client, row, **typed):
    return client.post(change_page(row), fields_of(client.get(change_page(row))) | typed)


def test_a_state_is_entered_with_an_alias_on_record(admin):
    typed = fields_of(admin.get(ADD_STATE)) | {
        "name": "Octava",
        "iso3": "XOC",
        "group": "AFG",
        "is_specimen": "on",
        "aliases-TOTAL_FORMS": 1,
        "aliases-0-name": "Old Eighth",
    }

    admin.post(ADD_STATE, typed)

    state = State.objects.get()
    assert (state.iso3, state.sort_key) == ("XOC", "octava")
    assert StateAlias.objects.get().state == state
    assert AuditEntry.objects.get().subject == "XOC"


def test_a_renamed_state_stands_where_its_name_belongs(admin):
    state = make_state(name="Zeta", iso3="XZE")

    changed(admin, state, name="Éta")

    state.refresh_from_db()
    assert state.sort_key == "eta"


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        (
            {"iso3": "OCT", "is_specimen": "on"},
            {"iso3": ["The code of an invented State begins with X."]},
        ),
        ({"iso3": "xoc"}, {"iso3": ["Enter a valid value."]}),
        (
            {"group": "MARS"},
            {"group": ["Select a valid choice. MARS is not one of the available choices."]},
        ),
    ],
)
def test_what_the_database_would_refuse_of_a_state_is_said(admin, typed, errors):
    state = make_state(iso3="XAB")

    page = changed(admin, state, **typed)

    assert errors_of(page) == errors


def test_the_code_of_a_state_that_stands_stays(admin):
    state = make_candidacy(state=make_state(iso3="XOC")).state

    changed(admin, state, iso3="XNO", formal_name="the Republic of Octava")

    state.refresh_from_db()
    assert (state.iso3, state.formal_name) == ("XOC", "the Republic of Octava")


def test_a_contact_is_entered_at_a_mission(admin):
    mission = Mission.objects.create(state=make_state(), city=City.GENEVA)
    typed = fields_of(admin.get(ADD_CONTACT)) | {
        "mission": mission.pk,
        "name": "Ms. Specimen",
        "email": "geneva@octava.example",
    }

    admin.post(ADD_CONTACT, typed)
    again = admin.post(ADD_CONTACT, typed)

    contact = Contact.objects.get()
    entry = AuditEntry.objects.get()
    assert (contact.mission, contact.email) == (mission, "geneva@octava.example")
    assert errors_of(again) == {
        "__all__": ["Contact with this Mission, Name and E-mail already exists."]
    }
    assert entry.subject == f"contact {contact.pk}"
    assert "Specimen" not in str(entry.details) and "octava" not in str(entry.details)


def test_an_address_that_a_link_went_to_is_kept(admin):
    contact = make_contact(email="old@octava.example")
    make_link(candidacy=make_candidacy(state=contact.mission.state), contact=contact)

    changed(admin, contact, email="new@octava.example", role="Counsellor")

    contact.refresh_from_db()
    assert (contact.email, contact.role) == ("old@octava.example", "Counsellor")


def test_a_contact_does_not_become_one_that_exists(admin):
    first = make_contact(name="Ms. Specimen", email="a@octava.example")
    second = make_contact(state=first.mission.state, name="Mr. Specimen", email="a@octava.example")

    page = changed(admin, second, name="Ms. Specimen")

    assert errors_of(page) == {"__all__": ["The mission has this contact already."]}


def test_a_state_with_missions_is_not_deleted(admin):
    state = make_contact().mission.state

    admin.post(reverse("admin:questions_state_delete", args=[state.pk]), {"post": "yes"})

    assert State.objects.filter(pk=state.pk).exists()
