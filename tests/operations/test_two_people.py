import pytest

from questions.operations.two_people import SamePerson, require_another
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("is_superuser", [False, True])
def test_who_entered_may_not_publish_superusers_too(is_superuser):
    entering = make_user(is_superuser=is_superuser)

    with pytest.raises(SamePerson):
        require_another(entering, by=entering)


def test_another_person_may_publish():
    require_another(make_user(), by=make_user())


def test_in_an_office_of_one_the_same_person_may_publish(settings):
    settings.TWO_PEOPLE = False
    only = make_user()

    require_another(only, by=only)
