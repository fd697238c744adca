"""Translations in the staff's screens: beside the original, by two people."""

import pytest
from django.urls import reverse

from questions.models import Translation, TranslationKind, TranslationStatus
from tests.admin.pages import change_page, messages_of
from tests.factories import make_question, make_response, make_slot, make_translation, make_user

pytestmark = pytest.mark.django_db

TYPED = {
    "language": "fr",
    "kind": "ishr",
    "made_by": "ISHR",
    "made_on": "2021-10-05",
    "text": "Oui,\r\n\r\nnous le ferons.",
}


def enter_page(original):
    return reverse(
        "admin:questions_translation_enter", args=[original._meta.model_name, original.pk]
    )


def act(client, name, translation, **posted):
    address = reverse(f"admin:questions_translation_{name}", args=[translation.pk])
    return client.post(address, posted, follow=True)


@pytest.mark.parametrize("kind", ["response", "question"])
def test_a_translation_is_typed_beside_its_original(admin, boss, kind):
    question = make_slot(question=make_question(text="ماذا ستفعلون؟", language="ar")).question
    response = make_response(text="نعم.", language="ar", published=True)
    original = {"response": response, "question": question}[kind]
    page_of_original = admin.get(change_page(original)).content.decode()

    form = admin.get(enter_page(original)).content.decode()
    page = admin.post(enter_page(original), TYPED, follow=True)

    draft = Translation.objects.get()
    assert f'href="{enter_page(original)}"' in page_of_original
    assert f'<div class="words" lang="ar" dir="rtl"><p>{original.text}</p></div>' in form
    assert ('value="ar"' in form, 'value="official"' in form) == (False, kind == "response")
    assert page.redirect_chain == [(change_page(draft), 302)]
    assert (draft.original, draft.text) == (original, "Oui,\n\nnous le ferons.")
    assert (draft.status, draft.entered_by) == (TranslationStatus.DRAFT, boss)
    body = page.content.decode()
    assert "Translation into French by <bdi>ISHR</bdi>, 5 October 2021" in body
    assert '<div class="words" lang="fr" dir="ltr"><p>Oui,</p>' in body
    assert f'href="{change_page(draft)}"' in admin.get(change_page(original)).content.decode()


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"text": " \n"}, {"text": ["This field is required."]}),
        ({"text": "a\ufdd0\x00"}, {"text": ["Null characters are not allowed."]}),
        ({"made_on": "2999-01-01"}, {"made_on": ["This day is in the future."]}),
        ({"made_by": ""}, {"made_by": ["This field is required."]}),
        (
            {"language": "en"},
            {"language": ["Select a valid choice. en is not one of the available choices."]},
        ),
    ],
)
def test_what_cannot_be_stored_is_said_and_nothing_is_lost(admin, typed, errors):
    original = make_response(text="Yes.", published=True)

    page = admin.post(enter_page(original), TYPED | typed)

    assert page.context["form"].errors == errors
    assert not Translation.objects.exists()


def test_a_text_that_is_not_there_has_nothing_to_translate(admin):
    declined = make_response(text="", kind="declined", language="", published=True)

    assert enter_page(declined) not in admin.get(change_page(declined)).content.decode()
    assert admin.get(enter_page(declined)).status_code == 404
    other = reverse("admin:questions_translation_enter", args=["letter", 1])
    assert admin.get(other).status_code == 404


@pytest.mark.parametrize("rights", [["add_translation"], ["view_response"], []])
def test_req_054_who_may_not_read_the_original_or_translate_enters_nothing(staff_with, rights):
    original = make_response(text="Yes.")
    client = staff_with(*rights)

    assert client.get(enter_page(original)).status_code == 403
    assert client.post(enter_page(original), TYPED).status_code == 403
    both = staff_with("add_translation", "view_response")
    assert both.get(enter_page(original)).status_code == 200


def test_another_person_publishes_what_was_looked_at(admin):
    draft = make_translation(published=False)

    page = act(admin, "publish", draft, sha256=draft.sha256)

    assert messages_of(page) == ["The translation is public with its original."]
    assert list(Translation.objects.publicly_visible()) == [draft]


