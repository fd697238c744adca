"""Opening a DOCX or XLSX only after its directory was checked (security.md 59)."""

import io
import stat
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

from .refusals import FileRefused

MAX_ENTRIES = 2_000
MAX_TOTAL = 100_000_000  # bytes, unpacked
MAX_RATIO = 100
MAX_DIRECTORY = 1_000_000  # bytes; 2,000 entries with long names
RATIO_FREE = 100_000  # bytes; small parts may be all spaces

_END = b"PK\x05\x06"
_END64_LOCATOR = b"PK\x06\x07"
_LOCAL = b"PK\x03\x04"
_LOCAL_SIZE = 30
_ENCRYPTED = 0x1
_NESTED = (_LOCAL, b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")


def open_archive(content: bytes) -> zipfile.ZipFile:
    """The archive, once nothing in its directory is dangerous. Raises FileRefused."""
    _check_directory_size(content)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, OSError) as error:
        raise FileRefused("The file is damaged: its table of contents cannot be read.") from error
    entries = archive.infolist()
    _check_totals(entries)
    for entry in entries:
        _check_entry(entry)
    _check_overlap(content, archive)
    _check_nested(archive)
    return archive


def read_part(archive: zipfile.ZipFile, name: str, *, limit: int) -> bytes:
    """One part of an archive, at most `limit` bytes of it. Raises FileRefused."""
    try:
        entry = archive.getinfo(name)
    except KeyError:
        raise FileRefused(f"The file is not complete: it has no part {name}.") from None
    if entry.file_size > limit:
        raise FileRefused(f"The part {name} is larger than {limit:,} bytes.")
    return _read(archive, entry, entry.file_size + 1)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, size: int) -> bytes:
    try:
        with archive.open(entry) as part:
            return part.read(size)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        struct.error,
    ) as error:
        message = f"The file is damaged: {entry.filename[:80]!a} cannot be unpacked."
        raise FileRefused(message) from error


def _check_directory_size(content: bytes) -> None:
    """Look at the end record by hand, before zipfile builds an object for every entry."""
    if not content.startswith(_LOCAL):
        raise FileRefused("The file is not a ZIP archive, which a Word or Excel file is.")
    end = content.rfind(_END, max(0, len(content) - 65_557))
    if end < 0 or end + 22 > len(content):
        raise FileRefused("The file is cut off: its table of contents is missing.")
    if content[max(0, end - 20) : end].startswith(_END64_LOCATOR):
        raise FileRefused("The file uses the ZIP64 form, which no letter or table needs.")
    count, directory_size = struct.unpack("<HI", content[end + 10 : end + 16])
    if count > MAX_ENTRIES or directory_size > MAX_DIRECTORY:
        raise FileRefused(f"The file holds more than {MAX_ENTRIES:,} parts.")


def _check_totals(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise FileRefused(f"The file holds more than {MAX_ENTRIES:,} parts.")
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise FileRefused("The file would unpack to more than 100 MB.")
    names = {entry.filename.lower() for entry in entries}
    if len(names) < len(entries):
        raise FileRefused("The file holds two parts of the same name.")


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or any(sign in name for sign in "\\:\0"):
        raise FileRefused(f"The file holds a part with an unsafe name: {name[:80]!a}.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise FileRefused(f"The file holds a link to another file: {name[:80]!a}.")
    if entry.flag_bits & _ENCRYPTED:
        raise FileRefused("The file is encrypted. Save it without a password.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileRefused(f"The part {name[:80]!a} is packed in a way Word does not use.")
    if entry.file_size > max(RATIO_FREE, MAX_RATIO * entry.compress_size):
        raise FileRefused(f"The part {name[:80]!a} unpacks to over {MAX_RATIO} times its size.")
    if path.name.lower() == "vbaproject.bin":
        raise FileRefused("The file contains macros. Save it as a document without macros.")


def _check_overlap(content: bytes, archive: zipfile.ZipFile) -> None:
    """No byte belongs to two entries: overlapping entries are how small files unpack to huge."""
    free_from = 0
    for entry in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
        start = entry.header_offset
        header = content[start : start + _LOCAL_SIZE]
        if start < free_from or len(header) < _LOCAL_SIZE or header[:4] != _LOCAL:
            raise FileRefused("The file is not honest: its parts overlap.")
        name_size, extra_size = struct.unpack("<HH", header[26:30])
        free_from = start + _LOCAL_SIZE + name_size + extra_size + entry.compress_size
    if free_from > archive.start_dir:
        raise FileRefused("The file is not honest: its parts overlap its table of contents.")


def _check_nested(archive: zipfile.ZipFile) -> None:
    for entry in archive.infolist():
        if _read(archive, entry, 4).startswith(_NESTED):
            raise FileRefused(f"The file holds another archive: {entry.filename[:80]!a}.")
