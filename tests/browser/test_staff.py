"""The staff's screens in Chromium: nothing on them breaks the policy or runs what people wrote."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from questions.models import (
    Contact,
    Letter,
    LetterStatus,
    MailStatus,
    OutgoingMail,
    Response,
    ResponseStatus,
    Submission,
)
from tests.admin.letter_events import (
    compose_letters,
    event_page,
    make_due_tomorrow,
    make_event_to_write,
    make_letterhead,
)
from tests.browser.steps import follow
from tests.factories import (
    answer,
    make_asker,
    make_candidacy,
    make_contact,
    make_link,
    make_question,
    make_slot,
    make_state,
    make_user,
    send,
)

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}"
OUR_OWN = 8  # of the pages below; on the others Django's own widgets prevail


@pytest.fixture
def desk(page):
    """A tab in which a superuser is logged in, and which fails on any dialog."""
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    return log_in(page)


@pytest.fixture
def lenient_desk(browser, live_server):
    """The same without the policy, since axe puts styles of its own into the page."""
    context = browser.new_context(base_url=live_server.url, bypass_csp=True)
    yield log_in(context.new_page())
    context.close()


def log_in(page):
    make_user(username="boss", is_superuser=True)
    page.goto("/admin/login/")
    page.fill("#id_username", "boss")
    page.fill("#id_password", "correct horse battery staple")
    follow(page, "#login-form [type=submit]")
    return page


@pytest.fixture
def octava():
    """A slot with a hostile answer to a hostile question."""
    due_at = timezone.now() + timedelta(days=3)
    candidacy = make_candidacy(state=make_state(name="Octava", iso3="XOC"), due_at=due_at)
    contact = make_contact(state=candidacy.state, name=HOSTILE, email="geneva@octava.example")
    make_link(candidacy=candidacy, contact=contact)
    question = make_question(event=candidacy.event, text=HOSTILE, askers=[make_asker(name=HOSTILE)])
    slot = make_slot(candidacy=candidacy, question=question)
    make_slot(candidacy=candidacy, sent=False)
    send(candidacy, {slot: answer(HOSTILE)}, received_at=timezone.now())
    return slot


def pages_about(slot):
    candidacy, response = slot.candidacy, slot.responses.get()
    return [
        "/admin/",
        f"/admin/questions/submission/record/{candidacy.pk}/",
        f"/admin/questions/response/{response.pk}/change/",
        f"/admin/questions/response/{response.pk}/withhold/",
        f"/admin/questions/candidacy/{candidacy.pk}/link/",
        f"/admin/questions/candidacy/{candidacy.pk}/letter/",
        f"/admin/questions/candidacy/{candidacy.pk}/change/",
        f"/admin/questions/event/{candidacy.event_id}/close/",
        f"/admin/questions/event/{candidacy.event_id}/change/",
        f"/admin/questions/question/{slot.question_id}/change/",
        f"/admin/questions/question/{slot.question_id}/put/",
        f"/admin/questions/asker/{slot.question.askers.get().pk}/change/",
        "/admin/questions/submission/record/",
        "/admin/questions/response/",
        "/admin/questions/candidacy/",
    ]


@pytest.fixture
def letters_out():
    """An event whose letters went out, with hostile names, and one that is to be written."""
    event = make_due_tomorrow(states=[HOSTILE, "Nona"])
    to_write = make_event_to_write(states=["Decima"])
    compose_letters(to_write)
    return event, to_write


def pages_about_letters(event, to_write):
    candidacy, letter = event.candidacies.first(), Letter.objects.issued().first()
    draft, contact = Letter.objects.get(status=LetterStatus.DRAFT), Contact.objects.first()
    mail = OutgoingMail.objects.first()
    OutgoingMail.objects.filter(pk=mail.pk).update(status=MailStatus.UNSURE)
    names = ["compose", "check", "send", "standings", "extend", "remind"]
    return [
        *(event_page(event, name) for name in names),
        *(event_page(to_write, name) for name in [*names, "issue"]),
        f"/admin/questions/candidacy/{candidacy.pk}/compose/",
        f"/admin/questions/candidacy/{candidacy.pk}/link-again/",
        f"/admin/questions/letter/{letter.pk}/message/{contact.pk}/",
        f"/admin/questions/letter/{draft.pk}/issue/",
        f"/admin/questions/outgoingmail/{mail.pk}/again/",
        f"/admin/questions/contact/{contact.pk}/works-again/",
    ]


def pages_with_widgets():
    draft, mail = Letter.objects.get(status=LetterStatus.DRAFT), OutgoingMail.objects.first()
    return [
        "/admin/questions/lettertemplate/add/",
        "/admin/questions/letterhead/1/change/",
        f"/admin/questions/letter/{draft.pk}/change/",
        f"/admin/questions/outgoingmail/{mail.pk}/change/",
        "/admin/questions/outgoingmail/?needs=decision",
    ]


def test_req_042_no_page_of_letters_breaks_the_policy_or_runs_what_people_wrote(desk, letters_out):
    for address in pages_about_letters(*letters_out) + pages_with_widgets():
        assert desk.goto(address).status == 200, address
        desk.wait_for_load_state("networkidle")


def test_axe_finds_nothing_on_pages_of_letters(lenient_desk, letters_out):
    axe = Axe()
    found = []
    for address in pages_about_letters(*letters_out):
        lenient_desk.goto(address)
        for broken in axe.run(lenient_desk).response["violations"]:
            found += [(address, broken["id"], node["html"]) for node in broken["nodes"]]

    assert found == []


def test_letters_are_composed_issued_and_sent_from_the_page_of_the_event(desk):
    event = make_event_to_write(
        states=["Octava", "Nona"], answers_due_on=(timezone.now() + timedelta(days=30)).date()
    )
    event.candidacies.update(due_at=timezone.now() + timedelta(days=30))
    make_letterhead()

    desk.goto(f"/admin/questions/event/{event.pk}/change/")
    follow(desk, ".object-tools >> text='Letters'")
    follow(desk, "text=Add the standard wording")
    desk.fill("#id_name", "Standard")
    follow(desk, "input[name=_save]")
    desk.goto(event_page(event, "compose"))
    follow(desk, "input[value='Compose 2 letters']")
    follow(desk, "text=Issue 2 letters")
    follow(desk, "input[value='Issue 2 letters']")
    desk.goto(event_page(event, "check"))
    follow(desk, "text=Go on to sending")
    follow(desk, "input[value='Send 4 messages']")
    said = desk.inner_text(".messagelist")

    assert said == "4 messages are queued. They leave with the sender's next run."
    assert OutgoingMail.objects.count() == 4


def test_req_042_no_page_breaks_the_policy_or_runs_what_people_wrote(desk, octava):
    for address in pages_about(octava):
        assert desk.goto(address).status == 200, address
        desk.wait_for_load_state("networkidle")


def test_axe_finds_nothing_on_pages_of_our_own(lenient_desk, octava):
    axe = Axe()
    found = []
    for address in pages_about(octava)[:OUR_OWN]:
        lenient_desk.goto(address)
        for broken in axe.run(lenient_desk).response["violations"]:
            found += [(address, broken["id"], node["html"]) for node in broken["nodes"]]

    assert found == []


def test_no_page_is_wider_than_a_phone_and_its_buttons_leave_room_to_read(desk, octava):
    desk.set_viewport_size({"width": 390, "height": 800})
    found = {}
    for address in pages_about(octava):
        desk.goto(address)
        wide = desk.evaluate("document.documentElement.scrollWidth")
        bars = desk.eval_on_selector_all(".submit-row", "all => all.map(one => one.offsetHeight)")
        if wide > 390 or max([0, *bars]) > 120:
            found[address] = (wide, bars)

    assert found == {}


def test_an_answer_is_recorded_and_published_from_the_start_page(desk):
    slot = make_slot(candidacy=make_candidacy(state=make_state(name="Octava", iso3="XOC")))

    desk.goto("/admin/")
    follow(desk, "text=Record an answer")
    desk.click(".select2-selection")
    desk.keyboard.type("xoc")
    desk.click(".select2-results__option:has-text('Octava')")
    follow(desk, "text=Go on")
    desk.fill("[name=received]", "9 Oct 2021 06:00")
    desk.fill("[name=signatory_name]", "A. Diplomat")
    desk.fill("[name=reason]", "Sent by e-mail.")
    desk.fill(f"[name=text_{slot.pk}]", "Yes.")
    follow(desk, "text=Check")
    timing = desk.inner_text(".checked")
    follow(desk, "[name=save]")
    follow(desk, f"text={slot.symbol}")
    preview = desk.inner_text(".preview .words")
    follow(desk, "text=Publish >> visible=true")
    assert desk.locator(".messagelist").count() == 1

    assert timing.startswith("Late: received 9 October 2021 at 00:00 New York time (06:00 Geneva")
    assert preview == "Yes."
    assert Submission.objects.get().is_late
    assert Response.objects.get().status == ResponseStatus.PUBLISHED
