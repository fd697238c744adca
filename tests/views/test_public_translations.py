"""Translations on the public pages: folded below the original, labelled, each in its language."""

import re

import pytest
from django.test import Client

from questions.models import Edition, Response, TranslationKind
from questions.operations.publication import withhold_responses
from questions.operations.search_index import rebuild_search_index
from questions.operations.translations import withdraw_translation
from tests.factories import make_translation, make_user
from tests.seals import unsealed

from .public_pages import PAGES, TODAY, bodies, forget_kept_pages, publish, read, words_of

pytestmark = pytest.mark.django_db

WITH_ANSWER = [
    "/en/2021/q1/",
    "/en/2021/q1/xka/",
    "/en/2021/q1/xka/v1/",
    "/en/2021/xka/",
    "/en/states/xka/",
]
WITH_QUESTION = ["/en/2021/xka-1/", "/en/2021/xka/"]


def answer():
    """To Q1; another answers the State's own question."""
    return Response.objects.get(slot__question__state=None)


def folded(page):
    """(label, language, direction, text) of each translation, in order."""
    found = re.findall(
        r'<details class="tr"><summary>(.*?)</summary>.*?'
        r'<div class="body" lang="(.*?)" dir="(.*?)"><p>(.*?)</p></div></details>',
        page.content.decode(),
        re.S,
    )
    return [(re.sub("<.*?>", "", label), *rest) for label, *rest in found]


@pytest.mark.parametrize("address", WITH_ANSWER)
def test_translations_of_an_answer_are_folded_below_it(record, address):
    response = answer()
    make_translation(of=response, language="ar", text="نعم.")
    make_translation(of=response, language="zh-hans", text="是。")

    page = read(address)

    assert folded(page) == [
        ("Translation into Arabic by ISHR, 5 October 2021", "ar", "rtl", "نعم."),
        ("Translation into Chinese by ISHR, 5 October 2021", "zh-Hans", "ltr", "是。"),
    ]
    body = page.content.decode()
    assert body.index('<div class="body" lang="en" dir="ltr"><p>Yes.</p>') < body.index("نعم.")
    assert body.count("Only the text above is the original.") == 2


@pytest.mark.parametrize("address", WITH_QUESTION)
def test_translations_of_a_question_are_folded_below_it(record, address):
    question = record.questions.get(state__iso3="XKA")
    make_translation(of=question, text="Que ferez-vous ?")

    assert folded(read(address)) == [
        ("Translation into French by ISHR, 5 October 2021", "fr", "ltr", "Que ferez-vous ?")
    ]


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        (TranslationKind.OFFICIAL, "Official translation into French by <i>M</i>, 5 October 2021"),
        (TranslationKind.OFFICE, "Translation into French by <i>M</i>, 5 October 2021"),
        (TranslationKind.MACHINE, "Machine translation into French by <i>M</i>, 5 October 2021"),
    ],
)
def test_the_label_says_who_made_it_and_escapes_the_name(record, kind, label):
    make_translation(of=answer(), kind=kind, made_by="<i>M</i>")

    page = read("/en/2021/q1/xka/")

    assert label in words_of(page)
    assert "<i>M</i>" not in page.content.decode()


def test_the_language_of_the_page_comes_first(record):
    for language in ["ar", "es", "fr"]:
        make_translation(of=answer(), language=language, text=language)

    assert [text for *_label, text in folded(read("/en/2021/q1/"))] == ["ar", "fr", "es"]
    assert [text for *_label, text in folded(read("/es/2021/q1/"))] == ["es", "ar", "fr"]


def test_a_later_version_has_no_translation_of_the_earlier_one(record):
    first = answer()
    make_translation(of=first)
    Response.objects.filter(pk=first.pk).update(status="superseded")
    publish(first.slot, text="Perhaps.")

    assert folded(read("/en/2021/q1/xka/")) == folded(read("/en/2021/q1/xka/v2/")) == []
    assert len(folded(read("/en/2021/q1/xka/v1/"))) == 1


def test_req_047_a_translation_that_is_not_published_changes_no_byte(record):
    before = bodies()

    for original in [answer(), *record.questions.all()]:
        make_translation(of=original, text="CANARY", published=False)
        make_translation(of=original, text="CANARY", status="withdrawn", withdrawn_reason="CANARY")
    Edition.objects.bump(at=TODAY)

    assert bodies() == before


def test_req_047_the_same_translations_show_once_they_are_published(record):
    """The control of the test above."""
    before = bodies()

    for original in [answer(), *record.questions.all()]:
        make_translation(of=original, text="CANARY")
    Edition.objects.bump(at=TODAY)

    after = bodies()
    changed = {address for address in PAGES if after[address] != before[address]}
    assert changed >= {*WITH_ANSWER, *WITH_QUESTION, "/en/2021/q2/", "/en/2021/q2/xka/"}


@pytest.mark.parametrize("act", ["withdraw", "withhold"])
def test_req_050_what_is_withdrawn_is_gone_from_every_page_at_once(record, act):
    translation = make_translation(of=answer(), text="CANARY")
    before = bodies(WITH_ANSWER)

    if act == "withdraw":
        withdraw_translation(translation, reason="A name.", by=make_user(), at=TODAY)
    else:
        withhold_responses(Response.objects.all(), reason="A name.", by=make_user(), at=TODAY)

    after = bodies(WITH_ANSWER)
    assert all(b"CANARY" in body for _status, body, _tag in before.values())
    assert not any(b"CANARY" in body for _status, body, _tag in after.values())
    assert not {tag for *_page, tag in before.values()} & {tag for *_page, tag in after.values()}


def found(query):
    forget_kept_pages()
    return Client().get("/en/search/", {"q": query}).content.decode()


def test_search_shows_the_words_of_a_translation_with_its_label(record):
    for original, text in [
        (answer(), "نحمي حقوق الإنسان."),
        (record.questions.first(), "ما رأيكم؟"),
    ]:
        make_translation(of=original, language="fr", text="CANARY haricots", published=False)
        make_translation(of=original, language="ar", text=text)
    rebuild_search_index()

    of_answer, of_question = found("انسان"), found("رأيكم")
    label = "<p>Translation into Arabic by <bdi>ISHR</bdi>, 5 October 2021:</p>"
    passage = '<p class="passage" lang="ar" dir="rtl">'

    assert f"{label}{passage}نحمي حقوق <mark>الإنسان</mark>.</p>" in of_answer
    assert f"{label}{passage}ما <mark>رأيكم</mark>؟</p>" in of_question
    assert "Nothing found" in found("haricots")


def test_search_shows_the_original_where_it_has_the_words(record):
    make_translation(of=answer(), language="es", text="Yes, dijo Kalba.")
    rebuild_search_index()

    page = found("yes")

    assert '<p class="passage" lang="en" dir="ltr"><mark>Yes</mark>.</p>' in page
    assert "dijo" not in page


def test_a_refusal_with_a_reason_in_no_language_is_found(record):
    sent = Response.objects.first()
    with unsealed():
        Response.objects.all().delete()
    publish(sent.slot, kind="declined", language="", text="Kalba refuses.")
    rebuild_search_index()

    assert "<mark>refuses</mark>" in found("refuses")
