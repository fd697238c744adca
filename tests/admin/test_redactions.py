"""What staff see of words that were taken out of a reply (security.md 51)."""

import pytest
from django.urls import reverse

from questions.models import Ground, Response, ResponseStatus
from questions.operations.redactions import redact_response
from tests.factories import (
    BEFORE,
    make_alert,
    make_question,
    make_response,
    make_slot,
    make_translation,
    make_user,
)
from tests.operations.test_whereabouts import NOT_PUBLIC, PUBLIC

from .pages import change_page, messages_of

pytestmark = pytest.mark.django_db


def redact(response, text, by):
    return redact_response(
        response,
        text,
        reason="It named a person at risk.",
        ground=Ground.PERSON,
        keeps_files=True,
        by=by,
        at=BEFORE,
    )


def again(response):
    return reverse("admin:questions_response_again", args=[response.pk])


@pytest.fixture
def earlier():
    """Withheld because a later text of the same reply had its words taken out."""
    slot = make_slot()
    earlier = make_response(slot=slot, text="Canary came.", published=True, status="superseded")
    later = make_response(slot=slot, text="Aziza Canary came.", published=True)
    redact(later, "[…] came.", make_user(username="someone"))
    return earlier


def test_req_051_a_wording_with_the_words_is_published_after_a_look_only(admin, earlier):
    said = "It has words that someone took out of this reply: canary."
    shown = admin.get(change_page(earlier)).text
    asked = admin.get(again(earlier)).text

    unasked = admin.post(again(earlier))

    assert said in shown
    assert said in asked
    assert 'name="words_may_stand"' in asked
    assert "This field is required." in unasked.text
    assert not Response.objects.publicly_visible().exists()
    admin.post(again(earlier), {"words_may_stand": "on"})
    assert list(Response.objects.publicly_visible()) == [earlier]


def test_req_051_what_comes_later_with_the_words_is_not_published_by_one_press(admin, earlier):
    sent = make_response(slot=earlier.slot, text="Canary again.")
    publish = reverse("admin:questions_response_publish", args=[sent.pk])
    page = admin.get(change_page(sent)).text
    assert publish not in page
    assert again(sent) in page

    pressed = admin.post(publish, follow=True)

    assert messages_of(pressed) == [
        "Words that were taken out of the reply stand in it, or elsewhere in public: "
        "publish it on its own page."
    ]
    sent.refresh_from_db()
    assert sent.status == ResponseStatus.RECEIVED
    admin.post(again(sent), {"words_may_stand": "on"})
    assert list(Response.objects.publicly_visible()) == [sent]


def test_req_051_who_took_them_out_publishes_neither(client, earlier):
    who = Response.objects.get(redacts__isnull=False).entered_by
    who.is_superuser = True
    who.save()
    client.force_login(who)

    page = client.post(again(earlier), {"words_may_stand": "on"}, follow=True)

    assert messages_of(page) == ["You took words out of it: someone else publishes it."]
    assert not Response.objects.publicly_visible().exists()


def test_req_051_staff_are_shown_where_else_the_words_stand_before_they_publish(admin):
    question = make_question(text="Why was Aziza Canary arrested?")
    make_translation(of=make_response(), text="Canary aussi.", published=False)
    make_alert(words="canary")
    response = make_response(
        slot=make_slot(question=question), text="Aziza Canary came.", published=True
    )
    redacted = redact(response, "[…] came.", make_user())
    publish = reverse("admin:questions_response_publish", args=[redacted.pk])

    shown = admin.get(change_page(redacted)).text
    asked = admin.get(again(redacted)).text
    admin.post(publish)

    for page in [shown, asked]:
        place = f'<a href="{change_page(question)}"><bdi>{question.symbol}</bdi></a>'
        assert f"Question: {place} · <bdi>aziza, canary</bdi>" in page
        assert "(not public) · <bdi>canary</bdi>" in page
        assert "In the searches of 1 alert, which their readers alone see." in page
    assert publish not in shown
    assert not Response.objects.publicly_visible().exists()
    admin.post(again(redacted), {"words_may_stand": "on"})
    assert list(Response.objects.publicly_visible()) == [redacted]


def test_req_051_where_they_stand_nowhere_it_is_published_at_once(admin):
    redacted = redact(make_response(text="Canary came.", published=True), "[…] came.", make_user())

    page = admin.get(change_page(redacted)).text
    admin.post(reverse("admin:questions_response_publish", args=[redacted.pk]))

    assert "In no other text of the record." in page
    assert list(Response.objects.publicly_visible()) == [redacted]


def test_every_place_has_a_screen(admin):
    makers = PUBLIC | NOT_PUBLIC
    rows = {what: make() for what, make in makers.items()}
    redacted = redact(make_response(text="Canary came.", published=True), "[…] came.", make_user())

    page = admin.get(change_page(redacted))

    addresses = [address for _place, address in page.context["standing"].places["found"]]
    assert len(addresses) == len(rows)
    assert [admin.get(address).status_code for address in addresses] == [200] * len(rows)


def test_req_051_a_translation_with_the_words_says_so_before_it_is_published(admin, earlier):
    redacted = Response.objects.get(redacts__isnull=False)
    named = make_translation(of=redacted, text="Canary est venue.", published=False)
    other = make_translation(of=redacted, text="Quelqu’un est venu.", published=False)

    said = "It has words that someone took out of this reply: canary."
    assert said in admin.get(change_page(named)).text
    assert said not in admin.get(change_page(other)).text
