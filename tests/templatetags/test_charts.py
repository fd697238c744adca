"""Figures as shapes."""

from datetime import date
from types import SimpleNamespace

from questions.models import DayFigures, Tally
from questions.templatetags.charts import bar, day_chart, longest


def chart_of(days, *, letter=date(2021, 10, 1), due=date(2021, 10, 4), as_of=date(2021, 12, 1)):
    event = SimpleNamespace(letter_date=letter, answers_due_on=due)
    return day_chart(SimpleNamespace(event=event, days=days, as_of=as_of))


DAYS = (
    DayFigures(date(2021, 10, 3), on=2, late=0, on_so_far=2, so_far=2),
    DayFigures(date(2021, 10, 6), on=0, late=3, on_so_far=2, so_far=5),
)


def test_answers_stand_over_their_day_and_the_deadline_at_the_end_of_its_own():
    chart = chart_of(DAYS)

    assert (chart.first, chart.last) == (date(2021, 10, 1), date(2021, 10, 6))
    assert (chart.width, chart.height, chart.due) == (6, 5, 4)
    assert chart.answered == "M0 5H2V3H5V0H6V5Z"
    assert chart.on_time == "M0 5H2V3H5V3H6V5Z"


def test_nothing_is_drawn_for_days_to_come():
    chart = chart_of(DAYS[:1], due=date(2021, 10, 20), as_of=date(2021, 10, 4))

    assert (chart.width, chart.due) == (20, 20)
    assert chart.answered == "M0 2H2V0H4V2Z"


def test_an_answer_before_the_letter_and_an_event_without_a_deadline_are_shown():
    chart = chart_of(DAYS, letter=date(2021, 10, 4), due=None)

    assert (chart.first, chart.width, chart.due) == (date(2021, 10, 3), 4, None)


def test_a_bar_has_a_unit_for_each_question_and_bars_have_one_scale():
    first, second = Tally(on=2, late=1, undel=1), Tally(none=3)

    assert list(bar(first)) == [("on", 0, 2), ("late", 2, 1), ("undel", 3, 1)]
    assert list(bar(second)) == [("none", 0, 3)]
    assert longest([("", first), ("", second)]) == 4
