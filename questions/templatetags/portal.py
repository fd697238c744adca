"""What every page prints of the portal itself; needs neither request nor database."""

from django import template
from django.conf import settings
from django.utils.html import format_html

register = template.Library()


@register.simple_tag
def office_email() -> str:
    """The role address at which people reach the office."""
    return settings.OFFICE_EMAIL


@register.simple_tag
def base_url() -> str:
    """Where the portal is served, without a slash at the end."""
    return settings.BASE_URL


@register.filter
def outward(source: str) -> str:
    """A source as staff entered it; a link where it is a web address and nothing else."""
    if source.startswith(("https://", "http://")):
        return format_html('<a href="{}" rel="external noreferrer">{}</a>', source, source)
    return source
