"""Getting in: the link, the grant in the session, and what a link does not open."""

from datetime import timedelta

import pytest
from django.test import Client

from questions.models import (
    ALLOWANCES,
    AccessLink,
    Attempt,
    AttemptKind,
    AuditEntry,
    ConflictCopy,
    Draft,
    DraftAnswer,
    OutgoingMail,
    QuestionStatus,
    Submission,
)
from questions.operations.links import revoke_link
from questions.tokens import digest
from tests.factories import (
    BEFORE,
    answer,
    make_candidacy,
    make_letter,
    make_link,
    make_question,
    make_response,
    make_slot,
    make_user,
    send,
)

from .reply_pages import (
    address,
    check_and_send,
    clock,
    link_of,
    make_reply,
    opened,
    page_of,
    save,
)

pytestmark = pytest.mark.django_db


def rows():
    """Everything that a mission's act would leave behind."""
    models = [Submission, Draft, DraftAnswer, ConflictCopy, OutgoingMail, AuditEntry]
    return [list(model.objects.values()) for model in models] + [list(AccessLink.objects.values())]


@pytest.mark.parametrize("cookies", [True, False])
def test_req_003_safe_methods_on_the_link_change_nothing_and_leave_it_alive(cookies):
    candidacy, _slots = make_reply()
    _link, token = make_link(candidacy=candidacy)
    before = rows()
    browser = Client()

    for _ in range(10):
        for visit in (browser.get, browser.head, browser.options):
            visitor = visit if cookies else getattr(Client(), visit.__name__)
            visitor(f"/reply/open/{token}")
            visitor(f"/reply/open/{token}", headers={"Sec-Purpose": "prefetch"})

    assert rows() == before
    assert Client().get(f"/reply/open/{token}").status_code == 303


def test_req_003_reading_every_page_of_the_form_changes_nothing():
    candidacy, (slot, _other) = make_reply(common=2)
    client = opened(candidacy)
    save(client, slot)
    check_and_send(client, candidacy)
    before = rows()

    for rest in ["", "questions/", "letter/", "check/", "decline/", "r1/", "r1/text/", "q1/"]:
        assert client.get(address(candidacy, rest)).status_code == 200
        assert client.head(address(candidacy, rest)).status_code == 200

    assert rows() == before


def test_req_004_a_link_opens_in_many_browsers_on_many_days_and_the_fourth_sends(monkeypatch):
    candidacy, (slot,) = make_reply()
    _link, token = make_link(candidacy=candidacy)
    browsers = []
    for number in range(5):
        clock(monkeypatch, BEFORE + timedelta(hours=10 * number))
        browsers.append(Client())
        assert browsers[-1].get(f"/reply/open/{token}").status_code == 303

    save(browsers[3], slot)
    page = check_and_send(browsers[3], candidacy)

    assert page.url == address(candidacy, "r1/")
    assert [b.get(address(candidacy, "questions/")).status_code for b in browsers] == [200] * 5
    assert Client().get(f"/reply/open/{token}").status_code == 303


def test_req_006_the_link_forwards_to_an_address_without_the_token():
    candidacy, _slots = make_reply()
    _link, token = make_link(candidacy=candidacy)

    page = Client().get(f"/reply/open/{token}")

    assert (page.status_code, page.content, page.url) == (303, b"", address(candidacy))
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["Cache-Control"] == "no-store"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert token not in str(page.cookies)


def test_req_006_no_later_page_holds_the_token_and_forms_keep_their_referrer():
    candidacy, (slot,) = make_reply()
    _link, token = make_link(candidacy=candidacy)
    client = Client()
    client.get(f"/reply/open/{token}")
    save(client, slot)

    for rest in ["", "questions/", "letter/", "check/", "decline/", "q1/"]:
        page = client.get(address(candidacy, rest))
        assert token not in page.content.decode() + str(page.headers) + str(page.cookies)
        assert page["Referrer-Policy"] == "same-origin"
        assert "no-store" in page["Cache-Control"]
        assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert token not in str(dict(client.session.items()))


