"""Writing one answer: M5, its errors, two missions at once (M14), amending (M9)."""

from datetime import timedelta

import pytest

from questions.models import ConflictCopy, Draft, DraftAnswer, Submission
from tests.factories import (
    BEFORE,
    answer,
    make_question,
    make_response,
    make_slot,
    make_translation,
    send,
)

from .reply_pages import (
    address,
    check_and_send,
    clock,
    forms_of,
    link_of,
    make_reply,
    opened,
    page_of,
    save,
)

pytestmark = pytest.mark.django_db


def test_saving_goes_on_to_the_next_question_which_says_so(monkeypatch):
    clock(monkeypatch, BEFORE)
    candidacy, (own, first, last) = make_reply(own=1, common=2)
    client = opened(candidacy)

    after_own = save(client, own)
    after_first = save(client, first, ready="no")
    after_last = save(client, last)

    assert after_own.url == f"{page_of(first)}?saved={own.question.slug}"
    assert after_first.url == f"{page_of(last)}?saved=q1"
    assert after_last.url == address(candidacy, "questions/?saved=q2")
    assert "Saved 1 October 2021, 11:00 Geneva time." in client.get(after_first.url).text
    assert save(client, first, ready="no", then="list").url == address(
        candidacy, "questions/?saved=q1"
    )


def test_a_translation_of_the_question_is_folded_below_it():
    candidacy, (slot,) = make_reply(common=1)
    make_translation(of=slot.question, text="ما رأيكم؟", language="ar")
    make_translation(of=slot.question, text="CANARY", language="es", published=False)

    page = opened(candidacy).get(page_of(slot)).text

    assert "Translation into Arabic by <bdi>ISHR</bdi>, 5 October 2021</summary>" in page
    assert '<div class="body" lang="ar" dir="rtl"><p>ما رأيكم؟</p></div>' in page
    assert "CANARY" not in page


def test_a_new_answer_offers_the_language_used_last_and_no_readiness():
    candidacy, (first, second) = make_reply(common=2)
    client = opened(candidacy)
    (blank,) = forms_of(client.get(page_of(first)))

    save(client, first, "Oui.", language="fr")

    (form,) = forms_of(client.get(page_of(second)))
    assert blank.values["language"] == ""
    assert form.values["language"] == "fr"
    assert "ready" not in form.values


def test_a_saved_answer_comes_back_as_it_was_saved():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    save(client, slot, "\n  One.\n\n• two & <three>\n", language="es", ready="no")

    (form,) = forms_of(client.get(page_of(slot)))

    assert form.values["text"] == "  One.\n\n• two & <three>"
    assert (form.values["language"], form.values["ready"]) == ("es", "no")
    assert form.values["revision"] == "1"


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"ready": ""}, "id_ready", "Select whether this answer is ready to send"),
        ({"ready": "maybe"}, "id_ready", "Select whether this answer is ready to send"),
        ({"language": ""}, "id_language", "Select the language of this answer"),
        (
            {"text": " \n\u200b"},
            "id_text",
            "Enter an answer or attach a PDF before marking this question as ready",
        ),
        (
            {"text": "Half a \ufffd"},
            "id_text",
            "Some characters in your text could not be read and show as �. "
            "Paste the text again, or type over them",
        ),
    ],
)
def test_errors_stand_in_the_summary_and_at_the_field_and_keep_the_text(fields, field, message):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)

    page = save(client, slot, **{"text": "My words.", **fields})

    assert "<title>Error:" in page.text
    assert f'<a href="#{field}">{message}</a>' in page.text
    assert f'id="{field}-e"><span class="vh">Error: </span>{message}' in page.text
    assert page.text.index("errsum") < page.text.index("<h1>")
    assert f' id="{field}"' in page.text
    (form,) = forms_of(page)
    assert form.values["text"] == fields.get("text", "My words.")
    assert not DraftAnswer.objects.exists()


def test_req_015_a_form_of_one_state_reaches_nothing_of_another():
    ours, (slot,) = make_reply()
    theirs, (other,) = make_reply(own=1, common=0)
    client, stranger = opened(ours), opened(theirs)
    save(stranger, other, "Theirs.")
    save(stranger, other, "Theirs, newer.", revision=1)
    copy = save(stranger, other, "Theirs, stale.", revision=1) and ConflictCopy.objects.get()
    before = list(DraftAnswer.objects.values())

    pages = [
        client.post(address(ours, f"{other.question.slug}/"), {"text": "Forged."}),
        save(client, other, "Forged."),
        client.post(page_of(slot), {"keep_of": copy.pk, "keep": "mine", "ready": "no"}),
    ]
    forged = {f"revision-{other.question.slug}": "2"}
    sent = client.post(
        address(ours, "check/"),
        {**forged, "signatory_name": "A", "signatory_title": "B", "declaration": "yes"},
    )

    assert [page.status_code for page in pages] == [404, 403, 404]
    assert all("Theirs" not in page.text for page in [*pages, sent])
    assert list(DraftAnswer.objects.values()) == before
    assert not Submission.objects.exists()


