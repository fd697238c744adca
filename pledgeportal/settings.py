"""Settings. Every difference between machines is an environment variable: see `.env.example`.

What production must set has no default here; `questions/checks.py` refuses an unsafe start.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if env("PORTAL_ENV", default="") != "test":  # a developer's .env changes no test
    environ.Env.read_env(BASE_DIR / ".env")

PORTAL_ENV = env("PORTAL_ENV", default="production")
if PORTAL_ENV not in {"production", "demo", "test"}:
    raise ImproperlyConfigured("PORTAL_ENV must be production, demo or test.")
IS_PRODUCTION = PORTAL_ENV == "production"

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="not-secret-" + "0" * 50 if PORTAL_ENV == "test" else "")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Links in mails and canonical addresses are made from BASE_URL, never from a request.
BASE_URL = env("BASE_URL", default="" if IS_PRODUCTION else "http://127.0.0.1:8000").rstrip("/")
SERVES_HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[host] if (host := urlsplit(BASE_URL).hostname) else []
)
if PORTAL_ENV == "test":
    ALLOWED_HOSTS += ["testserver", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "questions",
]

MIDDLEWARE = [
    "questions.editions.EditionMiddleware",
    "questions.middleware.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "questions.middleware.ArrivalMiddleware",
    "questions.middleware.LanguageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "pledgeportal.urls"
WSGI_APPLICATION = "pledgeportal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
    {
        # Plain text: what people wrote goes out as they wrote it, unescaped.
        "NAME": "mail",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "mail"],
        "OPTIONS": {"autoescape": False},
    },
]

# --- Database ---------------------------------------------------------------------------------

SQLITE_IN_PRODUCTION = env.bool("SQLITE_IN_PRODUCTION", default=False)
DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'portal.sqlite3'}")
}
_database = DATABASES["default"]
_database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
_database["CONN_HEALTH_CHECKS"] = True  # a restart of PostgreSQL costs nobody an error
_options = _database.setdefault("OPTIONS", {})
if _database["ENGINE"].endswith("sqlite3"):
    # Writers queue instead of failing: https://docs.djangoproject.com/en/5.2/ref/databases/
    _options |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    # 10s while people wait (security.md 100); a migration of large tables may be given longer.
    _statement_timeout = env("STATEMENT_TIMEOUT", default="10s")
    # Its planner is told that no page is worth compiling, which takes 30 ms, or a second process,
    # which takes 3, and that the disk is solid, so that it looks rows up by their index.
    _options |= {
        "options": f"-c statement_timeout={_statement_timeout} -c lock_timeout=5s"
        " -c idle_in_transaction_session_timeout=30s -c jit=off -c random_page_cost=1.1"
        " -c max_parallel_workers_per_gather=0"
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A shared cache spares processes the rendering of what another kept; none is needed.
CACHES = {"default": env.cache("CACHE_URL", default="dummycache://")}

# --- People -----------------------------------------------------------------------------------

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_REDIRECT_URL = "admin:index"  # where `next` names no page of ours
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- Languages and time -----------------------------------------------------------------------

LANGUAGE_CODE = "en"
# By their own names, in the order of the United Nations.
LANGUAGES = [
    ("ar", "العربية"),
    ("zh-hans", "中文"),
    ("en", "English"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("es", "Español"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["pledgeportal.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files -----------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PORTAL_ENV == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
    # What missions send: outside STATIC_ROOT, and served by views alone (security.md 57, 58).
    "sealed": {
        "BACKEND": "questions.storage.SealedStorage",
        "OPTIONS": {"location": env.path("FILES_ROOT", default=str(BASE_DIR / "var" / "files"))},
    },
}
# No test collects the static files: each is looked for when it is asked for.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = PORTAL_ENV == "test"

# --- Mail -------------------------------------------------------------------------------------

EMAIL_URL_IS_SET = "EMAIL_URL" in env.ENVIRON
# Without EMAIL_URL a demo writes its mails to var/mail/; production is refused by a check.
vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{BASE_DIR / 'var' / 'mail'}"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="pledging-event@localhost")
# Where people reach the office: a role address, printed on pages and in mails.
OFFICE_EMAIL = env("OFFICE_EMAIL", default=DEFAULT_FROM_EMAIL)
# Where weaknesses are reported, as security.txt says.
SECURITY_CONTACT = env("SECURITY_CONTACT", default=OFFICE_EMAIL)
# What the data page and the data packages say of reuse, in a sentence; empty: that it is not said.
DATA_LICENCE = env("DATA_LICENCE", default="")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# The envelope's sender, to which mail servers report what they could not deliver, and its mailbox.
BOUNCE_EMAIL = env("BOUNCE_EMAIL", default=DEFAULT_FROM_EMAIL)
BOUNCE_MAILBOX_URL = env("BOUNCE_MAILBOX_URL", default="")

# --- Publication ------------------------------------------------------------------------------

# Whether another person publishes what staff translated or corrected; the method page says it.
TWO_PEOPLE = env.bool("TWO_PEOPLE", default=True)

# --- Security ---------------------------------------------------------------------------------

# Whatever a header says: every address begins at the root, and is that of the page it is kept for.
FORCE_SCRIPT_NAME = ""

# How many proxies stand before us and append to X-Forwarded-For; 0 means that none is believed.
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
if PROXY_COUNT and SERVES_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

_secure_cookies = IS_PRODUCTION or SERVES_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if _secure_cookies else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _secure_cookies else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure_cookies
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Lax, not Strict: a link clicked in webmail on another site must open the form (security.md 0.2).
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_FAILURE_VIEW = "questions.views.errors.csrf_failure"

SECURE_SSL_REDIRECT = _secure_cookies
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 63_072_000 if _secure_cookies else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _secure_cookies
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The names Django 6 uses, so that its own middleware can take over.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "frame-ancestors": ["'none'"],
}

FILE_UPLOAD_HANDLERS = ["questions.uploads.LimitedUploads"]
DATA_UPLOAD_MAX_NUMBER_FILES = 5
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

# A ClamAV daemon that looks at what missions attach; without it, files are "not scanned".
CLAMD_URL = env("CLAMD_URL", default="")

# --- Logs -------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "questions.logging.JsonFormatter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
    },
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Their own handlers would write the tokens of links as they are.
        name: {"handlers": ["stderr"], "propagate": False}
        for name in ("django.server", "gunicorn.access", "gunicorn.error")
    },
}
