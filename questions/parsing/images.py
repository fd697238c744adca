"""Logos and signatures: whole PNG or JPEG files of a size that fits a letter. Nothing is drawn."""

import struct
import zlib
from dataclasses import dataclass

MAX_BYTES = 1_000_000
MAX_SIDE = 4_000  # pixels: a small file may unfold into gigabytes

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_CHUNK = struct.Struct(">I4s")
_NO_LENGTH = {0x01, *range(0xD0, 0xD8)}
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _END = 0xDA, 0xD9


class ImageRefused(Exception):
    """The file is no image that a letter can carry; str() says why, for people."""


@dataclass(frozen=True)
class ImageFacts:
    """What the file itself says it is."""

    content_type: str
    width: int
    height: int


def read_image(content: bytes) -> ImageFacts:
    """The facts of a PNG or JPEG whose parts follow each other from its first byte to its last.

    What the browser or the name claims is not asked (security.md 55). Raises ImageRefused.
    """
    if len(content) > MAX_BYTES:
        raise ImageRefused("The image is larger than 1 MB.")
    content_type = image_type(content)
    if not content_type:
        raise ImageRefused("Choose a PNG or a JPEG image.")
    try:
        width, height = (_png_size if content_type == "image/png" else _jpeg_size)(content)
    except (struct.error, IndexError, ValueError) as broken:
        raise ImageRefused("The image is damaged, or more than an image.") from broken
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise ImageRefused("The image may have up to 4,000 pixels a side.")
    return ImageFacts(content_type, width, height)


def image_type(content: bytes) -> str:
    """By its first bytes; empty for anything else."""
    if content.startswith(_PNG):
        return "image/png"
    return "image/jpeg" if content.startswith(_JPEG) else ""


def _png_size(content: bytes) -> tuple[int, int]:
    """Walks the chunks, each with its checksum. Raises ValueError and struct.error."""
    size, at, names = (0, 0), len(_PNG), []
    while not names or names[-1] != b"IEND":
        length, name = _CHUNK.unpack_from(content, at)
        start, end = at + 4, at + 8 + length
        (checksum,) = struct.unpack_from(">I", content, end)
        if zlib.crc32(content[start:end]) != checksum:
            raise ValueError(name)
        if not names:
            size = struct.unpack_from(">II", content, at + 8)
        names.append(name)
        at = end + 4
    if names[0] != b"IHDR" or b"IDAT" not in names or at != len(content):
        raise ValueError(names)
    return size


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Walks the segments. Raises ValueError, IndexError and struct.error."""
    size, at, has_scan = None, 2, False
    while True:
        if content[at] != 0xFF:
            raise ValueError(at)
        marker = content[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        at += 2
        if marker == _END:
            break
        if marker in _NO_LENGTH:
            continue
        (length,) = struct.unpack_from(">H", content, at)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 3)
            size = (width, height)
        at += length
        if marker == _SCAN:
            has_scan = True
            at = _end_of_scan(content, at)
    if size is None or not has_scan or at != len(content):
        raise ValueError(at)
    return size


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker stands that is no restart and no escaped byte."""
    at = content.index(b"\xff", at)
    while content[at + 1] == 0 or 0xD0 <= content[at + 1] <= 0xD7:
        at = content.index(b"\xff", at + 2)
    return at
