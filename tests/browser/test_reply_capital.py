"""The capital's round trip in Chromium: downloading, bringing back, reading (ux.md M3)."""

import io
from datetime import timedelta

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from questions.models import DraftAnswer
from tests.browser.steps import follow
from tests.factories import make_candidacy, make_link, make_question, make_slot, make_state

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def octava():
    """A State with three questions, one in Arabic, and its mission's link."""
    due_at = timezone.now() + timedelta(days=7)
    candidacy = make_candidacy(state=make_state(name="Octava", iso3="XOC"), due_at=due_at)
    arabic = make_question(
        event=candidacy.event, language="ar", text="ماذا ستفعلون بشأن حرية التعبير في بلدكم؟"
    )
    questions = [make_question(event=candidacy.event) for _ in range(2)]
    slots = [make_slot(candidacy=candidacy, question=each) for each in [arabic, *questions]]
    _link, token = make_link(candidacy=candidacy)
    return candidacy, slots, f"/reply/open/{token}"


def filled_in(path, texts):
    """The downloaded document with a text under each symbol, a comment and a tracked insertion."""
    document = docx.Document(path)
    for symbol, text in texts.items():
        every = document.paragraphs
        line = next(n for n, p in enumerate(every) if symbol in p.text and "Note" in p.style.name)
        run = every[line + 1].add_run(text)
    document.add_comment([run], text="Cleared?", author="A. Person", initials="AP")
    change, added, piece = (OxmlElement(name) for name in ("w:ins", "w:r", "w:t"))
    piece.text = " indeed"
    piece.set(qn("xml:space"), "preserve")
    added.append(piece)
    change.append(added)
    run._r.addnext(change)
    document.paragraphs[0].insert_paragraph_before("Nobody knows where this belongs.")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def problems(page):
    return [one["id"] for one in Axe().run(page).response["violations"]]


def is_too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_word_document_goes_to_the_capital_and_comes_back(
    browser, live_server, octava, tmp_path, language, width, script
):
    candidacy, slots, link = octava
    context = browser.new_context(
        base_url=live_server.url,
        java_script_enabled=script,
        viewport={"width": width, "height": 800},
    )
    page = context.new_page()
    page.goto(link)
    page.goto(f"/{language}/reply/{candidacy.reference}/capital/")
    with page.expect_download() as download:
        page.click("a[href$='/capital/docx/']")
    download.value.save_as(tmp_path / "answers.docx")
    name = f"{candidacy.symbol.replace('/', '-')}-answers.docx"
    assert download.value.suggested_filename == name
    texts = {slots[0].symbol: "نعم، نحن ملتزمون بذلك.", slots[1].symbol: "Yes, we will"}
    content = filled_in(tmp_path / "answers.docx", texts)

    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    page.set_input_files(
        "[name=document]", {"name": "answers.docx", "mimeType": kind, "buffer": content}
    )
    follow(page, "form[enctype] button")
    looked_at = [(problems(page), is_too_wide(page))] if script else []
    follow(page, "form button.btn")
    assert page.locator(".errsum a").count() == 3  # changes, comments, a language
    looked_at += [(problems(page), is_too_wide(page))] if script else []
    page.check("[name=changes][value=accept]")
    page.check("[name=comments][value=leave]")
    page.select_option(f"[name=language-{slots[1].question.slug}]", "en")
    page.select_option("[name=put-0]", slots[2].question.slug)
    follow(page, "form button.btn")

    drafts = DraftAnswer.objects.order_by("slot__question__number")
    assert [(draft.text, draft.language, draft.is_ready) for draft in drafts] == [
        ("نعم، نحن ملتزمون بذلك.", "ar", False),
        ("Yes, we will indeed", "en", False),
        ("Nobody knows where this belongs.", "", False),
    ]
    follow(page, "button[name=make]")
    address = page.input_value("#address")
    looked_at += [(problems(page), is_too_wide(page))] if script else []
    reader = browser.new_context(
        base_url=live_server.url,
        locale=language,
        java_script_enabled=script,
        viewport={"width": width, "height": 800},
    )
    reading = reader.new_page()
    reading.goto("/reply/read/" + address.rsplit("/", 1)[-1])
    assert reading.locator(".body[lang=ar][dir=rtl]", has_text="نحن ملتزمون").count() == 1
    assert reading.locator("form, button, textarea").count() == 0
    looked_at += [(problems(reading), is_too_wide(reading))] if script else []
    context.close()
    reader.close()
    assert looked_at == [([], False)] * (4 if script else 0)
