"""Letters to invented States, made from the words of the real one."""

from pathlib import Path

from questions.parsing.letters import parse_letter

REAL = Path(__file__).parent.parent / "questions" / "data" / "letter_kazakhstan_2021.txt"
REAL_TEXT = REAL.read_text(encoding="utf-8")


def letter_to(state, *replacements, own=True):
    """The bytes of a letter to the State; each replacement is (words, other words)."""
    text = REAL_TEXT.replace("Kazakhstan", state)
    text = text.replace("Magzhan Ilyassov", f"Ana {state}").replace(
        "Aitzhanova Zhanar", f"Bela {state}"
    )
    if not own:
        start = text.index("Questions addressed specifically")
        text = text[:start] + text[text.index("Questions posed to all") :]
    for words, others in replacements:
        assert words in text
        text = text.replace(words, others)
    return text.encode()


def parsed(content, name="letter.txt"):
    return parse_letter(content, name)
