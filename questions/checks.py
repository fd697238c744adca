"""System checks: an unsafe production start is refused with a sentence (security.md 93)."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured

ALSO_IN_A_DEMO = {2}


@register(Tags.security)
def production_is_safe(app_configs, **kwargs):
    """What production must set has no default: each gap is one error."""
    return [Error(gap, id=f"portal.E{number:03}") for number, gap in unsafe_settings()]


def unsafe_settings():
    """(number, sentence) for each reason not to start: in a demo the key's, in tests none."""
    if settings.PORTAL_ENV == "test":
        return []
    engine = settings.DATABASES["default"]["ENGINE"]
    sqlite_agreed = settings.SQLITE_IN_PRODUCTION or not engine.endswith("sqlite3")
    found = [
        (1, not settings.DEBUG, "DEBUG must be off in production."),
        (2, secret_key_is_long(), "Set SECRET_KEY to 50 random characters or more."),
        (
            3,
            settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS,
            "Set ALLOWED_HOSTS (or BASE_URL) to the portal's own host names, without *.",
        ),
        (4, settings.BASE_URL.startswith("https://"), "Set BASE_URL to the https address."),
        (
            5,
            sqlite_agreed,
            "Set DATABASE_URL to a PostgreSQL database, or say SQLITE_IN_PRODUCTION=yes.",
        ),
        (6, settings.EMAIL_URL_IS_SET, "Set EMAIL_URL to the mail server, with STARTTLS."),
    ]
    return [
        (number, gap)
        for number, is_safe, gap in found
        if not is_safe and (settings.IS_PRODUCTION or number in ALSO_IN_A_DEMO)
    ]


def secret_key_is_long():
    try:
        return len(settings.SECRET_KEY) >= 50
    except ImproperlyConfigured:  # Django's word for an empty one
        return False
