"""Letters out: composing them, and issuing what was composed."""

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from questions.documents.letters import DocumentNotSet, DocumentTooLarge, UnreadableImage
from questions.forms.dispatches import ComposeForm, SeenForm
from questions.models import (
    Candidacy,
    Event,
    Letter,
    LetterContent,
    Letterhead,
    LetterOrigin,
    LetterStatus,
    LetterTemplate,
    QuestionStatus,
)
from questions.operations.compositions import LetterIncomplete, TemplateRefused
from questions.operations.issuing import (
    AlreadyIssued,
    LetterOutdated,
    draft_letter,
    draft_letters,
    issue_all,
    issue_composed,
)
from questions.operations.letters import NothingToIssue

from .base import fingerprint, page, wanted
from .site import staff_site

NOT_MADE = (DocumentNotSet, DocumentTooLarge, UnreadableImage)
HEAVY = ["text", "file", "content"]  # of a letter, where it is only named


def event_pages():
    """The addresses below an event's page."""
    view = staff_site.admin_view
    return [
        path("<int:pk>/letters/", view(compose), name="questions_event_compose"),
        path("<int:pk>/letters/issue/", view(issue_letters), name="questions_event_issue"),
    ]


def candidacy_pages():
    view = staff_site.admin_view
    return [path("<int:pk>/compose/", view(compose_one), name="questions_candidacy_compose")]


def letter_pages():
    view = staff_site.admin_view
    return [path("<int:pk>/issue/", view(issue_one), name="questions_letter_issue")]


