"""Themes of questions."""

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language, pgettext, pgettext_lazy

from questions.ordering import sort_key

# Those that come with the portal, so that the catalogues know them; staff may add others.
NAMES = (
    pgettext_lazy("theme", "Accountability"),
    pgettext_lazy("theme", "Child rights"),
    pgettext_lazy("theme", "Civil society participation"),
    pgettext_lazy("theme", "Education"),
    pgettext_lazy("theme", "Freedom of expression"),
    pgettext_lazy("theme", "Health"),
    pgettext_lazy("theme", "Human rights defenders"),
    pgettext_lazy("theme", "Human rights of LGBTI persons"),
    pgettext_lazy("theme", "Standards of Council membership"),
    pgettext_lazy("theme", "Peaceful assembly and association"),
    pgettext_lazy("theme", "Refugees"),
)


class Topic(models.Model):
    """A theme of questions, such as human rights defenders."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        """In the language of the page; a theme of the staff's own as they wrote it."""
        return pgettext("theme", self.name)

    def get_absolute_url(self):
        return reverse("public:topic_detail", args=[self.slug])

    @property
    def place(self) -> str:
        """By which a list in the active language is sorted."""
        return sort_key(str(self), get_language() or "en")
