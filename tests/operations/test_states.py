import csv
from collections import Counter
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command

from questions.models import AuditEntry, Edition, State, StateAlias
from questions.operations.states import DATA, load_reference, running_form
from questions.ordering import sort_key
from tests.factories import make_state

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def everything():
    return [list(State.objects.order_by("iso3").values()), list(StateAlias.objects.values())]


def test_load_reference_makes_the_193_member_states_in_their_groups():
    counts = load_reference(at=NOW)

    assert counts == {"states_made": 193, "states_changed": 0, "aliases_made": 45}
    assert Counter(State.objects.values_list("group", flat=True)) == {
        "AFG": 54,
        "APG": 54,
        "EEG": 23,
        "LAC": 33,
        "WEOG": 29,
    }
    assert not State.objects.filter(name__in=["Holy See", "Niue", "Cook Islands"]).exists()
    assert State.objects.values("m49").distinct().count() == 193


def test_load_reference_takes_names_codes_and_notes_from_the_files():
    load_reference(at=NOW)

    state = State.objects.values().get(iso3="CIV")
    del state["id"]
    assert state == {
        "iso3": "CIV",
        "m49": "384",
        "name": "Côte d'Ivoire",
        "formal_name": "the Republic of Côte d'Ivoire",
        "name_ar": "كوت ديفوار",
        "name_es": "Côte d’Ivoire",
        "name_fr": "Côte d'Ivoire",
        "name_ru": "Кот-д’Ивуар",
        "name_zh_hans": "科特迪瓦",
        "sort_key": "cote d'ivoire",
        "group": "AFG",
        "group_note": "",
        "is_specimen": False,
    }
    assert State.objects.get(iso3="NRU").name == "Naoero"  # the file of names wins
    assert set(State.objects.exclude(group_note="").values_list("iso3", flat=True)) == {
        "CYP",
        "ISR",
        "KIR",
        "TUR",
        "USA",
    }
    assert State.objects.get(iso3="USA").group_note == (
        "Not a member of any group; observer in WEOG, counted with WEOG for electoral purposes"
    )
    assert not State.objects.filter(formal_name="").exists()


def test_load_reference_turns_every_arabic_index_form_into_a_running_one():
    load_reference(at=NOW)

    with (DATA / "un_states_six_languages.csv").open(encoding="utf-8") as file:
        printed = {r["iso3"]: r["short_ar"] for r in csv.DictReader(file) if r["un_member"] == "Y"}
    loaded = dict(State.objects.values_list("iso3", "name_ar"))
    assert {iso3: loaded[iso3] for iso3 in printed if loaded[iso3] != printed[iso3]} == {
        "BOL": "دولة بوليفيا المتعددة القوميات",
        "FSM": "ولايات ميكرونيزيا الموحدة",
        "IRN": "جمهورية إيران الإسلامية",
        "NLD": "مملكة هولندا",
        "VEN": "جمهورية فنزويلا البوليفارية",
    }
    assert [name for name in loaded.values() if "(" in name or "_" in name] == []
    assert loaded["GNB"] == printed["GNB"] == "غينيا - بيساو"


@pytest.mark.parametrize(
    ("index_form", "running"),
    [
        ("إيران (جمهورية - الإسلامية)", "جمهورية إيران الإسلامية"),
        ("هولندا (مملكة _)", "مملكة هولندا"),
        ("هولندا (مملكة -)", "مملكة هولندا"),
        ("تيمور- ليشتي", "تيمور- ليشتي"),
        ("أنغولا", "أنغولا"),
    ],
)
def test_running_form_moves_the_name_to_where_its_mark_stands(index_form, running):
    assert running_form(index_form) == running


def test_sort_key_ignores_accents_and_case():
    names = ["Zambia", "Türkiye", "Turkmenistan", "Côte d'Ivoire", "Congo", "Croatia", "Czechia"]

    assert sorted(names, key=lambda name: sort_key(name, "en")) == [
        "Congo",
        "Côte d'Ivoire",
        "Croatia",
        "Czechia",
        "Türkiye",
        "Turkmenistan",
        "Zambia",
    ]


@pytest.mark.parametrize(
    ("name", "iso3"),
    [
        ("Turkey", "TUR"),
        ("Turkiye", "TUR"),
        ("Ivory Coast", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("the Bolivarian Republic of Venezuela", "VEN"),
        ("Nauru", "NRU"),
        ("the Czech Republic", "CZE"),
        ("kazakhstan", "KAZ"),
    ],
)
def test_a_state_is_found_under_its_other_names(name, iso3):
    load_reference(at=NOW)

    assert [state.iso3 for state in State.objects.called(name)] == [iso3]


def test_load_reference_run_twice_changes_nothing():
    load_reference(at=NOW)
    before = everything()
    acts, edition = AuditEntry.objects.count(), Edition.objects.get().number

    counts = load_reference(at=NOW)

    assert counts == {"states_made": 0, "states_changed": 0, "aliases_made": 0}
    assert everything() == before
    assert (AuditEntry.objects.count(), Edition.objects.get().number) == (acts, edition) == (1, 2)


def test_load_reference_corrects_a_state_and_leaves_what_staff_added():
    load_reference(at=NOW)
    kazakhstan = State.objects.get(iso3="KAZ")
    before = everything()[0]
    State.objects.filter(pk=kazakhstan.pk).update(name="Kazahstan", group="EEG")
    kazakhstan.aliases.create(name="Qazaqstan")
    make_state(name="Octava", iso3="XOC", is_specimen=True)

    counts = load_reference(at=NOW)

    assert counts == {"states_made": 0, "states_changed": 1, "aliases_made": 0}
    assert list(State.objects.real().order_by("iso3").values()) == before
    assert [alias.name for alias in kazakhstan.aliases.all()] == ["Qazaqstan"]
    assert State.objects.filter(name="Octava", is_specimen=True).exists()


def test_load_reference_command_prints_the_counts():
    printed = StringIO()

    call_command("load_reference", stdout=printed)

    assert printed.getvalue() == "193 states made, 0 states changed, 45 aliases made\n"
