"""The event with its matrix."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from questions.models import (
    ElectionResult,
    EventRecord,
    EventStatus,
    Participation,
    QuestionScope,
    ResponseKind,
)
from tests.factories import (
    DUE_AT,
    make_asker,
    make_candidacy,
    make_event,
    make_mail,
    make_question,
    make_response,
    make_slot,
    make_state,
)

from .public_pages import PASSED, TODAY, lead_of, make_board, publish, read, words_of

pytestmark = pytest.mark.django_db


def cells_of(page):
    """(status, words) of each cell of the matrix, in order."""
    found = re.findall(
        r'<td role="cell"(?: data-s="(\w+)"| class="na").*?<span class="vh">(.*?)</span>',
        page.content.decode(),
    )
    return [(status, words) for status, words in found]


def figures_of(page):
    """What stands at the end of each State's line."""
    return re.findall(r'<td role="cell" class="sum">([^<]*)<', page.content.decode())


def names_of(page):
    return re.findall(
        r'<th scope="row" role="rowheader"><a [^>]*><bdi>(.*?)</bdi>', page.content.decode()
    )


def test_a_state_no_letter_reached_is_in_no_figure_and_not_called_silent(clock):
    clock(PASSED)
    slots = make_board(states=2, questions=2)
    publish(slots[0, 1])
    unreached = slots[1, 1].candidacy
    make_mail(candidacy=unreached, bounced_at=DUE_AT)

    page = read(slots[0, 1].candidacy.event.get_absolute_url())
    of_state = words_of(read(unreached.get_absolute_url()))

    assert [status for status, _words in cells_of(page)] == ["on", "none", "undel", "undel"]
    assert figures_of(page) == ["1 of 2 answered", "Letter not delivered"]
    assert "1 of 1 candidates" in lead_of(page)
    assert "could not be delivered to any address to which it was sent" in of_state
    assert "No answer was received" not in of_state


def test_matrix_says_state_question_and_status_in_each_cell(clock):
    clock(PASSED)
    slots = make_board(states=2, questions=3)
    publish(slots[0, 1])
    publish(slots[0, 2], received_at=DUE_AT)
    publish(slots[0, 3], kind=ResponseKind.DECLINED, text="", language="")
    make_response(slot=slots[1, 1])
    slots[1, 3].delete()

    page = read("/en/2021/")

    assert cells_of(page) == [
        ("on", "State 000, Q1: Answered on time"),
        ("late", "State 000, Q2: Answered late"),
        ("dec", "State 000, Q3: Declined to answer"),
        ("rec", "State 001, Q1: Received, being prepared"),
        ("none", "State 001, Q2: No answer"),
        ("", "State 001, Q3: Not asked"),
    ]
    assert figures_of(page) == ["2 of 3 answered", "0 of 2 answered"]
    assert 'href="/en/2021/q1/xaa/" data-q="Q1"' in page.content.decode()


def test_matrix_lists_states_alphabetically_within_the_regional_groups(clock):
    clock(TODAY)
    event = make_event(year=2021)
    question = make_question(event=event)
    for name, sort_key, group in [
        ("Zeta", "zeta", "AFG"),
        ("Édora", "edora", "AFG"),
        ("Fila", "fila", "AFG"),
        ("Alba", "alba", "WEOG"),
    ]:
        state = make_state(name=name, sort_key=sort_key, group=group)
        make_slot(candidacy=make_candidacy(event=event, state=state), question=question)

    page = read("/en/2021/")

    assert names_of(page) == ["Édora", "Fila", "Zeta", "Alba"]
    assert re.findall(r'role="rowheader" colspan="3">(.*?) <', page.content.decode()) == [
        "African States",
        "Western European and other States",
    ]


def test_totals_say_what_they_are_counted_of(clock):
    clock(PASSED)
    publish(make_board(states=2, questions=3)[0, 1])

    assert "put: 6 in all." in words_of(read("/en/2021/"))
    assert "put: 6 in all." in words_of(read("/en/2021/?status=on"))


def test_state_whose_deadline_runs_shows_it_and_not_a_count(clock):
    clock(TODAY)
    make_board()

    page = read("/en/2021/")

    assert figures_of(page) == ["Due 8 October"]
    assert "By the end of 8 October 2021 in New York (05:59 on 9 October in Geneva)" in words_of(
        page
    )


