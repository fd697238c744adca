"""The record that the browser reads: the past events, the real letter and the specimen event."""

from io import StringIO

from django.core.management import call_command
from django.utils import timezone

from questions.models import Candidacy, Contact
from questions.operations.links import mint_link
from questions.operations.states import DATA


def load_record():
    for command in (
        ["load_reference"],
        ["load_history"],
        ["import_letter", DATA / "letter_kazakhstan_2021.txt"],
        ["load_specimen"],
    ):
        call_command(*map(str, command), stdout=StringIO())


def link_to(code, iso3):
    """A new link of a State's mission in Geneva, as a path, and its candidacy."""
    candidacy = Candidacy.objects.get(event__code=code, state__iso3=iso3)
    contact = Contact.objects.filter(mission__state=candidacy.state, mission__city="geneva").first()
    _link, token = mint_link(contact, candidacy, by=None, at=timezone.now())
    return f"/reply/open/{token}", candidacy


PUBLIC = [
    "/en/",
    "/en/events/",
    "/en/specimen/",
    "/en/specimen/figures/",
    "/ar/specimen/figures/",
    "/en/2021/",
    "/en/specimen/q1/",
    "/en/specimen/q1/?view=columns",
    "/en/2021/q1/",
    "/en/2021/kaz-1/",
    "/en/specimen/xpr/",
    "/en/2021/kaz/",
    "/en/specimen/q1/xpr/",
    "/en/search/?q=rights",
    "/ar/search/?q=xyzzy",
    "/en/states/",
    "/en/states/kaz/",
    "/en/questions/",
    "/ar/questions/?year=2021",
    "/en/topics/",
    "/en/topics/human-rights-defenders/",
    "/en/askers/",
    "/ar/specimen/q1/?state=XOC&state=XDE&state=XPR&view=columns",
    "/en/specimen/?group=AFG&topic=human-rights-defenders",
    "/en/about/",
    "/en/about/method/",
    "/en/about/accessibility/",
    "/en/about/privacy/",
]
