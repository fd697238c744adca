"""The limit of time that other tests hold things to: it is met, and it can be missed."""

import gc

import pytest

from tests.stopwatch import known_work, within


def test_what_takes_longer_than_its_limit_fails():
    with pytest.raises(AssertionError, match="times slower than a free one"), within(0.01):
        for _time in range(100):
            known_work()


def test_what_is_quick_passes_and_memory_is_collected_afterwards():
    with within(1):
        assert not gc.isenabled()

    assert gc.isenabled()


def test_what_fails_inside_is_not_hidden():
    with pytest.raises(KeyError), within(1):
        raise KeyError

    assert gc.isenabled()