def test_state_that_declined_everything_or_was_not_sent_a_letter_says_so(clock):
    clock(PASSED)
    slots = make_board(states=2, questions=2)
    for question in (1, 2):
        publish(slots[0, question], kind=ResponseKind.DECLINED, text="", language="")
        slots[1, question].letter = None
        slots[1, question].save()

    page = read("/en/2021/")

    assert figures_of(page) == ["Declined all 2", "Letter not sent yet"]


def test_lead_counts_candidates_and_replies_not_yet_due(clock):
    clock(TODAY)
    slots = make_board(states=4, questions=2)
    event = slots[0, 1].candidacy.event
    for state in (0, 1):
        publish(slots[state, 1])
    publish(slots[0, 2])
    make_slot(
        question=make_question(event=event, state=slots[3, 1].candidacy.state),
        candidacy=slots[3, 1].candidacy,
    )

    assert lead_of(read("/en/2021/")) == (
        "As of 6 October 2021, 2 of 4 candidates have answered at least one of the two questions"
        " put to all, and 1 has answered every one. Three replies are not yet due."
    )


def test_lead_before_any_answer_names_the_first_deadline(clock):
    clock(TODAY)
    slots = make_board(states=2)
    later = slots[1, 1].candidacy
    later.due_at = DUE_AT + timedelta(days=3)
    later.save()

    assert lead_of(read("/en/2021/")) == (
        "No answer has been received yet. The first is due by the end of 8 October 2021 in New York"
        " (05:59 on 9 October in Geneva)."
    )


def test_lead_after_the_deadline_without_answers_states_the_count(clock):
    clock(PASSED)
    make_board(states=2)

    assert lead_of(read("/en/2021/")) == (
        "As of 20 October 2021, none of 2 candidates has answered the one question put to all."
    )


def test_event_before_its_letters_says_when_questions_come(clock):
    clock(TODAY)
    candidacy = make_candidacy(event=make_event(year=2021))
    make_slot(candidacy=candidacy, sent=False)

    page = read("/en/2021/")

    assert lead_of(page) == (
        "Questions will be published when the letters have been sent to the candidates."
    )
    assert 'class="mx"' not in page.content.decode()
    assert "The candidates and the election" in words_of(page)


def test_reconstructed_event_has_no_sentence_about_silence_and_no_count(clock):
    clock(PASSED)
    make_board(states=2, questions=2, record=EventRecord.RECONSTRUCTED)

    page = read("/en/2021/")

    assert lead_of(page) == (
        "The questions of this event are on record. Whether candidates answered them is not."
    )
    assert figures_of(page) == ["Not on record", "Not on record"]
    assert {status for status, _words in cells_of(page)} == {"unk"}
    words = words_of(page)
    assert "No answer" not in words
    assert not re.search(r"\d of \d", words)
    assert 'class="n"' not in page.content.decode()


def test_reconstructed_event_shows_what_arrived_since_without_a_share(clock):
    clock(PASSED)
    slots = make_board(states=2, questions=2, record=EventRecord.RECONSTRUCTED)
    publish(slots[0, 1], received_at=DUE_AT)

    page = read("/en/2021/")

    assert lead_of(page).endswith("What was received here since then is shown.")
    assert figures_of(page) == ["1 answer on record", "Not on record"]
    assert not re.search(r"\d of \d", words_of(page))
    assert 'class="meter"' not in page.content.decode()


def test_reconstructed_event_without_questions_shows_candidates_and_what_is_not_known(clock):
    clock(PASSED)
    event = make_event(
        year=2013,
        record=EventRecord.RECONSTRUCTED,
        organisers="",
        answers_due_on=None,
        seats={"AFG": 4, "EEG": 2},
        sources="https://example.org/report\nISHR's files",
    )
    event.sessions.create(date=date(2013, 9, 4), city="New York", co_sponsors="Alba\nZeta")
    make_candidacy(
        event=event,
        state=make_state(name="Alba"),
        due_at=None,
        participation=Participation.ABSENT,
        result=ElectionResult.ELECTED,
        votes=174,
    )
    make_candidacy(event=event, state=make_state(name="Zeta"), due_at=None)

    page = read("/en/2013/")
    words = words_of(page)

    assert lead_of(page) == "The questions put at this event are not on record."
    assert "Alba African States Absent (reason not stated) Elected 174" in words
    assert "Zeta African States Participation not known Pending not known" in words
    assert "4 September 2013, New York Co-sponsors: Alba and Zeta. Moderator: not known." in words
    assert "Convened by not known" in words
    assert "African States 4; Eastern European States 2" in words
    assert (
        '<a href="https://example.org/report" rel="external noopener noreferrer nofollow">'
        in page.content.decode()
    )


