"""What every test shares. It makes the environment and then reads the settings.

SQLite, unless TEST_DATABASE_URL names a PostgreSQL server (`tests/postgres.py` starts one).
"""

import os
import tempfile
from pathlib import Path

import django
import hypothesis
import pytest

TESTS = Path(__file__).parent
FILES = tempfile.TemporaryDirectory(prefix="portal-files-")  # goes when the tests have ended
ON_POSTGRES = bool(os.environ.get("TEST_DATABASE_URL"))
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "pledgeportal.settings",
    "PORTAL_ENV": "test",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or "sqlite://:memory:",
    "FILES_ROOT": FILES.name,
    "CLAMD_URL": "",
    "CONN_MAX_AGE": "0",  # a server for a test leaves nobody in its database
}
django.setup()

from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: E402  (after the set-up)

from questions.editions import at_hand  # noqa: E402  (after the set-up)
from questions.serializers import measures  # noqa: E402  (after the set-up)
from tests.seals import let_the_runner_flush  # noqa: E402  (after the set-up)

# The same algorithm at its least: a quarter of a second a password is for those who guess.
Argon2PasswordHasher.time_cost = 1
Argon2PasswordHasher.memory_cost = 8
Argon2PasswordHasher.parallelism = 1

# Two cores under load are slow at times, which is no fault of the code; CI repeats what it found.
hypothesis.settings.register_profile("portal", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("portal")


let_the_runner_flush()


@pytest.fixture(autouse=True)
def nothing_kept():
    """Every test begins at the same edition: what another kept under its number is not its own."""
    at_hand.clear()
    measures.clear()


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items):
    needs_postgres = pytest.mark.skip(reason="needs PostgreSQL: see tests/postgres.py")
    for item in items:
        for directory in {"browser", "concurrency"} & set(item.path.relative_to(TESTS).parts):
            item.add_marker(directory)
        if not ON_POSTGRES and {"postgres", "concurrency"} & {m.name for m in item.iter_markers()}:
            item.add_marker(needs_postgres)
