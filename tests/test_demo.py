"""What `./run demo` loads and prints; tests/test_run.py tests the script itself."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from questions.models import (
    AccessLink,
    Candidacy,
    Contact,
    Event,
    Letter,
    Letterhead,
    LetterTemplate,
    State,
)
from questions.operations.issuing import draft_letter
from tests.factories import make_user

pytestmark = pytest.mark.django_db

BASE_URL = "http://127.0.0.1:8123"


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.PORTAL_ENV = "demo"


def prepare():
    printed = StringIO()
    call_command("prepare_demo", base_url=BASE_URL + "/", stdout=printed)
    return printed.getvalue()


def link_of(state, printed):
    """The link printed for the State, found by its token."""
    return link_at(f"{state}'s reply form", printed)


def link_at(label, printed):
    line = next(line for line in printed.splitlines() if line.startswith(label))
    path = f"{BASE_URL}/reply/open/"
    assert path in line
    return AccessLink.objects.for_token(line.split(path)[1]).get()


def password_in(printed):
    return printed.split("password ")[1].strip()


def test_prepare_demo_loads_everything_and_prints_aligned_addresses():
    printed = prepare()

    lines = printed.splitlines()
    assert [line[:25].strip() for line in lines] == [
        "Public pages",
        "The event of 2021",
        "The specimen event",
        "Kazakhstan's reply form",
        "Sexta's reply form",
        "from New York",
        "Admin",
        "",
    ]
    assert {line.index("http") for line in lines[:-1]} == {25}
    assert [line[25:] for line in lines[:3]] == [
        f"{BASE_URL}/en/",
        f"{BASE_URL}/en/2021/",
        f"{BASE_URL}/en/specimen/",
    ]
    assert lines[6][25:] == f"{BASE_URL}/admin/"
    assert lines[7][25:].startswith("user staff, password ")
    assert State.objects.real().count() == 193
    assert set(Event.objects.values_list("status", flat=True)) == {"open", "closed"}
    assert Letter.objects.filter(candidacy__event__code="PE2021").count() == 1


def test_links_are_those_of_geneva_and_their_forms_take_answers():
    printed = prepare()

    real, invented = link_of("Kazakhstan", printed), link_of("Sexta", printed)
    assert real.contact.name == "Aitzhanova Zhanar"
    assert (real.candidacy.symbol, invented.candidacy.symbol) == ("PE2021/KAZ", "PE2000/XSX")
    assert {link.contact.mission.city for link in (real, invented)} == {"geneva"}
    now = timezone.now()
    assert real.candidacy.takes_answers(at=now) and real.candidacy.is_late(now)
    assert invented.candidacy.takes_answers(at=now) and not invented.candidacy.is_late(now)


def test_both_missions_of_the_specimen_state_have_a_link_to_one_reply():
    printed = prepare()

    geneva, new_york = link_of("Sexta", printed), link_at("  from New York", printed)
    assert new_york.candidacy == geneva.candidacy
    assert new_york.contact.mission.city == "new_york"


def test_a_printed_link_opens_the_form(client):
    link_line = prepare().split("Kazakhstan's reply form")[1].splitlines()[0].strip()

    page = client.get(link_line.removeprefix(BASE_URL))

    assert page.status_code == 303
    assert page.headers["Location"].endswith("/reply/pe2021-kaz/")


def test_the_second_start_loses_nothing_and_makes_new_links_and_a_new_password():
    first = prepare()
    before = Candidacy.objects.count(), Contact.objects.count(), Letter.objects.count()
    Event.objects.filter(code="PE2021").update(hashtag="#kept")

    second = prepare()

    assert (Candidacy.objects.count(), Contact.objects.count(), Letter.objects.count()) == before
    assert Event.objects.get(code="PE2021").hashtag == "#kept"
    for state in "Kazakhstan", "Sexta":
        older, newer = link_of(state, first), link_of(state, second)
        assert older != newer
        assert older.is_live and newer.is_live
    assert authenticate(username="staff", password=password_in(first)) is None
    assert authenticate(username="staff", password=password_in(second)).is_superuser


def test_the_staff_account_is_mended_and_others_stay():
    make_user(username="staff", is_staff=False, is_active=False)
    make_user(username="colleague")

    printed = prepare()

    user = authenticate(username="staff", password=password_in(printed))
    assert (user.is_active, user.is_staff, user.is_superuser) == (True, True, True)
    assert authenticate(username="colleague", password="correct horse battery staple")


def test_an_address_that_staff_switched_off_gets_no_link():
    prepare()
    Contact.objects.filter(mission__state__iso3="KAZ").update(is_active=False)
    before = AccessLink.objects.filter(candidacy__state__iso3="KAZ").count()

    printed = prepare()

    assert "Kazakhstan's" not in printed
    assert "Sexta's" in printed
    assert AccessLink.objects.filter(candidacy__state__iso3="KAZ").count() == before == 1


def test_the_addressees_of_the_real_letter_get_addresses_of_this_machine_and_no_others():
    prepare()
    contacts = Contact.objects.filter(mission__state__is_specimen=False)

    addresses = dict(contacts.values_list("mission__city", "email"))
    Contact.objects.filter(email="geneva.kaz@localhost").update(email="mine@portal.example")
    prepare()

    assert addresses == {"new_york": "newyork.kaz@localhost", "geneva": "geneva.kaz@localhost"}
    assert sorted(contacts.values_list("email", flat=True)) == [
        "mine@portal.example",
        "newyork.kaz@localhost",
    ]


def test_letters_can_be_composed_at_once_and_staffs_own_wording_stays():
    prepare()
    specimen = Event.objects.get(code="PE2000")
    drafted = draft_letter(
        specimen.candidacies.get(state__iso3="XOC"),
        LetterTemplate.objects.get(is_default=True),
        letter_date=specimen.letter_date,
        letterhead=Letterhead.objects.get(),
        by=None,
        at=timezone.now(),
    )
    LetterTemplate.objects.update(name="Ours")
    Letterhead.objects.update(signatory_name="Ada Lund")

    prepare()

    assert drafted.text.endswith("Specimen Society for Human Rights\n")
    assert LetterTemplate.objects.get().name == "Ours"
    assert Letterhead.objects.get().signatory_name == "Ada Lund"


@pytest.mark.parametrize("environment", ["production", "test"])
def test_prepare_demo_refuses_to_run_outside_a_demo(settings, environment):
    settings.PORTAL_ENV = environment

    with pytest.raises(CommandError, match="This is not a demo"):
        prepare()

    assert not State.objects.exists()
    assert not get_user_model().objects.exists()


def test_a_start_long_after_shows_the_specimen_state_that_was_due_last():
    prepare()
    Candidacy.objects.filter(event__code="PE2000").update(
        due_at=timezone.now() - timedelta(days=40)
    )
    Candidacy.objects.filter(event__code="PE2000", state__iso3="XDU").update(
        due_at=timezone.now() - timedelta(days=30)
    )

    assert "Duodecima's reply form" in prepare()
