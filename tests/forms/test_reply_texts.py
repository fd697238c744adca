"""Slips that are asked about, and real prose in six languages that is not (ux.md §2.3)."""

from pathlib import Path

import pytest

from questions.forms.reply_texts import FEWEST_WORDS, LATIN, doubts, looks_like
from tests.stopwatch import within

ROOT = Path(__file__).parent.parent.parent
LETTER = (ROOT / "questions/data/letter_kazakhstan_2021.txt").read_text(encoding="utf-8")

# Universal Declaration of Human Rights, the first article and the beginning of the second.
DECLARATION = {
    "en": "All human beings are born free and equal in dignity and rights. They are endowed with"
    " reason and conscience and should act towards one another in a spirit of brotherhood.\n\n"
    "Everyone is entitled to all the rights and freedoms set forth in this Declaration, without"
    " distinction of any kind, such as race, colour, sex, language, religion, political or other"
    " opinion, national or social origin, property, birth or other status.",
    "fr": "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués"
    " de raison et de conscience et doivent agir les uns envers les autres dans un esprit de"
    " fraternité.\n\nChacun peut se prévaloir de tous les droits et de toutes les libertés"
    " proclamés dans la présente Déclaration, sans distinction aucune, notamment de race, de"
    " couleur, de sexe, de langue, de religion, d'opinion politique ou de toute autre opinion,"
    " d'origine nationale ou sociale, de fortune, de naissance ou de toute autre situation.",
    "es": "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como"
    " están de razón y conciencia, deben comportarse fraternalmente los unos con los otros.\n\n"
    "Toda persona tiene todos los derechos y libertades proclamados en esta Declaración, sin"
    " distinción alguna de raza, color, sexo, idioma, religión, opinión política o de cualquier"
    " otra índole, origen nacional o social, posición económica, nacimiento o cualquier otra"
    " condición.",
    "ru": "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены"
    " разумом и совестью и должны поступать в отношении друг друга в духе братства.\n\nКаждый"
    " человек должен обладать всеми правами и всеми свободами, провозглашенными настоящей"
    " Декларацией, без какого бы то ни было различия.",
    "ar": "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق، وقد وهبوا عقلاً وضميراً وعليهم أن"
    " يعامل بعضهم بعضاً بروح الإخاء.\n\nلكل إنسان حق التمتع بكافة الحقوق والحريات الواردة في هذا"
    " الإعلان، دون أي تمييز.",
    "zh-hans": "人人生而自由，在尊严和权利上一律平等。他们赋有理性和良心，并应以兄弟关系的精神相"
    "对待。\n\n人人有资格享有本宣言所载的一切权利和自由，不分种族、肤色、性别、语言、宗教、政治"
    "或其他见解、国籍或社会出身、财产、出生或其他身分等任何区别。",
}
NAMES = {
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "ru": "Russian",
    "ar": "Arabic",
    "zh-hans": "Chinese",
}


@pytest.mark.parametrize("written", DECLARATION)
@pytest.mark.parametrize("chosen", DECLARATION)
@pytest.mark.parametrize("article", [0, 1])
def test_each_article_is_taken_for_its_language_and_for_no_other(written, chosen, article):
    text = DECLARATION[written].split("\n\n")[article]

    found = [str(question) for _field, question in doubts(text, chosen)]

    assert found == (
        []
        if written == chosen
        else [
            f"This text looks like {NAMES[written]}, but the language chosen is {NAMES[chosen]}."
            " Check the language, or select “It is correct as it is”"
        ]
    )


