"""Load what the demo shows, and print where to look."""

import secrets
from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from questions.models import Candidacy, City, Contact, Event, Letterhead, LetterTemplate
from questions.operations.compositions import standard_template
from questions.operations.events import load_history
from questions.operations.letters import import_letter
from questions.operations.links import mint_link
from questions.operations.search_index import rebuild_search_index
from questions.operations.specimen import load_specimen
from questions.operations.states import DATA, load_reference
from questions.parsing.letters import parse_letter

LETTER = DATA / "letter_kazakhstan_2021.txt"
USERNAME = "staff"


class Command(BaseCommand):
    help = "Loads the data of the demo and prints its addresses. Running it again loses nothing."

    def add_arguments(self, parser):
        parser.add_argument("--base-url", required=True)

    def handle(self, *args, base_url, **options):
        if settings.PORTAL_ENV != "demo":
            raise CommandError("This is not a demo: it gives away a password and links.")
        now = timezone.now()
        load_everything(at=now)
        addresses = [
            ("Public pages", reverse("public:home")),
            ("The event of 2021", Event.objects.get(code="PE2021").get_absolute_url()),
            ("The specimen event", Event.objects.get(code="PE2000").get_absolute_url()),
            *links_to_show(at=now),
            ("Admin", reverse("admin:index")),
        ]
        lines = [(what, base_url.rstrip("/") + path) for what, path in addresses]
        lines.append(("", f"user {USERNAME}, password {make_password()}"))
        width = max(len(what) for what, _address in lines) + 2
        self.stdout.write("\n".join(f"{what:{width}}{shown}" for what, shown in lines))


def load_everything(*, at: datetime):
    load_reference(at=at)
    load_history(at=at)
    content = LETTER.read_bytes()
    import_letter(
        parse_letter(content, LETTER.name),
        content=content,
        name=LETTER.name,
        by=None,
        at=at,
    )
    load_specimen(at=at)
    rebuild_search_index()  # a demo of before there was one has entries to catch up with
    give_local_addresses()
    write_the_office_down()


def write_the_office_down():
    """Wording and an invented letterhead, so that letters can be composed at once."""
    if not LetterTemplate.objects.exists():
        LetterTemplate.objects.create(
            name="Standard wording", texts=standard_template(), is_default=True
        )
    Letterhead.objects.get_or_create(
        pk=1,
        defaults={
            "address": "1 Specimen Street\n1200 Geneva",
            "signatory_name": "Sophia Specimen",
            "signatory_title": "Specimen Programme Director",
            "signatory_organisation": "Specimen Society for Human Rights",
            "reply_contact_email": "answers@specimen.example",
        },
    )


def give_local_addresses():
    """So that the real letter can be sent in a demo: its addressees' own are not on file."""
    contacts = Contact.objects.active().filter(mission__state__iso3="KAZ", email="")
    for contact in contacts.select_related("mission"):
        contact.email = f"{contact.mission.city.replace('_', '')}.kaz@localhost"
        contact.save(update_fields=["email"])


def make_password():
    """A new one at every start, for a superuser who is made when missing."""
    user, _made = get_user_model().objects.get_or_create(username=USERNAME)
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.is_active = user.is_staff = user.is_superuser = True
    user.save()
    return password


def links_to_show(*, at: datetime):
    """New links: of the mission that the letter is to, and of both of the specimen State due last.

    Two missions share one reply: with the two links both sides of it can be tried.
    """
    candidacies = Candidacy.objects.with_names()
    real = candidacies.get(event__code="PE2021", state__iso3="KAZ")
    invented = candidacies.filter(event__code="PE2000").order_by("due_at", "pk").last()
    for label, candidacy, city in (
        (f"{real.state}'s reply form", real, City.GENEVA),
        (f"{invented.state}'s reply form", invented, City.GENEVA),
        ("  from New York", invented, City.NEW_YORK),
    ):
        missions = Contact.objects.active().filter(mission__state=candidacy.state)
        contact = missions.filter(mission__city=city).order_by("pk").first()
        if contact:
            _link, token = mint_link(contact, candidacy, by=None, at=at)
            yield label, reverse("open_link", args=[token])
