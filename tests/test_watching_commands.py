"""`--watch`: a job that stays, and says only what it did."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from questions.management import watching
from questions.models import MailStatus, Question
from tests.factories import BEFORE, make_alert, make_mail, make_response

pytestmark = pytest.mark.django_db


class SeenEnough(Exception):
    pass


def alert_is_due():
    make_response(published=True, published_at=BEFORE + timedelta(days=1))
    Question.objects.update(seen_public_at=BEFORE)
    make_alert(confirmed_at=BEFORE)


def mail_is_due():
    make_mail(status=MailStatus.QUEUED, at=BEFORE)


@pytest.mark.parametrize(
    ("command", "becomes_due", "every", "said"),
    [
        ("send_alerts", alert_is_due, 60, "1 queued\n"),
        ("send_mail", mail_is_due, 5, "1 sent, 0 put off, 0 refused, 0 possibly sent\n"),
    ],
)
def test_a_watching_job_looks_again_and_says_only_what_it_did(
    monkeypatch, capsys, command, becomes_due, every, said
):
    waits = []

    def wait(seconds):
        waits.append(seconds)
        if len(waits) == 1:
            becomes_due()
        if len(waits) == 3:
            raise SeenEnough

    monkeypatch.setattr(watching.time, "sleep", wait)
    with pytest.raises(SeenEnough):
        call_command(command, watch=True)

    assert waits == [every] * 3
    assert capsys.readouterr().out == said
