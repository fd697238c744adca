"""The reply code: it opens what its link opens, is slow to guess, and ends with its link."""

from datetime import timedelta

import pytest
from django.test import Client

from questions.models import AccessLink, Attempt, AttemptKind, AuditEntry
from questions.operations.links import mint_link_with_code, revoke_link
from tests.factories import (
    AFTER,
    BEFORE,
    make_candidacy,
    make_contact,
    make_letter,
    make_state,
    make_user,
)

from .reply_pages import address, clock, forms_of, make_reply, opened, save

pytestmark = pytest.mark.django_db

CODE_PAGE = "/en/reply/"
NOT_RECOGNISED = "Reply code not recognised. It has four parts, such as KAZ 7F3M Q2XD 9TKP"
TOO_MANY = (
    "Too many attempts from this network. Try again in 15 minutes, or use the link in the message"
)
WRONG = "XOC 0000 0000 0000"


def make_code(*, candidacy=None, at=BEFORE):
    """(link, token, code as written)"""
    candidacy = candidacy or make_candidacy(state=make_state(iso3="XOC"))
    return mint_link_with_code(make_contact(state=candidacy.state), candidacy, by=None, at=at)


def enter(code, *, client=None, **extra):
    return (client or Client()).post(CODE_PAGE, {"code": code}, **extra)


def test_req_014_the_right_code_opens_the_same_form_as_the_link():
    candidacy, (slot,) = make_reply()
    link, token, code = make_code(candidacy=candidacy)
    by_code, by_link = Client(), Client()

    page = enter(code, client=by_code)
    by_link.get(f"/reply/open/{token}")
    save(by_code, slot, "Typed by code.")

    assert (page.status_code, page.url) == (303, address(candidacy))
    assert by_code.session["reply_grants"] == {candidacy.reference: link.pk}
    assert by_code.session["reply_grants"] == by_link.session["reply_grants"]
    assert "Typed by code." in by_link.get(address(candidacy, "q1/")).text


@pytest.mark.parametrize(
    "written",
    [
        lambda code: code.lower(),
        lambda code: code.replace(" ", ""),
        lambda code: code.replace(" ", "-"),
        lambda code: code[4:],
        lambda code: f"  {code[4:].lower()}\u00a0",
        lambda code: code[:4] + code[4:].replace("0", "O").replace("1", "l"),
        lambda code: code[:4] + code[4:].replace("0", "o").replace("1", "I"),
    ],
)
def test_req_014_a_code_is_read_as_people_type_it(written):
    link, _token, _code = make_code()
    AccessLink.objects.filter(pk=link.pk).update(code_digest=DIGEST_OF_0123456789AB)

    page = enter(written("XOC 0123 4567 89AB"))

    assert (page.status_code, page.url) == (303, address(link.candidacy))


# sha256sum of the twelve characters
DIGEST_OF_0123456789AB = "4e3f5a1d81582cf9c45c5b0f43e59793f58d060cc71e7667b5b2a09e37f602a2"


def test_req_014_after_ten_wrong_codes_an_address_waits_15_minutes_and_nobody_else(monkeypatch):
    clock(monkeypatch, BEFORE)
    _link, token, code = make_code()
    here, there = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.2"}

    pages = [enter(f"XOC 0000 0000 00{number:02}", **here) for number in range(11)]

    assert [page.status_code for page in pages] == [200] * 10 + [429]
    assert all(NOT_RECOGNISED in page.text for page in pages[:10])
    assert TOO_MANY in pages[10].text
    assert pages[10]["Retry-After"] == "960"
    assert enter(code, **here).status_code == 429
    assert enter(code, **there).status_code == 303
    assert Client().get(f"/reply/open/{token}", **here).status_code == 303

    clock(monkeypatch, BEFORE + timedelta(minutes=15))
    assert enter(code, **here).status_code == 429
    clock(monkeypatch, BEFORE + timedelta(minutes=16))
    assert enter(code, **here).status_code == 303


def test_req_014_wrong_codes_do_not_slow_links_nor_wrong_links_codes(monkeypatch):
    clock(monkeypatch, BEFORE)
    _link, _token, code = make_code()
    for _ in range(30):
        Client().get("/reply/open/wrong")
    assert Client().get("/reply/open/wrong").status_code == 429

    assert enter(code).status_code == 303
    for _ in range(11):
        enter(WRONG, REMOTE_ADDR="192.0.2.9")

    assert Client().get("/reply/open/wrong", REMOTE_ADDR="192.0.2.9").status_code == 404


