"""Races made certain: calls that run at once, and meeting points between a check and its write.

With the lock on, only one call reaches a meeting point, waits there in vain and goes on alone;
with the lock off both meet, and both write what they decided before.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

from django.db import connection, connections
from django.db.models import QuerySet

IN_VAIN = 0.7  # seconds


def at_once(*calls):
    """What each call returned or raised; each runs in a thread with a connection of its own."""
    start = Barrier(len(calls))

    def run(call):
        try:
            start.wait(timeout=20)
            return call()
        except Exception as error:  # the outcome of a race may be any
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return list(pool.map(run, calls))


def database_url():
    """Of this test's database, for a process of its own; the server may be on a socket."""
    parts = connection.settings_dict
    host, user = parts["HOST"], f"{parts['USER']}:{parts['PASSWORD']}".rstrip(":")
    where = f"/{host}" if host.startswith("/") else f"{host}:{parts['PORT'] or 5432}"
    return f"postgres://{user}@{where}/{parts['NAME']}"


def meet_before(monkeypatch, owner, name, *, parties=2):
    """Whoever calls `owner.name` waits for the others there, but not for ever."""
    original, barrier = getattr(owner, name), Barrier(parties)

    def meeting(*args, **kwargs):
        with suppress(BrokenBarrierError):
            barrier.wait(timeout=IN_VAIN)
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, meeting)


def without_row_locks(monkeypatch):
    """The control's fault: rows are read as if nobody else wrote them."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self.all())


def errors_in(outcomes):
    """The kinds of the errors among what calls returned or raised."""
    return [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)]
