"""Questions, who asked them, and of whom."""

import secrets
from datetime import datetime

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from questions.plaintext import excerpt

from .events import PUBLIC_EVENT_STATUSES, Candidacy, Event, EventRecord
from .states import UN_LANGUAGES, State


class Topic(models.Model):
    """A theme of questions, such as human rights defenders."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


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
            self.slug = (
                f"participant-{secrets.token_hex(4)}"
                if self.kind in NAMELESS_KINDS
                else slugify(self.name)[:70] or f"asker-{secrets.token_hex(4)}"
            )
        super().save(*args, **kwargs)

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


class QuestionScope(models.TextChoices):
    ALL = "all", _("All candidates")
    SOME = "some", _("Some candidates")
    ONE = "one", _("One candidate")


class QuestionStatus(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    MERGED = "merged", _("Merged into another")


class QuestionChannel(models.TextChoices):
    EVENT = "event", _("At the event")
    SOCIAL_MEDIA = "social_media", _("Social media")
    FORM = "form", _("Form")
    EMAIL = "email", _("E-mail")
    UNKNOWN = "unknown", _("Not known")


class QuestionQuerySet(models.QuerySet):
    def publicly_visible(self):
        """Accepted, sent to a State, at a public event. Nothing else decides this."""
        sent = AddressedQuestion.objects.filter(question=OuterRef("pk"), letter__isnull=False)
        return self.filter(
            Exists(sent), status=QuestionStatus.ACCEPTED, event__status__in=PUBLIC_EVENT_STATUSES
        )

    def with_askers(self):
        return self.prefetch_related(
            models.Prefetch("asked_by", QuestionAsker.objects.select_related("asker"))
        )

    def in_symbol_order(self):
        """A State's own questions after those put to more than one."""
        return self.order_by(F("state__iso3").asc(nulls_first=True), "number")


class Question(models.Model):
    """One question of an event, verbatim."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="questions")
    scope = models.CharField(max_length=4, choices=QuestionScope, default=QuestionScope.ALL)
    state = models.ForeignKey(
        State,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="own_questions",
        help_text="Only of a question put to one State: KAZ-1.",
    )
    number = models.PositiveSmallIntegerField(help_text="In its symbol: 5 in Q5, 1 in KAZ-1.")
    title = models.CharField(max_length=120, blank=True, help_text="Short, by staff.")
    text = models.TextField(help_text="The asker's words, untouched.")
    language = models.CharField(max_length=10, choices=UN_LANGUAGES, default="en")
    askers = models.ManyToManyField(Asker, through="QuestionAsker", related_name="questions")
    topics = models.ManyToManyField(Topic, blank=True, related_name="questions")
    channel = models.CharField(
        max_length=12, choices=QuestionChannel, default=QuestionChannel.UNKNOWN
    )
    status = models.CharField(max_length=9, choices=QuestionStatus, default=QuestionStatus.ACCEPTED)
    status_reason = models.CharField(
        max_length=300, blank=True, help_text="Why it was declined; never public."
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scope__in=QuestionScope.values), name="question_scope_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=QuestionStatus.values), name="question_status_known"
            ),
            models.CheckConstraint(
                condition=Q(scope=QuestionScope.ONE, state__isnull=False)
                | (~Q(scope=QuestionScope.ONE) & Q(state__isnull=True)),
                name="question_state_only_of_own",
            ),
            models.UniqueConstraint(
                fields=["event", "number"],
                condition=Q(state__isnull=True),
                name="question_number_once_per_event",
            ),
            models.UniqueConstraint(
                fields=["event", "state", "number"],
                condition=Q(state__isnull=False),
                name="question_number_once_per_state",
            ),
            models.CheckConstraint(
                condition=Q(status=QuestionStatus.MERGED, merged_into__isnull=False)
                | (~Q(status=QuestionStatus.MERGED) & Q(merged_into__isnull=True)),
                name="question_merged_into_one",
            ),
            models.CheckConstraint(
                condition=~Q(status=QuestionStatus.DECLINED) | ~Q(status_reason=""),
                name="question_declined_with_reason",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="question_has_text"),
        ]

    def __str__(self):
        return f"{self.symbol}: {self.heading}"

    def get_absolute_url(self):
        return reverse("public:question_detail", args=[self.event.slug, self.slug])

    @property
    def label(self):
        """Its name within the event: Q5 or KAZ-1."""
        return f"{self.state.iso3}-{self.number}" if self.state_id else f"Q{self.number}"

    @property
    def slug(self):
        return self.label.lower()

    @property
    def symbol(self):
        return f"{self.event.code}/{self.label}"

    @property
    def heading(self):
        return self.title or excerpt(self.text, 8)

    @property
    def askers_in_order(self):
        """Loaded by `with_askers()`."""
        return [asked.asker for asked in self.asked_by.all()]


class QuestionAsker(models.Model):
    """One asker of a question, in the order printed."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="asked_by")
    asker = models.ForeignKey(Asker, models.PROTECT, related_name="asked")
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["question", "asker"], name="asker_once_per_question"),
            models.UniqueConstraint(
                fields=["question", "position"], name="asker_position_once_per_question"
            ),
        ]

    def __str__(self):
        return self.asker.name


