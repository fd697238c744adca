"""What staff publish beside a text in another language: never in its place (DESIGN.md §2)."""

from collections.abc import Iterable
from functools import cache

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, override

from .queries import GivenKeys, WrittenQuery
from .questions import Question
from .replies import text_digest
from .responses import Response
from .states import UN_LANGUAGES

LANGUAGE_CODES = [code for code, _name in UN_LANGUAGES]


class TranslationKind(models.TextChoices):
    OFFICIAL = "official", "Official, by the State"
    OFFICE = "ishr", "By ISHR"
    MACHINE = "machine", "By machine"


class TranslationStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class TranslationQuerySet(models.QuerySet):
    def publicly_visible(self):
        """Published, of a text that is public itself. Nothing else decides this."""
        return self.published().filter(
            Q(response__in=Response.objects.publicly_visible())
            | Q(question__in=Question.objects.publicly_visible())
        )

    def published(self):
        """Of texts that are known to be public."""
        return self.filter(status=TranslationStatus.PUBLISHED)

    def with_originals(self):
        return self.select_related(
            "response__submission",
            "response__slot__question__event",
            "response__slot__question__state",
            "response__slot__candidacy__event",
            "response__slot__candidacy__state",
            "question__event",
            "question__state",
        )


class Translation(models.Model):
    """One text of a State or of an asker in another language.

    A later version of an answer has none until one is made of it.
    """

    response = models.ForeignKey(
        Response, models.PROTECT, null=True, editable=False, related_name="translations"
    )
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, editable=False, related_name="translations"
    )
    language = models.CharField(max_length=10, choices=UN_LANGUAGES)
    text = models.TextField()
    kind = models.CharField("made", max_length=8, choices=TranslationKind)
    made_by = models.CharField(
        max_length=80, help_text="As printed: ISHR, the Permanent Mission, the name of the engine."
    )
    made_on = models.DateField("made on")
    status = models.CharField(
        max_length=9, choices=TranslationStatus, default=TranslationStatus.DRAFT, editable=False
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    entered_at = models.DateTimeField(editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    published_at = models.DateTimeField(null=True, editable=False)
    by_one_person = models.BooleanField(
        default=False, editable=False, help_text="Published by who entered it: TWO_PEOPLE was off."
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True, editable=False)

    objects = TranslationQuerySet.as_manager()

    class Meta:
        permissions = [("publish_translation", "Can publish and withdraw translations")]
        constraints = [
            models.CheckConstraint(
                condition=Q(response__isnull=False, question__isnull=True)
                | Q(response__isnull=True, question__isnull=False),
                name="translation_of_one_text",
            ),
            models.CheckConstraint(
                condition=Q(language__in=LANGUAGE_CODES), name="translation_language_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TranslationKind.values), name="translation_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind=TranslationKind.OFFICIAL) | Q(question__isnull=True),
                name="translation_official_of_answers_only",
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(made_by=""), name="translation_has_text_and_maker"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="translation_published_when_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True)
                | Q(by_one_person=True)
                | ~Q(published_by=F("entered_by")),
                name="translation_published_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status=TranslationStatus.DRAFT, published_at__isnull=True)
                | Q(status=TranslationStatus.PUBLISHED, published_at__isnull=False)
                | Q(status=TranslationStatus.WITHDRAWN),
                name="translation_status_has_its_date",
            ),
            models.CheckConstraint(
                condition=(Q(status=TranslationStatus.WITHDRAWN) & ~Q(withdrawn_reason=""))
                | (~Q(status=TranslationStatus.WITHDRAWN) & Q(withdrawn_reason="")),
                name="translation_withdrawn_with_reason",
            ),
            models.UniqueConstraint(
                fields=["response", "language"],
                condition=Q(status=TranslationStatus.PUBLISHED),
                name="translation_one_published_of_response",
            ),
            models.UniqueConstraint(
                fields=["question", "language"],
                condition=Q(status=TranslationStatus.PUBLISHED),
                name="translation_one_published_of_question",
            ),
        ]

    def __str__(self):
        return f"{self.original.symbol} in {self.language}"

    def get_absolute_url(self):
        """Of the page that shows it below its original, in its own language."""
        with override(self.language):
            return (self.response.slot if self.response_id else self.question).get_absolute_url()

    @property
    def original(self):
        """The response or the question."""
        return self.response if self.response_id else self.question

    @property
    def dir(self):
        return "rtl" if self.language == "ar" else "ltr"

    @property
    def sha256(self):
        """Of all that is printed of it: what was looked at is what is published."""
        facts = [self.language, self.kind, self.made_by, self.made_on.isoformat(), "", self.text]
        return text_digest("\n".join(facts))


@cache
def _published() -> WrittenQuery:
    """Of texts that are known to be public."""
    of_these = Q(response__in=GivenKeys("responses")) | Q(question__in=GivenKeys("questions"))
    return WrittenQuery(Translation.objects.published().filter(of_these))


def load_translations(responses: Iterable[Response] = (), questions: Iterable[Question] = ()):
    """Give each of these public texts its `shown_translations`, the page's language first.

    One query for all; none where there is nothing to ask for.
    """
    responses, questions = list(responses), list(questions)
    by_response, by_question = _with_none(responses), _with_none(questions)
    if not by_response and not by_question:
        return
    here = (get_language() or "en").lower()
    published = _published().read(responses=list(by_response), questions=list(by_question))
    for translation in sorted(published, key=lambda t: (t.language != here, _place(t.language))):
        if translation.response_id:
            by_response[translation.response_id].append(translation)
        else:
            by_question[translation.question_id].append(translation)
    for text in responses:
        for translation in text.shown_translations:
            translation.response = text
    for question in questions:
        for translation in question.shown_translations:
            translation.question = question


def _with_none(texts: Iterable[Response | Question]) -> dict[int, list[Translation]]:
    """By their keys, the lists that they show from now on; one where a text is there twice."""
    lists: dict[int, list[Translation]] = {}
    for text in texts:
        text.shown_translations = lists.setdefault(text.pk, [])
    return lists


def _place(language: str) -> int:
    return LANGUAGE_CODES.index(language)