def test_req_008_two_states_in_one_browser_keep_apart():
    first, (first_slot,) = make_reply()
    second, (second_slot,) = make_reply()
    client = opened(second, client=opened(first))

    save(client, first_slot, "The first State's words.")

    assert DraftAnswer.objects.get().slot == first_slot
    assert DraftAnswer.objects.get().saved_by == link_of(client, first)
    assert not second_slot.candidacy.submissions.exists()


def test_req_008_posting_to_a_reference_without_a_grant_is_refused():
    ours, _slots = make_reply()
    _theirs, (slot,) = make_reply()

    page = save(opened(ours), slot, "Forged words.")

    assert page.status_code == 403
    assert not DraftAnswer.objects.exists()


def test_req_009_a_session_known_before_is_not_the_one_that_gets_the_grant():
    candidacy, _slots = make_reply()
    _link, token = make_link(candidacy=candidacy)
    victim = Client()
    session = victim.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    victim.cookies["session"] = planted

    victim.get(f"/reply/open/{token}")

    attacker = Client()
    attacker.cookies["session"] = planted
    assert victim.session.session_key != planted
    assert victim.get(address(candidacy)).status_code == 200
    assert attacker.get(address(candidacy)).status_code == 403


def test_req_009_staff_stay_staff_and_a_link_opens_no_admin():
    candidacy, _slots = make_reply()
    staff = Client()
    staff.force_login(make_user(is_superuser=True))

    assert staff.get(address(candidacy)).status_code == 403
    opened(candidacy, client=staff)

    assert staff.get(address(candidacy)).status_code == 200
    assert staff.get("/admin/").status_code == 200
    assert opened(candidacy).get("/admin/").status_code == 302


def test_req_010_a_revoked_link_stores_nothing_gives_the_text_back_and_answers_410(settings):
    settings.OFFICE_EMAIL = "office@ngo.example"
    candidacy, (slot,) = make_reply()
    link, token = make_link(candidacy=candidacy)
    client = Client()
    client.get(f"/reply/open/{token}")
    revoke_link(link, by=make_user(), at=BEFORE)

    posted = save(client, slot, "Typed <while> it was revoked.")
    opening = Client().get(f"/reply/open/{token}")

    assert (posted.status_code, opening.status_code) == (410, 410)
    assert "Typed &lt;while&gt; it was revoked." in posted.content.decode()
    assert not DraftAnswer.objects.exists()
    assert "office@ngo.example" in opening.content.decode()
    assert client.get(address(candidacy, "questions/")).status_code == 410


def test_req_010_unknown_malformed_and_foreign_tokens_get_one_and_the_same_page():
    _link, token = make_link()
    pages = [
        Client().get(f"/reply/open/{wrong}")
        for wrong in [
            "A" * 43,
            "short",
            token[:-1],
            token + "x",
            token.swapcase(),
            "%00",
            "%ED%A0%80",
            "a b'\"<",
            "x" * 5000,
        ]
    ]

    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1


def test_req_011_an_address_that_guesses_is_slowed_and_a_right_link_is_not_locked(monkeypatch):
    clock(monkeypatch, BEFORE)
    candidacy, _slots = make_reply()
    _link, token = make_link(candidacy=candidacy)

    guesser = Client(REMOTE_ADDR="192.0.2.1")

    statuses = [guesser.get(f"/reply/open/wrong{number}").status_code for number in range(40)]

    assert ALLOWANCES[AttemptKind.LINK].most == 30
    assert statuses == [404] * 30 + [429] * 10
    for guest in ["192.0.2.1", "192.0.2.2"]:
        assert Client().get(f"/reply/open/{token}", REMOTE_ADDR=guest).status_code == 303
    assert Client().get("/reply/open/wrong", REMOTE_ADDR="192.0.2.2").status_code == 404
    clock(monkeypatch, BEFORE + timedelta(minutes=3))
    assert Client().get("/reply/open/wrong", REMOTE_ADDR="192.0.2.1").status_code == 404


