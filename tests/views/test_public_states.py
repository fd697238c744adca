"""A State at an event, over the years, in the list; an asker's questions."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from questions.models import (
    AddressedQuestion,
    AnswerStatus,
    Contact,
    DeadlineExtension,
    ElectionResult,
    EventRecord,
    EventStatus,
    Participation,
    ResponseKind,
    ResponseStatus,
    Topic,
)
from tests.factories import (
    BEFORE,
    DUE_AT,
    make_asker,
    make_candidacy,
    make_contact,
    make_event,
    make_question,
    make_response,
    make_slot,
    make_state,
)

from .public_pages import (
    PASSED,
    TODAY,
    forget_kept_pages,
    lead_of,
    make_board,
    publish,
    publisher,
    read,
    words_of,
)

pytestmark = pytest.mark.django_db

DUE = "the end of 8 October 2021 in New York (05:59 on 9 October in Geneva)"


def stand(state, *, year, questions=2, **fields):
    """The slots of a State at an event of that year."""
    event = make_event(year=year, **fields)
    candidacy = make_candidacy(event=event, state=state)
    return [
        make_slot(candidacy=candidacy, question=make_question(event=event, askers=[]))
        for _question in range(questions)
    ]


def test_state_at_event_before_an_answer(clock):
    clock(TODAY)
    slots = make_board()
    candidacy = slots[0, 1].candidacy
    make_contact(state=candidacy.state, city="geneva", is_addressee=True, name="Hidden")
    make_contact(state=candidacy.state, city="new_york", is_addressee=True, name="Concealed")
    candidacy.letters.update(text="H.E. Ms. Hidden\nH.E. Mr. Concealed\n\nExcellencies, …")

    page = read("/en/2021/xaa/")

    assert lead_of(page) == f"State 000 has not answered yet. Its answers are due by {DUE}."
    assert (
        "Letter sent 29 September 2021, to the Permanent Missions in New York and Geneva"
    ) in words_of(page)
    assert "Hidden" not in page.content.decode()


def test_req_047_whom_another_letter_is_addressed_to_says_nothing_of_this_one(clock):
    clock(TODAY)
    slots = make_board()
    candidacy = slots[0, 1].candidacy
    make_contact(state=candidacy.state, city="geneva", is_addressee=True, name="Named 100% here")
    candidacy.letters.update(text="H.E. Ms. Named 100% here")
    before = read("/en/2021/xaa/").content

    make_contact(state=candidacy.state, city="new_york", is_addressee=True, name="Named elsewhere")
    nameless = make_contact(state=candidacy.state, city="new_york", is_addressee=True)
    Contact.objects.filter(pk=nameless.pk).update(name="")
    forget_kept_pages()

    assert b"to the Permanent Mission in Geneva" in before
    assert read("/en/2021/xaa/").content == before


@pytest.mark.parametrize(
    ("record", "lead"),
    [
        (
            EventRecord.KEPT,
            "No answer was received by the deadline. If one arrives later it will be published here"
            " and marked late.",
        ),
        (
            EventRecord.RECONSTRUCTED,
            "The letter of 29 September 2021 to State 000 is on record. No record of an answer is"
            " held here; that is no evidence that none was given.",
        ),
    ],
)
def test_state_at_event_after_the_deadline(clock, record, lead):
    clock(PASSED)
    make_board(record=record)

    assert lead_of(read("/en/2021/xaa/")) == lead


def test_state_at_event_counts_its_replies_and_lists_dates_only(clock):
    clock(PASSED)
    slots = make_board(questions=5)
    own = make_question(event=slots[0, 1].candidacy.event, state=slots[0, 1].candidacy.state)
    publish(make_slot(candidacy=slots[0, 1].candidacy, question=own), text="Own first.")
    own.asked_by.update(asker=make_asker(name="Zeta NGO"))
    publish(slots[0, 1], status=ResponseStatus.SUPERSEDED)
    publish(slots[0, 1], received_at=DUE_AT, text="Common then.")
    publish(slots[0, 2], kind=ResponseKind.DECLINED, text="", language="")
    make_response(slot=slots[0, 3], received_at=BEFORE + timedelta(days=3))

    page = read("/en/2021/xaa/")
    words = words_of(page)

    assert lead_of(page) == (
        "2 of 6 questions are answered, all on time. One was declined, two have no answer and one"
        " is being prepared."
    )
    assert "What will you do about matter 1? Asked by Zeta NGO" in words
    assert words.index("Own first.") < words.index("Common then.")
    log = re.search(r'<ul class="qlist log">(.*?)</ul>', page.content.decode(), re.S)[1]
    assert re.findall(r'<time datetime="(.*?)">.*?<div>(.*?)</div>', log) == [
        ("2021-09-29", "Letter with the questions sent"),
        ("2021-10-01", "Answers received"),
        ("2021-10-01", "Refusal to answer received"),
        ("2021-10-04", "Reply received, being prepared for publication"),
        ("2021-10-09", "Amended answers received"),
    ]


def test_state_at_event_shows_an_extension_with_both_deadlines(clock):
    clock(TODAY)
    slots = make_board()
    DeadlineExtension.objects.create(
        candidacy=slots[0, 1].candidacy,
        previous_due_at=DUE_AT - timedelta(days=7),
        due_at=DUE_AT,
        reason="At the State's request, for <b>clearance</b>.",
        by=publisher(),
        extended_at=BEFORE,
    )

    page = read("/en/2021/xaa/")

    assert (
        "Deadline extended from the end of 1 October 2021 in New York (05:59 on 2 October in"
        f" Geneva) to {DUE}. Reason: At the State's request, for <b>clearance</b>."
    ) in words_of(page)
    assert "<b>clearance" not in page.content.decode()


def test_state_at_event_states_participation_and_result_as_facts(clock):
    clock(PASSED)
    candidacy = make_board()[0, 1].candidacy
    candidacy.participation = Participation.NO_REPLY
    candidacy.result, candidacy.votes = ElectionResult.ELECTED, 155
    candidacy.sources = "https://example.org/vote\njavascript:alert(1)"
    candidacy.save()

    page = read("/en/2021/xaa/")

    assert "At the event Did not reply to the invitation" in words_of(page)
    assert "Elected, term 2022–2024 · votes: 155" in words_of(page)
    assert (
        '<a href="https://example.org/vote" rel="external noopener noreferrer nofollow">'
        in page.content.decode()
    )
    assert 'href="javascript' not in page.content.decode()


def test_record_over_the_years_counts_events_kept_here_only(clock):
    clock(PASSED)
    state = make_state(iso3="XKA", name="Kalba")
    defenders = Topic.objects.create(slug="defenders", name="Defenders")
    recent = stand(state, year=2021, questions=3)
    earlier = stand(state, year=2020)
    past = stand(state, year=2013, record=EventRecord.RECONSTRUCTED)
    publish(recent[0], text="Latest words.")
    publish(recent[1], received_at=DUE_AT)
    publish(earlier[0], text="Earlier words.")
    publish(past[0], text="Long ago.", received_at=DUE_AT)
    for slot in [recent[0], recent[2], earlier[0], past[0]]:
        slot.question.topics.add(defenders)

    page = read("/en/states/xka/")
    words = words_of(page)

    assert "African States · candidate in 2013, 2020 and 2021" in words
    assert lead_of(page) == (
        "In two elections Kalba has been asked 5 questions and has answered 3, of which 2 on time."
    )
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page.content.decode(), re.S)
    numbers = [re.findall(r'<td class="num">(.*?)</td>', row) for row in rows]
    assert numbers == [["1", "1", "0", "1", "6"], ["1", "0", "0", "1", "2"], []]
    assert "1 answer on record" in rows[2] and "reconstructed" in rows[2]
    assert "3 Defenders Asked in 2020 and 2021 2 of 3 answered" in words
    assert "Latest words." in words and "Earlier words." not in words


def test_record_does_not_call_a_running_deadline_silence(clock):
    clock(TODAY)
    state = make_state(iso3="XKA", name="Kalba")
    stand(state, year=2021)
    publish(stand(state, year=2020)[0])
    theme = Topic.objects.create(slug="defenders", name="Defenders")
    for slot in AddressedQuestion.objects.filter(candidacy__event__slug="2021"):
        slot.question.topics.add(theme)

    page = read("/en/states/xka/")

    assert lead_of(page) == (
        "In two elections Kalba has been asked 4 questions and has answered 1, of which 1 on time."
        " Three answers are not yet due."
    )
    assert "Defenders Asked in 2021 not all answers are due yet" in words_of(page)


def test_record_of_a_state_that_stood_once_says_when_there_will_be_more(clock):
    clock(PASSED)
    stand(make_state(iso3="XKA", name="Kalba"), year=2021)

    assert lead_of(read("/en/states/xka/")) == (
        "Kalba has been a candidate once. A record over the years appears after its second"
        " candidature."
    )


def test_record_without_figures_does_not_speak_of_silence(clock):
    clock(PASSED)
    state = make_state(iso3="XKA", name="Kalba")
    for year in (2012, 2013):
        stand(state, year=year, record=EventRecord.RECONSTRUCTED)

    assert lead_of(read("/en/states/xka/")) == (
        "Kalba has been a candidate in two elections on record. Whether it answered questions then"
        " is not on record."
    )


def test_record_leaves_out_drafts_and_the_specimen(clock):
    clock(PASSED)
    state = make_state(iso3="XKA", name="Kalba")
    stand(state, year=2022, status=EventStatus.DRAFT)
    stand(state, year=2000, slug="specimen", is_specimen=True)
    make_state(iso3="XPR", is_specimen=True)

    page = read("/en/states/xka/")

    assert lead_of(page) == "Kalba has not been a candidate at an event on record."
    assert "2022" not in words_of(page) and "specimen" not in page.content.decode()
    assert Client().get("/en/states/xpr/").status_code == 404
    assert Client().get("/en/states/xzz/").status_code == 404


def test_state_list_by_group_and_by_name(clock):
    clock(PASSED)
    alba = make_state(iso3="XAL", name="Alba", group="WEOG")
    zeta = make_state(iso3="XZE", name="Zeta", group="AFG")
    make_state(iso3="XNO", name="Never stood")
    publish(stand(alba, year=2021)[0])
    make_candidacy(event=make_event(year=2013, record=EventRecord.RECONSTRUCTED), state=alba)
    stand(zeta, year=2020, record=EventRecord.RECONSTRUCTED)
    make_candidacy(
        event=make_event(year=2000, slug="specimen", is_specimen=True),
        state=make_state(iso3="XPR", name="Prima", is_specimen=True),
    )

    by_group, by_name = read("/en/states/"), read("/en/states/?order=name")

    def order(page):
        return re.findall(r'<a href="/en/states/(\w+)/">', page.content.decode())

    assert (order(by_group), order(by_name)) == (["xze", "xal"], ["xal", "xze"])
    words = words_of(by_group)
    assert "XAL Alba 2013 and 2021 2021: 1 of 2 answered" in words
    assert "XZE Zeta 2020 2020: Not on record" in words
    assert "Eastern European States No candidates on record." in words
    assert "Never stood" not in words and "Prima" not in words


def test_state_list_does_not_call_a_running_deadline_silence(clock):
    clock(TODAY)
    stand(make_state(name="Alba"), year=2021)

    assert "2021: not all answers are due yet" in words_of(read("/en/states/"))


def test_asker_page_lists_its_public_questions_with_their_tallies(clock):
    clock(PASSED)
    slots = make_board(states=2, questions=2)
    event = slots[0, 1].candidacy.event
    asker = make_asker(name="CIVICUS")
    slots[0, 1].question.asked_by.create(asker=asker)
    publish(slots[1, 1])
    make_question(event=event, askers=[asker], text="Not sent?")
    make_slot(
        candidacy=make_candidacy(event=make_event(year=2000, slug="specimen", is_specimen=True)),
        question=None,
    ).question.asked_by.create(asker=asker, position=2)

    page = read("/en/askers/civicus/")

    assert lead_of(page) == "One question on record."
    assert (
        "Pledging event 2021 · All candidates Answered by State 001 1 of 2 answered"
    ) in words_of(page)
    assert "Not sent?" not in words_of(page)


@pytest.mark.parametrize(
    ("kind", "consent", "is_found"),
    [
        ("ngo", {}, True),
        ("individual", {}, False),
        ("unknown", {}, False),
        (
            "individual",
            {"public_consent_on": date(2021, 9, 1), "public_consent_source": "By mail"},
            True,
        ),
    ],
)
def test_asker_has_a_page_only_when_named_in_public(clock, kind, consent, is_found):
    clock(PASSED)
    asker = make_asker(name="Ann Other", kind=kind, **consent)
    make_board()[0, 1].question.asked_by.create(asker=asker)

    assert Client().get(asker.get_absolute_url()).status_code == (200 if is_found else 404)
    assert Client().get("/en/askers/ann-other/").status_code == (200 if kind == "ngo" else 404)


def test_asker_without_a_public_question_is_not_found():
    asker = make_asker(name="CIVICUS")
    make_question(askers=[asker])

    assert Client().get("/en/askers/civicus/").status_code == 404


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "It does not rank States"),
        ("method/", "The same rules decide it on every page."),
        ("accessibility/", "WCAG) 2.2 at level AA"),
        ("privacy/", "Public pages set no cookie, run no script"),
    ],
)
def test_pages_of_the_office_name_its_address(settings, address, sentence):
    settings.OFFICE_EMAIL = "office@example.org"

    page = read(f"/en/about/{address}")

    assert sentence in words_of(page)
    assert "mailto:office@example.org" in page.content.decode()


def test_method_names_every_status():
    body = read("/en/about/method/").content.decode()

    assert set(re.findall(r'class="st" data-s="(\w+)"', body)) == set(AnswerStatus.values)
