"""What a State has sent (submissions), and its reply as a whole, for its missions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .candidacies import Candidacy
from .drafts import Draft, DraftAnswer, DraftLetter
from .letters import AccessLink
from .questions import AddressedQuestion, LetterSection
from .states import Mission


class Channel(models.TextChoices):
    FORM = "form", _("Reply form")
    EMAIL = "email", _("E-mail")
    NOTE_VERBALE = "note_verbale", _("Note verbale")
    PAPER = "paper", _("Letter on paper")
    AT_EVENT = "at_event", _("At the event")


class SubmissionQuerySet(models.QuerySet):
    def with_names(self):
        return self.select_related("candidacy__event", "candidacy__state", "mission")

    def next_number(self) -> int:
        """For one candidacy's submissions, with the candidacy locked."""
        return (self.aggregate(last=models.Max("number"))["last"] or 0) + 1


class Submission(models.Model):
    """One sending of a State's reply: numbered, never changed."""

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=12, choices=Channel, default=Channel.FORM)
    mission = models.ForeignKey(
        Mission, models.PROTECT, null=True, blank=True, related_name="submissions"
    )
    link = models.ForeignKey(
        AccessLink, models.PROTECT, null=True, blank=True, related_name="submissions"
    )
    signatory_name = models.CharField(max_length=120)
    signatory_title = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text="The deadline as it stood.")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(null=True)
    entry_reason = models.CharField(max_length=300, blank=True)
    form_key = models.UUIDField()
    text_sha256 = models.CharField("SHA-256 of the canonical text", max_length=64)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidacy", "number"], name="submission_number_once_per_candidacy"
            ),
            models.UniqueConstraint(
                fields=["candidacy", "form_key"], name="submission_once_per_form_key"
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="submission_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.FORM, entered_by__isnull=True, entered_at__isnull=True)
                | (
                    ~Q(channel=Channel.FORM)
                    & Q(entered_by__isnull=False, entered_at__isnull=False)
                    & ~Q(entry_reason="")
                ),
                name="submission_entered_by_staff_or_form",
            ),
            models.CheckConstraint(
                condition=Q(entered_at__isnull=True) | Q(received_at__lte=models.F("entered_at")),
                name="submission_not_received_in_future",
            ),
        ]

    def __str__(self):
        return self.symbol

    @property
    def symbol(self):
        return f"{self.candidacy.symbol}/R{self.number}"

    @property
    def file_name(self):
        """Of its canonical text, downloaded."""
        return f"{self.symbol.replace('/', '-')}.txt"

    @property
    def answer_count(self):
        return self.responses.as_sent().answers().count()

    @property
    def refusal_count(self):
        return self.responses.as_sent().refusals().count()

    @property
    def is_late(self):
        """Against the deadline as it stood when it was received."""
        return self.due_at is not None and self.received_at >= self.due_at

    def canonical_text(self) -> str:
        """The text whose SHA-256 the receipt names (DESIGN.md §3), made from its responses."""
        responses = self.responses.as_sent().select_related(
            "slot__question__event", "slot__question__state", "slot__candidacy__state"
        )
        return canonical_text(
            (response.slot, response.kind, response.language, response.text)
            for response in responses.in_letter_order()
        )


def canonical_text(answers) -> str:
    """One text for (slot, kind, language, text) in slot order: LF, NFC as the texts are."""
    return "".join(
        f"{slot.symbol}\n{f'{kind} {language}'.strip()}\n\n{text}\n\n"
        for slot, kind, language, text in answers
    )


def text_digest(text: str) -> str:
    """SHA-256 of the UTF-8 bytes, in hexadecimal; what `sha256sum` prints of the file."""
    return hashlib.sha256(text.encode()).hexdigest()


class Progress(models.TextChoices):
    """How far a State has come with one question, as its missions see it (ux.md M2)."""

    NOT_STARTED = "todo", _("Not started")
    DRAFT = "draft", _("Draft saved")
    READY = "ready", _("Ready to send")
    SENT = "sent", _("Sent")
    PUBLISHED = "published", _("Published")
    DECLINED = "declined", _("Declined")


@dataclass(frozen=True)
class ReplyItem:
    """One question of a reply: its slot, what is saved for it, what was last sent."""

    slot: AddressedQuestion
    draft: DraftAnswer | None
    sent: models.Model | None
    files: tuple = ()  # unsent, beside its answer
    letter: DraftLetter | None = None  # the unsent one that answers it
    page: int | None = None  # of the letter

    @property
    def is_declined(self) -> bool:
        return self.sent is not None and self.sent.kind == "declined"

    @property
    def is_drafted(self) -> bool:
        """Whether a saved text waits to be sent; a later refusal takes its place."""
        if self.draft is None or not (self.draft.text or self.files):
            return False
        return self._is_later(self.draft)

    @property
    def is_in_letter(self) -> bool:
        """Whether one letter for several questions waits to be sent for it."""
        return self.letter is not None and self._is_later(self.letter)

    def _is_later(self, saved: DraftAnswer | DraftLetter) -> bool:
        return not self.is_declined or saved.saved_at > self.sent.submission.received_at

    @property
    def is_own_ready(self) -> bool:
        return self.is_drafted and self.draft.is_ready

    @property
    def is_by_letter(self) -> bool:
        """Whether the letter is what would be sent: it is ready, and no answer of its own is."""
        return self.is_in_letter and self.letter.is_ready and not self.is_own_ready

    @property
    def progress(self) -> Progress:
        if self.is_own_ready or self.is_by_letter:
            return Progress.READY
        if self.is_drafted or self.is_in_letter:
            return Progress.DRAFT
        if self.sent is None:
            return Progress.NOT_STARTED
        if self.is_declined:
            return Progress.DECLINED
        return Progress.PUBLISHED if self.sent.status == "published" else Progress.SENT

    @property
    def revision(self) -> int:
        return self.draft.revision if self.draft else 0

    @property
    def latest(self) -> models.Model | None:
        """The draft, or else what was sent: where writing goes on from."""
        return self.draft or self.sent

    @property
    def text(self) -> str:
        return self.latest.text if self.latest else ""

    @property
    def language(self) -> str:
        return self.latest.language if self.latest else ""


