"""Speed and memory as ratios against a bare Django view, on the same gunicorn in the same run.

It makes its own data in a scratch SQLite database and, where PostgreSQL is found (in the order of
`tests/postgres.py`), in one there. `./run bench --quick` asks less often, and is less exact.
"""

import json
import os
import secrets
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import environ
import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.server import Server, running  # noqa: E402  (found from the root)
from tests.postgres import programs_of_the_machine, running_server, wheel  # noqa: E402

QUICK = "--quick" in sys.argv
REQUESTS, ROUNDS, RENDERS = (50, 12, 3) if QUICK else (120, 25, 5)
KEPT, RENDERED, MOST_QUERIES, IMPORT, MEMORY = 1.6, 60, 10, 1.0, 150
LETTERS_SECONDS, LETTERS_MEMORY = 15, 300
SEARCHED = 100  # ms
ROW_OF_CSV, CSV_MEMORY = 1e6 / 60_000, 30  # microseconds; MB
SAVED_WITHIN, SAVED_AT_ONCE, FORM_PAGE, SCRIPT = 150, 2000, 6, 4.096
API_LIST, API_QUERIES = 15, 3
EVENT, QUESTION, FIFTY = "/en/2031/", "/en/2031/q1/", "/api/v1/answers?event=2031"
WITH_200_STATES = ["/en/2032/", "/en/2032/q1/"]
BUMP = "UPDATE questions_edition SET number = number + 1"
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "pledgeportal.settings"),
    "PORTAL_ENV": "demo",
    "DEBUG": "False",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "BASE_URL": "http://127.0.0.1:8000",
    "ALLOWED_HOSTS": "127.0.0.1",
    "EMAIL_URL": "dummymail://",
    "CACHE_URL": "dummycache://",
    "PROXY_COUNT": "0",
}


class Report:
    """Prints each figure beside its budget, and remembers whether one was missed."""

    def __init__(self):
        self.missed = 0

    def line(self, what: str, figure: float, budget: float, unit: str) -> None:
        held = figure <= budget
        self.missed += not held
        verdict = "ok" if held else "MISSED"
        print(f"  {what:<44}{figure:>9.2f} {unit:<4} of {budget:>6.2f}  {verdict}", flush=True)


def measure(
    name: str, bump: Callable[[], object], report: Report, environment: dict[str, str]
) -> None:
    print(f"\n{name}", flush=True)
    found = json.loads(python("-m", "bench.data", **environment))
    with (
        running("bench.bare:application") as bare,
        running("pledgeportal.wsgi:application", **environment) as portal,
    ):
        first_renders(kept_pages(bare, portal, report), portal, bump, report)
        report.line("memory of a web process", portal.memory(), MEMORY, "MB")
    for page in ("event", "question"):
        few, many = found[f"{page} 2031"], found[f"{page} 2032"]
        report.line(f"queries of a first render, {page} page", few, MOST_QUERIES, "")
        report.line("  with 200 States", many, few, "")
    few, many = found["API 2031"], found["API 2032"]
    report.line("queries of an API list of 50 rows", few, API_QUERIES, "")
    report.line("  with 200 States", many, few, "")
    report.line("importing the real letter", found["import"], IMPORT, "s")


def kept_pages(bare: Server, portal: Server, report: Report) -> float:
    """In turns, and of each its best round: others use the machine too. Returns the measure."""
    etag = portal.get(EVENT).getheader("ETag")
    assert portal.get(EVENT, If_None_Match=etag).status == 304
    rounds = [
        (
            bare.seconds_each("/", REQUESTS),
            portal.seconds_each(EVENT, REQUESTS),
            portal.seconds_each(EVENT, REQUESTS, Accept_Encoding="identity"),
            portal.seconds_each(EVENT, REQUESTS, If_None_Match=etag),
            portal.seconds_each(FIFTY, REQUESTS),
        )
        for _ in range(ROUNDS)
    ]
    measure, kept, plain, held, fifty = map(min, zip(*rounds, strict=True))
    print(f"  the bare view takes {measure * 1e6:.0f} microseconds")
    report.line("kept page against the bare view", kept / measure, KEPT, "x")
    report.line("  not compressed", plain / measure, KEPT, "x")
    report.line("304 against the kept page", held / kept, 1.0, "x")
    report.line("API list of 50 rows, kept", fifty / measure, KEPT, "x")
    return measure


def first_renders(bare: float, portal: Server, bump: Callable[[], object], report: Report) -> None:
    pages = [
        ("first render, event page, against the bare view", EVENT, RENDERED),
        ("first render, question page, against the bare view", QUESTION, RENDERED),
        ("API list of 50 rows, rendered anew", FIFTY, API_LIST),
    ]
    for what, path, budget in pages:
        rounds = []
        for _ in range(ROUNDS):
            start = portal.cpu()
            for _ in range(RENDERS):
                bump()
                assert portal.get(path).status == 200
            rounds.append((portal.cpu() - start) / RENDERS)
        report.line(what, min(rounds) / bare, budget, "x")
    for path in WITH_200_STATES:
        assert portal.get(path).status == 200