def test_req_015_the_try_is_logged_without_what_was_typed(caplog):
    ours, _slots = make_reply()
    theirs, (other,) = make_reply()

    save(opened(ours), other, "Forged.")

    assert f"Posted to {theirs.reference} without a grant" in caplog.text
    assert "Forged." not in caplog.text


def test_req_016_extra_fields_are_ignored():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    late = slot.candidacy.due_at + timedelta(days=9)

    save(
        client,
        slot,
        **{
            "status": "published",
            "late": "",
            "received_at": "2001-01-01",
            "saved_at": late.isoformat(),
            "state": "XXX",
            "number": "7",
            "form-TOTAL_FORMS": "10000",
            "form-0-DELETE": "on",
            "form-9999-text": "Extra",
        },
    )
    check_and_send(client, candidacy, status="published", number="7", received_at="2001-01-01")

    submission = Submission.objects.get()
    response = submission.responses.get()
    assert (submission.number, response.slot, response.status) == (1, slot, "received")
    assert submission.received_at.year > 2001


def test_req_016_too_many_fields_are_refused():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    fields = {f"form-{number}-text": "x" for number in range(10_000)}

    page = save(client, slot, **fields)

    assert page.status_code == 400
    assert not DraftAnswer.objects.exists()


def test_an_answer_sent_and_not_published_can_be_replaced():
    candidacy, (slot,) = make_reply()
    send(candidacy, {slot: answer("Yes.")})
    client = opened(candidacy)

    page = client.get(page_of(slot))

    assert (
        "This answer has been sent but not yet published. Your new text replaces it, and the"
        " time of the first version still counts." in page.text
    )
    (form,) = forms_of(page)
    assert form.values["text"] == "Yes."
    assert "ready" not in form.values
    save(client, slot, "Perhaps.")
    check_and_send(client, candidacy)
    assert [r.text for r in slot.responses.order_by("pk")] == ["Yes.", "Perhaps."]


def test_a_published_answer_can_be_amended_and_the_page_says_what_happens():
    candidacy, (slot,) = make_reply()
    make_response(slot=slot, text="Published words.", published=True)
    client = opened(candidacy)

    page = client.get(page_of(slot))

    assert "This answer is published. Your new text will be shown in its place" in page.text
    save(client, slot, "New words.")
    check_and_send(client, candidacy)
    assert [(r.text, r.status) for r in slot.responses.order_by("pk")] == [
        ("Published words.", "published"),
        ("New words.", "received"),
    ]


def test_the_question_stands_verbatim_in_its_language_with_names_as_the_state_may_see_them():
    candidacy, _slots = make_reply(common=0)
    question = make_question(
        event=candidacy.event, text="¿Ratificará <esto>?\n\n- uno\n- dos", language="es"
    )
    asker = question.asked_by.get().asker
    asker.kind, asker.label = "social_media_user", "Twitter user"
    asker.save()
    slot = make_slot(candidacy=candidacy, question=question)

    page = opened(candidacy).get(page_of(slot))

    assert '<div lang="es" dir="ltr">' in page.text
    assert "¿Ratificará &lt;esto&gt;?</p>" in page.text
    assert '<bdi dir="auto">Individual, via Twitter</bdi>' in page.text
    assert asker.name not in page.text


def test_a_form_that_would_change_nothing_leaves_who_saved_last():
    candidacy, (slot,) = make_reply()
    client, robot = opened(candidacy), opened(candidacy, city="new_york")
    save(client, slot, "Mine.")

    (form,) = forms_of(robot.get(page_of(slot)))
    robot.post(form.action, form.values)

    assert Draft.objects.get().saved_by == link_of(client, candidacy)
    assert DraftAnswer.objects.get().revision == 1


def test_a_doubt_is_shown_with_a_box_to_tick_and_then_the_answer_is_saved():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)

    page = save(client, slot, "Да, ратифицируем.", language="fr")

    assert "This text looks like Russian, but the language chosen is French." in page.text
    assert "It is correct as it is</label>" in page.text
    (form,) = forms_of(page)
    assert "as_it_is" not in form.values
    assert not DraftAnswer.objects.exists()
    client.post(page_of(slot), form.values | {"as_it_is": "yes"})
    assert DraftAnswer.objects.get().is_ready
