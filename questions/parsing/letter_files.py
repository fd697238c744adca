"""A letter's file to its text; the name's ending and the content must agree."""

from pathlib import PurePosixPath

from .pdf_files import pdf_text
from .refusals import FileRefused
from .word_files import word_text

MAX_BYTES = 10_000_000

_KINDS = {".txt": "a plain text", ".docx": "a Word document (.docx)", ".pdf": "a PDF"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Word, and what an encrypted .docx is wrapped in
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def letter_text(content: bytes, name: str) -> str:
    """The text of a .txt, .docx or .pdf, one line a line, not yet normalised.

    A number that Word counts is written out; what Word or a PDF sets in italics as the asker of
    a question stands between asterisks, as in the letters that reach us as text. Raises
    FileRefused.
    """
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if ending not in _KINDS:
        raise FileRefused("A file ending in .txt, .docx or .pdf was expected.")
    if not content.strip():
        raise FileRefused("The file is empty. A letter was expected.")
    if len(content) > MAX_BYTES:
        raise FileRefused(f"The file is larger than {MAX_BYTES // 1_000_000} MB.")
    _check_kind(content, ending)
    if ending == ".docx":
        return word_text(content)
    if ending == ".pdf":
        return pdf_text(content)
    return _decoded(content)


def _check_kind(content: bytes, ending: str) -> None:
    if content.startswith(_OLE):
        raise FileRefused(
            "The file is encrypted or of the old Word format. "
            "Save it as .docx without a password, or as PDF."
        )
    kind = _kind(content)
    if kind != ending:
        raise FileRefused(f"The name ends in {ending}, but the file is {_KINDS[kind]}.")


def _kind(content: bytes) -> str:
    if content.startswith(_ZIP):
        return ".docx"
    if content.startswith(b"%PDF-"):
        return ".pdf"
    return ".txt"


def _decoded(content: bytes) -> str:
    is_utf16 = content.startswith(_UTF16)
    # cp1252 is what Notepad wrote before it wrote UTF-8.
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("The file is not text: UTF-8 was expected.")
