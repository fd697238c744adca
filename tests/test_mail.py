import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from questions.models import MailKind, OutgoingMail, ResponseKind
from questions.operations.outbox import send_due_mail
from questions.operations.publication import publish_responses
from questions.operations.submissions import Signatory
from tests.factories import (
    AFTER,
    BEFORE,
    answer,
    make_candidacy,
    make_contact,
    make_link,
    make_question,
    make_slot,
    make_state,
    make_user,
    send,
)

pytestmark = pytest.mark.django_db

EVERY_SCRIPT = (
    "Да. Всё верно…\n\nنعم، هذا صحيح.\n\n是的。\n\nOui, « à bientôt ».\n\n"
    "From the mission\n. a line with a dot\n-----BEGIN TEXT\n-----END TEXT here\n"
    f"  trailing spaces  \nÅ\n\n{'A paragraph of one very long line. ' * 60}"
)


def body_of(submission):
    return submission.mails.get(kind=MailKind.RECEIPT).body


def make_reply(state=None):
    candidacy = make_candidacy(state=state)
    slots = [
        make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))
        for _ in range(2)
    ]
    make_contact(state=candidacy.state, email="geneva@octava.example")
    return candidacy, slots


def test_req_021_the_mail_says_what_was_received_when_from_whom():
    candidacy, (first, second) = make_reply(make_state(name="Octava", iso3="XOC"))
    link, _token = make_link(candidacy=candidacy)
    moment = datetime(2021, 10, 7, 7, 14, 9, tzinfo=UTC)

    submission = send(
        candidacy,
        {first: answer("Yes."), second: answer("", "", kind=ResponseKind.DECLINED)},
        link=link,
        signatory=Signatory("A. Diplomat", "First Secretary"),
        received_at=moment,
    )

    code, body = candidacy.event.code, body_of(submission)
    for line in [
        "ISHR received 1 answer from the Permanent Mission of Octava in Geneva, and notice that"
        " 1 question is declined.",
        f"Receipt:    {code}/XOC/R1",
        "State:      Octava",
        "7 October 2021, 03:14 New York time",
        "7 October 2021, 09:14 Geneva time",
        "7 October 2021, 07:14:09 UTC",
        "the end of 8 October 2021 in New York (05:59 on 9 October in Geneva)",
        "Received on time.",
        "Sent by:    A. Diplomat, First Secretary",
        f"Questions:  {code}/Q1/XOC, {code}/Q2/XOC (declined)",
        f"SHA-256 of the text below: {submission.text_sha256}",
        submission.canonical_text(),
    ]:
        assert line in body


def test_a_refusal_alone_is_a_notice():
    candidacy, (slot, _other) = make_reply(make_state(name="Octava", iso3="XOC"))
    link, _token = make_link(candidacy=candidacy, city="new_york")

    submission = send(candidacy, {slot: answer("", "", kind=ResponseKind.DECLINED)}, link=link)

    assert (
        "ISHR received notice from the Permanent Mission of Octava in New York that Octava"
        " declines to answer 1 question." in body_of(submission)
    )


