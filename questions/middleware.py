"""What every request learns and every answer carries."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from questions.models import acting_from

CSP = "; ".join(f"{name} {' '.join(sources)}" for name, sources in settings.SECURE_CSP.items())
LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


class HeadersMiddleware:
    """The Content-Security-Policy and its kin on every answer, errors included (security.md 91).

    What says nothing of caches is asked for again each time: a proxy may hold a 404, a 410 or a
    redirect of its own accord, and so go on to say that what was published meanwhile is not there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("Permissions-Policy", "interest-cohort=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-cache")
        return response


class ArrivalMiddleware:
    """When the request arrived and from where, settled before its body is read.

    `request.received_at` (aware) decides on time or late (security.md 30). The address is the
    one that the last of `PROXY_COUNT` trusted proxies saw; without proxies, the peer's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.received_at = timezone.now()
        request.encoding = "utf-8"  # whatever is claimed: with "base64" Django's parser fails
        request.client_address = client_address(request)
        token = acting_from.set(request.client_address)
        try:
            return self.get_response(request)
        finally:
            acting_from.reset(token)


class LanguageMiddleware:
    """The address decides the language; one without a language is in English.

    Nothing that the browser says or remembers of languages is looked at (security.md 87).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        first = request.path_info.split("/", 2)[1:2]
        language = first[0] if first and first[0] in LANGUAGES else settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def client_address(request: HttpRequest) -> str:
    """An IP address, or nothing; what a header claims counts only as far as proxies are ours."""
    address = request.META.get("REMOTE_ADDR", "")
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if settings.PROXY_COUNT and len(hops) >= settings.PROXY_COUNT:
        address = hops[-settings.PROXY_COUNT].strip()
    try:
        return str(ip_address(address))
    except ValueError:
        return ""
