"""Questions, who asked them, and putting them to States."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Count
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from questions.forms.staff import AskedByForm, AskerForm, PutForm, QuestionForm, WithholdForm
from questions.models import Asker, Candidacy, Question, QuestionAsker, QuestionStatus, Topic
from questions.operations import search_index
from questions.operations.publication import NotPublic, restore_question, withdraw_question
from questions.operations.questions import WrongScope, put_question

from .base import PublicRecordAdmin, by_symbol, found, page, who_withdrew
from .site import staff_site
from .states import names_of_state
from .translations import translate_address

LAST = 10_000  # where an asker without a number stands
FROZEN_WHEN_PUT = ["event", "scope", "state", "number"]
FROZEN_WHEN_SENT = ["text", "language", "status", "status_reason", "merged_into"]


@admin.register(Topic, site=staff_site)
class TopicAdmin(PublicRecordAdmin):
    list_display = ["name", "slug"]
    search_fields = ["name"]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj and obj.questions.exists() else {"slug": ["name"]}

    def get_readonly_fields(self, request, obj=None):
        """The address of a theme is cited once it has a question."""
        return ["slug"] if obj and obj.questions.exists() else []

    def has_delete_permission(self, request, obj=None):
        in_use = obj is not None and obj.questions.exists()
        return not in_use and super().has_delete_permission(request, obj)

    def view_on_site(self, topic):
        asked = Question.objects.over_the_years().of(topic=topic.slug)
        return topic.get_absolute_url() if asked.exists() else None


@admin.register(Asker, site=staff_site)
class AskerAdmin(PublicRecordAdmin):
    form = AskerForm
    list_display = ["name", "kind", "label", "state", "named_in_public", "question_count"]
    list_filter = ["kind"]
    list_select_related = ["state"]
    search_fields = ["name", "label"]
    ordering = ["name"]
    autocomplete_fields = ["state"]
    fieldsets = [
        (None, {"fields": ["name", ("kind", "label"), "state"]}),
        (
            "Consent: name to the State",
            {"fields": [("state_consent_on", "state_consent_source")]},
        ),
        (
            "Consent: name in public",
            {
                "fields": [("public_consent_on", "public_consent_source")],
                "description": "Individuals, social media users and askers whose kind is not known "
                "are named in public only with it.",
            },
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(question_count=Count("asked"))

    @admin.display(description="questions", ordering="question_count")
    def question_count(self, asker):
        return asker.question_count

    @admin.display(description="named in public", boolean=True)
    def named_in_public(self, asker):
        return asker.is_named_in_public

    def view_on_site(self, asker):
        asked = Question.objects.over_the_years().of(asker=asker.slug)
        return asker.get_absolute_url() if asked.exists() else None


class AskedByInline(admin.TabularInline):
    model = QuestionAsker
    form = AskedByForm
    fields = ["asker", "order"]
    autocomplete_fields = ["asker"]
    extra = 1
    verbose_name = "asker"
    verbose_name_plural = "asked by"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("asker")


@admin.register(Question, site=staff_site)
class QuestionAdmin(PublicRecordAdmin):
    form = QuestionForm
    list_display = ["symbol", "heading", "scope", "status", "slot_count"]
    list_display_links = ["symbol", "heading"]
    list_filter = ["event", "scope", "status", "topics"]
    list_select_related = ["event", "state"]
    search_fields = ["title", "text", "event__code", *names_of_state("state")]
    autocomplete_fields = ["state", "merged_into"]
    filter_horizontal = ["topics"]
    inlines = [AskedByInline]
    part_of_record = ["asked_by"]
    ordering = ["-event__term_start", "state__sort_key", "number"]
    change_form_template = "admin/question.html"
    fieldsets = [
        (None, {"fields": ["event", ("scope", "state"), "number", "text", "language"]}),
        (None, {"fields": [("title", "short_title")]}),
        ("Where it came from, and its topics", {"fields": ["channel", "topics"]}),
        (
            "If it is not put as it is",
            {"fields": ["status", "status_reason", "merged_into"], "classes": ["collapse"]},
        ),
    ]

    def get_queryset(self, request):
        questions = super().get_queryset(request).select_related("event", "state")
        return questions.annotate(slot_count=Count("slots", distinct=True))

    def get_search_results(self, request, queryset, search_term):
        found, words = by_symbol(queryset, search_term)
        return super().get_search_results(request, found, words)

    @admin.display(description="put to", ordering="slot_count")
    def slot_count(self, question):
        return ngettext("%d State", "%d States", question.slot_count) % question.slot_count

    def view_on_site(self, question):
        is_public = Question.objects.publicly_visible().filter(pk=question.pk).exists()
        return question.get_absolute_url() if is_public else None

    def get_readonly_fields(self, request, obj=None):
        """What was put, and more so what was sent, stands as it is."""
        slots = obj.slots.all() if obj else []
        if any(slot.letter_id for slot in slots):
            return FROZEN_WHEN_PUT + FROZEN_WHEN_SENT
        return FROZEN_WHEN_PUT if slots else []

    def get_changeform_initial_data(self, request):
        return {"language": "en"} | super().get_changeform_initial_data(request)

    def save_model(self, request, obj, form, change):
        """Its slots are locked before it, as issuing a letter locks them."""
        search_index.lock(Question.objects.filter(pk=obj.pk))
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        """Askers stand in the order given; those without a number come last."""
        if formset.model is not QuestionAsker:
            super().save_formset(request, form, formset, change)
            return
        formset.save(commit=False)  # fills in what the history says; the rows are made here
        if formset.has_changed():
            kept = [f.cleaned_data for f in formset.forms if f not in formset.deleted_forms]
            rows = [row for row in kept if row.get("asker")]
            rows.sort(key=lambda row: row.get("order") or LAST)
            form.instance.asked_by.all().delete()
            QuestionAsker.objects.bulk_create(
                QuestionAsker(question=form.instance, asker=row["asker"], position=position)
                for position, row in enumerate(rows, start=1)
            )

    def response_post_save_add(self, request, obj):
        return redirect("admin:questions_event_change", obj.event_id)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        question = self.get_object(request, unquote(object_id))
        context = {}
        if question:
            slots = question.slots.select_related("candidacy__state", "candidacy__event", "letter")
            slots = slots.defer("letter__file", "letter__text")
            context = {
                "slots": slots.order_by("candidacy__state__sort_key"),
                "translations": question.translations.order_by("language", "-pk"),
                "translate_address": translate_address(request, question),
                **self._may_withdraw(request, question),
                "may_put": self.has_put_permission(request)
                and question.status == QuestionStatus.ACCEPTED,
            }
        return super().change_view(request, object_id, form_url, context)

    # --- Withdrawing it from the public -------------------------------------------------------

    def has_withdraw_permission(self, request):
        return request.user.has_perm("questions.publish_response")

    def _may_withdraw(self, request, question):
        may = self.has_withdraw_permission(request)
        return {
            "may_withdraw": may and self.view_on_site(question) is not None,
            "may_restore": may and question.status == QuestionStatus.WITHDRAWN,
        }

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def withdraw(self, request, pk):
        question = found(self, request, pk, allowed=self.has_withdraw_permission(request))
        back = reverse("admin:questions_question_change", args=[question.pk])
        form = WithholdForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                withdraw_question(
                    question, **form.cleaned_data, by=request.user, at=request.received_at
                )
            except NotPublic:
                messages.error(request, "This question is not public.")
            else:
                messages.success(request, "The question is withdrawn.")
            return redirect(back)
        sentences = [
            "The question and every reply to it stop being public. Readers see the reason.",
            "Missions do not see it in their form any more either. Nothing is deleted.",
        ]
        context = {"form": form, "sentences": sentences, "button": "Withdraw", "back": back}
        title = f"Withdraw {question.symbol}?"
        return page(self, request, "admin/confirm.html", title, question, **context)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def restore(self, request, pk):
        """Who makes it public again reads first why it was withdrawn."""
        question = found(self, request, pk, allowed=self.has_withdraw_permission(request))
        back = reverse("admin:questions_question_change", args=[question.pk])
        if request.method != "POST" and question.status == QuestionStatus.WITHDRAWN:
            sentences = [
                who_withdrew(question.corrections.withdrawals().newest_first().first()),
                "The question and every published reply to it are public at once. Missions see it "
                "in their form again.",
            ]
            title = f"Make {question.symbol} public again?"
            context = {"sentences": sentences, "button": "Make it public again", "back": back}
            return page(self, request, "admin/confirm.html", title, question, **context)
        try:
            restore_question(question, by=request.user, at=request.received_at)
        except NotPublic:
            messages.error(request, "This question is not withdrawn.")
        else:
            messages.success(request, "The question is public again.")
        return redirect(back)

    # --- Putting it to States -----------------------------------------------------------------

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path(f"<int:pk>/{act.__name__}/", view(act), name=f"questions_question_{act.__name__}")
            for act in [self.put, self.withdraw, self.restore]
        ]
        return [*own, *super().get_urls()]

    def has_put_permission(self, request):
        return request.user.has_perm("questions.add_addressedquestion")

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def put(self, request, pk):
        question = found(self, request, pk, allowed=self.has_put_permission(request))
        candidacies = Candidacy.objects.filter(event=question.event).exclude(
            slots__question=question
        )
        if question.state_id:
            candidacies = candidacies.filter(state=question.state)
        candidacies = candidacies.with_names().order_by("state__sort_key")
        form = PutForm(candidacies, request.POST if "chosen" in request.POST else None)
        if "all" in request.POST:
            return self._put(request, question, list(candidacies))
        if form.is_valid():
            return self._put(request, question, form.cleaned_data["candidacies"])
        title = _("Put %(symbol)s to States") % {"symbol": question.symbol}
        return page(
            self,
            request,
            "admin/put_question.html",
            title,
            question,
            form=form,
            candidacies=candidacies,
            event_address=reverse("admin:questions_event_change", args=[question.event_id]),
        )

    def _put(self, request, question, candidacies):
        try:
            count = put_question(question, candidacies, by=request.user, at=request.received_at)
        except WrongScope:
            messages.error(
                request,
                _("The question was not put: it is not accepted, or it is another State's own."),
            )
            return redirect("admin:questions_question_change", question.pk)
        message = ngettext(
            "The question was put to %d State.", "The question was put to %d States.", count
        )
        messages.success(request, message % count)
        return redirect("admin:questions_question_change", question.pk)
