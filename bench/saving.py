"""Fifty missions save answers against a running server: seconds of each save, as one JSON line.

`python -m bench.saving prepare` makes the data and prints the links; `… load PORT` reads them and
saves. Every save opens a connection of its own, as after a pause a browser does.
"""

import gzip
import http.client
import json
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from statistics import quantiles
from threading import Barrier
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

MISSIONS, QUESTIONS, SAVES = 50, 11, 8
EVERY = 5.0  # seconds between two saves of one mission; the form saves by itself every 30
TEXT = "The Government attaches importance to this question. " * 60  # 3,000 characters


def prepare() -> dict[str, str]:
    """The token of one link for each of fifty candidacies with eleven questions, by reference."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pledgeportal.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from questions.operations.links import mint_link
    from tests.factories import make_candidacy, make_contact, make_event, make_question, make_slot

    call_command("migrate", verbosity=0)
    event = make_event(year=2041)
    questions = [make_question(event=event) for _ in range(QUESTIONS)]
    tokens = {}
    for _ in range(MISSIONS):
        candidacy = make_candidacy(event=event)
        for question in questions:
            make_slot(candidacy=candidacy, question=question)
        contact = make_contact(state=candidacy.state)
        _link, token = mint_link(contact, candidacy, by=None, at=timezone.now())
        tokens[candidacy.reference] = token
    return tokens


class Mission:
    """A browser in which the link was opened, on the page of the first question."""

    def __init__(self, port: int, reference: str, token: str):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.revision = 0
        self.page = f"/en/reply/{reference}/q1/"
        assert self.ask("GET", f"/reply/open/{token}")[0] == 303
        status, html = self.ask("GET", self.page)
        assert status == 200
        self.bytes_of_page = len(gzip.compress(html, 6))
        self.csrf = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', html)[1].decode()

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, answer.read()

    def save(self) -> float:
        """Seconds until the server has said that the next revision is stored."""
        fields = {
            "csrfmiddlewaretoken": self.csrf,
            "text": f"{TEXT}{self.revision}",
            "language": "en",
            "ready": "no",
            "revision": self.revision,
            "then": "list",
        }
        self.connection.close()
        start = time.perf_counter()
        status, _body = self.ask("POST", self.page, urlencode(fields))
        seconds = time.perf_counter() - start
        assert status == 302, status
        self.revision += 1
        return seconds


def in_turn(missions: list[Mission]) -> list[float]:
    """Each saves every few seconds, none in step with another."""

    def saving(place: int) -> list[float]:
        start = time.monotonic() + place * EVERY / len(missions)
        seconds = []
        for number in range(SAVES):
            time.sleep(max(0.0, start + number * EVERY - time.monotonic()))
            seconds.append(missions[place].save())
        return seconds

    with ThreadPoolExecutor(len(missions)) as pool:
        return list(chain.from_iterable(pool.map(saving, range(len(missions)))))


def at_one_moment(missions: list[Mission]) -> list[float]:
    """All press the button at once: the worst that fifty missions can do."""
    barrier = Barrier(len(missions))

    def saving(mission: Mission) -> float:
        barrier.wait(timeout=30)
        return mission.save()

    with ThreadPoolExecutor(len(missions)) as pool:
        return list(pool.map(saving, missions))


def p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1] * 1000


def load(port: int, tokens: dict[str, str]) -> dict[str, float]:
    missions = [Mission(port, reference, token) for reference, token in tokens.items()]
    spread = in_turn(missions)
    burst = [at_one_moment(missions) for _ in range(3)]
    return {
        "p95": p95(spread),
        "burst": min(map(p95, burst)),
        "saves": len(spread),
        "page": max(one.bytes_of_page for one in missions) / 1000,
    }


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        print(json.dumps(prepare()))
    else:
        print(json.dumps(load(int(sys.argv[2]), json.load(sys.stdin))))
