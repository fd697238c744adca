"""The rules of the house that a machine can check: who imports whom, sizes, words to avoid."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "questions"

# module: what it may import from the app. A module that is not listed may not exist.
MAY_IMPORT = {
    "tokens": set(),
    "plaintext": set(),
    "days": set(),
    "ordering": set(),
    "differences": set(),  # a page shows them, and taking words out is checked by them
    "parsing": {"plaintext"},
    "models": {"tokens", "plaintext", "ordering"},
    "documents": {"days", "models", "plaintext"},
    "mail": {"models", "days"},
    "operations": {
        "models",
        "ordering",
        "documents",
        "mail",
        "parsing",
        "searching",
        "tokens",
        "plaintext",
        "differences",
    },
    "forms": {"models", "parsing", "plaintext"},
    "serializers": {"models", "plaintext"},
    "citations": {"models", "plaintext", "days"},  # pages print them, files hold them
    "views": {
        "forms",
        "models",
        "operations",
        "serializers",
        "documents",
        "searching",
        "citations",
        "differences",
        "plaintext",
    },
    "editions": {"models"},
    "searching": set(),
    "admin": {"ordering", "forms", "models", "operations", "documents", "differences"},
    "templatetags": {"models", "plaintext", "days", "citations"},
    "management": {"models", "operations", "parsing"},
    "urls": {"views", "admin"},
    "apps": {"checks"},
    "checks": set(),
    "middleware": {"models"},
    "logging": set(),
    "storage": set(),  # named in settings alone: all else uses Django's storage API
    "uploads": set(),  # likewise: reads a form's files before any view sees them
}
STANDARD_LIBRARY_ONLY = {"tokens", "plaintext", "ordering", "differences"}
NO_DATABASE = {"parsing", "searching", *STANDARD_LIBRARY_ONLY}

NAMELESS = {"utils", "helpers", "common", "services", "signals", "misc"}
MAY_ASK_THE_TIME = {"views", "admin", "management", "middleware", "editions"}
CLOCKS = {
    "timezone.now",
    "timezone.localdate",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
}
MAX_LINES_OF_FILE = 400
MAX_LINES_OF_FUNCTION = 40

FORBIDDEN = {
    "mark_safe": r"\bmark_safe\b",
    "|safe": r"\|\s*safe(seq)?\b",
    "csrf_exempt": r"\bcsrf_exempt\b",
    "except Exception": r"\bexcept\s*(\(?\s*(Base)?Exception\b|:)",
    "fail_silently=True": r"fail_silently\s*=\s*True",
    "striptags": r"\bstrip_?tags\b",
    "urlize": r"\burlize",
    "style=": r"<[^>]*\sstyle\s*=",
    # One block of data is no script: `linked_data` alone makes it, and escapes it.
    "a script's body": r"<script(?![^>]*\ssrc=| type=\"application/ld\+json\">\{\}</script>)",
}
# file: a word it may use, for the reason that its docstring gives
EXCEPTIONS = {"questions/views/alert_links.py": {"csrf_exempt"}}


def module_of(path: Path) -> str:
    return path.relative_to(APP).parts[0].removesuffix(".py")


def everything_in(*directories):
    paths = [p for d in directories for p in (ROOT / d).rglob("*") if p.is_file()]
    return sorted(
        p
        for p in paths
        if p.suffix in {".py", ".html", ".txt", ".xml"} and "migrations" not in p.parts
    )


def sources():
    """The app's modules. Migrations are free: Django writes them, and they keep old code."""
    return [p for p in everything_in("questions") if p.suffix == ".py" and p != APP / "__init__.py"]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def absolute_imports(tree):
    """Dotted names, wherever they stand: those inside functions count."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def imports_from_app(tree):
    yield from (n.split(".")[1] for n in absolute_imports(tree) if n.startswith("questions."))


def imports_leaving_package(tree, path):
    """Relative imports that climb out of the package of `path`: siblings only (`from .events`)."""
    depth = len(path.relative_to(APP).parts) - 1  # 0 for a module that lies in the app itself
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level > depth:
            yield f"line {node.lineno}: {'.' * node.level}{node.module or ''}"


@pytest.mark.parametrize("path", sources(), ids=name)
def test_module_imports_only_what_the_table_allows(path):
    module = module_of(path)
    tree = parsed(path)

    assert module in MAY_IMPORT, f"{name(path)} is not in the table"
    assert set(imports_from_app(tree)) <= MAY_IMPORT[module] | {module}
    assert list(imports_leaving_package(tree, path)) == []


@pytest.mark.parametrize("path", sources(), ids=name)
def test_module_imports_no_library_that_its_place_forbids(path):
    module = module_of(path)
    libraries = {n.split(".")[0] for n in absolute_imports(parsed(path))} - {"questions"}

    if module in STANDARD_LIBRARY_ONLY:
        assert libraries <= sys.stdlib_module_names
    if module in NO_DATABASE:
        assert "django" not in libraries


@pytest.mark.parametrize("path", sources(), ids=name)
def test_models_are_imported_from_their_package_and_the_time_asked_at_the_edge(path):
    module = module_of(path)
    tree = parsed(path)
    deep = [
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("questions.models.")
    ]
    asks_the_time = [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in CLOCKS
    ]

    assert deep == []
    assert module in MAY_ASK_THE_TIME or asks_the_time == []


@pytest.mark.parametrize("path", everything_in("questions", "pledgeportal", "tests"), ids=name)
def test_file_is_short_and_its_name_says_what_is_in_it(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())

    assert path.suffix != ".py" or lines <= MAX_LINES_OF_FILE
    assert path.stem.removeprefix("test_") not in NAMELESS


@pytest.mark.parametrize("path", sources(), ids=name)
def test_functions_are_short(path):
    assert [
        f"{node.name}: {lines_of_body(node)} lines"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and lines_of_body(node) > MAX_LINES_OF_FUNCTION
    ] == []


def lines_of_body(function):
    """Without the signature and the docstring: a promise may be as long as it has to be."""
    body = function.body[ast.get_docstring(function) is not None :]
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", [*sources(), *everything_in("templates")], ids=name)
def test_file_has_no_forbidden_words(path):
    text = path.read_text(encoding="utf-8")
    found = {word for word, pattern in FORBIDDEN.items() if re.search(pattern, text)}

    assert found == EXCEPTIONS.get(name(path), set())


@pytest.mark.parametrize(
    ("where", "line", "what"),
    [
        ("models/events.py", "from ..operations import letters", "line 2: ..operations"),
        ("tokens.py", "from .models import Event", "line 2: .models"),
        ("management/commands/send_mail.py", "from ...models import Event", "line 2: ...models"),
        ("models/events.py", "from .states import State", None),
        ("parsing/letters.py", "from . import archives", None),
    ],
)
def test_relative_import_may_not_leave_its_package(where, line, what):
    tree = ast.parse(f"def late():\n    {line}")

    assert list(imports_leaving_package(tree, APP / where)) == ([what] if what else [])


def test_import_inside_a_function_counts():
    tree = ast.parse("def late():\n    from questions.operations import letters")

    assert list(imports_from_app(tree)) == ["operations"]


@pytest.mark.parametrize(
    ("text", "is_forbidden"),
    [
        ("<script>alert(1)</script>", True),
        ('<script type="application/ld+json">{{ data }}</script>', True),
        ('<script type="module">{}</script>', True),
        ('<script type="application/ld+json">{}</script>', False),
        ('<script src="/static/js/reply.js" defer></script>', False),
    ],
)
def test_script_with_a_body_is_forbidden_but_for_the_block_of_data(text, is_forbidden):
    assert bool(re.search(FORBIDDEN["a script's body"], text)) == is_forbidden
