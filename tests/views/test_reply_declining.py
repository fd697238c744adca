"""Declining to answer (M10): said and signed, and never the same as leaving blank."""

import pytest

from questions.models import DraftAnswer, Response, ResponseKind, Submission
from tests.factories import make_question, make_response, make_slot, make_state

from .reply_pages import address, check_and_send, make_reply, opened, page_of, save, send_form

pytestmark = pytest.mark.django_db

REFUSED = {"signatory_name": "A. Diplomat", "signatory_title": "Envoy", "confirmation": "yes"}


def test_req_026_blank_and_declined_are_different_and_shown_as_such():
    candidacy, (answered, declined, blank) = make_reply(common=3)
    client = opened(candidacy)
    save(client, answered)
    check_and_send(client, candidacy)

    client.post(address(candidacy, "decline/"), REFUSED | {"questions": [declined.question.slug]})

    kinds = {r.slot: r.kind for r in Response.objects.all()}
    assert kinds == {answered: ResponseKind.ANSWER, declined: ResponseKind.DECLINED}
    page = client.get(address(candidacy, "questions/"))
    shown = [part.split("<span>")[1].split("<")[0] for part in page.text.split('class="ts ')[1:]]
    assert shown == ["Sent", "Declined", "Not started"]
    assert blank.responses.count() == 0


def test_declining_some_with_a_reason_is_one_submission():
    candidacy, slots = make_reply(common=3)
    client = opened(candidacy)

    page = client.post(
        address(candidacy, "decline/"),
        REFUSED | {"questions": ["q1", "q3"], "reason": "Not our <matter>.", "language": "en"},
    )

    assert page.url == address(candidacy, "r1/")
    submission = Submission.objects.get()
    assert [(r.slot, r.kind, r.text, r.language) for r in submission.responses.order_by("pk")] == [
        (slots[0], "declined", "Not our <matter>.", "en"),
        (slots[2], "declined", "Not our <matter>.", "en"),
    ]
    receipt = client.get(page.url)
    assert f"that <bdi>{candidacy.state}</bdi> declines to answer two questions." in receipt.text
    assert "Not our &lt;matter&gt;." in receipt.text


def test_declining_all_leaves_out_what_was_answered_and_keeps_drafts():
    candidacy, (answered, drafted, blank) = make_reply(common=3)
    make_response(slot=answered)
    client = opened(candidacy)
    save(client, drafted, "Not sent.")

    client.post(
        address(candidacy, "decline/"), REFUSED | {"everything": "yes", "listed": ["q2", "q3"]}
    )

    assert {r.slot for r in Response.objects.filter(kind="declined")} == {drafted, blank}
    draft = DraftAnswer.objects.get()
    assert (draft.text, draft.is_ready) == ("Not sent.", False)
    assert "No answer is ready to send." in client.get(address(candidacy, "check/")).text
    save(client, drafted, "Not sent.", revision=draft.revision)
    assert "Send 1 answer to ISHR" in client.get(address(candidacy, "check/")).text


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"questions": []}, "questions", "Select the questions to decline"),
        ({"questions": ["q9"]}, "questions", "Select the questions to decline"),
        ({"confirmation": ""}, "confirmation", "Confirm that Octava declines to answer"),
        ({"signatory_name": ""}, "signatory_name", "Enter the name of the person sending"),
        ({"reason": "So."}, "language", "Select the language of the reason"),
        ({"reason": "x" * 2001}, "reason", "Yours has 2,001"),
    ],
)
def test_declining_asks_for_what_is_missing(fields, field, message):
    candidacy, _slots = make_reply(state=make_state(name="Octava", iso3="XOC"))
    client = opened(candidacy)

    page = client.post(address(candidacy, "decline/"), {**REFUSED, "questions": ["q1"], **fields})

    assert f'href="#id_{field}"' in page.text
    assert message in page.text
    assert not Submission.objects.exists()


def test_declining_twice_with_the_same_form_is_done_once():
    candidacy, _slots = make_reply()
    client = opened(candidacy)
    form = send_form(client.get(address(candidacy, "decline/")))
    posted = form.values | REFUSED | {"everything": "yes"}

    pages = [client.post(address(candidacy, "decline/"), posted) for _ in range(2)]

    assert {page.url for page in pages} == {address(candidacy, "r1/")}
    assert Submission.objects.count() == 1


def test_a_declined_question_can_still_be_answered():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    client.post(address(candidacy, "decline/"), REFUSED | {"questions": ["q1"]})

    assert "You can still answer." in client.get(page_of(slot)).text
    save(client, slot, "After all.")
    check_and_send(client, candidacy)

    assert [(r.kind, r.status) for r in slot.responses.order_by("pk")] == [
        ("declined", "superseded"),
        ("answer", "received"),
    ]


def test_all_questions_are_those_that_the_page_listed():
    candidacy, (listed, answered) = make_reply(common=2)
    client = opened(candidacy)
    assert 'name="listed" value="q1"' in client.get(address(candidacy, "decline/")).text
    make_response(slot=answered)
    added = make_slot(candidacy=candidacy, question=make_question(event=candidacy.event))

    client.post(
        address(candidacy, "decline/"), REFUSED | {"everything": "yes", "listed": ["q1", "q2"]}
    )

    assert [r.slot for r in Response.objects.filter(kind="declined")] == [listed]
    assert not added.responses.exists()


@pytest.mark.parametrize("chosen", [{"everything": "yes", "listed": ["q1"]}, {"questions": ["q1"]}])
def test_declining_what_was_answered_meanwhile_stores_nothing(chosen):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    make_response(slot=slot)

    page = client.post(address(candidacy, "decline/"), REFUSED | chosen)

    assert "Every question has been answered or declined." in page.text
    assert Submission.objects.count() == 1
