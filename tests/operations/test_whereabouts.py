"""Where words that were taken out of a reply still stand (security.md 51)."""

from datetime import timedelta

import pytest

from questions.models import (
    AttachmentStatus,
    DeadlineExtension,
    EventSession,
    Ground,
    MailStatus,
    Response,
    ResponseStatus,
)
from questions.operations.publication import publish_responses, withhold_responses
from questions.operations.redactions import redact_response
from questions.operations.taken_out import WordsStand
from questions.operations.whereabouts import MOST_PLACES, whereabouts_of
from tests.factories import (
    BEFORE,
    DUE_AT,
    make_alert,
    make_asker,
    make_attachment,
    make_candidacy,
    make_correction,
    make_event,
    make_mail,
    make_question,
    make_response,
    make_slot,
    make_translation,
    make_user,
)

pytestmark = pytest.mark.django_db

NAMED = "We met Canary."


def redacted(text="Canary came.", left="[…] came.", slot=None, language="en"):
    response = make_response(slot=slot or make_slot(), text=text, language=language, published=True)
    return redact_response(
        response,
        left,
        reason="-",
        ground=Ground.PERSON,
        keeps_files=True,
        by=make_user(),
        at=BEFORE,
    )


def found(redaction):
    return [(place.what, place.name, place.is_public) for place in whereabouts_of(redaction).places]


def extension():
    return DeadlineExtension.objects.create(
        candidacy=make_candidacy(),
        previous_due_at=DUE_AT - timedelta(days=1),
        due_at=DUE_AT,
        reason=NAMED,
        by=make_user(),
        extended_at=BEFORE,
    )


def file():
    response = make_response(published=True)
    return make_attachment(
        slot=response.slot,
        submission=response.submission,
        number=1,
        name="Canary.pdf",
        status=AttachmentStatus.ACCEPTED,
        decided_at=BEFORE,
        decided_by=make_user(),
        public_as="x.pdf",
        public_sha256="0" * 64,
        public_size=1,
    )


PUBLIC = {
    "Answer": lambda: make_response(text=NAMED, published=True),
    "Translation": lambda: make_translation(text="Canary est venue."),
    "Question": lambda: make_slot(question=make_question(text=NAMED)).question,
    "Note in the register": lambda: make_correction(reason=NAMED, published_at=BEFORE),
    "Reason of an extension": extension,
    "Name of a file": file,
    "Asker": lambda: make_asker(name="Canary"),
    "Event": lambda: make_event(title="Canary event"),
    "Sitting": lambda: EventSession.objects.create(event=make_event(), moderator="A. Canary"),
}
NOT_PUBLIC = {
    "Answer, to publish": lambda: make_response(text=NAMED),
    "Translation, a draft": lambda: make_translation(text="Canary.", published=False),
    "Note, a draft": lambda: make_correction(what_changed=NAMED),
    "Message, to send": lambda: make_mail(body=NAMED, status=MailStatus.QUEUED),
}


@pytest.mark.parametrize("what", [*PUBLIC, *NOT_PUBLIC])
def test_req_051_each_place_is_found(what):
    row = (PUBLIC | NOT_PUBLIC)[what]()

    (place,) = whereabouts_of(redacted()).places

    assert (place.what, place.is_public, place.words) == (what, what in PUBLIC, ("canary",))
    assert place.row == row


def test_req_051_a_reason_for_withholding_is_found_and_its_note():
    response = make_response(published=True)
    chosen = Response.objects.filter(pk=response.pk)
    withhold_responses(chosen, reason=NAMED, ground=Ground.STATE, by=make_user(), at=BEFORE)

    assert found(redacted()) == [
        ("Reason for withholding", response.slot.symbol, True),
        ("Note in the register", response.slot.symbol, True),
    ]


@pytest.mark.parametrize("what", PUBLIC)
def test_req_051_what_is_left_waits_while_the_words_stand_elsewhere_in_public(what):
    PUBLIC[what]()
    chosen = Response.objects.filter(pk=redacted().pk)

    with pytest.raises(WordsStand):
        publish_responses(chosen, by=make_user(), at=BEFORE)

    assert publish_responses(chosen, by=make_user(), at=BEFORE, words_may_stand=True) == 1


def test_what_waits_does_not_hold_it_up():
    for make in NOT_PUBLIC.values():
        make()
    chosen = Response.objects.filter(pk=redacted().pk)

    assert publish_responses(chosen, by=make_user(), at=BEFORE) == 1


def test_what_nobody_reads_any_more_is_not_listed():
    slot = make_slot()
    make_response(slot=slot, text=NAMED, published=True, status=ResponseStatus.SUPERSEDED)
    make_response(slot=slot, text=NAMED)
    make_translation(text="Canary.", published=False, status="withdrawn", withdrawn_reason="-")
    make_mail(body=NAMED)
    make_asker(name="Canary", kind="individual")

    assert found(redacted(slot=slot)) == []


@pytest.mark.parametrize(
    ("language", "text", "left", "elsewhere"),
    [
        ("en", "José came.", "[…] came.", "We met JOSE’s mother."),
        ("fr", "Étienne est venu.", "[…] est venu.", "ETIENNE, puis d’ÉTIENNE."),
        ("ru", "Пришла Азиза.", "Пришла […].", "Мы видели Азизу."),
        ("zh-hans", "我们见到王小明。", "我们见到[…]。", "王小明来了。"),
        ("ar", "جاءت عزيزة.", "جاءت […].", "رأينا عزيزه"),
    ],
)
def test_req_051_endings_accents_and_scripts_hide_no_word(language, text, left, elsewhere):
    make_response(text=elsewhere, language=language, published=True)
    make_response(text="王先生。", language="zh-hans", published=True)

    assert len(found(redacted(text, left, language=language))) == 1


def test_a_word_of_every_text_is_named_without_its_places():
    for _number in range(MOST_PLACES + 1):
        make_response(text="They came.", published=True)
    make_response(text="Canary.", published=True)

    where = whereabouts_of(redacted("They and Canary went.", "[…] went."))

    assert where.common == {"they"}
    assert [place.words for place in where.places] == [("canary",)]


def test_alerts_are_counted_and_not_shown():
    make_alert(words="aziza Canary")
    make_alert(words="water")

    where = whereabouts_of(redacted())

    assert (where.alerts, where.places) == (1, [])


def test_req_051_reasons_beside_the_text_lose_the_words_at_once():
    slot = make_slot()
    make_response(slot=slot, published=True, status=ResponseStatus.SUPERSEDED)
    withhold_responses(
        Response.objects.all(),
        reason="Aziza Canary asked, as did Aziza.",
        ground=Ground.STATE,
        by=make_user(),
        at=BEFORE,
    )

    redacted("Aziza Canary came.", "[…] came.", slot=slot)

    assert slot.responses.get(version=1).withheld_reason == "[…] asked, as did […]."