# --- Composing ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def compose(request, pk):
    """Drafts for every State with questions that no letter took to it."""
    event = wanted(request, Event, pk, "add_letter")
    form = _compose_form(request, event)
    if form.is_valid():
        try:
            count = draft_letters(event, **_as_chosen(request, form))
        except TemplateRefused:
            form.add_error("template", _("A paragraph of this wording is missing. Open it first."))
        else:
            messages.success(
                request,
                ngettext("%(n)d letter composed.", "%(n)d letters composed.", count) % {"n": count},
            )
            return redirect("admin:questions_event_compose", event.pk)
    candidacies = _with_letters(event.candidacies.still_standing())
    return page(
        staff_site.get_model_admin(Event),
        request,
        "admin/compose.html",
        _("Letters of %(event)s") % {"event": event.code},
        event,
        form=form,
        candidacies=candidacies,
        waiting=sum(candidacy.unsent > 0 for candidacy in candidacies),
        drafts=sum(len(candidacy.drafts) for candidacy in candidacies),
        has_wording=LetterTemplate.objects.exists(),
        letterhead=Letterhead.objects.first(),
        back=reverse("admin:questions_event_change", args=[event.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def compose_one(request, pk):
    """A State's next letter; a corrected one where all its questions were sent before."""
    candidacy = wanted(request, Candidacy, pk, "add_letter")
    form = _compose_form(request, candidacy.event)
    if form.is_valid():
        try:
            letter = draft_letter(candidacy, **_as_chosen(request, form))
        except NothingToIssue:
            form.add_error(None, _("No question was put to this State."))
        except LetterIncomplete as incomplete:
            what = ", ".join(incomplete.missing)
            form.add_error(None, _("Not known yet: %(what)s.") % {"what": what})
        except TemplateRefused:
            form.add_error("template", _("A paragraph of this wording is missing. Open it first."))
        else:
            messages.success(request, _("The letter is composed. Please read it before issuing."))
            return redirect("admin:questions_letter_change", letter.pk)
    return page(
        staff_site.get_model_admin(Candidacy),
        request,
        "admin/compose_one.html",
        _("Compose the letter to %(state)s") % {"state": candidacy.state},
        candidacy,
        form=form,
        has_wording=LetterTemplate.objects.exists(),
        unsent=candidacy.slots.unsent().with_names().in_letter_order(),
        back=reverse("admin:questions_candidacy_change", args=[candidacy.pk]),
    )


def _compose_form(request, event):
    return ComposeForm(
        request.POST if request.method == "POST" else None,
        initial={"letter_date": event.letter_date or request.received_at.date()},
    )


def _as_chosen(request, form):
    return {
        "template": form.cleaned_data["template"],
        "letter_date": form.cleaned_data["letter_date"],
        "letterhead": Letterhead.objects.first(),
        "by": request.user,
        "at": request.received_at,
    }


def _with_letters(candidacies):
    """Each with `unsent` (how many questions wait for a letter), `drafts` and `issued`."""
    letters = Letter.objects.defer(*HEAVY).order_by("number")
    drafts = letters.filter(status=LetterStatus.DRAFT, origin=LetterOrigin.COMPOSED)
    waiting = Q(slots__letter=None, slots__question__status=QuestionStatus.ACCEPTED)
    return (
        candidacies.with_names()
        .annotate(unsent=Count("slots", filter=waiting))
        .prefetch_related(
            Prefetch("letters", drafts, to_attr="drafts"),
            Prefetch("letters", letters.issued(), to_attr="issued"),
        )
        .order_by("state__sort_key")
    )


# --- Issuing --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def issue_letters(request, pk):
    """Every draft of the event, after the list of all of them."""
    event = wanted(request, Event, pk, "add_letter")
    standing = event.candidacies.still_standing()
    drafts = list(
        Letter.objects.filter(
            candidacy__in=standing, status=LetterStatus.DRAFT, origin=LetterOrigin.COMPOSED
        )
        .select_related("candidacy__event", "candidacy__state")
        .defer("text", "file")
        .order_by("candidacy__state__sort_key")
    )
    back = reverse("admin:questions_event_compose", args=[event.pk])
    return _ask_to_issue(
        request,
        drafts,
        lambda: issue_all(event, by=request.user, at=request.received_at),
        staff_site.get_model_admin(Event),
        event,
        back,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def issue_one(request, pk):
    letter = wanted(request, Letter, pk, "add_letter")
    back = reverse("admin:questions_letter_change", args=[letter.pk])
    is_draft = letter.status == LetterStatus.DRAFT and letter.origin == LetterOrigin.COMPOSED

    def issue():
        issue_composed(letter, by=request.user, at=request.received_at)
        return 1

    return _ask_to_issue(
        request,
        [letter] if is_draft else [],
        issue,
        staff_site.get_model_admin(Letter),
        letter,
        back,
    )


def _ask_to_issue(request, drafts, issue, model_admin, original, back):
    """The list of what would be frozen, and the word to do it."""
    if not drafts:
        messages.info(request, _("There is no draft to issue."))
        return redirect(back)
    form = SeenForm(
        fingerprint([(letter.pk, letter.text_sha256) for letter in drafts]),
        request.POST if request.method == "POST" else None,
    )
    if form.is_valid():
        _issue(request, issue)
        return redirect(back)
    return page(
        model_admin,
        request,
        "admin/compose_issue.html",
        ngettext("Issue %(n)d letter?", "Issue %(n)d letters?", len(drafts)) % {"n": len(drafts)},
        original,
        form=form,
        has_changed=form.is_bound,
        rows=[(letter, *_what_it_says(letter)) for letter in drafts],
        back=back,
    )


def _what_it_says(letter):
    content = LetterContent.from_json(letter.content)
    return content.addressees, sum(len(section.questions) for section in content.sections)


def _issue(request, issue):
    """Says what was done, or why nothing was."""
    try:
        count = issue()
    except AlreadyIssued:
        messages.info(request, _("The letter had been issued before."))
    except LetterOutdated as outdated:
        states = ", ".join(str(letter.candidacy.state) for letter in outdated.letters)
        messages.error(
            request,
            _("Nothing was issued. What the letters say has changed: compose again for %(states)s.")
            % {"states": states},
        )
    except NOT_MADE as refusal:
        messages.error(
            request, _("Nothing was issued. A file could not be made: %(why)s") % {"why": refusal}
        )
    else:
        messages.success(
            request, ngettext("%(n)d letter issued.", "%(n)d letters issued.", count) % {"n": count}
        )