def test_the_real_letter_is_english_as_it_is():
    assert looks_like(LETTER) == "en"
    assert doubts(LETTER, "en") == []
    paragraphs = [paragraph for paragraph in LETTER.split("\n") if paragraph.strip()]
    assert [doubts(paragraph, "en") for paragraph in paragraphs] == [[]] * len(paragraphs)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Oui, le Gouvernement et les autorités sont prêts.", "en"),  # too short to say
        ("See the reply of the Government.", "fr"),
        # an English answer that quotes a law at length
        (f"The Constitution of the Republic says in Article 2: “{DECLARATION['fr']}”", "en"),
        (f"{DECLARATION['es']} (en francés: «{DECLARATION['fr']}»)", "es"),
        # names, and nothing else
        ("International Service for Human Rights, Amnesty International, " * 8, "es"),
        ("Comisión Nacional, Defensoría, Universidad Autónoma, Tegucigalpa, " * 8, "en"),
        # addresses and symbols
        ("A/HRC/RES/48/13 CCPR/C/KAZ/CO/2 https://www.ohchr.org/ " * 8, "fr"),
        ("Ja.", "en"),
        ("", "en"),
    ],
)
def test_no_false_alarm(text, language):
    assert doubts(text, language) == []


def test_a_text_is_judged_by_its_words_from_twenty_on():
    words = DECLARATION["fr"].split()

    assert looks_like(" ".join(words[: FEWEST_WORDS - 1])) == LATIN
    assert looks_like(" ".join(words[:FEWEST_WORDS])) == "fr"


def test_a_long_answer_with_one_paragraph_in_another_language_is_not_doubted():
    assert doubts(f"{DECLARATION['en']}\n\n{DECLARATION['es']}", "en") == []
    assert doubts(f"{DECLARATION['en']}\n\n{DECLARATION['es']}", "es") == []


@pytest.mark.parametrize(
    "trace",
    [
        "Commented [A1]",
        "Commentaire [A1]",
        "{ PAGE",
        "{ CITATION Kaz21",
        "Erreur ! Source du renvoi introuvable",
        "¡Error! Marcador no definido",
        "Ошибка! Источник ссылки не найден",
        "错误!未找到引用源",
        "خطأ! لم يتم العثور على مصدر المرجع",
        "<o:p",
        "<!--[if",
        "mso-style",
    ],
)
def test_what_word_leaves_in_any_language_is_asked_about(trace):
    ((field, question),) = doubts(f"A. {trace} B.", "")

    assert field == "text"
    assert f"field codes from Word: “{trace}" in question


@pytest.mark.parametrize("line", ["Formatted: Font: Bold", "Supprimé : et", "Удалено: и"])
def test_the_margin_of_tracked_changes_is_asked_about_where_a_line_begins_with_it(line):
    assert [field for field, _question in doubts(f"A.\n{line}", "")] == ["text"]
    assert doubts(f"A {line}", "") == []


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize(
    "text", ["État", "élections à Genève", "señor", "l’État", "привет", "中国"]
)
def test_letters_read_in_the_wrong_encoding_are_asked_about(text, encoding):
    misread = text.encode().decode(encoding, "ignore")

    found = [str(question) for _field, question in doubts(f"A {misread} b", "")]

    assert any("look as if they had been read wrongly: “" in question for question in found)


def test_cyrillic_read_as_windows_1251_is_asked_about():
    misread = "Российская Федерация".encode().decode("cp1251", "ignore")

    assert [field for field, _question in doubts(misread, "ru")] == ["text"]


@pytest.mark.parametrize(
    "text",
    [
        *DECLARATION.values(),
        "SÃO TOMÉ, ÉTAT, MAÑANA «ESPAÑA» Âge, Ðuro, Ñandú, Øystein, Ùna; 25 % ± 3°",
        "«РЕСПУБЛИКА», Россия №1, «Рёбра», СССР",
    ],
)
def test_letters_with_marks_are_not_taken_for_misread_ones(text):
    assert not any("read wrongly" in str(question) for _field, question in doubts(text, ""))


@pytest.mark.parametrize(
    "piece", ["{ REF ", "[AB", "Ð", "Р", "Deleted", "mso-", "<!--", "\n", "d'", "ä¸"]
)
def test_req_024_hostile_texts_are_looked_at_in_a_moment(piece):
    text = (piece * 20_000)[:20_000]

    with within(0.5):
        doubts(text, "en")
