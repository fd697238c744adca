"""Publishing and withholding; a State's words are only read here (security.md 46, 49)."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from questions.forms.staff import WithholdForm, WordsForm
from questions.models import AddressedQuestion, Correction, Response, ResponseStatus
from questions.operations.publication import publish_responses, withhold_responses
from questions.operations.taken_out import WordsStand
from questions.operations.two_people import SamePerson

from .base import ReadOnlyAdmin, by_symbol, excerpt_of, found, moment_column, page, who_withdrew
from .redactions import RedactionPages, words_standing
from .site import staff_site
from .states import names_of_state
from .translations import translate_address

MOST_AT_ONCE = 500  # what one confirmation page lists
WHY_NOT = {
    SamePerson: "You took words out of it: someone else publishes it.",
    WordsStand: "Words that were taken out of the reply stand in it, or elsewhere in public: "
    "publish it on its own page.",
}


def may_be_published_again(response, standing):
    """After a look: what is withheld, and what waits while words that were taken out stand."""
    waits = response.status == ResponseStatus.RECEIVED and standing.asks
    is_withheld = response.status == ResponseStatus.WITHHELD
    return bool(is_withheld or waits) and not response.redactions.exists()


def why_withheld(response):
    """Sentences to read before it is published after all."""
    if response.status != ResponseStatus.WITHHELD:
        return []
    withdrawal = response.corrections.withdrawals().newest_first().first()
    if withdrawal is None:
        return [f"It is withheld: {response.withheld_reason}", "Readers get its text at once."]
    return [
        who_withdrew(withdrawal),
        "Readers get its text at once. The register of corrections says that it was published "
        "again.",
    ]


@admin.register(Response, site=staff_site)
class ResponseAdmin(RedactionPages, ReadOnlyAdmin):
    list_display = ["symbol", "state", "excerpt", "kind", "status", "received", "timing"]
    list_display_links = ["symbol", "state"]
    list_filter = ["status", "kind", "language", "slot__candidacy__event"]
    search_fields = [
        "text",
        "amendment_reason",
        "slot__candidacy__event__code",
        *names_of_state("slot__candidacy__state"),
    ]
    ordering = ["-submission__received_at", "slot__position"]
    actions = ["publish_chosen", "withhold_chosen"]
    change_form_template = "admin/response.html"
    received = moment_column("submission.received_at", "received")

    def get_queryset(self, request):
        """With what the sending's symbol needs: each row's check box has it as its label."""
        responses = super().get_queryset(request).with_names()
        return responses.select_related(
            "submission__candidacy__event", "submission__candidacy__state"
        )

    def get_search_results(self, request, queryset, search_term):
        """A symbol as it is printed, or parts of it, finds the texts of its cell."""
        found, words = by_symbol(queryset, search_term, "slot__question__")
        return super().get_search_results(request, found, words)

    def audit_subject(self, response):
        """Of the question as put to this State: all its texts have one history."""
        return response.slot.symbol

    def has_publish_permission(self, request):
        return request.user.has_perm("questions.publish_response")

    @admin.display(description="State", ordering="slot__candidacy__state__sort_key")
    def state(self, response):
        return response.slot.candidacy.state

    @admin.display(description="text")
    def excerpt(self, response):
        return excerpt_of(response.text)

    @admin.display(description="on time or late")
    def timing(self, response):
        return "Late" if response.submission.is_late else "On time"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        response = self.get_object(request, unquote(object_id))
        context = self._beside(request, response) if response else {}
        return super().change_view(request, object_id, form_url, context)

    def _beside(self, request, response):
        others = Response.objects.filter(slot=response.slot).exclude(pk=response.pk)
        waiting = Response.objects.filter(status=ResponseStatus.RECEIVED).exclude(pk=response.pk)
        may = self.has_publish_permission(request)
        standing = words_standing(response)
        return {
            "response": response,
            "askers": response.slot.question.asked_by.select_related("asker"),
            "files": response.submission.attachments.filter(questions__slot=response.slot),
            "register": Correction.objects.about_slot(response.slot)
            .select_related("entered_by")
            .order_by("-entered_at", "-pk"),
            "is_public": AddressedQuestion.objects.publicly_visible()
            .filter(pk=response.slot_id)
            .exists(),
            "may_correct": request.user.has_perm("questions.add_correction"),
            "others": others.with_names().order_by("submission__received_at"),
            "translations": response.translations.order_by("language", "-pk"),
            "translate_address": translate_address(request, response),
            "next_to_publish": waiting.order_by("submission__received_at", "pk").first(),
            "standing": standing,
            "may_publish": may and response.status == ResponseStatus.RECEIVED and not standing.asks,
            "may_publish_again": may and may_be_published_again(response, standing),
            **self.redaction_of(request, response),
            "may_withhold": may and response.may_be_withheld,
        }

    # --- One ----------------------------------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/publish/", view(self.publish), name="questions_response_publish"),
            path("<int:pk>/again/", view(self.publish_again), name="questions_response_again"),
            path("<int:pk>/withhold/", view(self.withhold), name="questions_response_withhold"),
            path("<int:pk>/redact/", view(self.redact), name="questions_response_redact"),
            *super().get_urls(),
        ]

    @method_decorator(require_http_methods(["POST"]))
    def publish(self, request, pk):
        response = found(self, request, pk, allowed=self.has_publish_permission(request))
        received = Response.objects.filter(pk=response.pk, status=ResponseStatus.RECEIVED)
        self._publish(request, received)
        return redirect("admin:questions_response_change", response.pk)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def publish_again(self, request, pk):
        """What is withheld, or has words that were taken out: who publishes it reads that first."""
        response = found(self, request, pk, allowed=self.has_publish_permission(request))
        back = reverse("admin:questions_response_change", args=[response.pk])
        standing = words_standing(response)
        if not may_be_published_again(response, standing):
            messages.error(request, "It is not withheld, or words were taken out of it.")
            return redirect(back)
        form = None
        if standing.asks:
            form = WordsForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and (form is None or form.is_valid()):
            looked_at = Response.objects.filter(pk=response.pk, status=response.status)
            self._publish(request, looked_at, words_may_stand=form is not None)
            return redirect(back)
        context = {
            "rows": [response],
            "sentences": [*why_withheld(response), *standing.sentences],
            "places": standing.places,
            "form": form,
            "back": back,
        }
        title = f"Publish {response.symbol} after all?"
        return page(
            self, request, "admin/confirm.html", title, response, button=_("Publish"), **context
        )

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def withhold(self, request, pk):
        response = found(self, request, pk, allowed=self.has_publish_permission(request))
        back = reverse("admin:questions_response_change", args=[response.pk])
        if not response.may_be_withheld:
            messages.error(request, _("This text is not public and cannot be withheld."))
            return redirect(back)
        form = WithholdForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            self._withhold(request, Response.objects.filter(pk=response.pk), form)
            return redirect(back)
        return self._ask_to_withhold(request, [response], form, back)

    # --- Many ---------------------------------------------------------------------------------

    @admin.action(description="Publish the chosen responses", permissions=["publish"])
    def publish_chosen(self, request, queryset):
        """Those received. What was withheld is published one by one, with its reason in sight."""
        responses = queryset.filter(status=ResponseStatus.RECEIVED)
        if "confirmed" in request.POST:
            self._publish(request, responses)
            return None
        rows, refusal = self._rows(request, responses)
        return refusal or page(
            self,
            request,
            "admin/confirm.html",
            _("Publish these responses?"),
            rows=rows,
            sentences=[_("They become public at once, as the States sent them.")],
            button=_("Publish"),
            action="publish_chosen",
            back=reverse("admin:questions_response_changelist"),
            action_checkbox_name=ACTION_CHECKBOX_NAME,
        )

    @admin.action(description="Withhold the chosen responses", permissions=["publish"])
    def withhold_chosen(self, request, queryset):
        responses = queryset.may_be_withheld()
        form = WithholdForm(request.POST if "confirmed" in request.POST else None)
        if form.is_valid():
            self._withhold(request, responses, form)
            return None
        rows, refusal = self._rows(request, responses)
        back = reverse("admin:questions_response_changelist")
        return refusal or self._ask_to_withhold(request, rows, form, back, "withhold_chosen")

    def _rows(self, request, responses):
        """The rows for a confirmation page, or the way back where there is nothing to ask."""
        rows = list(responses[: MOST_AT_ONCE + 1])
        if not rows:
            messages.warning(request, _("None of the chosen responses can be changed so."))
        elif len(rows) > MOST_AT_ONCE:
            messages.warning(request, _("Choose %d responses or fewer.") % MOST_AT_ONCE)
        else:
            return rows, None
        return [], redirect(request.get_full_path())

    def _ask_to_withhold(self, request, rows, form, back, action=None):
        return page(
            self,
            request,
            "admin/confirm.html",
            _("Withhold from the public?"),
            rows=rows,
            form=form,
            sentences=[_("The public reads the reason in place of the text.")],
            button=_("Withhold"),
            action=action,
            back=back,
            action_checkbox_name=ACTION_CHECKBOX_NAME,
        )

    def _publish(self, request, responses, *, words_may_stand=False):
        try:
            count = publish_responses(
                responses,
                by=request.user,
                at=request.received_at,
                words_may_stand=words_may_stand,
            )
        except tuple(WHY_NOT) as refusal:
            messages.error(request, WHY_NOT[type(refusal)])
            return
        if not count:
            messages.warning(
                request,
                "Nothing was published: it is public, replaced, withheld, or waits for its text.",
            )
            return
        message = ngettext("%d response was published.", "%d responses were published.", count)
        messages.success(request, message % count)

    def _withhold(self, request, responses, form):
        count = withhold_responses(
            responses, **form.cleaned_data, by=request.user, at=request.received_at
        )
        message = ngettext("%d response is withheld.", "%d responses are withheld.", count)
        messages.success(request, message % count)
