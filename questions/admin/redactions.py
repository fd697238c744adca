"""Taking words out of a text that the public reads (security.md 51)."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from questions.differences import difference
from questions.forms.corrections import RedactionForm
from questions.models import ResponseStatus
from questions.operations.redactions import (
    MARK,
    NothingTakenOut,
    WordsAdded,
    WordsRepeated,
    redact_response,
)
from questions.operations.taken_out import redactions_of, standing_in
from questions.operations.two_people import is_another
from questions.operations.whereabouts import Whereabouts, whereabouts_of

from .base import found, page

PART_OF = {"deadlineextension": "candidacy", "eventsession": "event"}
WHY_NOT = {
    WordsAdded: ("text", f"Only take words out, and write {MARK} where they stood."),
    NothingTakenOut: ("text", "Every word you took out still stands somewhere in the text."),
    WordsRepeated: ("reason", "The reason is public: do not repeat what you took out."),
}


@dataclass
class WordsStanding:
    """What who publishes a text looks at: words that were taken out of the reply, and stand."""

    sentences: list[str]  # on those in the text itself
    whereabouts: Whereabouts | None  # of those taken out to make it

    @property
    def asks(self):
        return bool(self.sentences) or bool(self.whereabouts and self.whereabouts.is_public)

    @property
    def places(self):
        return self.whereabouts and {
            "found": [(place, address_of(place.row)) for place in self.whereabouts.places],
            "common": sorted(self.whereabouts.common),
            "alerts": self.whereabouts.alerts,
        }


def words_standing(response):
    if not response.is_unpublished and not response.redacts_id:
        return WordsStanding([], None)
    sentences = [
        f"It has words that {redaction.entered_by} took out of this reply: {', '.join(words)}. "
        "Someone else publishes it, or takes them out here too."
        for redaction, words in standing_in(response, redactions_of([response.slot_id]))
    ]
    return WordsStanding(sentences, whereabouts_of(response) if response.redacts_id else None)


def address_of(row):
    """Of the screen on which staff change it, or what it is part of."""
    row = getattr(row, PART_OF.get(row._meta.model_name, ""), row)
    return reverse(f"admin:questions_{row._meta.model_name}_change", args=[row.pk])


class RedactionPages:
    """For the screen of responses."""

    def redaction_of(self, request, response):
        """What its page shows of this."""
        before = response.redacts.text if response.redacts_id else ""
        is_closed = response.redactions.exists()
        may = self.has_publish_permission(request)
        return {
            "is_closed": is_closed,
            "may_redact": may and bool(response.text) and not is_closed,
            "pieces": difference(before, response.text) if before else [],
            "waits_for_another": response.status == ResponseStatus.RECEIVED
            and response.redacts_id is not None
            and not is_another(response.entered_by, by=request.user),
        }

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def redact(self, request, pk):
        response = found(self, request, pk, allowed=self.has_publish_permission(request))
        back = reverse("admin:questions_response_change", args=[response.pk])
        if not self.redaction_of(request, response)["may_redact"]:
            messages.error(request, "There is nothing to take words out of.")
            return redirect(back)
        form = RedactionForm(
            request.POST if request.method == "POST" else None, initial={"text": response.text}
        )
        if form.is_valid():
            try:
                redacted = redact_response(
                    response, **form.cleaned_data, by=request.user, at=request.received_at
                )
            except tuple(WHY_NOT) as refusal:
                form.add_error(*WHY_NOT[type(refusal)])
            else:
                messages.success(
                    request,
                    "Withheld. Someone else publishes the text below. See where the words still "
                    "stand.",
                )
                return redirect("admin:questions_response_change", redacted.pk)
        sentences = [
            "The text as the State sent it is withheld at once and stays sealed. So is every other "
            "wording of this reply that has one of the words.",
            "Someone else than you publishes what is left. Readers see that words were taken out, "
            "when and why.",
        ]
        context = {"form": form, "sentences": sentences, "button": "Take out", "back": back}
        title = f"Take words out of {response.symbol}?"
        return page(self, request, "admin/confirm.html", title, response, **context)
