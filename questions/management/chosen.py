"""What a command's arguments name: an event, States at it, a member of staff."""

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from questions.models import Event


def event_called(code):
    event = Event.objects.filter(code=code.upper()).first()
    if event is None:
        raise CommandError(f"There is no event {code}.")
    return event


def states_called(event, codes):
    """The candidacies of the States with these codes; None where none was chosen."""
    if not codes:
        return None
    wanted = {code.upper() for code in codes}
    chosen = list(event.candidacies.with_names().filter(state__iso3__in=wanted))
    if missing := wanted - {candidacy.state.iso3 for candidacy in chosen}:
        raise CommandError(f"Not at {event.code}: {', '.join(sorted(missing))}.")
    return chosen


def staff_called(username):
    users = get_user_model().objects.filter(is_active=True, is_staff=True)
    user = users.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no member of staff {username}.")
    return user
