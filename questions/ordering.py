"""The alphabetical order of names in each of the six languages (ux.md §5.3).

Computed and not stored: there are some two hundred names, and a key of its own for each language
would be one more thing that can be out of date. ICU, which knows all this, is no Python package
that installs everywhere.
"""

import re
import unicodedata
from functools import lru_cache

_ARTICLE = re.compile(r"\bال(?=\w)")
_ARABIC = str.maketrans("أإآىة", "ااايه")
# GB 2312 has its common characters in the order of pinyin. These are in its other part, or read
# otherwise in a State's name; each stands in for one that is read the same.
_PINYIN = str.maketrans("斐瑙汶秘", "匪恼问必")


@lru_cache(maxsize=4096)
def sort_key(name: str, language: str) -> str:
    """By which a name is sorted: Côte d'Ivoire under c, الهند under ه, 秘鲁 under b."""
    if language == "zh-hans":
        return name.translate(_PINYIN).encode("gb18030").hex()
    if language == "ar":
        return _ARTICLE.sub("", name).translate(_ARABIC)
    if language == "ru":  # й is a letter of its own, ё is not
        return name.casefold().replace("ё", "е")
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
