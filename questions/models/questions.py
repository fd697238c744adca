"""Questions, and of whom they were asked."""

from datetime import datetime
from functools import cache

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from questions.plaintext import excerpt

from .addresses import address
from .askers import Asker
from .candidacies import Candidacy
from .events import PUBLIC_EVENT_STATUSES, Event
from .states import UN_LANGUAGES, State
from .statuses import answer_status_case, first_receipt, what_is_known, what_waits
from .subqueries import OfRow, WrittenExists
from .topics import Topic


class QuestionScope(models.TextChoices):
    ALL = "all", _("All candidates")
    SOME = "some", _("Some candidates")
    ONE = "one", _("One candidate")


class QuestionStatus(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", pgettext_lazy("a question", "Declined")
    MERGED = "merged", _("Merged into another")
    WITHDRAWN = "withdrawn", _("Withdrawn after it was public")


class QuestionChannel(models.TextChoices):
    EVENT = "event", _("At the event")
    SOCIAL_MEDIA = "social_media", _("Social media")
    FORM = "form", _("Form")
    EMAIL = "email", _("E-mail")
    UNKNOWN = "unknown", _("Not known")


def _askers(of=""):
    """The askers of questions, which lie at the path `of` from the rows: one query for all."""
    return models.Prefetch(f"{of}asked_by", QuestionAsker.objects.select_related("asker"))


class QuestionQuerySet(models.QuerySet):
    def publicly_visible(self):
        """Accepted, sent to a State, at a public event. Nothing else decides this."""
        return self.filter(
            _is_sent(), status=QuestionStatus.ACCEPTED, event__status__in=PUBLIC_EVENT_STATUSES
        )

    def over_the_years(self):
        """Those that are public, outside the specimen event: the latest event first."""
        return (
            self.publicly_visible()
            .filter(event__is_specimen=False)
            .select_related("event", "state")
            .order_by(
                "-event__term_start",
                "event__code",
                F("state__iso3").asc(nulls_first=True),
                "number",
            )
        )

    def of(self, *, topic: str = "", asker: str = "", event: str = ""):
        """On the theme, by the asker where the public may know it, and of the event; by slug."""
        found = self.filter(topics__slug=topic) if topic else self
        if asker:
            named = Asker.objects.named_in_public().filter(slug=asker)
            found = found.filter(asked_by__asker__in=named)
        return found.filter(event__slug=event) if event else found

    def withdrawn(self):
        """Public once, and no longer; of these the reason is public, and nothing else."""
        return self.filter(status=QuestionStatus.WITHDRAWN, event__status__in=PUBLIC_EVENT_STATUSES)

    def with_reply(self, status: str, *, at: datetime):
        """Those to which at least one State's reply has the status, as of `at`."""
        slots = AddressedQuestion.objects.with_status(at=at).filter(answer_status=status)
        return self.filter(pk__in=slots.values("question"))

    def with_askers(self):
        return self.prefetch_related(_askers())

    def with_topics(self):
        return self.prefetch_related("topics")

    def put_to_several(self, event_slug: str):
        """Those of an event that are no State's own, in the order of their numbers."""
        return (
            self.filter(event__slug=event_slug, state__isnull=True)
            .select_related("event")
            .order_by("number")
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
    short_title = models.CharField(
        max_length=24, blank=True, help_text="One to three short words, for the table of answers."
    )
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
    seen_public_at = models.DateTimeField(
        null=True, editable=False, help_text="When alerts first found it public."
    )

    shown_translations = ()  # filled in by `load_translations`

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
        return address("public:question_detail", self.event.slug, self.slug)

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
    def full_title(self):
        """Q5. Protection of human rights defenders"""
        return f"{self.label}. {self.heading}"

    def load_askers(self):
        """What `with_askers()` does, for a question that is here already."""
        models.prefetch_related_objects([self], _askers())

    @property
    def column_heading(self):
        return self.short_title or self.heading

    @property
    def askers_in_order(self):
        """Loaded by `with_askers()`."""
        return [asked.asker for asked in self.asked_by.all()]

    def matches(self, *, topic: str = "", asker: str = "") -> bool:
        """Whether it is on the theme and by the asker, as the public knows them; both loaded."""
        askers = {one.slug for one in self.askers_in_order if one.is_named_in_public}
        topics = {one.slug for one in self.topics.all()} if topic else set()
        return (not topic or topic in topics) and (not asker or asker in askers)


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


class LetterSection(models.TextChoices):
    OWN = "own", _("Questions addressed to the State")
    COMMON = "common", _("Questions put to all candidates")


class AddressedQuestionQuerySet(models.QuerySet):
    def sent(self):
        """Put to the State by an issued letter: what a mission may see."""
        return self.filter(letter__isnull=False, question__status=QuestionStatus.ACCEPTED)

    def unsent(self):
        """Put to the State and in no issued letter yet."""
        return self.filter(letter__isnull=True, question__status=QuestionStatus.ACCEPTED)

    def publicly_visible(self):
        """Every cell of the questions that are public. Nothing else decides this."""
        return self.filter(question__in=Question.objects.publicly_visible())

    def with_names(self):
        return self.select_related(
            "question__event", "question__state", "candidacy__event", "candidacy__state"
        )

    def with_askers(self):
        return self.prefetch_related(_askers("question__"))

    def readable(self, *, at: datetime):
        """What the pages of single answers print, as of `at`: the status, and the letter's day.

        Of what is not published, when something was first received, and why the newest is withheld.
        Of questions that are known to be public; others go through `publicly_visible()` first.
        """
        return self.with_status(at=at).annotate(letter_date=F("letter__date"), **what_waits())

    def in_letter_order(self):
        return self.order_by(Case(When(section=LetterSection.OWN, then=0), default=1), "position")

    def with_status(self, *, at: datetime):
        """Annotate `answer_status` as of `at` (aware): the one definition (DESIGN.md §3).

        Also `first_answered_at`, the first receipt of an answer, which decides on time or late.
        """
        return (
            self.with_first_answer()
            .alias(**what_is_known())
            .annotate(answer_status=answer_status_case(at))
        )

    def with_first_answer(self):
        """Annotate `first_answered_at`, the first receipt of an answer."""
        return self.annotate(first_answered_at=first_receipt())


@cache
def _is_sent():
    """Whether a letter put the question to a State."""
    sent = AddressedQuestion.objects.filter(question=OfRow(), letter__isnull=False)
    return WrittenExists(sent, "pk")


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
            return address("public:question_detail", event, self.question.slug)
        state = self.candidacy.state.slug
        return address("public:answer_detail", event, self.question.slug, state)

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
