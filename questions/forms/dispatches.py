"""What staff type and choose when they write letters, send them and follow them up."""

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.models import Candidacy, Contact, Letterhead, LetterTemplate
from questions.parsing.images import MAX_BYTES, ImageRefused, read_image
from questions.plaintext import normalise

from .staff import described

BOX = {"cols": 80, "class": "vLargeTextField"}
PER_LINE = 72  # characters, about

# Where each paragraph of a template stands in the letter: {heading: {name: label}}
PARAGRAPHS = {
    gettext_lazy("Opening"): {
        "salutation_one": gettext_lazy("Salutation, one addressee"),
        "salutation_several": gettext_lazy("Salutation, several addressees"),
        "title": gettext_lazy("Title"),
    },
    gettext_lazy("The event"): {
        "event_held_online": gettext_lazy("Held online"),
        "event_held_at_venue": gettext_lazy("Held at a place"),
        "event_held": gettext_lazy("Place not known"),
        "audience": gettext_lazy("Audience known"),
        "audience_unknown": gettext_lazy("Audience not known"),
    },
    gettext_lazy("The State's part in it"): {
        "took_part": gettext_lazy("Took part"),
        "declined": gettext_lazy("Declined"),
        "no_reply": gettext_lazy("No reply"),
        "did_not_attend": gettext_lazy("Did not attend"),
        "unknown": gettext_lazy("Not known"),
    },
    gettext_lazy("What is asked"): {
        "purpose_two_sections": gettext_lazy("Own questions and questions to all"),
        "purpose_own_only": gettext_lazy("Own questions only"),
        "purpose_common_only": gettext_lazy("Questions to all only"),
        "publication_and_deadline": gettext_lazy("Publication and deadline"),
        "reply_form": gettext_lazy("The reply form"),
    },
    gettext_lazy("Headings and end"): {
        "heading_own": gettext_lazy("Heading of own questions"),
        "heading_common": gettext_lazy("Heading of questions to all"),
        "closing": gettext_lazy("Closing"),
    },
}


def box_of(name):
    """The name of the field in which a paragraph is written."""
    return f"text_{name}"


