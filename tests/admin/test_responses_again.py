"""Publishing what was withheld (security.md 50)."""

import pytest
from django.urls import reverse

from questions.models import Response, ResponseStatus
from questions.operations.publication import withhold_responses
from questions.operations.redactions import redact_response
from tests.factories import AFTER, make_response

from .pages import act, change_page, messages_of

pytestmark = pytest.mark.django_db


def withheld(**facts):
    return make_response(
        status=ResponseStatus.WITHHELD, withheld_reason="It names a person.", **facts
    )


def test_what_was_withheld_is_published_again_only_where_its_reason_was_read(admin, boss):
    response = make_response(text="Yes.", published=True)
    withhold_responses(
        Response.objects.all(), reason="It names a person.", ground="person", by=boss, at=AFTER
    )
    again = reverse("admin:questions_response_again", args=[response.pk])

    seen = admin.get(change_page(response))
    direct = admin.post(
        reverse("admin:questions_response_publish", args=[response.pk]), follow=True
    )
    asked = admin.get(again)
    response.refresh_from_db()
    status_before = response.status
    page = admin.post(again, follow=True)

    response.refresh_from_db()
    assert (seen.context["may_publish"], seen.context["may_publish_again"]) == (False, True)
    assert f'href="{again}"' in seen.content.decode()
    assert messages_of(direct) == [
        "Nothing was published: it is public, replaced, withheld, or waits for its text."
    ]
    assert asked.context["sentences"] == [
        "boss withdrew it on 10 October 2021. To protect a person: It names a person.",
        "Readers get its text at once. The register of corrections says that it was published "
        "again.",
    ]
    assert status_before == ResponseStatus.WITHHELD
    assert messages_of(page) == ["1 response was published."]
    assert response.status == ResponseStatus.PUBLISHED


def test_what_was_never_public_is_published_after_all_without_a_word_of_the_register(admin):
    response = withheld()

    asked = admin.get(reverse("admin:questions_response_again", args=[response.pk]))

    assert asked.context["sentences"] == [
        "It is withheld: It names a person.",
        "Readers get its text at once.",
    ]


def test_only_what_is_withheld_is_published_after_all(admin):
    response = make_response()
    again = reverse("admin:questions_response_again", args=[response.pk])

    pages = [admin.get(again, follow=True), admin.post(again, follow=True)]

    response.refresh_from_db()
    assert [messages_of(page) for page in pages] == [
        ["It is not withheld, or words were taken out of it."]
    ] * 2
    assert response.status == ResponseStatus.RECEIVED


def test_a_text_from_which_words_were_taken_out_offers_no_way_back_to_readers(admin, boss):
    response = make_response(text="We met Canary in May.", published=True)
    left = redact_response(
        response,
        text="We met […] in May.",
        ground="person",
        reason="At risk.",
        keeps_files=True,
        by=boss,
        at=AFTER,
    )

    closed = admin.get(change_page(response))
    own = admin.get(change_page(left))
    again = admin.get(reverse("admin:questions_response_again", args=[response.pk]), follow=True)

    assert [closed.context[name] for name in ["may_publish", "may_publish_again"]] == [False] * 2
    assert "no reader gets it any more" in closed.content.decode()
    assert "As the State sent it" in closed.content.decode()
    assert messages_of(again) == ["It is not withheld, or words were taken out of it."]
    assert "You took words out of it: someone else publishes it." in own.content.decode()
    assert 'value="Publish"' not in own.content.decode()


def test_publish_many_leaves_out_what_was_withheld(admin):
    received, kept = make_response(text="One."), withheld(text="Two.")

    asked = act(admin, "publish_chosen", [received, kept])
    act(admin, "publish_chosen", [received, kept], confirmed="yes")

    kept.refresh_from_db()
    assert list(asked.context["rows"]) == [received]
    assert kept.status == ResponseStatus.WITHHELD
