"""What was sent and what is waiting to be; what needs a person to decide it."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from questions.models import MailStatus, OutgoingMail
from questions.operations.outbox import NothingToDecide, mark_sent, send_again

from .base import ReadOnlyAdmin, found, moment_column, moment_field, page
from .site import staff_site


class NeedsAPerson(admin.SimpleListFilter):
    """What does not go on by itself."""

    title = "needs a person"
    parameter_name = "needs"

    def lookups(self, request, model_admin):
        return [
            ("decision", _("Possibly sent or failed")),
            ("back", _("Came back")),
            ("late", _("Waits too long")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "decision":
            return queryset.filter(status__in=[MailStatus.UNSURE, MailStatus.FAILED])
        if self.value() == "back":
            return queryset.filter(bounced_at__isnull=False)
        if self.value() == "late":
            return queryset.overdue(at=request.received_at)
        return queryset


@admin.register(OutgoingMail, site=staff_site)
class OutgoingMailAdmin(ReadOnlyAdmin):
    list_display = ["subject", "to", "kind", "status", "queued", "sent", "came_back", "tries"]
    list_filter = ["status", NeedsAPerson, "kind", "candidacy__event"]
    list_select_related = True
    search_fields = ["subject", "to"]
    change_form_template = "admin/outgoing_mail.html"
    fields = [
        "subject",
        "to",
        "kind",
        ("status", "tries"),
        "queued_moment",
        "sent_moment",
        "came_back_moment",
        "bounce_reason",
        "error",
        "letter",
        "message_id",
        "body",
    ]
    queued = moment_column("queued_at", "queued")
    sent = moment_column("sent_at", "sent")
    came_back = moment_column("bounced_at", "came back")
    queued_moment = moment_field("queued_at", "queued")
    sent_moment = moment_field("sent_at", "sent")
    came_back_moment = moment_field("bounced_at", "came back")

    def get_queryset(self, request):
        mails = super().get_queryset(request).of_the_office()
        return mails.select_related("letter__candidacy")

    def has_decide_permission(self, request):
        return request.user.has_perm("questions.change_outgoingmail")

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/again/", view(self.again), name="questions_outgoingmail_again"),
            path("<int:pk>/sent/", view(self.sent_after_all), name="questions_outgoingmail_sent"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        mail = self.get_object(request, unquote(object_id))
        may = bool(mail) and self.has_decide_permission(request)
        context = {
            "may_send_again": may and mail.may_go_again,
            "may_mark_sent": may and mail.status == MailStatus.UNSURE,
        }
        return super().change_view(request, object_id, form_url, context)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def again(self, request, pk):
        mail = found(self, request, pk, allowed=self.has_decide_permission(request))
        sentences = [
            _("It goes to %(address)s once more: %(subject)s")
            % {"address": mail.to, "subject": mail.subject},
            _("If the first copy arrived, the same message arrives twice."),
        ]
        return self._decide(
            request,
            mail,
            send_again,
            (_("Send this message again?"), sentences, _("Send again")),
            _("The message is queued again."),
        )

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def sent_after_all(self, request, pk):
        mail = found(self, request, pk, allowed=self.has_decide_permission(request))
        sentences = [
            _("It counts as sent to %(address)s and is not sent again: %(subject)s")
            % {"address": mail.to, "subject": mail.subject},
        ]
        return self._decide(
            request,
            mail,
            mark_sent,
            (_("Mark this message as sent?"), sentences, _("Mark as sent")),
            _("The message counts as sent."),
        )

    def _decide(self, request, mail, decide, asked, done):
        """Asks first; on POST does it, or says that there is nothing to decide."""
        back = reverse("admin:questions_outgoingmail_change", args=[mail.pk])
        if request.method == "POST":
            try:
                decide(mail, by=request.user, at=request.received_at)
            except NothingToDecide:
                messages.info(request, _("There is nothing to decide about this message."))
            else:
                messages.success(request, done)
            return redirect(back)
        title, sentences, button = asked
        return page(
            self,
            request,
            "admin/confirm.html",
            title,
            mail,
            sentences=sentences,
            button=button,
            back=back,
        )