class LetterTemplateForm(forms.ModelForm):
    """The wording of letters, one box a paragraph; made whole by `letter_template_form`."""

    standard = {}
    unknown_placeholders = None

    class Meta:
        model = LetterTemplate
        fields = ["name", "is_default"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        texts = self.instance.texts or self.standard
        for name in self.standard:
            text = texts.get(name, "")
            if box_of(name) in self.fields:
                self.fields[box_of(name)].initial = text
                self.fields[box_of(name)].widget.attrs["rows"] = 1 + len(text) // PER_LINE

    def clean(self):
        super().clean()
        given = {name: self.cleaned_data.get(box_of(name), "") for name in self.standard}
        for name, text in given.items():
            self._check(name, text)
        self.instance.texts = {name: normalise(text) for name, text in given.items()}
        other = LetterTemplate.objects.filter(is_default=True).exclude(pk=self.instance.pk).first()
        if other and self.cleaned_data.get("is_default"):
            self.add_error(
                "is_default",
                _("“%(other)s” is proposed for new letters. Untick it there first.")
                % {"other": other},
            )

    def _check(self, name, text):
        for unknown in type(self).unknown_placeholders({name: text}):
            self.add_error(
                box_of(name),
                _("A lone brace: placeholders are written {state}.")
                if unknown in {"{", "}"}
                else _("%(what)s is not one of the placeholders.") % {"what": unknown},
            )


def letter_template_form(standard, unknown_placeholders):
    """The form with a box for each paragraph of the standard wording."""
    labels = {name: label for several in PARAGRAPHS.values() for name, label in several.items()}
    boxes = {
        box_of(name): forms.CharField(label=labels[name], widget=forms.Textarea(attrs=BOX))
        for name in standard
    }
    known = {"standard": standard, "unknown_placeholders": staticmethod(unknown_placeholders)}
    return type("WholeLetterTemplateForm", (LetterTemplateForm,), boxes | known)


class LetterheadForm(forms.ModelForm):
    """The office's paper; images are checked as files, whatever their name says."""

    new_logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
        help_text=gettext_lazy("PNG or JPEG, up to 1 MB and 4,000 pixels a side."),
    )
    no_logo = forms.BooleanField(label=gettext_lazy("Remove the logo"), required=False)
    new_signature = forms.FileField(
        label=gettext_lazy("Signature"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
        help_text=gettext_lazy("PNG or JPEG, up to 1 MB and 4,000 pixels a side."),
    )
    no_signature = forms.BooleanField(label=gettext_lazy("Remove the signature"), required=False)

    class Meta:
        model = Letterhead
        fields = [
            "address",
            "signatory_name",
            "signatory_title",
            "signatory_organisation",
            "signatory_email",
            "reply_contact_name",
            "reply_contact_email",
        ]

    def clean_address(self):
        return normalise(self.cleaned_data["address"])

    def clean_new_logo(self):
        return self._image("new_logo")

    def clean_new_signature(self):
        return self._image("new_signature")

    def _image(self, name):
        """The file's bytes; nothing where none was chosen."""
        file = self.cleaned_data[name]
        if not file:
            return b""
        content = file.read(MAX_BYTES + 1)
        try:
            read_image(content)
        except ImageRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return content

    def save(self, commit=True):
        for name in ["logo", "signature"]:
            if self.cleaned_data.get(f"no_{name}"):
                setattr(self.instance, name, None)
            if content := self.cleaned_data.get(f"new_{name}"):
                setattr(self.instance, name, content)
        return super().save(commit)


class ComposeForm(forms.Form):
    """With which words and of which day letters are written."""

    required_css_class = "required"
    template = forms.ModelChoiceField(
        LetterTemplate.objects.order_by("-is_default", "name"),
        label=gettext_lazy("Wording"),
        empty_label=None,
    )
    letter_date = forms.DateField(label=gettext_lazy("Date of the letter"))


class SeenForm(forms.Form):
    """The word to do what the page showed, and nothing else."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, shows, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.shows = shows
        self.fields["seen"].initial = shows

    def clean_seen(self):
        if self.cleaned_data["seen"] != self.shows:
            raise forms.ValidationError(
                _("Something has changed since this page was shown. Please look again.")
            )
        return self.shows


class SendForm(SeenForm):
    """The word to send, with the day on which the form closes."""

    required_css_class = "required"
    closes_on = forms.DateField(
        label=gettext_lazy("The form takes answers until the end of"),
        required=False,
        help_text=gettext_lazy("Empty: it stays open until the event is closed."),
    )


class LinkAgainForm(forms.Form):
    """To which addresses on file a new link goes."""

    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("To"),
        error_messages={"required": gettext_lazy("Choose at least one address.")},
    )

    def __init__(self, contacts, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contacts"].queryset = contacts
        self.fields["contacts"].label_from_instance = described


class ExtendForm(forms.Form):
    """A later deadline, for whom, and why."""

    required_css_class = "required"
    due_on = forms.DateField(
        label=gettext_lazy("Until the end of"), help_text=gettext_lazy("Later than it is now.")
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Shown in public beside both dates: at the State’s request, …"),
    )
    candidacies = forms.ModelMultipleChoiceField(
        Candidacy.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("For"),
        error_messages={"required": gettext_lazy("Choose at least one State.")},
    )

    def __init__(self, candidacies, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["candidacies"].queryset = candidacies
        self.fields["candidacies"].label_from_instance = state_and_deadline

    def clean(self):
        super().clean()
        due_on = self.cleaned_data.get("due_on")
        chosen = self.cleaned_data.get("candidacies") or []
        refused = [one for one in chosen if due_on and one.due_on >= due_on]
        if refused:
            self.add_error(
                "due_on",
                _("Not later than the deadline of %(states)s.")
                % {"states": ", ".join(state_and_deadline(one) for one in refused)},
            )


def state_and_deadline(candidacy):
    return f"{candidacy.state}: {date_format(candidacy.due_on)}"


class RemindForm(SeenForm):
    """The word to remind those that are chosen from the list that was shown."""

    candidacies = forms.ModelMultipleChoiceField(
        Candidacy.objects.none(),
        error_messages={"required": gettext_lazy("Choose at least one State.")},
    )

    def __init__(self, candidacies, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["candidacies"].queryset = candidacies