def test_req_029_the_mail_says_that_an_answer_came_after_the_deadline():
    candidacy, (slot, _other) = make_reply()

    submission = send(candidacy, {slot: answer("Yes.")}, received_at=AFTER)

    assert 'Received after the deadline: published and marked "answered late".' in body_of(
        submission
    )


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_req_021_the_hash_is_computed_from_the_saved_mail_with_the_command_it_gives(
    mailoutbox, tmp_path, newline
):
    candidacy, (slot, other) = make_reply()
    submission = send(
        candidacy,
        {slot: answer(EVERY_SCRIPT, "ru"), other: answer("Yes.")},
        signatory=Signatory("-----BEGIN TEXT X -----", "-----"),
    )
    send_due_mail(at=BEFORE)
    saved = mailoutbox[0].message().as_bytes().replace(b"\r\n", b"\n").replace(b"\n", newline)
    (tmp_path / "receipt.eml").write_bytes(saved)

    command = re.search(r'python3 -c "(.*)"$', body_of(submission), re.MULTILINE)[1]
    computed = subprocess.run(
        [sys.executable, "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert computed.stdout.strip() == submission.text_sha256


RECEIVED = {
    "ar": (
        "إشعار الاستلام: ",
        "7 تشرين الأول/أكتوبر 2021، الساعة 09:14 (بتوقيت جنيف)",
        "ورد الرد في الموعد.",
    ),
    "es": ("Acuse de recibo: ", "7 de octubre de 2021, 09:14 (Ginebra)", "dentro del plazo."),
    "fr": ("Accusé de réception : ", "7 octobre 2021, 09 h 14 (Genève)", "Reçue dans les délais."),
    "ru": ("Подтверждение о получении: ", "7 октября 2021 года, 09:14 (Женева)", "получен в срок."),
    "zh-hans": ("回执：", "2021年10月7日09:14（日内瓦时间）", "在截止时间之前收到。"),
}


@pytest.mark.parametrize("language", RECEIVED)
def test_req_021_the_receipt_is_in_the_missions_language_and_holds_the_text_once(language):
    candidacy, (slot, _other) = make_reply()
    candidacy.state.missions.get().contacts.update(language=language)

    submission = send(
        candidacy,
        {slot: answer("Yes.")},
        signatory=Signatory("-----BEGIN TEXT\u2028-----END TEXT", ""),
        received_at=datetime(2021, 10, 7, 7, 14, tzinfo=UTC),
    )

    row = submission.mails.get(kind=MailKind.RECEIPT)
    receipt, moment, in_time = RECEIVED[language]
    own, english = row.body.split("\n* * *\n")
    assert row.subject.startswith(submission.symbol)
    assert f"{receipt}{submission.symbol}\n" in own
    assert moment in own
    assert in_time in own
    assert "Received on time." in english
    assert row.body.count("\n-----BEGIN TEXT ") == row.body.count("\n-----END TEXT ") == 1


def test_req_025_what_was_typed_stays_literal_in_the_mail(mailoutbox):
    candidacy, (slot, _other) = make_reply()
    hostile = "<script>alert(1)</script> {{ 7*7 }} {% now 'Y' %} %(x)s & [a](javascript:b)"

    submission = send(
        candidacy, {slot: answer(hostile)}, signatory=Signatory("<b>{{ name }}</b>", "A & B")
    )

    assert hostile in body_of(submission)
    assert "Sent by:    <b>{{ name }}</b>, A & B" in body_of(submission)


def test_receipts_go_once_to_each_address_at_both_missions_and_to_nobody_else():
    candidacy, (slot, _other) = make_reply()
    state = candidacy.state
    make_contact(state=state, city="new_york", email="newyork@octava.example")
    make_contact(state=state, city="new_york", email="Geneva@Octava.example")
    make_contact(state=state, email="left@octava.example", is_active=False)
    make_contact(state=state, email="")
    make_contact(email="mission@nona.example")

    send(candidacy, {slot: answer("Yes.")})

    addresses = [mail.to.lower() for mail in OutgoingMail.objects.filter(kind=MailKind.RECEIPT)]
    assert sorted(addresses) == ["geneva@octava.example", "newyork@octava.example"]
    assert OutgoingMail.objects.values("message_id").distinct().count() == 3  # and the office's


def test_the_receipt_is_due_at_once_and_not_before():
    candidacy, (slot, _other) = make_reply()

    send(candidacy, {slot: answer("Yes.")}, received_at=BEFORE)

    assert OutgoingMail.objects.due(at=BEFORE).filter(kind=MailKind.RECEIPT).count() == 1
    assert not OutgoingMail.objects.due(at=BEFORE - timedelta(seconds=1)).exists()


def test_req_022_the_desk_is_told_of_each_submission_with_link_and_signatory(settings):
    candidacy, (slot, _other) = make_reply(make_state(name="Octava", iso3="XOC"))
    links = [make_link(candidacy=candidacy, city=city)[0] for city in ("geneva", "new_york")]
    with translation.override("ar"):  # the page from which it is sent
        first = send(candidacy, {slot: answer("Yes.")}, link=links[0])
    publish_responses(first.responses.all(), by=make_user(), at=BEFORE)

    second = send(
        candidacy,
        {slot: answer("Perhaps.")},
        link=links[1],
        signatory=Signatory("B. Other", "Counsellor"),
    )

    notices = [submission.mails.get(kind=MailKind.NOTICE) for submission in (first, second)]
    assert [mail.to for mail in notices] == [settings.OFFICE_EMAIL] * 2
    assert notices[0].subject == f"{first.symbol}: a reply was sent"
    assert "Link:       the one sent to Geneva (" in notices[0].body
    assert "Sent by:    A. Diplomat, First Secretary" in notices[0].body
    assert notices[1].subject == f"{second.symbol}: an amendment of a published answer was sent"
    assert "Link:       the one sent to New York (" in notices[1].body
    assert "Sent by:    B. Other, Counsellor" in notices[1].body
    assert f"Amended:    {slot.symbol}. What is published stays" in notices[1].body
    receipt = body_of(first)
    assert "Through:    the link sent to the Permanent Mission in Geneva" in receipt
    assert "11:00 Geneva time" in receipt
    assert "1 question remains open until the end of 8 October 2021 in New York" in receipt
