"""Looks into one PDF: a program of its own, with little memory and time.

It reads the file from its standard input and writes one line of JSON: the pages, whether they hold
text, and what was found besides them; or why it is refused. It imports nothing of the portal.
"""

import io
import json
import logging
import re
import resource
import sys
import zlib

MAX_MEMORY = 512 * 1024 * 1024  # bytes of address space
MAX_SECONDS = 10  # of processor time
MOST_OBJECTS = 100_000
PAGES_READ_FOR_TEXT = 20
ENOUGH_TEXT = 20  # characters
TRAILING_ALLOWED = 1_024  # bytes after the end, as some mail systems add
LIMITS = {
    "maximum_declared_stream_length": 20_000_000,
    "array_based_stream_maximum_output_length": 50_000_000,
    "lzw_maximum_output_length": 50_000_000,
    "run_length_maximum_output_length": 50_000_000,
    "zlib_maximum_output_length": 50_000_000,
    "zlib_maximum_recovery_input_length": 1_000_000,
    "stream_decoding_work_maximum_length": 200_000_000,
    "stream_parsing_work_maximum_count": 1_000_000,
    "page_tree_maximum_entries": 5_000,
    "page_tree_maximum_page_entries": 20_000,
    "xform_maximum_invocations_per_extraction": 100,
}
COMMENTS = {
    "/Text", "/FreeText", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Stamp",
    "/Caret", "/Ink", "/Popup", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Redact",
}  # fmt: skip
MEDIA = {"/Movie", "/Sound", "/Screen", "/RichMedia", "/3D"}
ACTIONS = {
    "/JavaScript": "JavaScript",
    "/Launch": "an action that starts a program",
    "/SubmitForm": "an action that sends a form",
    "/ImportData": "an action that reads data from elsewhere",
    "/GoToR": "an action that opens another file",
    "/GoToE": "an action that opens an embedded file",
    "/Rendition": "sound, film or 3D",
    "/Movie": "sound, film or 3D",
    "/Sound": "sound, film or 3D",
}


class Refused(Exception):
    """(reason, sentence)"""


def limit_everything() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))


def examined(content: bytes, most_pages: int) -> dict:
    findings = ends(content)
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        if not reader.decrypt(""):
            raise Refused("password", "The PDF opens only with a password.")
        findings.add("protected against changes, without a password to open it")
    root = reader.trailer["/Root"].get_object()
    count = root["/Pages"].get_object().get("/Count", 0)
    if isinstance(count, int) and count > most_pages:
        raise Refused("pages", str(count))
    pages = len(reader.pages)
    if pages > most_pages:
        raise Refused("pages", str(pages))
    if not pages:
        raise Refused("damaged", "The PDF has no page.")
    for page in reader.pages:
        if (contents := page.get("/Contents")) is not None:
            contents.get_object()
    findings |= in_catalog(root)
    findings |= in_objects(reader)
    if reader.metadata:
        findings.add("facts about its making (author, program)")
    return {"pages": pages, "has_text": has_text(reader), "findings": sorted(findings)}


def ends(content: bytes) -> set[str]:
    """What follows the end of the file. Raises Refused where there is no end."""
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise Refused("damaged", "The PDF is cut off.")
    declared = re.search(rb"/Linearized\b[^>]{0,200}?/L\s+(\d{1,12})", content[:2_000])
    if declared and int(declared[1]) > len(content):
        raise Refused("damaged", "The PDF is shorter than it says.")
    found = set()
    if content[end + 5 :].strip() and len(content) - end > TRAILING_ALLOWED:
        found.add("other data after its end")
    if b"PK\x05\x06" in content[-65_557:]:
        found.add("a ZIP archive in the same file")
    if re.search(rb"<(?:!DOCTYPE\s+html|html|script)\b", content[:65_536], re.IGNORECASE):
        found.add("HTML in the same file")
    return found


