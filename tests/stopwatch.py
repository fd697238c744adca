"""Limits of time that hold on a busy machine too."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager

USUAL = 0.0025  # seconds that the known work takes on a free core (x86-64, Python 3.11)


@contextmanager
def within(limit: float) -> Iterator[None]:
    """AssertionError where what is inside takes `limit` seconds of this process's time or more.

    Work whose time is known is done before and after it: a core that others use makes both slower,
    and what is inside is told as a free core would take it. As in timeit, what the suite keeps in
    memory is not collected meanwhile.
    """
    before = known_work()
    collects = gc.isenabled()
    gc.disable()
    began = time.process_time()
    try:
        yield
    finally:
        taken = time.process_time() - began
        if collects:
            gc.enable()
    slowness = max(1.0, (before + known_work()) / 2 / USUAL)
    told = f"{taken:.2f} s, on a core {slowness:.1f} times slower than a free one"
    assert taken / slowness < limit, told


def known_work() -> float:
    """Seconds of this process's time that a fixed piece of work on texts takes."""
    began = time.process_time()
    words: dict[str, int] = {}
    for number in range(10_000):
        word = f"{number % 997} x".upper()
        words[word] = words.get(word, 0) + len(word.split())
    return time.process_time() - began
