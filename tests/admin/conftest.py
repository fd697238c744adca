import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.factories import make_user


@pytest.fixture
def boss():
    return make_user(username="boss", is_superuser=True)


@pytest.fixture
def admin(boss):
    """A browser in which a superuser is logged in."""
    return logged_in(boss)


@pytest.fixture
def staff_with():
    """Makes a browser of a member of staff with these permissions only."""

    def make(*codenames):
        user = make_user()
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        assert user.user_permissions.count() == len(codenames)
        return logged_in(user)

    return make


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client