@dataclass(frozen=True)
class ReplyItems:
    """The questions of a reply in letter order."""

    all: list[ReplyItem]

    def __len__(self):
        return len(self.all)

    @property
    def own(self) -> list[ReplyItem]:
        return [item for item in self.all if item.slot.section == LetterSection.OWN]

    @property
    def common(self) -> list[ReplyItem]:
        return [item for item in self.all if item.slot.section == LetterSection.COMMON]

    @property
    def ready(self) -> list[ReplyItem]:
        return [item for item in self.all if item.progress == Progress.READY]

    @property
    def left_out(self) -> list[ReplyItem]:
        """What a sending now would not include, of what was not sent before."""
        return [i for i in self.all if i.progress in {Progress.NOT_STARTED, Progress.DRAFT}]

    @property
    def unanswered(self) -> list[ReplyItem]:
        return [item for item in self.all if item.sent is None]

    @property
    def last_language(self) -> str:
        """The language used last in this reply, to be offered for the next answer."""
        moments = [
            (item.draft.saved_at if item.draft else item.sent.submission.received_at, item.language)
            for item in self.all
            if item.language
        ]
        return max(moments)[1] if moments else ""

    def called(self, question: str) -> ReplyItem | None:
        """The item of `q5` or `kaz-1`."""
        return next((item for item in self.all if item.slot.question.slug == question), None)

    def after(self, item: ReplyItem) -> ReplyItem | None:
        following = self.all[self.all.index(item) + 1 :]
        return following[0] if following else None


@dataclass(frozen=True)
class ReplyDeadline:
    """Where a reply stands against its deadline and its closing, at one moment."""

    due_at: datetime | None
    due_on: date | None
    zone: str
    closes_at: datetime | None
    is_open: bool
    has_closed: bool
    has_passed: bool
    days_left: int | None
    is_extended: bool


@dataclass(frozen=True)
class Reply:
    """What a visitor with a live link works on; all is found through it (security.md 13, 15)."""

    link: AccessLink
    candidacy: Candidacy

    @property
    def reference(self) -> str:
        return self.candidacy.reference

    @property
    def slots(self):
        return AddressedQuestion.objects.sent().filter(candidacy=self.candidacy).with_names()

    @property
    def draft_answers(self):
        return DraftAnswer.objects.filter(draft__candidacy=self.candidacy)

    @property
    def submissions(self):
        return self.candidacy.submissions.with_names()

    @property
    def contacts(self):
        """Whom its missions named for ISHR's messages about this reply."""
        return self.candidacy.reply_contacts.all()

    @property
    def has_contact(self) -> bool:
        """Whether the mission of the link has named one."""
        return self.contacts.filter(mission=self.mission).exists()

    @property
    def mission(self) -> Mission:
        return self.link.contact.mission

    @cached_property
    def letter(self) -> DraftLetter | None:
        """The one letter for several questions, unsent."""
        letters = DraftLetter.objects.select_related("attachment", "saved_by__contact__mission")
        return letters.filter(draft__candidacy=self.candidacy).first()

    @property
    def unsent_files(self):
        return self.candidacy.attachments.unsent()

    @cached_property
    def items(self) -> ReplyItems:
        from .attachments import AttachedQuestion
        from .responses import Response

        drafts = {draft.slot_id: draft for draft in self.draft_answers.with_saver()}
        responses = Response.objects.as_sent().filter(submission__candidacy=self.candidacy)
        ordered = responses.select_related("submission__mission").order_by(
            "submission__received_at", "submission__number"
        )
        sent = {response.slot_id: response for response in ordered}
        files, in_letter = AttachedQuestion.objects.unsent_by_slot(self.candidacy)
        return ReplyItems(
            [
                ReplyItem(
                    slot,
                    drafts.get(slot.pk),
                    sent.get(slot.pk),
                    tuple(files.get(slot.pk, ())),
                    *in_letter.get(slot.pk, ()),
                )
                for slot in self.slots.with_askers().in_letter_order()
            ]
        )

    @property
    def draft(self) -> Draft | None:
        """When and by whom the reply was last saved; None where it never was."""
        drafts = Draft.objects.select_related("saved_by__contact__mission")
        return drafts.filter(candidacy=self.candidacy).first()

    def deadline(self, *, at: datetime) -> ReplyDeadline:
        closes_at = self.candidacy.closes_at
        return ReplyDeadline(
            due_at=self.candidacy.due_at,
            due_on=self.candidacy.due_on,
            zone=self.candidacy.event.zone,
            closes_at=closes_at,
            is_open=self.candidacy.takes_answers(at=at),
            has_closed=closes_at is not None and at >= closes_at,
            has_passed=self.candidacy.is_late(at),
            days_left=self.candidacy.days_left(at=at),
            is_extended=self.candidacy.extensions.exists(),
        )