def test_req_014_a_revoked_link_takes_its_code_with_it(settings):
    settings.OFFICE_EMAIL = "office@ngo.example"
    link, _token, code = make_code()
    _newer, _token, newer_code = mint_link_with_code(
        link.contact, link.candidacy, by=None, at=BEFORE
    )
    revoke_link(link, by=make_user(), at=AFTER)
    client = Client()

    page = enter(code, client=client)

    assert page.status_code == 410
    assert "This link has been replaced" in page.text
    assert "office@ngo.example" in page.text
    assert client.get(address(link.candidacy)).status_code == 403
    assert not Attempt.objects.exists()
    assert enter(newer_code).status_code == 303


def test_req_014_revoking_ends_what_a_code_opened():
    link, _token, code = make_code()
    client = Client()
    enter(code, client=client)

    revoke_link(link, by=make_user(), at=AFTER)

    assert client.get(address(link.candidacy)).status_code == 410


def test_req_014_a_code_of_one_state_with_the_name_of_another_is_not_recognised():
    make_state(iso3="XSE")
    link, _token, code = make_code()
    client = Client()

    page = enter("XSE" + code[3:], client=client)

    assert NOT_RECOGNISED in page.text
    assert client.get(address(link.candidacy)).status_code == 403
    assert Attempt.objects.get().kind == AttemptKind.CODE


@pytest.mark.parametrize(
    "typed", ["XOC", "hello", WRONG, WRONG + "0", "x" * 5_000, "\x00", "'\"<b>", "\u0667" * 12]
)
def test_a_wrong_code_is_an_error_at_the_field_and_in_the_summary(typed):
    make_code()

    page = enter(typed)

    assert page.status_code == 200
    assert "<title>Error: Enter your reply code" in page.text
    assert f'<a href="#id_code">{NOT_RECOGNISED}</a>' in page.text
    assert page.text.count(NOT_RECOGNISED) == 2
    assert "<b>" not in page.text.split("</header>")[1]


@pytest.mark.parametrize("typed", ["", "   "])
def test_no_code_is_asked_for_and_not_counted(typed):
    page = enter(typed)

    assert "Enter your reply code. It has four parts, such as KAZ 7F3M Q2XD 9TKP" in page.text
    assert not Attempt.objects.exists()


def test_req_005_a_robot_that_sends_the_form_as_it_finds_it_changes_nothing():
    make_code()
    robot = Client()
    (form,) = forms_of(robot.get(CODE_PAGE))

    robot.post(form.action, form.values)

    assert form.values["code"] == ""
    assert "reply_grants" not in robot.session
    assert not Attempt.objects.exists()


def test_req_003_reading_the_page_changes_nothing_and_opens_nothing():
    link, _token, code = make_code()
    client = Client()
    before = list(AuditEntry.objects.values()), list(AccessLink.objects.values())

    for visit in (client.get, client.head):
        assert visit(CODE_PAGE, {"code": code}).status_code == 200

    assert client.put(CODE_PAGE).status_code == 405
    assert (list(AuditEntry.objects.values()), list(AccessLink.objects.values())) == before
    assert client.get(address(link.candidacy)).status_code == 403


def test_req_009_a_session_known_before_is_not_the_one_that_gets_the_grant():
    link, _token, code = make_code()
    victim, attacker = Client(), Client()
    session = victim.session
    session["planted"] = True
    session.save()
    victim.cookies["session"] = attacker.cookies["session"] = session.session_key

    enter(code, client=victim)

    assert victim.get(address(link.candidacy)).status_code == 200
    assert attacker.get(address(link.candidacy)).status_code == 403


def test_entering_a_code_leaves_what_another_link_opened():
    other, _slots = make_reply()
    client = opened(other)
    link, _token, code = make_code()

    enter(code, client=client)

    assert client.get(address(other)).status_code == 200
    assert client.get(address(link.candidacy)).status_code == 200


def test_the_form_is_protected_against_other_sites_and_needs_no_script():
    _link, _token, code = make_code()
    careful = Client(enforce_csrf_checks=True)
    page = careful.get(CODE_PAGE)
    (form,) = forms_of(page)

    forged = enter(code, client=careful)
    own = careful.post(form.action, form.values | {"code": code})

    assert "<script" not in page.text
    assert (forged.status_code, own.status_code) == (403, 303)
    assert code not in forged.text
    assert "Nothing was sent</h1>" in forged.text
    assert "Your text is still here" not in forged.text


