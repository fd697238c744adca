"""What the office says of the portal: about, method, accessibility, privacy."""

from django.http import Http404, HttpRequest, HttpResponse

from questions.models import Event, rules_in_force, versions_of_rules

from .pages import kept, public_page


@kept()
def about(request: HttpRequest) -> HttpResponse:
    context = {"specimen": Event.objects.publicly_visible().filter(is_specimen=True).first()}
    return public_page(request, "public/about.html", context, section="about")


@kept()
def method(request: HttpRequest) -> HttpResponse:
    """The rules in force."""
    return _rules(request, rules_in_force().number)


@kept()
def method_version(request: HttpRequest, version: int) -> HttpResponse:
    """The rules of one version, in force or not."""
    if not request.path.endswith(f"/v{version}/"):  # v01: one page, one address
        raise Http404
    return _rules(request, version)


def _rules(request: HttpRequest, number: int) -> HttpResponse:
    versions = list(versions_of_rules())
    found = next(((rules, until) for rules, until in versions if rules.number == number), None)
    if found is None:
        raise Http404
    rules, until = found
    context = {"rules": rules, "until": until, "versions": versions}
    return public_page(request, "public/method.html", context, section="about")


@kept()
def accessibility(request: HttpRequest) -> HttpResponse:
    return public_page(request, "public/accessibility.html", {}, section="about")


@kept()
def privacy(request: HttpRequest) -> HttpResponse:
    return public_page(request, "public/privacy.html", {}, section="about")
