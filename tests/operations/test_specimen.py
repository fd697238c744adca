from collections import Counter
from copy import copy
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F

from questions.models import (
    AddressedQuestion,
    AnswerStatus,
    Asker,
    AuditEntry,
    Candidacy,
    Channel,
    Contact,
    Event,
    EventRecord,
    EventStatus,
    Letter,
    MailKind,
    OutgoingMail,
    Participation,
    Question,
    Response,
    ResponseKind,
    ResponseStatus,
    State,
    Submission,
    Translation,
    end_of_day,
)
from questions.operations.audit import first_bad_entry
from questions.operations.specimen import load_specimen

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
JUST_AFTER_MIDNIGHT = datetime(2026, 11, 24, 5, 0, 1, tzinfo=UTC)  # in New York
COMMON = [f"Q{number}" for number in range(1, 10)]

BOARD = {
    "XOC": "on on on on on on on on on",
    "XQA": "late late late late late late none none late",
    "XTE": "undel undel undel undel undel undel undel undel undel",
    "XQI": "on on on on on on on on dec",
    "XSP": "dec dec dec dec dec dec dec dec dec",
    "XSX": "wait wait wait wait wait wait wait wait wait",
    "XNO": "on on on on late on on on on",
    "XSE": "on on rec rec rec on on on on",
    "XDE": "on on on on on on on on on",
    "XPR": "on on none on none on none none none",
    "XDU": "on on on on on on on on on",
    "XUN": "late late late late late late late late late",
}


def every_row():
    models = apps.get_models(include_auto_created=True)
    return {model: list(model._base_manager.order_by("pk")) for model in models}


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The rows of every table that loading the specimen changes, loaded once for all tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        before = every_row()
        load_specimen(at=NOW)
        after = every_row()
        transaction.set_rollback(True)
    fields = {model: [field.attname for field in model._meta.concrete_fields] for model in after}

    def values(model, rows):
        return [[getattr(row, name) for name in fields[model]] for row in rows]

    return {
        model: rows
        for model, rows in after.items()
        if values(model, rows) != values(model, before[model])
    }


@pytest.fixture
def specimen(db, loaded):
    for model, rows in loaded.items():
        model._base_manager.all()._raw_delete("default")
        model._base_manager.bulk_create(map(copy, rows))
    return Event.objects.get(code="PE2000")


def board(at, *, own=False):
    slots = AddressedQuestion.objects.with_status(at=at).with_names().in_letter_order()
    found = {}
    for slot in slots.filter(question__state__isnull=not own):
        found.setdefault(slot.candidacy.state.iso3, []).append(slot.answer_status)
    return {iso3: " ".join(statuses) for iso3, statuses in found.items()}


def slot(label):
    question, _, iso3 = label.partition("/")
    return AddressedQuestion.objects.get(
        question__number=int(question[1:]), question__state=None, candidacy__state__iso3=iso3
    )


@pytest.mark.parametrize("at", [NOW, JUST_AFTER_MIDNIGHT])
def test_the_board_shows_every_status_but_not_on_record(at):
    assert load_specimen(at=at) is True

    assert board(at) == BOARD
    shown = set(" ".join(BOARD.values()).split())
    assert shown == set(AnswerStatus.values) - {AnswerStatus.UNK}


def test_own_questions_are_put_to_one_state_each(specimen):
    assert board(NOW, own=True) == {
        "XOC": "on",
        "XQA": "late",
        "XTE": "undel",
        "XSX": "wait wait",
        "XNO": "on",
        "XPR": "none",
        "XUN": "late",
    }


def test_the_event_is_kept_open_and_marked(specimen):
    assert (specimen.slug, specimen.title) == ("specimen", "Specimen pledging event")
    assert (specimen.is_specimen, specimen.record, specimen.status) == (
        True,
        EventRecord.KEPT,
        EventStatus.OPEN,
    )
    assert specimen.letter_date == TODAY - timedelta(days=30)
    assert specimen.answers_due_on == TODAY - timedelta(days=6)
    assert specimen.closes_on == TODAY + timedelta(days=90)