def test_req_013_a_link_opens_its_own_states_sent_questions_and_nothing_else():
    candidacy, (slot,) = make_reply()
    event = candidacy.event
    unsent = make_slot(candidacy=candidacy, question=make_question(event=event), sent=False)
    hidden = make_slot(
        candidacy=candidacy,
        question=make_question(event=event, status=QuestionStatus.DECLINED, status_reason="Abuse"),
    )
    other = make_candidacy(event=event)
    elsewhere = make_slot(candidacy=other, question=make_question(event=event))
    make_response(slot=make_slot(candidacy=other, question=slot.question), text="Their secret.")
    client = opened(candidacy)

    assert client.get(page_of(slot)).status_code == 200
    for question in [unsent, hidden, elsewhere]:
        assert client.get(address(candidacy, f"{question.question.slug}/")).status_code == 404
        assert question.question.text not in client.get(address(candidacy, "questions/")).text
    assert client.get(address(other)).status_code == 403
    assert client.get(address(candidacy, "r1/")).status_code == 404
    assert "Their secret." not in client.get(page_of(slot)).text


def test_req_013_a_letter_not_issued_is_not_shown():
    candidacy, _slots = make_reply()
    make_letter(candidacy=candidacy, status="draft", text="Not for the State yet.")
    client = opened(candidacy)

    page = client.get(address(candidacy, "letter/"))

    assert page.status_code == 200
    assert "Not for the State yet." not in page.text


def test_req_015_receipts_of_another_state_are_not_found():
    ours, _slots = make_reply()
    _theirs, (slot,) = make_reply()
    send(slot.candidacy, {slot: answer("Theirs.")})
    client = opened(ours)

    assert client.get(address(ours, "r1/")).status_code == 404
    assert client.get(address(ours, "r1/text/")).status_code == 404
    assert client.get(address(slot.candidacy, "r1/text/")).status_code == 403


def test_a_page_without_a_grant_is_the_same_whether_the_reply_exists_or_not():
    candidacy, _slots = make_reply()

    existing = Client().get(address(candidacy))
    invented = Client().get("/en/reply/pe1999-zzz/")

    assert (existing.status_code, invented.status_code) == (403, 403)
    # The language list leads back to the address that was asked for.
    asked_for = candidacy.reference.encode()
    assert existing.content.replace(asked_for, b"pe1999-zzz") == invented.content


def test_a_grant_holds_for_the_reply_whose_link_was_opened_and_not_for_its_name():
    candidacy, _slots = make_reply()
    client = opened(candidacy)
    old = address(candidacy)
    candidacy.event.code = "PE2999"
    candidacy.event.save()

    assert client.get(old).status_code == 403
    assert client.get(address(candidacy)).status_code == 403


def test_opening_a_second_link_of_the_same_reply_takes_its_place():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy, city="new_york", client=opened(candidacy, city="geneva"))

    save(client, slot)

    assert DraftAnswer.objects.get().saved_by.contact.mission.city == "new_york"


def test_an_address_that_missed_is_kept_as_a_keyed_digest_for_a_day(monkeypatch):
    clock(monkeypatch, BEFORE)
    Client().get("/reply/open/wrong", REMOTE_ADDR="192.0.2.1")
    (row,) = Attempt.objects.values()

    clock(monkeypatch, BEFORE + timedelta(days=1, minutes=1))
    Client().get("/reply/open/wrong", REMOTE_ADDR="192.0.2.2")

    assert "192.0.2.1" not in str(row)
    assert row["address_digest"] != digest("192.0.2.1")
    assert not Attempt.objects.filter(pk=row["id"]).exists()
    assert Attempt.objects.count() == 1
