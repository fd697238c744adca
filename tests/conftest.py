"""What every test shares. Settings are read after this file, so it makes their environment.

SQLite, unless TEST_DATABASE_URL names a PostgreSQL server (`tests/postgres.py` starts one).
"""

import os

import hypothesis
import pytest

ON_POSTGRES = bool(os.environ.get("TEST_DATABASE_URL"))
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "pledgeportal.settings",
    "PORTAL_ENV": "test",
    "DATABASE_URL": os.environ.get("TEST_DATABASE_URL") or "sqlite://:memory:",
}

# Two cores under load are slow at times, which is no fault of the code; CI repeats what it found.
hypothesis.settings.register_profile("portal", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("portal")


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items):
    needs_postgres = pytest.mark.skip(reason="needs PostgreSQL: see tests/postgres.py")
    for item in items:
        for directory in {"browser", "concurrency"} & set(item.path.parts):
            item.add_marker(directory)
        if not ON_POSTGRES and {"postgres", "concurrency"} & {m.name for m in item.iter_markers()}:
            item.add_marker(needs_postgres)