def letters(report: Report, environment: dict[str, str]) -> None:
    print("\nLetters", flush=True)
    made = json.loads(python("-m", "bench.letters", **environment))
    report.line("193 letters as PDF", made["seconds"], LETTERS_SECONDS, "s")
    report.line("  memory", made["megabytes"], LETTERS_MEMORY, "MB")


def search(report: Report, environment: dict[str, str]) -> None:
    print(
        f"\nSearch on PostgreSQL, {'fifty thousand' if QUICK else 'a million'} answers", flush=True
    )
    size = ["--quick"] if QUICK else []
    found = json.loads(python("-m", "bench.search", *size, **environment))
    print(f"  the index was built in {found.pop('index in seconds'):.0f} s")
    for what, figure in found.items():
        report.line(f"{what}, p95", figure, SEARCHED, "ms")


def data_files(report: Report, environment: dict[str, str]) -> None:
    rows = "a hundred thousand" if QUICK else "a million"
    print(f"\nThe answers as CSV on PostgreSQL, {rows} rows", flush=True)
    size = ["--quick"] if QUICK else []
    python("-m", "bench.data_files", "fill", *size, **environment)
    found = json.loads(python("-m", "bench.data_files", "stream", **environment))
    print(f"  {found['rows a second']:.0f} rows a second")
    report.line("a row", 1e6 / found["rows a second"], ROW_OF_CSV, "us")
    report.line("  memory added", found["added megabytes"], CSV_MEMORY, "MB")


def saving(report: Report, environment: dict[str, str]) -> None:
    """Fifty missions at work, each saving six times as often as the form does by itself."""
    print("\nSaving answers on PostgreSQL", flush=True)
    tokens = python("-m", "bench.saving", "prepare", **environment)
    with running("pledgeportal.wsgi:application", **environment) as portal:
        load = ["-m", "bench.saving", "load", str(portal.port)]
        found = json.loads(python(*load, given=tokens, **environment))
    report.line("50 missions saving, p95", found["p95"], SAVED_WITHIN, "ms")
    report.line("  all at one moment, p95", found["burst"], SAVED_AT_ONCE, "ms")
    report.line("form page, compressed", found["page"], FORM_PAGE, "KB")
    scripts = sum(path.stat().st_size for path in (ROOT / "static" / "js").glob("*.js"))
    report.line("its script", scripts / 1000, SCRIPT, "KB")


def python(*arguments: str, given: str | None = None, **environment: str) -> str:
    """What it prints; the bench ends where it fails."""
    done = subprocess.run(
        [sys.executable, *arguments],
        input=given,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    if done.returncode:
        sys.exit(f"{' '.join(arguments)} failed; what it printed is above.")
    return done.stdout


@contextmanager
def scratch_sqlite(directory: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """The URL of a new database, and what makes its next edition."""
    file = Path(directory) / "bench.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as own:
        yield f"sqlite:///{file}", lambda: own.execute(BUMP)


@contextmanager
def scratch_postgres(server: str) -> Iterator[tuple[str, Callable[[], object]]]:
    """The same on a PostgreSQL server; the database is dropped afterwards."""
    name = f"bench_{os.getpid()}"
    parts = environ.Env.db_url_config(server)
    where = {"host": parts["HOST"], "port": parts["PORT"] or None, "user": parts["USER"]}
    where |= {"password": parts["PASSWORD"] or None, "autocommit": True}
    with psycopg.connect(dbname=parts["NAME"], **where) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            with psycopg.connect(dbname=name, **where) as own:
                yield f"{server.rpartition('/')[0]}/{name}", lambda: own.execute(BUMP)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def postgres() -> Iterator[str | None]:
    if server := os.environ.get("TEST_DATABASE_URL"):
        yield server
    elif programs_of_the_machine() or wheel():
        with running_server() as server:
            yield server
    else:
        yield None


def main() -> int:
    report = Report()
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        environment = ENVIRONMENT | {"STATIC_ROOT": f"{directory}/static"}
        python("manage.py", "collectstatic", "--noinput", "--verbosity", "0", **environment)
        with scratch_sqlite(directory) as (url, bump):
            measure("SQLite", bump, report, environment | {"DATABASE_URL": url})
        with postgres() as server:
            if server is None:
                print("\nPostgreSQL was not found, so nothing was measured on it.")
            else:
                with scratch_postgres(server) as (url, bump):
                    measure("PostgreSQL", bump, report, environment | {"DATABASE_URL": url})
                with scratch_postgres(server) as (url, _bump):
                    saving(report, environment | {"DATABASE_URL": url})
                with scratch_postgres(server) as (url, _bump):
                    search(report, environment | {"DATABASE_URL": url})
                with scratch_postgres(server) as (url, _bump):
                    data_files(report, environment | {"DATABASE_URL": url})
        letters(report, environment | {"DATABASE_URL": "sqlite://:memory:"})
    print(f"\n{report.missed} missed" if report.missed else "\nEvery budget was kept.")
    return bool(report.missed)


if __name__ == "__main__":
    sys.exit(main())
