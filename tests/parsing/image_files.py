"""Images for tests, made chunk by chunk, so that each part can be wrong."""

import struct
import zlib


def chunk(name, data, *, checksum=None):
    checksum = zlib.crc32(name + data) if checksum is None else checksum
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)


def png(*, width=2, height=2, chunks=None):
    """A white PNG that a browser shows."""
    if chunks is None:
        rows = b"".join(b"\0" + b"\xff" * 3 * width for _ in range(height))
        chunks = [chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(chunks)


def segment(marker, data):
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def jpeg(*, width=2, height=2, scan=b"\x12\xff\x00\x34\xff\xd0\x56", end=b"\xff\xd9"):
    """The frame of a JPEG: what is walked, not what is drawn."""
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
        + b"\xff"  # padding
        + segment(0xC0, frame)
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + scan
        + end
    )