def test_the_states_are_invented_and_stand_in_all_groups(specimen):
    assert State.objects.real().count() == 0
    assert Counter(State.objects.values_list("group", flat=True)) == {
        "AFG": 3,
        "APG": 3,
        "EEG": 2,
        "LAC": 2,
        "WEOG": 2,
    }
    assert dict(State.objects.values_list("iso3", "name")) == {
        "XPR": "Prima",
        "XSE": "Secunda",
        "XTE": "Tertia",
        "XQA": "Quarta",
        "XQI": "Quinta Islands",
        "XSX": "Sexta",
        "XSP": "Septima",
        "XOC": "Octava",
        "XNO": "Nona",
        "XDE": "Decima",
        "XUN": "Undecima",
        "XDU": "Duodecima",
    }
    assert set(Candidacy.objects.values_list("participation", flat=True)) == set(
        Participation.values
    )


def test_some_deadlines_have_passed_and_some_run(specimen):
    due = dict(Candidacy.objects.values_list("state__iso3", "due_at"))

    assert due.pop("XSX") == end_of_day(TODAY + timedelta(days=14))
    assert due.pop("XDE") == end_of_day(TODAY + timedelta(days=7))
    assert set(due.values()) == {end_of_day(TODAY - timedelta(days=6))}


def test_every_state_has_a_letter_that_put_its_questions_and_contacts_in_both_cities(specimen):
    assert Letter.objects.issued().count() == 12
    assert not AddressedQuestion.objects.filter(letter=None).exists()
    assert Question.objects.publicly_visible().count() == 17
    octava = Letter.objects.get(candidacy__state__iso3="XOC")
    assert "Questions addressed specifically to Octava" in octava.text
    assert "Ina Specimen" not in octava.text  # the name of an individual without consent
    contacts = Contact.objects.filter(mission__state__iso3="XQI").order_by("mission__city")
    assert [(c.mission.city, c.email, c.is_addressee) for c in contacts] == [
        ("geneva", "geneva@quinta-islands.example", True),
        ("new_york", "newyork@quinta-islands.example", True),
    ]
    assert Contact.objects.count() == 24
    assert not Contact.objects.exclude(email__endswith=".example").exists()
    to_missions = OutgoingMail.objects.exclude(kind=MailKind.NOTICE)
    assert not to_missions.exclude(to__endswith=".example").exists()


def test_no_message_waits_and_those_to_one_state_came_back(specimen):
    invitations = OutgoingMail.objects.filter(kind="invitation")

    assert set(OutgoingMail.objects.values_list("status", flat=True)) == {"sent"}
    assert invitations.count() == 2 * 12
    came_back = invitations.filter(bounced_at__isnull=False)
    assert set(came_back.values_list("candidacy__state__iso3", "contact__mission__city")) == {
        ("XTE", "new_york"),
        ("XTE", "geneva"),
    }
    flagged = Contact.objects.filter(undelivered_at__isnull=False)
    assert {contact.mission.state.iso3 for contact in flagged} == {"XTE"}
    assert flagged.count() == 2


def test_askers_are_of_several_kinds(specimen):
    assert Counter(Asker.objects.values_list("kind", flat=True)) == {
        "ngo": 4,
        "nhri": 1,
        "state_mission": 1,
        "individual": 1,
        "social_media_user": 1,
    }
    mission = Asker.objects.get(kind="state_mission")
    assert mission.state.iso3 == "XDU"
    second = Question.objects.with_askers().get(number=2, state=None)
    assert [asker.name for asker in second.askers_in_order] == [
        "Specimen Human Rights Network",
        "Specimen Civil Society Forum",
    ]


def test_answers_in_six_languages_say_that_they_are_specimens(specimen):
    opening = {
        "ar": "نص تجريبي",
        "es": "Texto de muestra",
        "fr": "Texte d’exemple",
        "ru": "Образец ответа",
        "zh-hans": "示例答复",
        "en": "Specimen answer",
    }
    answers = Response.objects.publicly_visible().filter(kind=ResponseKind.ANSWER)

    assert {answer.language for answer in answers} == set(opening)
    assert [a for a in answers if not a.text.startswith(opening[a.language])] == []
    assert [a for a in answers if a.text.count("\n\n") < 4] == []
    assert dict(
        answers.filter(slot__question__number=1, slot__question__state=None)
        .exclude(language="en")
        .values_list("slot__candidacy__state__iso3", "language")
    ) == {"XOC": "ar", "XDE": "es", "XUN": "fr", "XNO": "ru", "XSE": "zh-hans"}


