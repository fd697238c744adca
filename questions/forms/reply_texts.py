"""What is probably a slip in a text that a mission typed or pasted (ux.md §2.3): asked about.

Nothing here refuses a text. Everything takes time in proportion to it, also for hostile text.
"""

import re
from collections import Counter

from django.utils.translation import gettext_lazy as _

from questions.models import UN_LANGUAGES

LATIN = "latin"
LETTERS = {
    "ar": re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"),
    "zh-hans": re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    LATIN: re.compile("[A-Za-z\u00c0-\u024f]"),
}
# Frequent in one of the three and, as words, in neither of the others.
_FREQUENT = {
    "en": "the of and to in that for with are be this by has have was were which its their they"
    " from not been will would should our we is it at",
    "fr": "le les des du et est dans qui pour une par au aux avec ce cette ces il elle ils sont"
    " ont être nous leur leurs sur pas mais ou où à d l qu n s c j",
    "es": "el los las del y por con para como más sus al este esta estos estas ha han fue lo pero"
    " sobre entre también su cada desde ser o otra otro otras otros cualquier todos todas tiene",
}
FUNCTION_WORDS = {code: words.split() for code, words in _FREQUENT.items()}
FEWEST_WORDS = 20  # shorter texts are left alone: a title or a name decides them
LEAST_SHARE = 0.15  # of all words; real prose has a quarter and more
LEAST_LEAD = 5  # times as many as of the language chosen: a text that quotes has some of both
WORD = re.compile(r"[^\W\d_]+")

LOOKS = dict(UN_LANGUAGES) | {LATIN: _("English, French or Spanish")}
LOOKS_OTHERWISE = _(
    "This text looks like %(looks)s, but the language chosen is %(chosen)s. "
    "Check the language, or select “It is correct as it is”"
)

WORD_TRACES = re.compile(
    r"\[[A-Z]{2,3}\d{1,3}\]"  # a comment's mark
    r"|\b(?:Comment(?:ed|aire)?|Comentario|Примечание|批注|تعليق) ?\[[A-Z]\d{1,3}\]"
    r"|\{ ?(?:PAGEREF|HYPERLINK|REF|TOC|SEQ|MERGEFIELD|PAGE|NUMPAGES|NOTEREF|STYLEREF|ADDIN"
    r"|INCLUDEPICTURE|DOCPROPERTY|CITATION|FORMTEXT)\b[^{}]{0,60}"
    r"|Error! (?:Bookmark|Reference source) not (?:defined|found)"
    r"|Erreur\s?! (?:Source du renvoi introuvable|Signet non défini)"
    r"|¡Error! (?:No se encuentra el origen de la referencia|Marcador no definido)"
    r"|Ошибка! (?:Источник ссылки не найден|Закладка не определена)"
    r"|错误[!！] ?未(?:找到引用源|定义书签)"
    r"|خطأ! (?:لم يتم العثور على مصدر المرجع|الإشارة المرجعية غير معرّفة)"
    # what a tracked change shows in the margin, on a line of its own
    r"|^(?:Formatted|Mis en forme|Con formato|Отформатировано|带格式的)[ \xa0]?[:：]"
    r"|^(?:Deleted|Supprimé|Eliminado|Удалено|删除的内容)[ \xa0]?[:：]"
    r"|</?[ow]:[A-Za-z]{1,20}\b|<!--\[if\b|\bmso-[a-z]{2,20}",
    re.MULTILINE,
)
LOOKS_PASTED = _(
    "Your text contains what looks like comments or field codes from Word: “%(trace)s”. "
    "Remove them before marking this answer as ready, or select “It is correct as it is”"
)

# What the bytes 80 to BF, which end a UTF-8 letter, become in Windows-1252 and Windows-1251.
_ENDS_1252 = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_ENDS_1251 = "\xa0-\xbfЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџЎўЈҐЁЄЇІіґё№єјЅѕї"
MISREAD = re.compile(
    r"Ã[\x80-\xba\xbc-\xbf€‚ƒ„†‡ˆ‰Š‹ŒŽ˜™š›œžŸ]|Â[\xa0-\xba\xbc-\xbf]|â[€\x80]"
    f"|(?:[ÐÑØÙ][{_ENDS_1252}]){{2}}"
    f"|[ä-é][{_ENDS_1252}]{{2}}[ä-é][{_ENDS_1252}]{{2}}"
    f"|(?:[РС][{_ENDS_1251}]){{3}}"
)
LOOKS_MISREAD = _(
    "Some characters in your text look as if they had been read wrongly: “%(trace)s”. "
    "Paste the text again, or select “It is correct as it is”"
)


def looks_like(text: str) -> str | None:
    """The language that most of a text seems to be in; None where that is unclear.

    `LATIN` stands for one of three whose letters are the same.
    """
    counts = {code: len(letters.findall(text)) for code, letters in LETTERS.items()}
    code = max(counts, key=counts.get)
    if counts[code] * 2 <= sum(counts.values()):
        return None
    return _by_its_words(text) if code == LATIN else code


def _by_its_words(text: str) -> str:
    words = Counter(WORD.findall(text.lower()))
    found = {code: sum(words[w] for w in listed) for code, listed in FUNCTION_WORDS.items()}
    (best, most), (_next, second), _last = sorted(
        found.items(), key=lambda pair: pair[1], reverse=True
    )
    is_clear = most >= words.total() * LEAST_SHARE and most >= second * LEAST_LEAD
    return best if words.total() >= FEWEST_WORDS and is_clear else LATIN


def is_in_doubt(looks: str | None, language: str) -> bool:
    if not language:
        return False
    if looks == LATIN:
        return language not in FUNCTION_WORDS
    return looks not in {None, language}


def doubts(text: str, language: str) -> list[tuple[str, str]]:
    """(field, question) for each probable slip; what a person confirms as it is, is right."""
    found = []
    looks = looks_like(text)
    if is_in_doubt(looks, language):
        names = {"looks": LOOKS[looks], "chosen": LOOKS[language]}
        found.append(("language", LOOKS_OTHERWISE % names))
    if trace := WORD_TRACES.search(text):
        found.append(("text", LOOKS_PASTED % {"trace": trace[0]}))
    if trace := MISREAD.search(text):
        found.append(("text", LOOKS_MISREAD % {"trace": trace[0]}))
    return found
