import pytest
from django.conf import settings as current
from django.core.exceptions import ImproperlyConfigured

from questions.checks import production_is_safe, unsafe_settings

SECRET = "s" * 50
POSTGRES = {"default": {"ENGINE": "django.db.backends.postgresql"}}
SQLITE = {"default": {"ENGINE": "django.db.backends.sqlite3"}}


@pytest.fixture
def production(settings):
    settings.PORTAL_ENV = "production"
    settings.IS_PRODUCTION = True
    settings.DEBUG = False
    settings.SECRET_KEY = SECRET
    settings.ALLOWED_HOSTS = ["portal.example.org"]
    settings.BASE_URL = "https://portal.example.org"
    settings.SQLITE_IN_PRODUCTION = False
    settings.EMAIL_URL_IS_SET = True
    # Django warns when DATABASES is overridden: only what the check reads is replaced.
    settings.DATABASES["default"] = settings.DATABASES["default"] | POSTGRES["default"]
    return settings


@pytest.fixture(autouse=True)
def same_database():
    before = current.DATABASES["default"]
    yield
    current.DATABASES["default"] = before


def test_req_093_a_safe_production_has_no_gap(production):
    assert unsafe_settings() == []


@pytest.mark.parametrize(
    ("change", "number", "word"),
    [
        ({"DEBUG": True}, 1, "DEBUG"),
        ({"SECRET_KEY": "short"}, 2, "SECRET_KEY"),
        ({"SECRET_KEY": ""}, 2, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": []}, 3, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ["portal.example.org", "*"]}, 3, "ALLOWED_HOSTS"),
        ({"BASE_URL": "http://portal.example.org"}, 4, "BASE_URL"),
        ({"BASE_URL": ""}, 4, "BASE_URL"),
        ({"EMAIL_URL_IS_SET": False}, 6, "EMAIL_URL"),
    ],
)
def test_req_093_each_gap_is_one_sentence_that_names_the_variable(production, change, number, word):
    for name, value in change.items():
        setattr(production, name, value)

    (found,) = unsafe_settings()

    assert found[0] == number
    assert word in found[1]
    assert found[1].endswith(".")


def test_req_093_sqlite_in_production_needs_an_explicit_yes(production):
    production.DATABASES["default"] = production.DATABASES["default"] | SQLITE["default"]
    without = unsafe_settings()
    production.SQLITE_IN_PRODUCTION = True

    assert [number for number, _gap in without] == [5]
    assert unsafe_settings() == []


def test_req_093_the_gaps_are_errors_of_the_system_check(production):
    production.DEBUG = True

    (error,) = production_is_safe(None)

    assert (error.id, error.is_serious()) == ("portal.E001", True)


def test_a_demo_may_be_anything_but_without_a_key(production):
    production.IS_PRODUCTION = False
    production.PORTAL_ENV = "demo"
    production.DEBUG = True
    with_key = unsafe_settings()
    production.SECRET_KEY = ""

    assert with_key == []
    assert [number for number, _gap in unsafe_settings()] == [2]


def test_tests_may_be_anything(production):
    production.IS_PRODUCTION = False
    production.PORTAL_ENV = "test"
    production.SECRET_KEY = ""

    assert unsafe_settings() == []


def test_django_refuses_an_empty_key_in_the_way_the_check_expects(settings):
    settings.SECRET_KEY = ""

    with pytest.raises(ImproperlyConfigured):
        len(current.SECRET_KEY)
