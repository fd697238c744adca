"""Translations beside their originals: entered by one person, published by another."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.forms import model_to_dict
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from questions.forms.staff import WithdrawForm
from questions.forms.translations import TranslationForm, warnings_of
from questions.models import Question, Response, Translation, TranslationStatus
from questions.operations.taken_out import redactions_of, standing_in
from questions.operations.translations import (
    NothingToTranslate,
    TranslationChanged,
    TranslationSettled,
    enter_translation,
    publish_translation,
    revise_translation,
    withdraw_translation,
)
from questions.operations.two_people import NotTheirs, SamePerson, is_another

from .base import ReadOnlyAdmin, excerpt_of, found, moment_column, page
from .site import staff_site

WHY_NOT = {
    NothingToTranslate: "There is no text to translate, or it is in that language already.",
    TranslationChanged: "It was changed after you opened this page. Read it again.",
    TranslationSettled: "It was published or withdrawn meanwhile.",
    NotTheirs: "Only who entered it changes it: who publishes it has written no word of it.",
    SamePerson: "You entered it: someone else publishes it.",
}


@admin.register(Translation, site=staff_site)
class TranslationAdmin(ReadOnlyAdmin):
    list_display = ["of", "language", "excerpt", "kind", "made_by", "status", "entered"]
    list_filter = ["status", "language", "kind"]
    search_fields = ["text"]
    ordering = ["-entered_at"]
    actions = None
    change_form_template = "admin/translation.html"
    entered = moment_column("entered_at", "entered")

    def get_queryset(self, request):
        return super().get_queryset(request).with_originals()

    @admin.display(description="of")
    def of(self, translation):
        return translation.original.symbol

    @admin.display(description="text")
    def excerpt(self, translation):
        return excerpt_of(translation.text)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        translation = self.get_object(request, unquote(object_id))
        context = self._beside(request, translation) if translation else {}
        return super().change_view(request, object_id, form_url, context)

    def _beside(self, request, translation):
        is_draft = translation.status == TranslationStatus.DRAFT
        entered_by = translation.entered_by
        may = request.user.has_perm("questions.publish_translation")
        return {
            "translation": translation,
            "original_text": translation.original,
            "original_address": address_of(translation.original),
            "warnings": [*warnings_of(translation), *words_in(translation)] if is_draft else [],
            "may_revise": is_draft
            and translation.entered_by_id == request.user.pk
            and request.user.has_perm("questions.change_translation"),
            "may_publish": is_draft and may and is_another(entered_by, by=request.user),
            "waits_for_another": is_draft and not is_another(entered_by, by=request.user),
            "may_withdraw": may and translation.status != TranslationStatus.WITHDRAWN,
        }

    def get_urls(self):
        pages = [
            ("of/<str:kind>/<int:pk>/", self.enter, "enter"),
            ("<int:pk>/revise/", self.revise, "revise"),
            ("<int:pk>/publish/", self.publish, "publish"),
            ("<int:pk>/withdraw/", self.withdraw, "withdraw"),
        ]
        ours = [
            path(address, self.admin_site.admin_view(view), name=f"questions_translation_{name}")
            for address, view, name in pages
        ]
        return [*ours, *super().get_urls()]

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def enter(self, request, kind, pk):
        if not may_translate(request, kind):
            raise PermissionDenied
        original = get_object_or_404(originals(kind), pk=pk)
        form = self._form(request, original)
        if form.is_valid():
            try:
                draft = enter_translation(
                    original, **form.cleaned_data, by=request.user, at=request.received_at
                )
            except NothingToTranslate as refusal:
                messages.error(request, WHY_NOT[type(refusal)])
                return redirect(address_of(original))
            messages.success(request, "The draft is stored. Another person can publish it.")
            return redirect("admin:questions_translation_change", draft.pk)
        return self._ask(request, original, form, "Translate", address_of(original))

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def revise(self, request, pk):
        may = request.user.has_perm("questions.change_translation")
        translation = found(self, request, pk, allowed=may)
        form = self._form(request, translation.original, translation)
        if form.is_valid():
            facts = {name: form.cleaned_data[name] for name in form.fields}
            self._try(
                request,
                "The draft is changed.",
                revise_translation,
                translation,
                **facts,
                sha256=request.POST.get("sha256", ""),
            )
            return redirect("admin:questions_translation_change", translation.pk)
        back = reverse("admin:questions_translation_change", args=[translation.pk])
        title = f"Change {translation}"
        sha256 = request.POST.get("sha256", translation.sha256)
        return self._ask(request, translation.original, form, title, back, sha256=sha256)

    @method_decorator(require_http_methods(["POST"]))
    def publish(self, request, pk):
        may = request.user.has_perm("questions.publish_translation")
        translation = found(self, request, pk, allowed=may)
        sha256 = request.POST.get("sha256", "")
        done = "The translation is public with its original."
        self._try(request, done, publish_translation, translation, sha256=sha256)
        return redirect("admin:questions_translation_change", translation.pk)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def withdraw(self, request, pk):
        may = request.user.has_perm("questions.publish_translation")
        translation = found(self, request, pk, allowed=may)
        form = WithdrawForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            done = "The translation is withdrawn."
            self._try(request, done, withdraw_translation, translation, reason=reason)
            return redirect("admin:questions_translation_change", translation.pk)
        return page(
            self,
            request,
            "admin/confirm.html",
            f"Withdraw {translation}?",
            translation,
            form=form,
            sentences=["No public page shows it any more. The row stays, with the reason."],
            button="Withdraw",
            back=reverse("admin:questions_translation_change", args=[translation.pk]),
        )

    def _form(self, request, original, draft=None):
        form = TranslationForm(
            original,
            request.POST if request.method == "POST" else None,
            initial=model_to_dict(draft) if draft else {},
            last_day=localdate(request.received_at),
        )
        if draft:
            del form.fields["language"]
        return form

    def _ask(self, request, original, form, title, back, sha256=""):
        return page(
            self,
            request,
            "admin/translate.html",
            title,
            original_text=original,
            form=form,
            back=back,
            sha256=sha256,
        )

    def _try(self, request, done, operation, translation, **facts):
        """Say what was done, or why it was not."""
        try:
            operation(translation, **facts, by=request.user, at=request.received_at)
        except tuple(WHY_NOT) as refusal:
            messages.error(request, WHY_NOT[type(refusal)])
        else:
            messages.success(request, done)


def words_in(translation):
    """Sentences that name the words which were taken out of the reply that it is of."""
    response = translation.response
    if response is None:
        return []
    standing = standing_in(
        response, redactions_of([response.slot_id]), translation=translation.text
    )
    return [
        f"It has words that {redaction.entered_by} took out of this reply: {', '.join(words)}."
        for redaction, words in standing
    ]


def originals(kind):
    """What can be translated; of another kind there is nothing."""
    if kind == "response":
        return Response.objects.exclude(text="").with_names()
    if kind == "question":
        return Question.objects.select_related("event", "state")
    return Question.objects.none()


def address_of(original):
    return reverse(f"admin:questions_{original._meta.model_name}_change", args=[original.pk])


def may_translate(request, kind):
    """Who enters a translation sees its original, public or not (security.md 54)."""
    may = request.user.has_perm
    return may("questions.add_translation") and may(f"questions.view_{kind}")


def translate_address(request, original):
    """Where a translation of it is entered, by who may."""
    kind = original._meta.model_name
    if not original.text or not may_translate(request, kind):
        return None
    return reverse("admin:questions_translation_enter", args=[kind, original.pk])