class AnswerStatus(models.TextChoices):
    """What a reader sees of a slot (ux.md §1.3); `undel` comes with deliveries."""

    ON = "on", _("Answered on time")
    LATE = "late", _("Answered late")
    DEC = "dec", _("Declined to answer")
    REC = "rec", _("Received, being prepared")
    UNK = "unk", _("Not on record")
    WAIT = "wait", _("Awaiting answer")
    NONE = "none", _("No answer")


ANSWERED = [AnswerStatus.ON, AnswerStatus.LATE]


class LetterSection(models.TextChoices):
    OWN = "own", _("Questions addressed to the State")
    COMMON = "common", _("Questions put to all candidates")


class AddressedQuestionQuerySet(models.QuerySet):
    def sent(self):
        """Put to the State by an issued letter: what a mission may see."""
        return self.filter(letter__isnull=False, question__status=QuestionStatus.ACCEPTED)

    def publicly_visible(self):
        """Every cell of the questions that are public. Nothing else decides this."""
        return self.filter(question__in=Question.objects.publicly_visible())

    def with_names(self):
        return self.select_related(
            "question__event", "question__state", "candidacy__event", "candidacy__state"
        )

    def in_letter_order(self):
        return self.order_by(Case(When(section=LetterSection.OWN, then=0), default=1), "position")

    def with_status(self, *, at: datetime):
        """Annotate `answer_status` as of `at` (aware): the one definition (DESIGN.md §3).

        Also `first_answered_at`, the first receipt of an answer, which decides on time or late.
        """
        from .responses import ANSWER_KINDS, Response, ResponseKind, ResponseStatus

        here = Response.objects.filter(slot=OuterRef("pk"))
        unpublished = here.filter(status__in=[ResponseStatus.RECEIVED, ResponseStatus.WITHHELD])
        return self.annotate(
            published_kind=Subquery(
                here.filter(status=ResponseStatus.PUBLISHED).values("kind")[:1]
            ),
            first_answered_at=Subquery(
                here.filter(kind__in=ANSWER_KINDS)
                .order_by("submission__received_at")
                .values("submission__received_at")[:1]
            ),
            answer_status=Case(
                When(
                    Q(published_kind__in=ANSWER_KINDS)
                    & Q(first_answered_at__gte=F("candidacy__due_at")),
                    then=Value(AnswerStatus.LATE),
                ),
                When(published_kind__in=ANSWER_KINDS, then=Value(AnswerStatus.ON)),
                When(published_kind=ResponseKind.DECLINED, then=Value(AnswerStatus.DEC)),
                When(Exists(unpublished), then=Value(AnswerStatus.REC)),
                When(
                    candidacy__event__record=EventRecord.RECONSTRUCTED,
                    then=Value(AnswerStatus.UNK),
                ),
                When(
                    Q(letter__isnull=True)
                    | Q(candidacy__due_at__isnull=True)
                    | Q(candidacy__due_at__gt=at),
                    then=Value(AnswerStatus.WAIT),
                ),
                default=Value(AnswerStatus.NONE),
                output_field=models.CharField(),
            ),
        )


class AddressedQuestion(models.Model):
    """A question put to one candidacy: the slot that an answer fills."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="slots")
    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="slots")
    letter = models.ForeignKey(
        "Letter",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="slots",
        help_text="The issued letter that put it; empty while it is not sent.",
    )
    section = models.CharField(max_length=6, choices=LetterSection, default=LetterSection.COMMON)
    position = models.PositiveSmallIntegerField(default=1)

    objects = AddressedQuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "candidacy"], name="question_put_once_per_candidacy"
            ),
            models.CheckConstraint(
                condition=Q(section__in=LetterSection.values), name="slot_section_known"
            ),
        ]

    def __str__(self):
        return self.symbol

    def get_absolute_url(self):
        event = self.candidacy.event.slug
        if self.question.state_id:
            return reverse("public:question_detail", args=[event, self.question.slug])
        return reverse(
            "public:answer_detail", args=[event, self.question.slug, self.candidacy.state.slug]
        )

    @property
    def symbol(self):
        """PE2021/Q5/KAZ, or PE2021/KAZ-1 where question and cell are one."""
        if self.question.state_id:
            return self.question.symbol
        return f"{self.question.symbol}/{self.candidacy.state.iso3}"

    @property
    def anchor(self):
        return self.candidacy.state.slug

    @property
    def permalink(self):
        return f"/r/{self.symbol.replace('/', '-')}"