def test_req_044_a_superuser_does_not_publish_a_translation_of_their_own(admin, boss):
    draft = make_translation(published=False, entered_by=boss)

    page = act(admin, "publish", draft, sha256=draft.sha256)

    assert messages_of(page) == ["You entered it: someone else publishes it."]
    assert not Translation.objects.publicly_visible().exists()


@pytest.mark.parametrize("sha256", ["", "0" * 64])
def test_what_changed_since_it_was_looked_at_is_not_published(admin, sha256):
    draft = make_translation(published=False)

    page = act(admin, "publish", draft, sha256=sha256)

    assert messages_of(page) == ["It was changed after you opened this page. Read it again."]
    assert not Translation.objects.publicly_visible().exists()


def test_a_draft_is_changed_by_who_entered_it_only(admin, boss):
    draft = make_translation(published=False, entered_by=boss)
    of_another = make_translation(published=False)
    address = reverse("admin:questions_translation_revise", args=[draft.pk])

    form = admin.get(address)
    typed = form.context["form"].initial | {"text": "Oui !", "sha256": draft.sha256}
    page = admin.post(address, {name: typed[name] for name in [*TYPED, "sha256"]}, follow=True)

    draft.refresh_from_db()
    assert messages_of(page) == ["The draft is changed."]
    assert (draft.text, draft.entered_by, draft.language) == ("Oui !", boss, "fr")
    refused = admin.post(
        reverse("admin:questions_translation_revise", args=[of_another.pk]),
        {name: typed[name] for name in TYPED} | {"sha256": of_another.sha256},
        follow=True,
    )
    assert messages_of(refused) == [
        "Only who entered it changes it: who publishes it has written no word of it."
    ]
    assert Translation.objects.get(pk=of_another.pk).text == of_another.text


def test_a_translation_is_withdrawn_with_a_reason(admin):
    translation = make_translation()

    asked = act(admin, "withdraw", translation, reason=" ")
    page = act(admin, "withdraw", translation, reason="A slip.")

    translation.refresh_from_db()
    assert asked.context["form"].errors == {"reason": ["This field is required."]}
    assert messages_of(page) == ["The translation is withdrawn."]
    assert translation.withdrawn_reason == "A slip."
    assert messages_of(act(admin, "withdraw", translation, reason="Again.")) == [
        "It was published or withdrawn meanwhile."
    ]


def test_what_may_be_a_slip_is_said_before_it_is_published(admin):
    original = make_response(text="Yes.\n\nWe will.", published=True, status="superseded")
    make_translation(of=original)
    draft = make_translation(of=original, text="Мы защищаем права человека.", published=False)
    second = make_translation(of=original, text="Oui.\n\nNous le ferons.", published=False)
    hidden = make_translation(of=make_response(), text="Oui.", published=False)

    assert list(admin.get(change_page(draft)).context["warnings"]) == [
        "The text looks like Russian; the language chosen is French.",
        "The original has 2 paragraphs, the translation 1.",
        "The original is an earlier wording; the one in force has texts of its own.",
        "Publishing it withdraws the translation into this language that is public.",
        "Another draft into this language waits. Withdraw the one not to be used.",
    ]
    assert list(admin.get(change_page(second)).context["warnings"])[-1].startswith("Another draft")
    assert list(admin.get(change_page(hidden)).context["warnings"]) == [
        "The original is not public. The translation is shown once it is."
    ]


def test_req_046_no_form_and_no_list_sets_a_translation_public(admin):
    draft = make_translation(published=False)

    admin.post(change_page(draft), {"status": "published", "_save": "Save"})
    admin.post(reverse("admin:questions_translation_add"), TYPED | {"status": "published"})
    admin.post(
        reverse("admin:questions_translation_changelist"),
        {"form-0-id": draft.pk, "form-0-status": "published", "_save": "Save"},
    )

    assert [t.status for t in Translation.objects.all()] == [TranslationStatus.DRAFT]


def test_the_list_costs_the_same_queries_at_any_size(admin, django_assert_num_queries):
    for _row in range(2):
        make_translation()
    address = reverse("admin:questions_translation_changelist")
    admin.get(address)
    with django_assert_num_queries(6):
        admin.get(address)
    make_translation(of=make_question(), kind=TranslationKind.MACHINE, entered_by=make_user())
    with django_assert_num_queries(6):
        page = admin.get(address)
    assert "Q1" in page.content.decode()
