"""The letter's message and what follows it: to whom, when not, and in which words."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from questions import mail
from questions.models import (
    UN_LANGUAGES,
    AnswerStatus,
    City,
    EventStatus,
    LetterStatus,
    MailKind,
    OutgoingMail,
    ResponseKind,
    end_of_day,
)
from tests.factories import (
    BEFORE,
    DUE_AT,
    answer,
    make_candidacy,
    make_contact,
    make_event,
    make_letter,
    make_link,
    make_mail,
    make_question,
    make_response,
    make_slot,
    make_state,
    send,
)

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in UN_LANGUAGES]
NAMES = {
    "name_ar": "أوكتافا",
    "name_es": "Octava ES",
    "name_fr": "Octave FR",
    "name_ru": "Октава",
    "name_zh_hans": "奥克塔瓦",
}
WORDS = {
    "ar": ("أوكتافا", "8 تشرين الأول/أكتوبر 2021، الساعة 23:59 (بتوقيت نيويورك)"),
    "en": ("Octava", "8 October 2021, 23:59 (New York)"),
    "es": ("Octava ES", "8 de octubre de 2021, 23:59 (Nueva York)"),
    "fr": ("Octave FR", "8 octobre 2021, 23 h 59 (New York)"),
    "ru": ("Октава", "8 октября 2021 года, 23:59 (Нью-Йорк)"),
    "zh-hans": ("奥克塔瓦", "2021年10月8日23:59（纽约时间）"),
}
IN_ENGLISH = [
    "8 October 2021, 23:59 (New York)",
    "9 October 2021, 05:59 (Geneva)",
    "9 October 2021, 03:59 (UTC)",
]


def make_asked(*, slots=1, state=None, **event):
    """A candidacy to which a letter with questions was issued, and a contact in Geneva."""
    state = state or make_state(name="Octava", iso3="XOC", **NAMES)
    candidacy = make_candidacy(state=state, event=make_event(**event))
    for _ in range(slots):
        make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))
    contact = make_contact(state=state, email="geneva@octava.example")
    return candidacy, contact


def lines_of(row):
    return row.body.split("\n")


def one_of_each(candidacy, contact):
    """Every kind of message that goes to a mission, but the receipt."""
    mail.queue_invitations(candidacy.letters.get(), at=BEFORE)
    for kind in (MailKind.REMINDER_WEEK, MailKind.REMINDER_DAY, MailKind.LATE_NOTICE):
        mail.queue_reminder(candidacy, contact, kind, at=BEFORE)
    mail.queue_extension_notice(candidacy, DUE_AT - timedelta(days=3), at=BEFORE)
    mail.queue_link_again(contact, candidacy, at=BEFORE)
    return list(OutgoingMail.objects.order_by("pk"))


def test_invitations_go_once_to_each_address_on_file_at_both_missions():
    candidacy, geneva = make_asked()
    state, letter = candidacy.state, candidacy.letters.get()
    new_york = make_contact(state=state, city="new_york", email="newyork@octava.example")
    make_contact(state=state, city="new_york", email="Geneva@Octava.example", is_active=False)
    make_contact(state=state, city="new_york", email="")
    make_contact(email="mission@nona.example")

    assert mail.queue_invitations(letter, at=BEFORE) == 2

    rows = OutgoingMail.objects.order_by("to")
    assert [(row.to, row.contact) for row in rows] == [
        ("geneva@octava.example", geneva),
        ("newyork@octava.example", new_york),
    ]
    for row in rows:
        assert (row.kind, row.candidacy, row.letter) == (MailKind.INVITATION, candidacy, letter)
        assert (row.link, row.next_try_at) == (None, BEFORE)
        assert [line for line in lines_of(row) if "[" in line] == ["[link]", "[code]"]


def test_invitations_are_never_queued_twice_for_a_letter_and_address():
    candidacy, contact = make_asked()
    letter = candidacy.letters.get()
    mail.queue_invitations(letter, at=BEFORE)
    contact.email = "GENEVA@octava.example"
    contact.save()
    make_contact(state=candidacy.state, city="new_york", email="newyork@octava.example")

    assert mail.queue_invitations(letter, at=BEFORE) == 1
    assert mail.queue_invitations(letter, at=BEFORE) == 0
    assert mail.queue_invitations(make_letter(candidacy=candidacy), at=BEFORE) == 2


def test_a_draft_goes_to_nobody():
    candidacy, _contact = make_asked()

    with pytest.raises(mail.LetterNotIssued):
        mail.queue_invitations(
            make_letter(candidacy=candidacy, status=LetterStatus.DRAFT), at=BEFORE
        )

    assert not OutgoingMail.objects.exists()


def test_the_invitation_reads_as_it_was_agreed(settings):
    settings.BASE_URL, settings.OFFICE_EMAIL = "https://portal.example", "office@portal.example"
    candidacy, _contact = make_asked(year=2021, slots=11)
    letter = candidacy.letters.get()
    letter.file, letter.file_name, letter.file_sha256 = b"%PDF", "letter.pdf", "0" * 64
    letter.save()

    mail.queue_invitations(letter, at=BEFORE)

    row = OutgoingMail.objects.get()
    assert row.subject == (
        "PE2021/XOC: questions to Octava as a candidate for the Human Rights Council,"
        " reply by 8 October 2021"
    )
    assert row.body == (
        """Excellency,