def test_questions_show_who_asked_and_a_tally(clock):
    clock(PASSED)
    event = make_event(year=2021)
    first, second = make_asker(name="CIVICUS"), make_asker(name="Eva Example", kind="individual")
    question = make_question(event=event, title="NGO role", askers=[first, second])
    for index in range(3):
        slot = make_slot(candidacy=make_candidacy(event=event), question=question)
        if index:
            publish(slot)

    page = read("/en/2021/")

    assert "Q1 NGO role Asked by CIVICUS and Individual participant 2 of 3 answered" in words_of(
        page
    )
    assert "Eva Example" not in page.content.decode()
    strip = re.search(r'<span class="strip".*?</span>', page.content.decode())[0]
    assert re.findall(r'data-s="(\w+)"', strip) == ["on", "on", "none"]


def test_own_questions_are_counted_and_led_to(clock):
    clock(TODAY)
    slots = make_board(questions=2)
    event = slots[0, 1].candidacy.event
    candidacy = slots[0, 1].candidacy
    asker = make_asker(name="Human Rights Watch")
    for _question in range(2):
        own = make_question(event=event, state=candidacy.state, askers=[asker])
        make_slot(candidacy=candidacy, question=own)

    page = read("/en/2021/")

    assert "9 to all" not in words_of(page)
    assert "2 to all candidates, 2 to individual States" in words_of(page)
    assert "State 000: 2 questions, both from Human Rights Watch" in words_of(page)
    assert 'href="/en/2021/xaa/"' in page.content.decode()


def test_questions_to_some_are_not_called_questions_to_all(clock):
    clock(TODAY)
    slots = make_board(questions=1)
    event = slots[0, 1].candidacy.event
    event.questions.update(scope=QuestionScope.SOME)

    words = words_of(read("/en/2021/"))

    assert "Questions put to several or all candidates" in words
    assert "Questions put to all candidates" not in words


def test_filters_narrow_the_states_and_leave_the_figures(clock):
    clock(PASSED)
    slots = make_board(states=3)
    publish(slots[1, 1])

    by_group = read("/en/2021/?group=APG")
    by_status = read("/en/2021/?status=none")
    by_both = read("/en/2021/?group=APG&status=none")

    assert names_of(by_group) == ["State 001"]
    assert names_of(by_status) == ["State 000", "State 002"]
    assert names_of(by_both) == []
    assert "No State matches." in words_of(by_both)
    assert {lead_of(page) for page in (by_group, by_status, by_both)} == {
        "As of 20 October 2021, 1 of 3 candidates has answered the one question put to all."
    }


def test_matrix_is_a_table_to_assistive_technology_and_can_be_skipped(clock):
    clock(TODAY)
    make_board(states=2, questions=2)

    body = read("/en/2021/").content.decode()

    assert body.count('role="row"') == 5  # head, two groups, two States
    assert body.count('role="cell"') == 2 * 3
    assert body.count('role="columnheader"') == 4
    assert body.index('href="#after-mx"') < body.index("<table") < body.index('id="after-mx"')


def test_specimen_event_is_marked_on_each_of_its_pages_and_kept_from_robots(clock):
    clock(TODAY)
    event = make_event(year=2000, slug="specimen", is_specimen=True)
    state = make_state(iso3="XPR", is_specimen=True)
    slot = make_slot(
        candidacy=make_candidacy(event=event, state=state), question=make_question(event=event)
    )
    publish(slot)

    for address in ["", "q1/", "xpr/", "q1/xpr/", "q1/xpr/v1/"]:
        body = read(f"/en/specimen/{address}").content.decode()
        assert "<strong>Specimen.</strong>" in body
        assert '<meta name="robots" content="noindex">' in body
        assert "/en/states/xpr/" not in body
        assert not re.search(r"/en/(askers|topics)/\w", body)
    assert "Specimen." not in read("/en/").content.decode()


def test_draft_event_is_not_found():
    make_event(year=2021, status=EventStatus.DRAFT)

    assert Client().get("/en/2021/").status_code == 404


def test_event_page_leads_to_its_answers_as_a_file(record):
    page = read("/en/2021/")

    assert '<a href="/data/2021/answers.csv" type="text/csv">Download CSV</a>' in page.text
    assert read("/data/2021/answers.csv").headers["Content-Type"].startswith("text/csv")


def test_event_page_without_questions_has_no_file_to_lead_to(clock):
    clock(TODAY)
    make_event(year=2021)

    assert "Download CSV" not in read("/en/2021/").text