def test_a_states_answers_differ_from_question_to_question(specimen):
    octava = Response.objects.filter(slot__candidacy__state__iso3="XOC")

    assert len({response.text for response in octava}) == octava.count() == 10


def test_an_amended_answer_has_two_published_versions_and_stays_on_time(specimen):
    responses = slot("Q5/XQI").responses.order_by("version")

    assert [(r.version, r.status) for r in responses] == [
        (1, ResponseStatus.SUPERSEDED),
        (2, ResponseStatus.PUBLISHED),
    ]
    assert [r.submission.is_late for r in responses] == [False, True]
    assert "Amended by the specimen State" in responses[1].text
    assert "Amended" not in responses[0].text
    assert Response.objects.publicly_visible().filter(version=2).count() == 1


def test_refusals_carry_their_reason(specimen):
    refusal = slot("Q9/XQI").responses.get()
    declined = Response.objects.filter(slot__candidacy__state__iso3="XSP")

    assert (refusal.kind, refusal.status) == (ResponseKind.DECLINED, ResponseStatus.PUBLISHED)
    assert refusal.text.startswith("Specimen text. The ministry responsible")
    assert Counter((r.kind, r.status) for r in declined) == {("declined", "published"): 9}


def test_what_is_received_and_not_published_includes_a_text_withheld_with_a_reason(specimen):
    waiting = Response.objects.filter(slot__candidacy__state__iso3="XSE", version=None)

    assert [(r.status, bool(r.withheld_reason)) for r in waiting.in_letter_order()] == [
        (ResponseStatus.RECEIVED, False),
        (ResponseStatus.RECEIVED, False),
        (ResponseStatus.WITHHELD, True),
    ]
    assert set(waiting.values_list("submission__channel", flat=True)) == {Channel.PAPER}


def test_what_staff_entered_was_published_by_someone_else(specimen):
    note = Submission.objects.get(channel=Channel.NOTE_VERBALE)

    assert (note.symbol, note.is_late) == ("PE2000/XQA/R1", True)
    assert note.entered_by.username == "specimen-entry"
    published_by = {response.published_by.username for response in note.responses.all()}
    assert published_by == {"specimen-publication"}


def test_translations_of_each_kind_are_entered_by_one_and_published_by_another(specimen):
    shown = Translation.objects.publicly_visible()

    assert Counter(shown.values_list("kind", flat=True)) == {"ishr": 5, "machine": 1, "official": 1}
    assert shown.filter(question=None).count() == 5
    assert not shown.filter(published_by=F("entered_by")).exists()


def test_the_specimen_staff_cannot_log_in(specimen, client):
    users = get_user_model().objects.filter(username__startswith="specimen-")

    assert users.count() == 2
    for user in users:
        assert not (user.has_usable_password() or user.is_active or user.is_staff)


def test_load_specimen_again_changes_nothing_on_the_same_day_or_another(specimen):
    def everything():
        tables = [Event, State, Candidacy, AddressedQuestion, Submission, Response, AuditEntry]
        return [list(table.objects.order_by("pk").values()) for table in tables]

    before = everything()

    assert load_specimen(at=NOW) is False
    assert load_specimen(at=NOW + timedelta(days=40)) is False

    assert everything() == before


def test_its_record_is_whole_and_in_the_order_of_the_days(specimen):
    moments = list(AuditEntry.objects.order_by("number").values_list("at", flat=True))

    assert first_bad_entry() is None
    assert moments == sorted(moments)
    assert max(moments) < NOW
    actions = Counter(AuditEntry.objects.values_list("action", flat=True))
    assert actions["submission.received"] == 11
    assert actions["submission.entered"] == 2
    assert actions["letter.issued"] == 12


def test_production_refuses_the_specimen(settings):
    settings.IS_PRODUCTION = True

    with pytest.raises(CommandError, match="production does not load it"):
        call_command("load_specimen")

    assert not Event.objects.exists()


def test_load_specimen_command_says_what_it_did():
    printed = StringIO()

    call_command("load_specimen", stdout=printed)
    call_command("load_specimen", stdout=printed)

    assert printed.getvalue().splitlines() == [
        "The specimen event was made.",
        "The specimen event is here.",
    ]
