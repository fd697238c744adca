"""Importing letters: the real one, twice, and letters of one event to two States."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.apps import apps

from questions.models import (
    AddressedQuestion,
    Asker,
    AskerKind,
    AuditEntry,
    Candidacy,
    Contact,
    Edition,
    Event,
    EventRecord,
    EventStatus,
    Letter,
    LetterOrigin,
    LetterStatus,
    Participation,
    Question,
    State,
    text_digest,
)
from questions.operations.letter_results import ImportRefused, UnknownState
from questions.operations.letters import import_letter, preview_letter
from questions.operations.states import load_reference
from tests.factories import (
    BEFORE,
    make_event,
    make_state,
)
from tests.parsing.test_letter_files import FILES
from tests.parsing.word_documents import word_letter
from tests.specimen_letters import REAL, REAL_TEXT, letter_to, parsed
from tests.stopwatch import within

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
AHEAD = datetime(2021, 9, 30, 12, 0, tzinfo=UTC)


def put_in(content, *, name="letter.txt", at=NOW, **fields):
    return import_letter(
        parsed(content, name), content=content, name=name, by=None, at=at, **fields
    )


def put_in_real_letter(**fields):
    load_reference(at=BEFORE)
    return put_in(REAL.read_bytes(), name=REAL.name, **fields)


def every_row():
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in apps.get_app_config("questions").get_models()
    }


def test_import_letter_stores_what_the_real_letter_says():
    result = put_in_real_letter()

    event = Event.objects.get()
    assert (event.code, event.slug, event.title) == ("PE2021", "2021", "Pledging event 2021")
    assert (event.status, event.record) == (EventStatus.DRAFT, EventRecord.RECONSTRUCTED)
    assert (event.term, event.letter_date, event.answers_due_on) == (
        "2022–2024",
        date(2021, 9, 29),
        date(2021, 10, 8),
    )
    assert event.organiser_names == [
        "Amnesty International",
        "International Service for Human Rights",
    ]
    session = event.sessions.get()
    assert (session.date, session.is_online, session.city, session.audience) == (
        date(2021, 9, 8),
        True,
        "",
        "over 200 online attendees",
    )
    candidacy = Candidacy.objects.get()
    assert candidacy.state.iso3 == "KAZ"
    assert candidacy.participation == Participation.DECLINED
    assert candidacy.due_at == datetime(2021, 10, 9, 4, 0, tzinfo=UTC)
    assert list(
        Contact.objects.order_by("pk").values_list(
            "mission__city", "honorific", "name", "role", "email", "is_addressee"
        )
    ) == [
        (
            "new_york",
            "H.E. Mr.",
            "Magzhan Ilyassov",
            "Permanent Representative of Kazakhstan to the United Nations in New York",
            "",
            True,
        ),
        (
            "geneva",
            "H.E. Mrs.",
            "Aitzhanova Zhanar",
            "Permanent Representative of Kazakhstan to the United Nations in Geneva",
            "",
            True,
        ),
    ]
    letter = Letter.objects.get()
    assert letter == result.letter
    assert (letter.number, letter.date, letter.origin, letter.status) == (
        1,
        date(2021, 9, 29),
        LetterOrigin.IMPORTED,
        LetterStatus.ISSUED,
    )
    assert bytes(letter.file) == REAL.read_bytes()
    assert (letter.file_name, letter.text_sha256) == (REAL.name, text_digest(letter.text))
    assert (letter.signatory_name, letter.reply_contact_email) == (
        "Madeleine Sinclair",
        "m.pai@ishr.ch",
    )
    assert result.differences == []
    assert result.changed == []


def test_import_letter_puts_the_questions_with_their_askers_titles_and_topics():
    result = put_in_real_letter()

    slots = AddressedQuestion.objects.filter(letter=result.letter).in_letter_order()
    assert [
        (
            slot.symbol,
            slot.section,
            slot.position,
            slot.question.title,
            [asker.name for asker in slot.question.askers_in_order],
            [topic.slug for topic in slot.question.topics.order_by("slug")],
        )
        for slot in slots
    ] == [
        (
            "PE2021/KAZ-1",
            "own",
            1,
            "Freedom of speech, assembly and association",
            ["Human Rights Watch"],
            ["freedom-of-expression", "peaceful-assembly"],
        ),
        (
            "PE2021/KAZ-2",
            "own",
            2,
            "Upholding the highest human rights standards",
            ["Human Rights Watch"],
            ["membership-standards"],
        ),
        *(
            (f"PE2021/Q{number}/KAZ", "common", number, title, [asker], topics)
            for number, (title, asker, topics) in enumerate(COMMON, start=1)
        ),
    ]
    assert [slot.question.text for slot in slots] == [
        *(question.text for question in result.parsed.own_questions),
        *(question.text for question in result.parsed.common_questions),
    ]


COMMON = [
    ("Human rights of LGBTI persons", "Outright International", ["lgbti-rights"]),
    ("NGO participation in the Council", "CIVICUS", ["civil-society-participation"]),
    ("Access of NGOs to UN headquarters", "Human Rights Watch", ["civil-society-participation"]),
    ("Child rights at the Council", "Child Rights Connect", ["child-rights"]),
    (
        "Protection of human rights defenders",
        "Permanent Mission of France to the United Nations",
        ["human-rights-defenders"],
    ),
    (
        "Accountability and the ACT Code of Conduct",
        "Permanent Mission of the Principality of Liechtenstein to the United Nations",
        ["accountability"],
    ),
    ("Civil society in Council meetings", "Eric Richardson", ["civil-society-participation"]),
    ("Access to health care for people on low incomes", "Genoveva Sotirova", ["health"]),
    (
        "Education of Muslim and Roma women refugees",
        "Genoveva Sotirova",
        ["education", "refugees"],
    ),
]


def test_req_053_individuals_of_the_letter_are_not_named_in_public():
    put_in_real_letter()

    assert [
        (asker.name, asker.kind, asker.label, asker.state and asker.state.iso3, asker.public_name)
        for asker in Asker.objects.exclude(kind=AskerKind.NGO).order_by("name")
    ] == [
        ("Eric Richardson", "individual", "", None, "Individual participant"),
        (
            "Genoveva Sotirova",
            "social_media_user",
            "Twitter user",
            None,
            "Individual, via Twitter",
        ),
        (
            "Permanent Mission of France to the United Nations",
            "state_mission",
            "",
            "FRA",
            "Permanent Mission of France to the United Nations",
        ),
        (
            "Permanent Mission of the Principality of Liechtenstein to the United Nations",
            "state_mission",
            "",
            "LIE",
            "Permanent Mission of the Principality of Liechtenstein to the United Nations",
        ),
    ]
    assert set(Asker.objects.values_list("state_consent_on", "state_consent_source")) == {
        (date(2021, 9, 29), "printed in the letter of 29 September 2021 to Kazakhstan")
    }
    assert not Asker.objects.filter(public_consent_on__isnull=False).exists()
    slug = Asker.objects.get(name="Eric Richardson").slug
    assert slug.startswith("participant-")


def test_import_letter_takes_under_a_second():
    load_reference(at=BEFORE)
    content = REAL.read_bytes()

    with within(1):
        put_in(content)


def test_import_letter_twice_changes_nothing():
    put_in_real_letter()
    before = every_row()

    result = put_in(REAL.read_bytes(), name="the same.txt", open_event=True)

    assert result.is_known
    assert result.letter == Letter.objects.get()
    assert (result.created, result.changed, result.differences) == ([], [], [])
    assert every_row() == before


def test_import_letter_knows_the_same_letter_in_other_lines():
    """As the PDF of a Word file: another file and other spaces, but no other words."""
    put_in_real_letter()
    before = every_row()
    content = REAL.read_bytes().replace(b"held an online", b"held an\nonline")
    content = content.replace(b"\n\nYour Excellencies", b"\n\n\n\nYour Excellencies")

    result = put_in(content)

    assert result.is_known
    assert every_row() == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.docx", word_letter(REAL_TEXT)),
        ("letter.pdf", (FILES / "letter_kazakhstan_2021.pdf").read_bytes()),
    ],
)
def test_import_letter_knows_the_same_letter_from_word_and_pdf(name, content):
    put_in_real_letter()
    before = every_row()

    result = put_in(content, name=name)

    assert result.is_known
    assert every_row() == before


def test_preview_letter_shows_what_import_letter_does_and_stores_nothing():
    load_reference(at=BEFORE)
    before = every_row()
    content = REAL.read_bytes()

    shown = preview_letter(parsed(content), content=content, name="a.txt", by=None, at=NOW)

    assert every_row() == before
    done = put_in(content, name="a.txt")
    assert shown.fingerprint == done.fingerprint
    assert (shown.created, shown.questions) == (done.created, done.questions)
    assert len(shown.questions) == 11


def test_import_letter_is_recorded_and_makes_an_edition():
    put_in_real_letter()

    entry = AuditEntry.objects.filter(action="letter.imported").get()
    assert entry.subject == "PE2021/KAZ"
    assert entry.details == {
        "letter": 1,
        "questions": 11,
        "differences": 0,
        "file_sha256": Letter.objects.get().file_sha256,
        "text_sha256": Letter.objects.get().text_sha256,
    }
    assert Edition.objects.get().number == 3  # the States, then the letter


def test_import_letter_opens_the_event_when_told_to():
    put_in_real_letter(open_event=True)

    assert Event.objects.get().status == EventStatus.OPEN
    assert Question.objects.publicly_visible().count() == 11


def test_import_letter_keeps_the_record_of_an_event_whose_deadline_is_ahead():
    put_in_real_letter(at=AHEAD)

    assert Event.objects.get().record == EventRecord.KEPT


def test_import_letter_to_a_state_that_is_not_stored_writes_nothing():
    content = letter_to("Octava")
    make_state(name="Nona", iso3="XNO")
    before = every_row()

    with pytest.raises(UnknownState, match="“Octava”"):
        put_in(content)

    assert every_row() == before


def test_import_letter_finds_a_state_by_its_formal_name():
    octava = make_state(name="Octava", iso3="XOC", formal_name="the Republic of Octava")

    result = put_in(letter_to("the Republic of Octava"))

    assert result.state == octava
    assert State.objects.count() == 1


def test_import_letter_keeps_invented_states_out_of_real_events():
    make_state(name="Octava", iso3="XOC", is_specimen=True)

    with pytest.raises(ImportRefused, match="specimen"):
        put_in(letter_to("Octava"))

    assert not Event.objects.exists()


def test_import_letter_refuses_the_address_of_another_event():
    make_state(name="Octava", iso3="XOC")
    make_event(year=2021, code="SC2021")

    with pytest.raises(ImportRefused, match="/2021/"):
        put_in(letter_to("Octava"))

    assert not Letter.objects.exists()


def test_import_letter_refuses_a_text_longer_than_its_column():
    make_state(name="Octava", iso3="XOC")
    content = letter_to("Octava")
    letter = replace(parsed(content), audience="over " * 60)
    before = every_row()

    with pytest.raises(ImportRefused, match="too long for “audience”"):
        import_letter(letter, content=content, name="a.txt", by=None, at=NOW)

    assert every_row() == before


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/letter.txt", "letter.txt"),
        ("C:\\letters\\letter.txt", "letter.txt"),
        ("a\r\nb\u202etxt.exe.txt", "abtxt.exe.txt"),
        (".hidden.txt", "hidden.txt"),
        (f"{'x' * 300}.txt", f"{'x' * 116}.txt"),
    ],
)
def test_req_057_a_file_name_is_kept_without_path_and_signs(name, kept):
    make_state(name="Octava", iso3="XOC")

    result = put_in(letter_to("Octava"), name=name)

    assert result.letter.file_name == kept
