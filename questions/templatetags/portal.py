"""What every page prints of the portal itself; needs neither request nor database."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def office_email() -> str:
    """The role address at which people reach the office."""
    return settings.OFFICE_EMAIL


@register.simple_tag
def base_url() -> str:
    """Where the portal is served, without a slash at the end."""
    return settings.BASE_URL
