"""What is typed is kept, or refused with a sentence, and shown as typed (ux.md §2.7)."""

import pytest

from questions.models import DraftAnswer
from tests.stopwatch import within

from .reply_pages import address, check_and_send, forms_of, make_reply, opened, page_of, save

pytestmark = pytest.mark.django_db

OUR_SCRIPT = '<script src="/static/js/reply.js" defer></script>'


def test_req_024_twenty_thousand_characters_are_kept_and_one_more_is_said_with_its_count():
    candidacy, (first, second) = make_reply(common=2)
    client = opened(candidacy)

    kept = save(client, first, "я" * 20_000, language="ru")
    refused = save(client, second, "я" * 20_001, language="ru")

    assert kept.status_code == 302
    assert DraftAnswer.objects.get().text == "я" * 20_000
    assert "This text must be 20,000 characters or fewer. Yours has 20,001" in refused.text
    assert forms_of(refused)[0].values["text"] == "я" * 20_001


@pytest.mark.parametrize(
    ("language", "typed", "kept"),
    [
        ("ar", "سنصدّق على الاتفاقية.\u200f\r\n\r\nنعم.", "سنصدّق على الاتفاقية.\u200f\n\nنعم."),
        ("zh-hans", "我们将批准。", "我们将批准。"),
        ("ru", "Да, «ратифицируем».", "Да, «ратифицируем»."),
        ("fr", "E\u0301tat d\u2019urgence\u00a0: oui", "État d\u2019urgence\u00a0: oui"),
        ("en", "👩\u200d🚀 🇺🇳", "👩\u200d🚀 🇺🇳"),
        ("es", "a\vb\x07c\u00ad", "a\nbc"),
        ("en", "\uf0b7 item", "• item"),
    ],
)
def test_req_024_text_of_every_script_is_kept_exactly(language, typed, kept):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)

    save(client, slot, typed, language=language)
    check_and_send(client, candidacy)

    response = slot.responses.get()
    assert (response.text, response.text_as_typed) == (kept, typed)
    assert response.language == language


@pytest.mark.parametrize(
    "body",
    [
        b"text=a%00b&language=en&ready=yes&revision=0",
        b"text=a%ED%A0%80b&language=en&ready=yes&revision=0",
        b"text=a&language=e%00n&ready=y%00es&revision=%00",
    ],
)
def test_req_024_nul_and_half_characters_are_field_errors(body):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)

    page = client.post(page_of(slot), body, content_type="application/x-www-form-urlencoded")

    assert page.status_code == 200
    assert "There is a problem" in page.text
    assert not DraftAnswer.objects.exists()


@pytest.mark.parametrize("mark", ["\u0301", "\u0316\u0301"])
def test_req_024_a_hundred_thousand_combining_marks_are_refused_in_a_moment(mark):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)

    with within(1):
        page = save(client, slot, "a" + mark * (100_000 // len(mark)))

    assert "Yours has 100,001" in page.text


@pytest.mark.parametrize("count", [19_000, 19_999])
def test_req_024_marks_that_fit_are_kept_in_a_moment(count):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)

    with within(1):
        page = save(client, slot, "x" + "\u0316\u0301" * (count // 2))

    assert page.status_code == 302


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "{{7*7}} {% now 'Y' %}",
    "</textarea><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_req_025_what_is_typed_is_shown_as_typed_on_every_screen(text):
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)
    stale = opened(candidacy, city="new_york")
    save(client, slot, "Something else")
    pages = [save(stale, slot, text), save(client, slot, text, ready="", revision=1)]
    save(client, slot, text, revision=1)
    pages += [client.get(address(candidacy, rest)) for rest in ["q1/", "check/"]]
    pages += [check_and_send(client, candidacy, signatory_name=text, declaration="")]
    check_and_send(client, candidacy, signatory_name=text)
    pages += [client.get(address(candidacy, rest)) for rest in ["r1/", "q1/", "questions/"]]

    for page in pages:
        assert "<script" not in page.text.replace(OUR_SCRIPT, "")
        assert "<img" not in page.text
        assert "<svg onload" not in page.text
        assert "javascript:" not in page.text.replace("[a](javascript:alert(1))", "")
    assert slot.responses.get().text == text
    download = client.get(address(candidacy, "r1/text/"))
    assert text in download.text
    assert download["Content-Type"].startswith("text/plain")
    assert download["X-Content-Type-Options"] == "nosniff"


def test_req_090_overrides_are_dropped_marks_kept_and_names_isolated():
    candidacy, (slot,) = make_reply()
    client = opened(candidacy)

    save(client, slot, "a\u202eb\u200fc\u200dd")
    check_and_send(client, candidacy, signatory_name="Dip\u202elomat")

    assert slot.responses.get().text == "ab\u200fc\u200dd"
    page = client.get(address(candidacy, "r1/"))
    assert "<bdi>Diplomat</bdi>" in page.text
    assert f"<bdi>{candidacy.state}</bdi>" in page.text
