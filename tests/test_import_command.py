import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from questions.models import Event, EventStatus, Letter
from tests.factories import make_state
from tests.specimen_letters import letter_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def octava(tmp_path):
    make_state(name="Octava", iso3="XOC")
    path = tmp_path / "octava.txt"
    path.write_bytes(letter_to("Octava"))
    return path


def run(*arguments):
    """(what it printed, what it complained about, the error's sentence)"""
    out, complaints, sentence = StringIO(), StringIO(), ""
    try:
        call_command("import_letter", *map(str, arguments), stdout=out, stderr=complaints)
    except CommandError as error:
        assert error.returncode == 1
        sentence = str(error)
    return out.getvalue(), complaints.getvalue(), sentence


def test_import_letter_prints_what_it_read_and_made(octava):
    out, complaints, sentence = run(octava)

    lines = out.splitlines()
    assert (complaints, sentence) == ("", "")
    assert lines[:8] == [
        str(octava),
        "  Event: Pledging event 2021 (PE2021), 2022–2024, draft, not public",
        "  Held: 8 September 2021 online",
        "  Organisers: Amnesty International; International Service for Human Rights",
        "  State: Octava (Declined to take part in the event)",
        "  To: H.E. Mr. Ana Octava, "
        "Permanent Representative of Octava to the United Nations in New York",
        "  To: H.E. Mrs. Bela Octava, "
        "Permanent Representative of Octava to the United Nations in Geneva",
        "  Letter of 29 September 2021, answers due by 8 October 2021",
    ]
    assert lines[8] == (
        "  PE2021/XOC-1 Human Rights Watch (NGO): The government of Octava claims it's pursuing "
        "a human rights agenda, yet…"
    )
    assert [re.split("[ :]", line.strip())[0] for line in lines[8:19]] == [
        "PE2021/XOC-1",
        "PE2021/XOC-2",
        *(f"PE2021/Q{number}" for number in range(1, 10)),
    ]
    assert "  Made: Letter 1 to Octava, of 29 September 2021" in lines
    assert Letter.objects.get().file_name == "octava.txt"


def test_import_letter_again_says_that_nothing_was_changed(octava):
    run(octava)

    out, _complaints, _sentence = run(octava)

    assert out.splitlines()[1:] == [
        "  Letter 1 to PE2021/XOC, 2021-09-29 was imported before. Nothing was changed."
    ]


def test_dry_run_prints_and_stores_nothing(octava):
    out, _complaints, _sentence = run("--dry-run", octava)

    assert "  Would make: Letter 1 to Octava, of 29 September 2021" in out.splitlines()
    assert not Event.objects.exists()


def test_open_makes_the_event_public(octava):
    run("--open", octava)

    assert Event.objects.get().status == EventStatus.OPEN


def test_a_refused_file_is_named_and_the_others_are_imported(octava, tmp_path):
    empty, unknown, missing = (tmp_path / name for name in ("empty.txt", "nona.txt", "no.txt"))
    empty.write_bytes(b"")
    unknown.write_bytes(letter_to("Nona"))

    out, complaints, sentence = run(empty, unknown, missing, octava)

    assert out.splitlines()[0] == str(octava)
    assert [line.split(": ")[0] for line in complaints.splitlines()] == [
        str(empty),
        str(unknown),
        str(missing),
    ]
    assert "“Nona”" in complaints
    assert sentence.startswith(f"Refused 3 of 4: {empty}, {unknown}, {missing}.")
    assert [letter.candidacy.state.name for letter in Letter.objects.all()] == ["Octava"]


def test_a_difference_is_printed(octava, tmp_path):
    make_state(name="Nona", iso3="XNO")
    other = tmp_path / "nona.txt"
    other.write_bytes(letter_to("Nona", ("8th October 2021", "12th October 2021")))

    out, _complaints, _sentence = run(octava, other)

    assert (
        "  Differs, and stays: PE2021: answers due on: here 8 October 2021; "
        "in the letter 12 October 2021"
    ) in out.splitlines()
