"""Staff look at missions' files, and accept or refuse them."""

import pytest

from questions.models import Attachment, AttachmentStatus, AuditEntry, Response
from questions.operations.attachments import accept_file
from questions.operations.publication import publish_responses
from tests.factories import BEFORE, make_attachment, make_slot, make_user
from tests.views.reply_files import pdf
from tests.views.reply_pages import check_and_send, make_reply, opened, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot, "", file=pdf())
    check_and_send(client, candidacy)
    return Attachment.objects.get()


@pytest.fixture
def staff(client):
    client.force_login(make_user(is_superuser=True))
    return client


def page_of(file, act="change"):
    return f"/admin/questions/attachment/{file.pk}/{act}/"


def test_a_file_is_looked_at_and_accepted(staff, sent):
    start = staff.get("/admin/").text
    original = staff.get(page_of(sent, "original"))
    asked = staff.get(page_of(sent, "accept")).text
    before = Attachment.objects.get().status
    assert staff.get(page_of(sent, "copy")).status_code == 404

    page = staff.post(page_of(sent, "accept"), follow=True)

    sent.refresh_from_db()
    assert "1 file from a mission was not looked at yet" in start
    assert original["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "Accept this file?" in asked
    assert before == AttachmentStatus.QUARANTINED
    assert "The file was accepted." in page.text
    assert sent.status == AttachmentStatus.ACCEPTED
    assert staff.get(page_of(sent, "copy")).content.startswith(b"%PDF-")
    assert AuditEntry.objects.latest("number").action == "attachment.accepted"
    assert "not looked at yet" not in staff.get("/admin/").text


def test_a_file_is_refused_with_a_reason(staff, sent):
    assert "This field is required" in staff.post(page_of(sent, "refuse"), {"reason": " "}).text

    staff.post(page_of(sent, "refuse"), {"reason": "Another State's letter"})

    sent.refresh_from_db()
    assert (sent.status, sent.refusal_reason) == ("refused", "Another State's letter")


def test_req_061_what_lies_beside_a_draft_is_not_for_staff(staff):
    unsent = make_attachment(slot=make_slot(), name="Secret draft.pdf")

    assert "Secret draft.pdf" not in staff.get("/admin/questions/attachment/").text
    assert [staff.get(page_of(unsent, act)).status_code for act in ("original", "accept")] == [
        404,
        404,
    ]


def test_who_may_not_accept_is_refused(client, sent):
    client.force_login(make_user())

    acts = [client.post(page_of(sent, act)).status_code for act in ("accept", "refuse")]

    assert acts == [403, 403]
    assert client.get(page_of(sent, "original")).status_code == 403
    assert Attachment.objects.get().status == AttachmentStatus.QUARANTINED


def test_an_answer_in_a_file_says_that_its_words_are_to_be_typed(staff, sent):
    response = sent.submission.responses.get()

    page = staff.get(f"/admin/questions/response/{response.pk}/change/").text

    assert "an answer without a text is not published" in page
    assert "Reply.pdf" in page


def test_the_page_of_a_file_says_what_was_found_and_leads_to_its_answer(staff, sent):
    Attachment.objects.update(findings=["JavaScript", "embedded files"])
    symbol = sent.questions.get().slot.symbol

    page = staff.get(page_of(sent)).text

    assert "JavaScript, embedded files" in page
    assert f'<a href="/admin/questions/response/?q={symbol}">{symbol}</a>' in page


@pytest.mark.parametrize("listed", ["submission", "attachment"])
@pytest.mark.parametrize(("typed", "found"), [("{}", True), ("r1", True), ("{}9", False)])
def test_a_sending_and_its_file_are_found_by_their_symbols(staff, sent, listed, typed, found):
    symbol = sent.symbol if listed == "attachment" else sent.submission.symbol

    page = staff.get(f"/admin/questions/{listed}/", {"q": typed.format(symbol)})

    assert page.context["cl"].queryset.exists() is found


def test_view_on_site_waits_until_the_file_is_public(staff):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot, "Yes.", file=pdf())
    check_and_send(client, candidacy)
    file = Attachment.objects.get()
    before = staff.get(page_of(file)).text

    publish_responses(Response.objects.all(), by=make_user(), at=BEFORE)
    accept_file(file, by=make_user(), at=BEFORE)

    assert "View on site" not in before
    link = f'<a href="{file.get_absolute_url()}" class="viewsitelink">View on site</a>'
    assert link in staff.get(page_of(file)).text