def test_pages_about_codes_are_not_kept_nor_indexed():
    for page in [Client().get(CODE_PAGE), enter(WRONG)]:
        assert "no-store" in page["Cache-Control"]
        assert '<meta name="robots" content="noindex, nofollow">' in page.text
        assert page["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/reply", "/reply/"])
def test_the_address_printed_in_letters_leads_to_the_page(path):
    page = Client().get(path)

    assert (page.status_code, page.url) == (302, CODE_PAGE)


def test_who_comes_without_a_grant_is_led_to_the_code_and_to_the_link_sent_again():
    candidacy, (slot,) = make_reply()
    revoked, token, _code = make_code(candidacy=candidacy)
    revoke_link(revoked, by=make_user(), at=AFTER)

    for page in [
        Client().get("/reply/open/unknown"),
        Client().get(f"/reply/open/{token}"),
        Client().get(address(candidacy)),
    ]:
        assert f'href="{CODE_PAGE}"' in page.text
        assert 'href="/en/reply/link/"' in page.text

    posted = save(Client(), slot, "Typed.")
    assert f'<a href="{CODE_PAGE}" target="_blank" rel="noopener">' in posted.text


def test_what_was_typed_is_saved_once_a_code_was_entered_in_another_tab():
    candidacy, (slot,) = make_reply()
    _link, _token, code = make_code(candidacy=candidacy)
    client = Client()
    (form,) = forms_of(save(client, slot, "Typed before."))

    enter(code, client=client)
    client.post(address(candidacy, "q1/"), form.values)

    assert "Typed before." in client.get(address(candidacy, "q1/")).text


# --- The letter as a file ---------------------------------------------------------------------


PDF = b"%PDF-1.7 the letter"


def make_document(letter, *, kind="pdf", content=PDF):
    return letter.documents.create(kind=kind, content=content, sha256="0" * 64)


def test_req_057_the_letter_is_a_file_that_no_browser_opens_as_a_page():
    candidacy, _slots = make_reply()
    letter = candidacy.letters.get()
    make_document(letter)
    make_document(letter, kind="docx", content=b"PK")
    client = opened(candidacy)

    start = client.get(address(candidacy))
    page = client.get(address(candidacy, "letter/1/pdf/"))

    assert f'href="{address(candidacy, "letter/1/pdf/")}">Read the letter (PDF)</a>' in start.text
    assert page.content == PDF
    assert page["Content-Type"] == "application/pdf"
    name = f"{candidacy.event.code}-{candidacy.state.iso3}-letter-1.pdf"
    assert page["Content-Disposition"] == f'attachment; filename="{name}"'
    assert page["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in page["Content-Security-Policy"]
    assert "no-store" in page["Cache-Control"]


def test_an_imported_pdf_is_given_as_it_came_and_an_imported_word_file_is_not():
    candidacy = make_candidacy()
    make_letter(candidacy=candidacy, file=PDF, file_name="x\r\n.PDF", file_sha256="0" * 64)
    make_letter(candidacy=candidacy, file=b"PK", file_name="letter.docx", file_sha256="1" * 64)
    make_letter(candidacy=candidacy, file_name="lost.pdf")
    client = opened(candidacy)

    start = client.get(address(candidacy)).text
    listed = client.get(address(candidacy, "letter/")).text

    assert address(candidacy, "letter/1/pdf/") in start
    assert listed.count("Read the letter (PDF)") == 1
    assert client.get(address(candidacy, "letter/1/pdf/")).content == PDF
    for other in (2, 3):
        assert client.get(address(candidacy, f"letter/{other}/pdf/")).status_code == 404


def test_req_013_no_file_but_of_the_states_own_issued_letters():
    ours, _slots = make_reply()
    draft = make_letter(candidacy=ours, status="draft")
    make_document(draft)
    theirs, _slots = make_reply()
    make_document(theirs.letters.get())
    client = opened(ours)

    for number in (1, draft.number, 99_999_999_999_999_999_999):
        assert client.get(address(ours, f"letter/{number}/pdf/")).status_code == 404
    assert client.get(address(theirs, "letter/1/pdf/")).status_code == 403
    assert "Read the letter (PDF)" not in client.get(address(ours)).text
