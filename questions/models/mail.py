"""The outbox: messages to send."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .replies import Submission
from .states import Contact


class MailKind(models.TextChoices):
    RECEIPT = "receipt", _("Receipt")


class MailStatus(models.TextChoices):
    QUEUED = "queued", _("To send")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    UNSURE = "unsure", _("Possibly sent")


class OutgoingMailQuerySet(models.QuerySet):
    def due(self, *, at: datetime):
        return self.filter(status=MailStatus.QUEUED, next_try_at__lte=at).order_by("pk")


class OutgoingMail(models.Model):
    """A message to send, written in the transaction that causes it; it holds no token."""

    kind = models.CharField(max_length=8, choices=MailKind)
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="mails")
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, blank=True, related_name="mails"
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

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "outgoing mail"
        verbose_name_plural = "outgoing mail"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "kind", "to"], name="mail_once_per_submission_and_address"
            ),
            models.CheckConstraint(condition=Q(kind__in=MailKind.values), name="mail_kind_known"),
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
