"""What a visitor can read, as the code and the templates ask for it, and what the catalogues have.

Needs no gettext: .po files are read here, .mo files by the standard library.
"""

import ast
import gettext
import re
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from django.template import engines
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from questions.management.commands.makemessages import STAFF_ONLY

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
SINGULAR = {"gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "_": 1}
WITH_CONTEXT = {"pgettext": 2, "pgettext_lazy": 2}
PLURAL = {"ngettext": 2, "ngettext_lazy": 2}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
TAG = re.compile(r"</?[a-z]+[^>]*>")
STRING = re.compile(r'(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)? ?"(.*)"$')
ESCAPES = {"\\n": "\n", '\\"': '"', "\\\\": "\\", "\\t": "\t"}


@dataclass(frozen=True)
class Message:
    """What is asked for: the key under which a catalogue has it."""

    context: str | None
    text: str
    plural: str | None


@dataclass
class Entry:
    message: Message
    forms: list[str]
    is_fuzzy: bool


def read_by_staff_alone(path: str) -> bool:
    return any(fnmatch(path, pattern) for pattern in STAFF_ONLY)


def asked_for() -> dict[Message, str]:
    """Each message that visitors can be shown, and a file that asks for it."""
    found = {}
    for path in sorted((ROOT / "questions").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if "migrations" not in path.parts and not read_by_staff_alone(name):
            for message in in_module(path):
                found.setdefault(message, name)
    for path in sorted((ROOT / "templates").rglob("*.html")):
        name = str(path.relative_to(ROOT))
        if not read_by_staff_alone(name):
            for message in in_template(path):
                found.setdefault(message, name)
    return found


def in_module(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        if node.func.id in SINGULAR and isinstance(node.args[0], ast.Constant):
            yield Message(None, texts[0], None)
        elif node.func.id in WITH_CONTEXT and len(texts) > 1:
            yield Message(texts[0], texts[1], None)
        elif node.func.id in PLURAL:
            yield Message(None, texts[0], texts[1])


def in_template(path: Path):
    source = path.read_text(encoding="utf-8")
    nodes = engines["django"].engine.from_string(source).nodelist
    for node in nodes.get_nodes_by_type(TranslateNode):
        yield Message(None, node.filter_expression.var.literal, None)
    for node in nodes.get_nodes_by_type(BlockTranslateNode):
        text, _names = node.render_token_list(node.singular)
        plural = node.render_token_list(node.plural)[0] if node.plural else None
        if node.trimmed:
            text = trimmed(text)
            plural = plural and trimmed(plural)
        yield Message(None, text, plural)
    for text in re.findall(r'[:=]_\("([^"]+)"\)', source):
        yield Message(None, text, None)


def trimmed(text: str) -> str:
    return " ".join(line.strip() for line in text.strip().splitlines())


def entries(language: str) -> list[Entry]:
    """The messages of a .po file with their forms, in their order; its header first."""
    text = (LOCALE / language / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    return [parsed(block) for block in re.split(r"\n\s*\n", text.strip()) if "msgid" in block]


def parsed(block: str) -> Entry:
    parts, key = {}, ""
    for line in block.splitlines():
        if line.startswith("#"):
            continue
        keyword, string = STRING.match(line).groups()
        key = keyword or key
        string = re.sub(r"\\.", lambda escape: ESCAPES[escape[0]], string)
        parts[key] = parts.get(key, "") + string
    message = Message(parts.get("msgctxt"), parts["msgid"], parts.get("msgid_plural"))
    forms = [value for name, value in parts.items() if name.startswith("msgstr")]
    return Entry(message, forms, is_fuzzy=bool(re.search(r"^#,.*\bfuzzy\b", block, re.M)))


def compiled(language: str) -> dict:
    path = LOCALE / language / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)._catalog  # the one way to see it whole


def in_compiled(entry: Entry) -> dict:
    """The rows of a .mo file that an entry makes."""
    message = entry.message
    key = f"{message.context}\x04{message.text}" if message.context else message.text
    if not message.text:  # msgfmt leaves the date of the template out, so that builds repeat
        return {key: re.sub(r"POT-Creation-Date:.*\n", "", entry.forms[0])}
    if message.plural is None:
        return {key: entry.forms[0]}
    return {(key, number): form for number, form in enumerate(entry.forms)}


def placeholders(text: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def tags(text: str) -> list[str]:
    return sorted(TAG.findall(text))


def plural_header(entry: Entry) -> str:
    return re.search(r"Plural-Forms: *(.*)", entry.forms[0])[1].replace(" ", "")