Please find attached ISHR's letter of 29 September 2021 with eleven questions put to Octava in \
connection with the pledging event for candidates to the Human Rights Council, 2022–2024.

Octava is invited to reply by the end of 8 October 2021, in any official language of the United \
Nations. The deadline is:

8 October 2021, 23:59 (New York)
9 October 2021, 05:59 (Geneva)
9 October 2021, 03:59 (UTC)

Reply form for the Permanent Mission in Geneva:

[link]

Or go to https://portal.example/reply/ and enter this code:

[code]

In the form, drafts can be saved and are shared with the Permanent Mission in New York. You may \
also simply reply to this message with your letter.

Questions and answers are published at https://portal.example/en/2021/

Accept, Excellency, the assurances of our highest consideration.

International Service for Human Rights (ISHR)
office@portal.example

Reference: PE2021/XOC
"""
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("closes_on", [None, date(2021, 10, 13)])
def test_every_message_is_in_the_missions_language_with_the_english_below(language, closes_on):
    candidacy, contact = make_asked(closes_on=closes_on)
    contact.language = language
    contact.save()
    state, moment = WORDS[language]

    for row in one_of_each(candidacy, contact):
        own, *english = row.body.split("\n* * *\n")
        assert len(english) == (0 if language == "en" else 1)
        assert row.subject.startswith(candidacy.symbol)
        assert state in own
        assert moment in own or row.kind == MailKind.LATE_NOTICE
        assert "Accept, Excellency" in (english or [own])[0]
        assert ("Accept, Excellency" in own) == (language == "en")
        assert not re.search(r"\{\{|\{%|%\}|\}\}|\n\n\n| \n|None", row.subject + row.body)
        marks = [line for line in lines_of(row) if line in {"[link]", "[code]"}]
        each = 0 if row.kind == MailKind.EXTENSION else 1 + len(english)
        assert marks == ["[link]", "[code]"] * each


def test_req_028_every_message_gives_the_one_instant_in_both_cities_and_utc():
    candidacy, contact = make_asked(closes_on=date(2021, 10, 8))

    for row in one_of_each(candidacy, contact):
        assert [line for line in lines_of(row) if line in IN_ENGLISH] == IN_ENGLISH


@pytest.mark.parametrize(
    ("day", "arabic"),
    [
        (date(2021, 1, 1), "1 كانون الثاني/يناير 2021"),
        (date(2021, 6, 30), "30 حزيران/يونيه 2021"),
        (date(2021, 12, 31), "31 كانون الأول/ديسمبر 2021"),
    ],
)
def test_arabic_gives_both_names_of_a_month(day, arabic):
    candidacy, contact = make_asked()
    candidacy.due_at = end_of_day(day)
    contact.language = "ar"

    assert arabic in mail.queue_link_again(contact, candidacy, at=BEFORE).body


def test_french_writes_the_first_of_a_month_as_it_does():
    candidacy, contact = make_asked()
    candidacy.due_at = end_of_day(date(2021, 10, 1))
    contact.language = "fr"

    assert (
        "journée du 1er octobre 2021" in mail.queue_link_again(contact, candidacy, at=BEFORE).body
    )


def test_a_state_without_a_name_in_the_language_keeps_its_own():
    candidacy, contact = make_asked(state=make_state(name="Nonaria"))
    contact.language = "ru"

    assert "Nonaria" in mail.queue_link_again(contact, candidacy, at=BEFORE).body.split("* * *")[0]


@pytest.mark.parametrize("city", City.values)
def test_each_mission_is_told_where_it_is_and_where_the_other_is(city):
    candidacy, _contact = make_asked()
    here, there = ("Geneva", "New York") if city == City.GENEVA else ("New York", "Geneva")
    contact = make_contact(state=candidacy.state, city=city, email="x@octava.example")

    _subject, body = mail.preview_invitation(candidacy.letters.get(), contact)

    assert f"Reply form for the Permanent Mission in {here}:" in body
    assert f"shared with the Permanent Mission in {there}." in body


def test_what_comes_after_a_letter_is_in_its_thread():
    candidacy, contact = make_asked()

    invitation, *others = one_of_each(candidacy, contact)
    send(candidacy, {candidacy.slots.get(): answer("Yes.")})

    assert invitation.in_reply_to == ""
    assert {row.in_reply_to for row in others} == {invitation.message_id}
    receipt = OutgoingMail.objects.get(kind=MailKind.RECEIPT)
    assert receipt.in_reply_to == invitation.message_id


def test_a_reminder_counts_what_waits_and_comes_once():
    candidacy, contact = make_asked(slots=3)
    make_response(slot=candidacy.slots.first(), kind=ResponseKind.DECLINED, text="", language="")

    assert mail.queue_reminder(candidacy, contact, MailKind.REMINDER_WEEK, at=BEFORE) is True
    contact.email = "GENEVA@octava.example"
    assert mail.queue_reminder(candidacy, contact, MailKind.REMINDER_WEEK, at=BEFORE) is False
    assert mail.queue_reminder(candidacy, contact, MailKind.REMINDER_DAY, at=BEFORE) is True

    week, day = OutgoingMail.objects.order_by("pk")
    code = candidacy.symbol
    assert week.subject == f"{code}: reply due in seven days, by 8 October 2021"
    assert (
        "answers to two questions put to Octava are due by the end of 8 October 2021" in week.body
    )
    assert day.subject == f"{code}: reply due by the end of 8 October 2021"
    assert "If more time is needed for clearance, reply to this message today" in day.body


def test_a_reminder_is_sent_once_whatever_happens():
    candidacy, contact = make_asked()
    mail.queue_reminder(candidacy, contact, MailKind.LATE_NOTICE, at=BEFORE)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_mail(candidacy=candidacy, contact=contact, kind=MailKind.LATE_NOTICE)
    with pytest.raises(ValueError, match="link"):
        mail.queue_reminder(candidacy, contact, MailKind.LINK_AGAIN, at=BEFORE)


@pytest.mark.parametrize(
    ("event", "there", "missing"),
    [
        (
            {"closes_on": date(2021, 10, 13)},
            [
                'The public page shows "No answer" for it.',
                "The form stays open until the end of 13 October 2021; answers sent by then",
                "13 October 2021, 23:59 (New York)",
            ],
            ["The form stays open;"],
        ),
        ({}, ["The form stays open; answers sent after the deadline"], ["form closes"]),
        ({"status": EventStatus.DRAFT}, ["has passed and ISHR has not received"], ["public page"]),
    ],
)
def test_the_late_notice_says_what_is_still_possible(event, there, missing):
    candidacy, contact = make_asked(**event)

    mail.queue_reminder(candidacy, contact, MailKind.LATE_NOTICE, at=BEFORE)

    body = OutgoingMail.objects.get().body
    assert [words for words in there if words not in body] == []
    assert [words for words in missing if words in body] == []


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_a_notice_names_the_status_as_the_page_in_its_language_does(language):
    candidacy, contact = make_asked()
    contact.language = language
    mail.queue_reminder(candidacy, contact, MailKind.LATE_NOTICE, at=BEFORE)

    own, _english = OutgoingMail.objects.get().body.split("\n* * *\n")
    with translation.override(language):
        labels = [str(AnswerStatus.NONE.label), str(AnswerStatus.LATE.label)]
    assert [label for label in labels if label not in own] == []


def test_an_extension_is_told_to_both_missions_with_both_dates_and_no_link():
    candidacy, _contact = make_asked()
    make_contact(state=candidacy.state, city="new_york", email="newyork@octava.example")

    assert mail.queue_extension_notice(candidacy, DUE_AT - timedelta(days=3), at=BEFORE) == 2

    for row in OutgoingMail.objects.all():
        assert row.subject == f"{candidacy.symbol}: deadline extended to 8 October 2021"
        assert "Until now: 5 October 2021\nNow: 8 October 2021\n" in row.body
        assert "[link]" not in row.body


def test_the_office_is_told_that_a_link_is_not_for_them(settings):
    settings.OFFICE_EMAIL = "office@portal.example"
    candidacy, contact = make_asked()
    link, _token = make_link(candidacy=candidacy, contact=contact)

    row = mail.queue_disowned_notice(link, at=BEFORE)

    assert (row.to, row.contact, row.candidacy) == ("office@portal.example", None, candidacy)
    assert candidacy.symbol in row.subject
    assert f"Contact: {contact}, Permanent Mission in Geneva" in row.body
    assert "Address: geneva@octava.example" in row.body


def test_a_preview_has_sentences_in_place_of_link_and_code():
    candidacy, contact = make_asked()
    letter = candidacy.letters.get()
    mail.queue_invitations(letter, at=BEFORE)
    invitation = OutgoingMail.objects.get()

    subject, body = mail.preview_invitation(letter, contact)
    row = mail.queue_preview(letter, contact, "me@portal.example", at=BEFORE)

    assert subject == invitation.subject
    assert "[link]" not in body
    assert body.split("\n")[0] == "Excellency,"
    assert len(body.split("\n")) == len(lines_of(invitation))
    assert (row.to, row.contact, row.letter) == ("me@portal.example", None, letter)
    assert (row.subject, row.body) == (f"[Preview] {subject}", body)