def in_catalog(root: dict) -> set[str]:
    found = set()
    if "/OpenAction" in root and is_action(root["/OpenAction"]):
        found.add("an action when it is opened")
    if "/AcroForm" in root:
        found.add("a form to fill in")
        if "/XFA" in (root["/AcroForm"].get_object() or {}):
            found.add("an XFA form")
    if "/Collection" in root:
        found.add("embedded files")
    layers = (root.get("/OCProperties") or {}).get("/D") or {}
    if layers.get("/OFF") or layers.get("/BaseState", "/ON") != "/ON":
        found.add("layers that are not shown")
    return found


def is_action(opened: object) -> bool:
    """And not a mere place to begin reading, which is an array or an action of its own."""
    action = opened.get_object()
    return isinstance(action, dict) and action.get("/S") != "/GoTo"


def in_objects(reader: "PdfReader") -> set[str]:
    """Every object of the file, also those that nothing names: what is there can be found."""
    found: set[str] = set()
    names = {(number, generation) for generation, xref in reader.xref.items() for number in xref}
    names |= {(number, 0) for number in reader.xref_objStm}
    if len(names) > MOST_OBJECTS:
        raise Refused("damaged", "The PDF has too many objects.")
    for number, generation in sorted(names):
        try:
            found |= in_object(reader.get_object(IndirectObject(number, generation, reader)))
        except DAMAGE:
            continue  # nothing can read it, and the pages were read
    return found


def in_object(value: object, depth: int = 0) -> set[str]:
    if depth > 50:
        raise Refused("damaged", "The PDF is nested too deeply.")
    found: set[str] = set()
    if isinstance(value, dict):
        found |= in_dictionary(value)
        for inner in value.values():
            if isinstance(inner, (dict, list)):
                found |= in_object(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            if isinstance(inner, (dict, list)):
                found |= in_object(inner, depth + 1)
    return found


def in_dictionary(value: dict) -> set[str]:
    found: set[str] = set()
    kind = value.get("/S")
    if isinstance(kind, str) and kind in ACTIONS:
        found.add(ACTIONS[kind])
    if "/JS" in value or ("/Names" in value and "/JavaScript" in value):
        found.add("JavaScript")
    if "/AA" in value:
        found.add("actions of pages or fields")
    if "/EF" in value or "/EmbeddedFiles" in value or value.get("/Type") == "/EmbeddedFile":
        found.add("embedded files")
    subtype = value.get("/Subtype")
    if "/Rect" in value and isinstance(subtype, str):
        if subtype == "/FileAttachment":
            found.add("embedded files")
        if subtype in COMMENTS:
            found.add("comments")
        if subtype in MEDIA:
            found.add("sound, film or 3D")
        if subtype == "/Widget":
            found.add("a form to fill in")
    if "/PieceInfo" in value or value.get("/Type") == "/Metadata":
        found.add("facts about its making (author, program)")
    return found


def has_text(reader: "PdfReader") -> bool:
    characters = 0
    for page in reader.pages[:PAGES_READ_FOR_TEXT]:
        try:
            characters += len("".join(page.extract_text().split()))
        except DAMAGE:
            continue
        if characters >= ENOUGH_TEXT:
            return True
    return False


def main() -> None:
    try:
        with apply_configuration(**LIMITS):
            result = examined(sys.stdin.buffer.read(), int(sys.argv[1]))
    except Refused as refused:
        result = dict(zip(("refused", "why"), refused.args, strict=True))
    except (*DAMAGE, MemoryError) as error:
        result = {"refused": "damaged", "why": f"The PDF is damaged: {type(error).__name__}."}
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    limit_everything()
    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import PyPdfError
    from pypdf.generic import IndirectObject

    # What pypdf lets through on damaged files besides its own errors (seen by fuzzing).
    DAMAGE = (
        PyPdfError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        AssertionError,
        ArithmeticError,
        NotImplementedError,
        RecursionError,
        EOFError,
        OSError,
        zlib.error,
    )
    logging.disable()
    main()
