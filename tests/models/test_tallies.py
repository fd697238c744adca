"""How many answers have which status."""

from questions.models import Tally


def test_tally_counts_each_status():
    assert Tally.of(["on", "on", "late", "unk", "none"]) == Tally(on=2, late=1, unk=1, none=1)


def test_answered_is_on_time_or_late_and_asked_leaves_out_what_is_not_on_record():
    tally = Tally(on=2, late=1, dec=1, rec=1, none=1, wait=1, unk=5)

    assert (tally.answered, tally.asked, tally.slots) == (3, 7, 12)


def test_what_was_not_delivered_is_not_asked_and_is_named_where_there_is_some():
    tally = Tally(on=2, undel=3)

    assert (tally.asked, tally.slots, tally.is_complete) == (2, 5, True)
    assert tally.strip == ["on", "on", "undel", "undel", "undel"]
    assert tally.present == ["on", "undel"]
    assert tally.totals[-1] == ("undel", 3)


def test_strip_has_one_mark_for_each_slot_the_fullest_first():
    tally = Tally(on=1, late=1, dec=1, rec=2, none=1, wait=1)

    assert tally.strip == ["on", "late", "rec", "rec", "dec", "none", "wait"]


def test_a_part_of_what_is_not_all_on_record_is_neither_drawn_nor_measured():
    tally = Tally(late=1, unk=17)

    assert (tally.strip, tally.share) == ([], 0)
    assert tally.present == ["late", "unk"]


def test_share_is_the_length_of_a_meter():
    assert [Tally(on=7, none=2).share, Tally().share, Tally(on=9).share] == [77, 0, 100]


def test_totals_list_every_status_that_counts():
    assert Tally(on=3, rec=1).totals == [
        ("on", 3),
        ("late", 0),
        ("dec", 0),
        ("none", 0),
        ("wait", 0),
        ("rec", 1),
    ]
