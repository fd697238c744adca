"""What one address may try, and how long it waits then."""

from datetime import timedelta

import pytest

from questions.models import ALLOWANCES, Attempt, AttemptKind
from questions.tokens import digest
from tests.factories import BEFORE

pytestmark = pytest.mark.django_db

HERE, THERE = "192.0.2.1", "192.0.2.2"
LATE_IN_A_MINUTE = BEFORE + timedelta(seconds=59)


def tried(kind, *, times, at, address=HERE):
    for _ in range(times):
        Attempt.objects.count_one(address, kind, at=at)


def waits(kind, *, at, address=HERE):
    return Attempt.objects.too_many(address, kind, at=at)


@pytest.mark.parametrize("kind", ALLOWANCES)
def test_an_address_waits_once_its_allowance_is_used_up_and_for_the_whole_period(kind):
    allowance = ALLOWANCES[kind]
    tried(kind, times=allowance.most - 1, at=LATE_IN_A_MINUTE)
    before_the_last = waits(kind, at=LATE_IN_A_MINUTE)
    tried(kind, times=1, at=LATE_IN_A_MINUTE)

    over = LATE_IN_A_MINUTE + allowance.period

    assert before_the_last is False
    assert waits(kind, at=LATE_IN_A_MINUTE) is True
    assert waits(kind, at=over) is True
    assert waits(kind, at=over + timedelta(minutes=1)) is False


def test_after_waiting_the_whole_allowance_is_there_again():
    kind = AttemptKind.CODE
    tried(kind, times=10, at=BEFORE)
    later = BEFORE + timedelta(minutes=16)

    tried(kind, times=9, at=later)
    after_nine = waits(kind, at=later)
    tried(kind, times=1, at=later)

    assert after_nine is False
    assert waits(kind, at=later) is True


def test_attempts_spread_over_the_period_add_up_and_the_wait_counts_from_the_last():
    kind = AttemptKind.CODE
    tried(kind, times=9, at=BEFORE)
    last = BEFORE + timedelta(minutes=14)

    tried(kind, times=1, at=last)

    assert waits(kind, at=last) is True
    assert waits(kind, at=last + timedelta(minutes=15)) is True
    assert waits(kind, at=last + timedelta(minutes=16)) is False


def test_attempts_further_apart_do_not_add_up():
    kind = AttemptKind.CODE
    tried(kind, times=9, at=BEFORE)
    later = BEFORE + timedelta(minutes=16)

    tried(kind, times=9, at=later)

    assert waits(kind, at=later) is False


def test_another_address_and_another_kind_do_not_wait():
    tried(AttemptKind.CODE, times=10, at=BEFORE)

    assert waits(AttemptKind.CODE, at=BEFORE) is True
    assert waits(AttemptKind.CODE, at=BEFORE, address=THERE) is False
    assert waits(AttemptKind.LINK, at=BEFORE) is False
    assert waits(AttemptKind.LINK_AGAIN, at=BEFORE) is False


def test_req_088_who_has_a_network_of_ipv6_has_one_allowance():
    kind = AttemptKind.ALERT
    for n in range(ALLOWANCES[kind].most):
        tried(kind, times=1, at=BEFORE, address=f"2001:db8::{n:x}")

    assert waits(kind, at=BEFORE, address="2001:db8::ffff:1")
    assert not waits(kind, at=BEFORE, address="2001:db8:0:1::1")


def test_an_ipv4_address_written_as_ipv6_is_the_same():
    kind = AttemptKind.ALERT
    tried(kind, times=ALLOWANCES[kind].most, at=BEFORE)

    assert waits(kind, at=BEFORE, address=f"::ffff:{HERE}")
    assert not waits(kind, at=BEFORE, address=f"::ffff:{THERE}")


def test_req_088_neighbours_take_turns_together_for_a_day():
    def turn(address, *, at=BEFORE):
        return Attempt.objects.turn_of(address, at=at)

    assert [turn(one) for one in [HERE, THERE, "192.0.3.1", f"::ffff:{HERE}"]] == [1, 2, 1, 3]
    assert [turn(f"2001:db8:1:{n}::1") for n in range(3)] == [1, 2, 3]
    assert turn("2001:db8:2::1") == 1
    assert turn("") == 1
    assert turn(HERE, at=BEFORE + timedelta(days=1)) == 4
    assert turn(HERE, at=BEFORE + timedelta(days=1, minutes=1)) == 2


def test_what_is_left_of_an_allowance_grows_as_minutes_pass():
    kind = AttemptKind.ALERT_OF_ALL
    most, period = ALLOWANCES[kind].most, ALLOWANCES[kind].period
    tried(kind, times=3, at=BEFORE)
    tried(kind, times=2, at=BEFORE + timedelta(minutes=5))

    times = [BEFORE, BEFORE + timedelta(minutes=5), BEFORE + period]
    left = [Attempt.objects.hold_what_is_left(HERE, kind, at=at) for at in times]

    assert left == [most - 3, most - 5, most - 2]
    tried(kind, times=most, at=BEFORE + period)
    assert Attempt.objects.hold_what_is_left(HERE, kind, at=BEFORE + period) == 0


def test_an_address_is_kept_as_a_keyed_digest_for_a_day():
    tried(AttemptKind.CODE, times=2, at=BEFORE)
    (row,) = Attempt.objects.values()

    tried(AttemptKind.LINK, times=1, at=BEFORE + timedelta(days=1, minutes=1), address=THERE)

    assert row["count"] == 2
    assert HERE not in str(row)
    assert row["address_digest"] != digest(HERE)
    assert [attempt.kind for attempt in Attempt.objects.all()] == [AttemptKind.LINK]
