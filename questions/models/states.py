"""States, their missions in New York and Geneva, and the people there."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from questions.ordering import sort_key

from .addresses import address

UN_LANGUAGES = [
    ("ar", _("Arabic")),
    ("zh-hans", _("Chinese")),
    ("en", _("English")),
    ("fr", _("French")),
    ("ru", _("Russian")),
    ("es", _("Spanish")),
]


class RegionalGroup(models.TextChoices):
    """The five groups among which the Council's seats are shared, in the UN's order."""

    AFG = "AFG", _("African States")
    APG = "APG", _("Asia-Pacific States")
    EEG = "EEG", _("Eastern European States")
    LAC = "LAC", _("Latin American and Caribbean States")
    WEOG = "WEOG", _("Western European and other States")


class StateQuerySet(models.QuerySet):
    def real(self):
        """What any list, feed or figure outside the specimen event may show."""
        return self.filter(is_specimen=False)

    def who_stood(self):
        """Those with a page of more than their name: real ones that stood at a public event."""
        from .candidacies import Candidacy

        stood = Candidacy.objects.publicly_visible().filter(state=models.OuterRef("pk"))
        return self.real().filter(models.Exists(stood))

    def standing_at(self, event):
        """In the alphabetical order of the active language: one query."""
        return sorted(self.filter(candidacies__event=event), key=lambda state: state.place)

    def at_open_events(self):
        from .events import EventStatus

        return self.filter(candidacies__event__status=EventStatus.OPEN).distinct()

    def called(self, name: str):
        """The State with this short, formal or other name in any of the six languages.

        In any case, with or without "the".
        """
        bare = name.strip().removeprefix("the ").removeprefix("The ")
        names = [bare, f"the {bare}"]
        matches = Q()
        for candidate in names:
            matches |= (
                Q(name__iexact=candidate)
                | Q(formal_name__iexact=candidate)
                | Q(aliases__name__iexact=candidate)
            )
        for language in ("ar", "es", "fr", "ru", "zh_hans"):
            matches |= Q(**{f"name_{language}__iexact": bare})
        return self.filter(matches).distinct()


class State(models.Model):
    """A UN member State, or one invented for the specimen event."""

    iso3 = models.CharField(
        "ISO code", max_length=3, unique=True, validators=[RegexValidator(r"^[A-Z]{3}$")]
    )
    m49 = models.CharField("M49 code", max_length=3, blank=True)
    name = models.CharField("short name", max_length=100, unique=True)
    formal_name = models.CharField(max_length=200, blank=True)
    name_ar = models.CharField("name in Arabic", max_length=100, blank=True)
    name_es = models.CharField("name in Spanish", max_length=100, blank=True)
    name_fr = models.CharField("name in French", max_length=100, blank=True)
    name_ru = models.CharField("name in Russian", max_length=100, blank=True)
    name_zh_hans = models.CharField("name in Chinese", max_length=100, blank=True)
    sort_key = models.CharField(max_length=100, editable=False, db_index=True)
    group = models.CharField("regional group", max_length=4, choices=RegionalGroup)
    group_note = models.CharField(
        max_length=200, blank=True, help_text="Where membership of the group has a condition."
    )
    is_specimen = models.BooleanField("invented for the specimen event", default=False)

    objects = StateQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(group__in=RegionalGroup.values), name="state_group_known"
            ),
            models.CheckConstraint(condition=Q(iso3__regex=r"^[A-Z]{3}$"), name="state_iso3_upper"),
            models.CheckConstraint(
                condition=Q(is_specimen=False) | Q(iso3__startswith="X"),
                name="state_specimen_code_is_private",
            ),
        ]

    def __str__(self):
        return self.name_in(get_language())

    def name_in(self, language: str | None) -> str:
        """The short name as the United Nations writes it in a language; English where none is."""
        return getattr(self, f"name_{(language or 'en').replace('-', '_')}", "") or self.name

    @property
    def place(self) -> str:
        """By which a list in the active language is sorted."""
        language = get_language() or "en"
        return self.sort_key if language == "en" else sort_key(str(self), language)

    def get_absolute_url(self):
        return address("public:state_record", self.slug)

    @property
    def slug(self):
        return self.iso3.lower()


class StateAlias(models.Model):
    """Another name that people type or print for a State."""

    state = models.ForeignKey(State, models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=100, unique=True)

    class Meta:
        verbose_name_plural = "State aliases"

    def __str__(self):
        return self.name


class City(models.TextChoices):
    NEW_YORK = "new_york", _("New York")
    GENEVA = "geneva", _("Geneva")


class MissionQuerySet(models.QuerySet):
    def addressed(self, candidacy):
        """Those to which an issued letter to the candidacy went.

        It names a person there, or a message took it there: whom another letter is addressed to
        says nothing of this one.
        """
        from .mail import MailKind, OutgoingMail

        naming = candidacy.letters.issued().filter(text__contains=models.OuterRef("name"))
        named = Contact.objects.filter(
            models.Exists(naming), mission=models.OuterRef("pk"), is_addressee=True
        ).exclude(name="")
        taken = OutgoingMail.objects.filter(
            candidacy=candidacy, kind=MailKind.INVITATION, contact__mission=models.OuterRef("pk")
        )
        was_sent = models.Exists(named) | models.Exists(taken)
        return self.filter(was_sent, state=candidacy.state_id).order_by("-city")


class Mission(models.Model):
    """A State's Permanent Mission to the United Nations in one city."""

    state = models.ForeignKey(State, models.PROTECT, related_name="missions")
    city = models.CharField(max_length=8, choices=City)

    objects = MissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state", "city"], name="mission_once_per_city"),
            models.CheckConstraint(condition=Q(city__in=City.values), name="mission_city_known"),
        ]

    def __str__(self):
        return f"{self.state} in {self.get_city_display()}"


class ContactQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)

    def reachable(self):
        """Those to whom a message can be sent."""
        return self.active().exclude(email="")


class Contact(models.Model):
    """A person or a mailbox at a mission; a changed address keeps the old row, inactive."""

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="contacts")
    honorific = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=200, help_text="As they write it.")
    role = models.CharField(max_length=250, blank=True)
    email = models.EmailField("e-mail", blank=True)
    language = models.CharField(
        max_length=10,
        choices=UN_LANGUAGES,
        default="en",
        help_text="Of the messages and of the form that the link opens.",
    )
    is_addressee = models.BooleanField(
        default=False, help_text="Printed in the letter as an addressee."
    )
    is_active = models.BooleanField("active", default=True)
    undelivered_at = models.DateTimeField(
        null=True, editable=False, help_text="When a message to this address last came back."
    )
    undelivered_reason = models.CharField(max_length=300, blank=True, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "name", "email"], name="contact_once_per_mission"
            ),
            models.CheckConstraint(
                condition=Q(language__in=[code for code, _name in UN_LANGUAGES]),
                name="contact_language_known",
            ),
        ]

    def __str__(self):
        return f"{self.honorific} {self.name}".strip()
