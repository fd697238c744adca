"""The variables of a safe production, and programs started under them."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

SAFE = {
    "PORTAL_ENV": "production",
    "DEBUG": "False",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "BASE_URL": "https://portal.example.org",
    "ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "postgres://portal@127.0.0.1/portal",
    "EMAIL_URL": "smtp+tls://portal:unused@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "pledging-event@example.org",
    "SQLITE_IN_PRODUCTION": "False",
    "SECRET_KEY_FALLBACKS": "",
    "PROXY_COUNT": "1",
}


def python(*arguments, **environment):
    """What became of it; an empty value takes the variable away."""
    return subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | SAFE | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
