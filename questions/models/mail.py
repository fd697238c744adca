"""The outbox: messages to send."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .alerts import Alert
from .candidacies import Candidacy
from .letters import AccessLink, Letter
from .replies import Submission
from .states import Contact


class MailKind(models.TextChoices):
    RECEIPT = "receipt", _("Receipt")
    INVITATION = "invitation", _("Letter with the link")
    REMINDER_WEEK = "week", _("Reminder, seven days before")
    REMINDER_DAY = "day", _("Reminder, last day")
    LATE_NOTICE = "late", _("Notice, the day after")
    EXTENSION = "extended", _("Deadline extended")
    LINK_AGAIN = "link", _("Link sent again")
    DISOWNED = "disowned", _("To staff: this is not for us")
    PREVIEW = "preview", _("To staff: preview of a letter's message")
    NOTICE = "notice", _("To staff: a reply was sent")
    ALERT_CONFIRMATION = "confirm", _("Alert, to be confirmed")
    ALERT = "alert", _("Alert")


# One each for a candidacy and address, whatever happens.
REMINDERS = [MailKind.REMINDER_WEEK, MailKind.REMINDER_DAY, MailKind.LATE_NOTICE]

# Their messages hold a link and a code, which the sender mints.
WITH_LINK = [MailKind.INVITATION, *REMINDERS, MailKind.LINK_AGAIN]

# Go to whoever asked for an alert, and are deleted with it; the sender mints their link too.
OF_ALERTS = [MailKind.ALERT_CONFIRMATION, MailKind.ALERT]

# Go to those whom the missions named as well; none of these holds a link.
TO_REPLY_CONTACTS = [MailKind.RECEIPT, MailKind.EXTENSION]

# Stands alone on a line of a body, where the sender writes the link or the code it has minted.
LINK_MARK = "[link]"
CODE_MARK = "[code]"


class MailStatus(models.TextChoices):
    QUEUED = "queued", _("To send")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    UNSURE = "unsure", _("Possibly sent")


OVERDUE_AFTER = timedelta(minutes=15)


class OutgoingMailQuerySet(models.QuerySet):
    def due(self, *, at: datetime):
        return self.filter(status=MailStatus.QUEUED, next_try_at__lte=at).order_by("pk")

    def overdue(self, *, at: datetime):
        """Still to send after a quarter of an hour: staff are told (security.md 68)."""
        return self.of_the_office().filter(
            status=MailStatus.QUEUED, queued_at__lt=at - OVERDUE_AFTER
        )

    def of_the_office(self):
        """What staff see and decide: all but what goes to those who asked for alerts."""
        return self.filter(alert__isnull=True)

    def of_alerts(self):
        return self.filter(alert__isnull=False)

    def to_missions(self):
        """About a candidacy and to its missions: by these a letter is delivered or not."""
        return self.filter(candidacy__isnull=False, contact__isnull=False)

    def to_reply_contacts(self, candidacy: Candidacy):
        """About a candidacy, to those whom its missions named for its reply (ux.md M4)."""
        about = Q(candidacy=candidacy) | Q(submission__candidacy=candidacy)
        return self.filter(about, kind__in=TO_REPLY_CONTACTS, contact__isnull=True)

    def undelivered(self):
        """Refused by the server, or come back."""
        return self.to_missions().filter(Q(status=MailStatus.FAILED) | Q(bounced_at__isnull=False))

    def delivered(self):
        """Sent, or possibly, to an address from which nothing about this candidacy came back."""
        failed = OutgoingMail.objects.undelivered().filter(
            candidacy=models.OuterRef("candidacy"), contact=models.OuterRef("contact")
        )
        return self.to_missions().filter(
            ~models.Exists(failed), status__in=[MailStatus.SENT, MailStatus.UNSURE]
        )


class OutgoingMail(models.Model):
    """A message to send, written in the transaction that causes it; it holds no token."""

    kind = models.CharField(max_length=10, choices=MailKind)
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="mails"
    )
    candidacy = models.ForeignKey(
        Candidacy, models.PROTECT, null=True, blank=True, related_name="mails"
    )
    letter = models.ForeignKey(
        Letter,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="mails",
        help_text="The issued letter whose PDF is attached.",
    )
    link = models.ForeignKey(
        AccessLink,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        help_text="Minted by the sender for this message.",
    )
    in_reply_to = models.CharField(max_length=200, blank=True, editable=False)
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, blank=True, related_name="mails"
    )
    alert = models.ForeignKey(
        Alert, models.CASCADE, null=True, editable=False, related_name="mails"
    )
    news_since = models.DateTimeField(null=True, editable=False)
    news_until = models.DateTimeField(
        null=True, editable=False, help_text="The sender writes what became public between them."
    )
    to = models.EmailField()
    subject = models.CharField(max_length=250)
    body = models.TextField()
    message_id = models.CharField(max_length=200, unique=True)
    status = models.CharField(max_length=7, choices=MailStatus, default=MailStatus.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    error = models.TextField(blank=True)
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    bounce_reason = models.CharField(max_length=300, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "outgoing mail"
        verbose_name_plural = "outgoing mail"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "kind", "to"], name="mail_once_per_submission_and_address"
            ),
            models.UniqueConstraint(
                fields=["candidacy", "kind", "to"],
                condition=Q(kind__in=REMINDERS),
                name="mail_reminder_once_per_candidacy_and_address",
            ),
            models.UniqueConstraint(
                fields=["letter", "to"],
                condition=Q(kind=MailKind.INVITATION),
                name="mail_invitation_once_per_letter_and_address",
            ),
            models.CheckConstraint(
                condition=Q(bounced_at__isnull=True)
                | Q(status__in=[MailStatus.SENT, MailStatus.UNSURE]),
                name="mail_bounced_was_sent",
            ),
            models.CheckConstraint(condition=Q(kind__in=MailKind.values), name="mail_kind_known"),
            models.CheckConstraint(
                condition=Q(kind__in=OF_ALERTS, alert__isnull=False)
                | (~Q(kind__in=OF_ALERTS) & Q(alert__isnull=True)),
                name="mail_of_alert_has_alert",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=MailKind.ALERT,
                    news_since__isnull=False,
                    news_until__isnull=False,
                    news_since__lt=models.F("news_until"),
                )
                | (~Q(kind=MailKind.ALERT) & Q(news_since__isnull=True, news_until__isnull=True)),
                name="mail_of_alert_has_news",
            ),
            models.CheckConstraint(
                condition=Q(status__in=MailStatus.values), name="mail_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=MailStatus.SENT, sent_at__isnull=False)
                | (~Q(status=MailStatus.SENT) & Q(sent_at__isnull=True)),
                name="mail_sent_has_time",
            ),
        ]

    def __str__(self):
        return self.subject

    @property
    def may_go_again(self) -> bool:
        """Possibly sent, refused, or come back: staff decide whether it is sent once more."""
        return self.status in {MailStatus.UNSURE, MailStatus.FAILED} or self.bounced_at is not None
