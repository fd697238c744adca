"""Addresses that readers ask for whatever a page names."""

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static

pytestmark = pytest.mark.django_db


def test_favicon_leads_to_the_icon_that_pages_name(client):
    page = client.get("/favicon.ico")

    assert (page.status_code, page.headers["Location"]) == (302, static("favicon.svg"))
    assert finders.find("favicon.svg")
    assert not page.cookies
