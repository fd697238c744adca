"""Starting the portal as production does, in a process of its own."""

import json
import socket
import subprocess
import sys

import pytest

from tests.production import ROOT, SAFE, python

REFUSALS = [
    ({"DEBUG": "True"}, "DEBUG must be off in production."),
    ({"SECRET_KEY": ""}, "Set SECRET_KEY to 50 random characters or more."),
    (
        {"ALLOWED_HOSTS": "*"},
        "Set ALLOWED_HOSTS (or BASE_URL) to the portal's own host names, without *.",
    ),
    (
        {"DATABASE_URL": "sqlite:////tmp/portal.sqlite3"},
        "Set DATABASE_URL to a PostgreSQL database, or say SQLITE_IN_PRODUCTION=yes.",
    ),
]


def test_req_093_check_deploy_is_silent_under_production_variables():
    done = python("manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "System check identified no issues (0 silenced).\n"


@pytest.mark.parametrize(("change", "sentence"), REFUSALS)
def test_req_093_an_unsafe_production_does_not_start_to_serve(change, sentence):
    done = python("-W", "ignore", "-c", "import pledgeportal.wsgi", **change)

    assert done.returncode == 3
    assert done.stderr == f"The portal does not start:\n{sentence}\n"


@pytest.mark.parametrize(("change", "sentence"), REFUSALS)
def test_req_093_an_unsafe_production_runs_no_command(change, sentence):
    done = python("manage.py", "check", **change)

    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_req_093_gunicorn_gives_up_where_the_portal_does_not_start():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    done = python(
        *("-m", "gunicorn", "pledgeportal.wsgi:application", "--bind", f"127.0.0.1:{port}"),
        "--no-control-socket",
        DEBUG="True",
    )

    assert done.returncode != 0
    assert "DEBUG must be off in production." in done.stderr


def test_a_safe_production_starts_and_sqlite_too_with_a_yes():
    done = python(
        *("-W", "ignore", "-c", "import pledgeportal.wsgi"),
        DATABASE_URL="sqlite:////tmp/portal.sqlite3",
        SQLITE_IN_PRODUCTION="yes",
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_environment_is_refused():
    done = python("manage.py", "check", PORTAL_ENV="staging")

    assert done.returncode == 1
    assert done.stderr.endswith("PORTAL_ENV must be production, demo or test.\n")


def test_production_is_what_is_started_where_nothing_is_said():
    environment = {name: value for name, value in SAFE.items() if name != "PORTAL_ENV"}

    done = subprocess.run(
        [sys.executable, "-c", "from pledgeportal.settings import *; print(IS_PRODUCTION, DEBUG)"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.stdout == "True False\n"


def settings_of(*names, **environment):
    code = (
        "import json, sys; from django.conf import settings;"
        "print(json.dumps({name: getattr(settings, name, None) for name in sys.argv[1:]}))"
    )
    environment["DJANGO_SETTINGS_MODULE"] = "pledgeportal.settings"
    return json.loads(python("-c", code, *names, **environment).stdout)


def test_req_092_cookies_and_https_in_production():
    names = [
        "SESSION_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE",
        "CSRF_COOKIE_NAME",
        "CSRF_COOKIE_SECURE",
        "CSRF_COOKIE_HTTPONLY",
        "CSRF_COOKIE_SAMESITE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    ]

    found = settings_of(*names, "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER")

    assert [found[name] for name in names] == [
        *("__Host-session", True, True, "Lax"),
        *("__Host-csrf", True, True, "Lax"),
        *(True, True),
    ]
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_req_093_without_proxies_no_header_says_that_the_request_is_secure():
    assert settings_of("SECURE_PROXY_SSL_HEADER", "USE_X_FORWARDED_HOST", PROXY_COUNT="0") == {
        "SECURE_PROXY_SSL_HEADER": None,
        "USE_X_FORWARDED_HOST": False,
    }


@pytest.mark.parametrize("environment", ["production", "demo"])
def test_req_098_no_secret_key_is_in_the_repository(environment):
    done = python("manage.py", "check", PORTAL_ENV=environment, SECRET_KEY="")

    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr


def test_req_100_no_query_and_no_lock_lasts_for_ever():
    options = settings_of("DATABASES")["DATABASES"]["default"]["OPTIONS"]["options"]

    assert "-c statement_timeout=10s" in options
    assert "-c lock_timeout=5s" in options
    assert "-c idle_in_transaction_session_timeout=30s" in options
