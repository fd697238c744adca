"""Who asks questions, and whose name the public sees."""

import secrets

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from .states import State


class AskerKind(models.TextChoices):
    NGO = "ngo", _("NGO")
    STATE_MISSION = "state_mission", _("Mission of a State")
    NHRI = "nhri", _("National human rights institution")
    INDIVIDUAL = "individual", _("Individual")
    SOCIAL_MEDIA_USER = "social_media_user", _("Social media user")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Not known")


# Shown in public only with their consent: ISHR works on reprisals (ux.md §0.4, DESIGN.md §3).
NAMELESS_KINDS = [AskerKind.INDIVIDUAL, AskerKind.SOCIAL_MEDIA_USER, AskerKind.UNKNOWN]


class AskerQuerySet(models.QuerySet):
    def named_in_public(self):
        return self.filter(~Q(kind__in=NAMELESS_KINDS) | Q(public_consent_on__isnull=False))


class Asker(models.Model):
    """Who put a question."""

    name = models.CharField(max_length=200, unique=True, help_text="As printed.")
    slug = models.SlugField(max_length=80, unique=True, editable=False)
    kind = models.CharField(max_length=17, choices=AskerKind, default=AskerKind.UNKNOWN)
    label = models.CharField(
        max_length=60, blank=True, help_text='As printed beside the name, such as "Twitter user".'
    )
    state = models.ForeignKey(
        State, models.PROTECT, null=True, blank=True, related_name="+", help_text="Of a mission."
    )
    state_consent_on = models.DateField("consent: name to the State, on", null=True, blank=True)
    state_consent_source = models.CharField(
        "consent: name to the State, source", max_length=200, blank=True
    )
    public_consent_on = models.DateField("consent: name in public, on", null=True, blank=True)
    public_consent_source = models.CharField(
        "consent: name in public, source", max_length=200, blank=True
    )

    objects = AskerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=AskerKind.values), name="asker_kind_known"),
            models.CheckConstraint(
                condition=Q(state_consent_on__isnull=True, state_consent_source="")
                | (Q(state_consent_on__isnull=False) & ~Q(state_consent_source="")),
                name="asker_state_consent_has_source",
            ),
            models.CheckConstraint(
                condition=Q(public_consent_on__isnull=True, public_consent_source="")
                | (Q(public_consent_on__isnull=False) & ~Q(public_consent_source="")),
                name="asker_public_consent_has_source",
            ),
            models.CheckConstraint(
                condition=Q(state__isnull=True) | Q(kind=AskerKind.STATE_MISSION),
                name="asker_state_only_of_missions",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("public:asker_detail", args=[self.slug])

    def save(self, *args, **kwargs):
        """An address must not give away a name that is not public (security.md 53)."""
        if not self.slug:
            self.slug = self._new_slug()
        super().save(*args, **kwargs)

    def _new_slug(self):
        if self.kind in NAMELESS_KINDS:
            return f"participant-{secrets.token_hex(4)}"
        slug = slugify(self.name)[:70] or "asker"
        if slug == "asker" or Asker.objects.filter(slug=slug).exists():
            return f"{slug}-{secrets.token_hex(4)}"  # names that differ in signs only
        return slug

    @property
    def is_named_in_public(self):
        return self.kind not in NAMELESS_KINDS or self.public_consent_on is not None

    @property
    def is_named_to_state(self):
        return self.kind not in NAMELESS_KINDS or self.state_consent_on is not None

    @property
    def public_name(self):
        return self.name if self.is_named_in_public else self.description

    @property
    def name_for_state(self):
        return self.name if self.is_named_to_state else self.description

    @property
    def description(self):
        """What stands in the place of a name that is withheld."""
        if self.kind == AskerKind.SOCIAL_MEDIA_USER:
            if self.label.lower().startswith("twitter"):
                return _("Individual, via Twitter")
            return _("Individual, via social media")
        if self.kind == AskerKind.INDIVIDUAL:
            return _("Individual participant")
        return _("Name withheld")
