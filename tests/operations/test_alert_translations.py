"""Alerts: a translation is told to those who follow the text and read its language."""

import pytest

from questions.models import AddressedQuestion, EventStatus, Question, Topic
from questions.operations.alerts import SETTLED_AFTER, queue_alerts
from questions.operations.outbox import send_due_mail
from questions.operations.publication import open_event
from questions.operations.search_index import refresh_answers, refresh_questions
from questions.operations.translations import withdraw_translation
from tests.factories import (
    make_alert,
    make_candidacy,
    make_event,
    make_response,
    make_slot,
    make_state,
    make_translation,
    make_user,
)

from .alert_mails import DAY, EARLIER, MINUTE, NOW, READER, SETTLED, publish, sent, told

pytestmark = pytest.mark.django_db


def translate(of, *, at=NOW, **fields):
    return make_translation(of=of, published_at=at, **fields)


def read_before(**fields):
    """A slot whose question and reply have been public for two days."""
    slot = make_slot(candidacy=make_candidacy(event=make_event(**fields)))
    slot.question.topics.add(Topic.objects.get_or_create(slug="defenders", name="Defenders")[0])
    response = publish(slot, at=NOW - 2 * DAY)
    Question.objects.update(seen_public_at=NOW - 2 * DAY)
    return slot, response


def follow(slot, language="fr"):
    for email, about in {
        "all": {},
        "event": {"event": slot.question.event},
        "state": {"state": slot.candidacy.state},
        "question": {"question": slot.question},
        "topic": {"topic": slot.question.topics.get()},
        "asker": {"asker": slot.question.askers.get()},
        "search": {"words": "eau"},
        "no-state": {"state": make_state()},
        "no-search": {"words": "feu"},
    }.items():
        email = f"{email}@example.org"
        make_alert(email=email, confirmed_at=EARLIER, language=language, **about)


FOLLOWERS = [
    f"{name}@example.org"
    for name in ["all", "asker", "event", "question", "search", "state", "topic"]
]


def test_a_translation_of_a_reply_is_told_to_who_follows_it_and_reads_the_language(mailoutbox):
    slot, response = read_before()
    follow(slot)
    make_alert(confirmed_at=EARLIER, language="es")
    make_alert(confirmed_at=EARLIER, language="es", words="eau")
    translate(response, language="fr", text="De l'eau propre.")
    refresh_answers(AddressedQuestion.objects.all())

    messages = sent(mailoutbox)

    assert sorted(message.to[0] for message in messages) == FOLLOWERS
    page = slot.get_absolute_url().replace("/en/", "/fr/")
    for message in messages:
        assert f"{slot.symbol} – {slot.candidacy.state}\n" in message.body
        assert f"\nNouvelle traduction\nhttp://127.0.0.1:8000{page}\n" in message.body
        assert "propre" not in message.body


def test_a_translation_of_a_question_is_told_to_who_follows_a_state_that_was_asked(mailoutbox):
    slot, _response = read_before()
    follow(slot)
    translate(slot.question, language="fr", text="L'eau ?")
    refresh_questions(Question.objects.all())

    messages = sent(mailoutbox)

    assert sorted(message.to[0] for message in messages) == FOLLOWERS
    for message in messages:
        assert f"{slot.question.symbol}\n" in message.body
        assert message.body.count("Nouvelle traduction") == 1


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr", "ru", "zh-hans"])
def test_a_new_translation_is_called_so_in_every_language(mailoutbox, language):
    _slot, response = read_before()
    make_alert(email=READER, confirmed_at=EARLIER, language=language)
    translate(response, language=language)

    [message] = sent(mailoutbox)

    news = {
        "ar": "ترجمة جديدة",
        "en": "New translation",
        "es": "Nueva traducción",
        "fr": "Nouvelle traduction",
        "ru": "Новый перевод",
        "zh-hans": "新译文",
    }
    assert message.body.splitlines()[2] == news[language]


def test_a_translation_that_came_with_its_text_is_told_with_it(mailoutbox):
    event = make_event(status=EventStatus.DRAFT)
    slot = make_slot(candidacy=make_candidacy(event=event))
    response = make_response(slot=slot, published=True, published_at=EARLIER)
    translate(response, language="fr", at=NOW + DAY - MINUTE)
    translate(slot.question, language="fr", at=NOW + DAY - MINUTE)
    make_alert(confirmed_at=EARLIER - DAY, language="fr")
    assert queue_alerts(at=SETTLED) == 0

    open_event(event, by=None, at=NOW + DAY)
    queue_alerts(at=NOW + DAY)

    assert queue_alerts(at=NOW + DAY + SETTLED_AFTER) == 1
    send_due_mail(at=NOW + DAY + SETTLED_AFTER)
    [message] = mailoutbox
    assert "Nouvelle question\n" in message.body
    assert "traduction" not in message.body


def test_what_is_not_public_of_translations_is_told_to_nobody(mailoutbox):
    slot, response = read_before()
    make_alert(confirmed_at=EARLIER, language="fr")
    make_translation(of=response, language="fr", published=False)
    specimen, theirs = read_before(is_specimen=True)
    translate(theirs, language="fr")
    translate(specimen.question, language="fr")
    assert queue_alerts(at=SETTLED) == 0

    withdrawn = translate(slot.question, language="fr", at=NOW + DAY)
    assert queue_alerts(at=SETTLED + DAY) == 1
    withdraw_translation(withdrawn, reason="A mistake", by=make_user(), at=SETTLED + DAY)
    send_due_mail(at=SETTLED + DAY)

    assert list(mailoutbox) == []
    assert told() == []
