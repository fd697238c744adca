"""Copies the pages of one PDF into a new one: a program of its own, with little memory and time.

It reads the file from its standard input and writes the copy, or a sentence on standard error. What
is not named here as part of a page is left behind. It imports nothing of the portal.
"""

import hashlib
import io
import logging
import re
import resource
import sys
import zlib

MAX_MEMORY = 768 * 1024 * 1024  # bytes of address space
MAX_SECONDS = 30  # of processor time
LIMITS = {
    "maximum_declared_stream_length": 20_000_000,
    "zlib_maximum_output_length": 100_000_000,
    "zlib_maximum_recovery_input_length": 1_000_000,
    "stream_decoding_work_maximum_length": 400_000_000,
    "page_tree_maximum_entries": 5_000,
    "page_tree_maximum_page_entries": 20_000,
}
OF_A_PAGE = [
    "/Type", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit",
    "/Resources", "/Group",
]  # fmt: skip
LEFT_BEHIND = {
    "/Metadata", "/PieceInfo", "/LastModified", "/AF", "/AA", "/A", "/OPI", "/Ref", "/Measure",
    "/PtData", "/StructParent", "/StructParents", "/JS", "/Private", "/Thumb", "/Annots", "/B",
    "/OC", "/Alternates", "/URI", "/EF", "/Parent", "/P", "/Popup", "/GeoPt",
}  # fmt: skip
OF_A_FILE_ELSEWHERE = {"/F", "/FFilter", "/FDecodeParms", "/DL", "/Length"}
HOLDS_NAMES = {"/CharProcs", "/Colorants"}
PRINTED_ON_THE_PAGE = {"/Widget", "/Stamp"}  # filled fields, signatures, seals; no comments
HIDDEN, NO_VIEW = 2, 32  # flags of an annotation
LEFTOVERS = re.compile(
    rb"Exif\0\0|http://ns\.adobe\.com/|<\?xpacket|<x:xmpmeta|Photoshop 3\.0\0|/JavaScript\b"
)
JPEG_NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


class NotMade(Exception):
    """str() is a sentence for staff."""


def limit_everything() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))


class Copier:
    """Copies objects from a reader to a writer, each once."""

    def __init__(self, reader: "PdfReader", writer: "PdfWriter"):
        self.reader, self.writer = reader, writer
        self.copied: dict[tuple, IndirectObject] = {}

    def page(self, page: "PageObject") -> None:
        made = self.writer.add_blank_page(width=1, height=1)
        for name in OF_A_PAGE:
            if name in page:
                made[NameObject(name)] = self.copy(page.raw_get(name), name)
        contents = page.raw_get("/Contents") if "/Contents" in page else NullObject()
        if isinstance(contents.get_object(), list):
            parts = [self.copy(part) for part in contents.get_object()]
        else:
            parts = [self.copy(contents)]
        if stamped := self.stamped(page, made):
            parts = [self.stream(b"q\n"), *parts, self.stream(b"\nQ\n" + stamped)]
        made[NameObject("/Contents")] = ArrayObject(
            part for part in parts if not isinstance(part.get_object(), NullObject)
        )

    def stream(self, data: bytes) -> "IndirectObject":
        made = DecodedStreamObject()
        made.set_data(data)
        return self.writer._add_object(made)

    def stamped(self, page: "PageObject", made: "PageObject") -> bytes:
        """Operators that draw on the page what lies on it: filled fields, seals, signatures."""
        drawn = []
        for number, reference in enumerate(page.get("/Annots") or []):
            annotation = reference.get_object()
            if not isinstance(annotation, dict) or not is_printed(annotation):
                continue
            look = appearance(annotation)
            if look is None or (place := placed(annotation, look.get_object())) is None:
                continue
            name = NameObject(f"/OfTheCopy{number}")
            objects = own(own(made, "/Resources"), "/XObject")
            objects[name] = self.copy(look)
            drawn.append(f"q {place} cm {name} Do Q\n")
        return "".join(drawn).encode()

    def copy(self, value: object, role: str = "") -> object:
        """`role` is the key under which a dictionary stands, where that says how to read it."""
        if not isinstance(value, IndirectObject):
            return self.direct(value, role)
        role = role if role == "/Resources" or role in HOLDS_NAMES or role == "names" else ""
        place = (value.idnum, value.generation, role)
        if place not in self.copied:
            self.copied[place] = self.writer._add_object(NullObject())
            made = self.direct(value.get_object(), role)
            self.writer._replace_object(self.copied[place], made)
        return self.copied[place]

    def direct(self, value: object, role: str) -> object:
        if value is None:
            return NullObject()
        if isinstance(value, StreamObject):
            return self.stream_like(value)
        if isinstance(value, dict):
            made = DictionaryObject()
            made.update(self.entries(value, role))
            return made
        if isinstance(value, list):
            return ArrayObject(self.copy(inner) for inner in value)
        return value

    def entries(self, value: dict, role: str) -> dict:
        if role == "/Resources":
            return {
                name: self.copy(value.raw_get(name), "names")
                for name in value
                if name != "/Properties"  # what marked content says of itself
            }
        if role == "names" or role in HOLDS_NAMES:
            return {name: self.copy(value.raw_get(name)) for name in value}
        left_behind = LEFT_BEHIND
        if isinstance(value, StreamObject):
            left_behind = LEFT_BEHIND | OF_A_FILE_ELSEWHERE
        return {
            name: self.copy(value.raw_get(name), name) for name in value if name not in left_behind
        }

    def stream_like(self, value: "StreamObject") -> "StreamObject":
        """The bytes as they are packed; of a photograph, without what it says of itself."""
        made = EncodedStreamObject() if "/Filter" in value else DecodedStreamObject()
        made.update(self.entries(value, ""))
        made._data = value._data
        filters = [str(name) for name in parts_of(value.get("/Filter"))]
        if filters and filters[-1] in PICTURES:
            made._data = PICTURES[filters[-1]](unpacked(value, filters[:-1]))
            made[NameObject("/Filter")] = NameObject(filters[-1])
            settings = parts_of(value.get("/DecodeParms"))
            made.pop("/DecodeParms", None)
            if len(settings) == len(filters) and isinstance(settings[-1].get_object(), dict):
                made[NameObject("/DecodeParms")] = self.copy(settings[-1])
        return made


def parts_of(value: object) -> list:
    """An array's parts, or the one thing that stands for an array of one."""
    value = value.get_object() if value is not None else None
    if value is None or isinstance(value, NullObject):
        return []
    return list.copy(value) if isinstance(value, list) else [value]


def own(parent: dict, name: str) -> dict:
    """The page's own copy of a dictionary that pages may share, so that others stay as they are."""
    shared = parent.get(name)
    made = DictionaryObject(shared.get_object() if shared is not None else {})
    parent[NameObject(name)] = made
    return made


def is_printed(annotation: dict) -> bool:
    flags = annotation.get("/F", 0)
    if flags & (HIDDEN | NO_VIEW):
        return False
    typed_on = annotation.get("/IT") == "/FreeTextTypewriter"
    return annotation.get("/Subtype") in PRINTED_ON_THE_PAGE or typed_on


def appearance(annotation: dict) -> object | None:
    """The drawing that is shown, of one or of several states."""
    looks = annotation.get("/AP")
    if looks is None or "/N" not in looks:
        return None
    look = looks.raw_get("/N")
    if isinstance(look.get_object(), StreamObject):
        return look
    state = annotation.get("/AS")
    found = look.get_object()
    return found.raw_get(state) if state in found else None


def placed(annotation: dict, look: dict) -> str | None:
    """The matrix that puts the drawing into its rectangle (ISO 32000-1 §12.5.5)."""
    a, b, c, d, e, f = (float(n) for n in look.get("/Matrix", [1, 0, 0, 1, 0, 0]))
    x0, y0, x1, y1 = (float(n) for n in look["/BBox"])
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x0, x1) for y in (y0, y1)]
    left, right = min(x for x, _y in corners), max(x for x, _y in corners)
    low, high = min(y for _x, y in corners), max(y for _x, y in corners)
    rect = [float(n) for n in annotation["/Rect"]]
    to_left, to_right = sorted(rect[::2])
    to_low, to_high = sorted(rect[1::2])
    if right == left or high == low:
        return None
    wide, tall = (to_right - to_left) / (right - left), (to_high - to_low) / (high - low)
    return f"{wide:.5f} 0 0 {tall:.5f} {to_left - left * wide:.5f} {to_low - low * tall:.5f}"


def unpacked(value: "StreamObject", filters: list[str]) -> bytes:
    """The picture's own bytes, out of what else it is wrapped in."""
    if not filters:
        return value._data
    wrapped = EncodedStreamObject()
    wrapped._data = value._data
    wrapped[NameObject("/Filter")] = ArrayObject(NameObject(name) for name in filters)
    return wrapped.get_data()


def plain_jpeg(data: bytes) -> bytes:
    """Without Exif, XMP, comments and what follows its end; JFIF and Adobe's say its colours."""
    if not data.startswith(b"\xff\xd8"):
        raise NotMade("A picture in the PDF is damaged.")
    kept, at = [b"\xff\xd8"], 2
    while (found := JPEG_NEXT.search(data, at)) is not None:
        marker, start = found[0][1], found.start()
        if marker == 0xD9:
            break
        length = int.from_bytes(data[start + 2 : start + 4], "big")
        body = data[start + 4 : start + 2 + length]
        at = start + 2 + length
        if marker == 0xE0 and body.startswith(b"JFIF\0"):
            kept.append(b"\xff\xe0\x00\x10" + body[:12] + b"\0\0")  # without its small picture
        elif marker == 0xDA:
            following = JPEG_NEXT.search(data, at)
            end = following.start() if following else len(data)
            kept.append(data[start:end])
            at = end
        elif not (0xE0 <= marker <= 0xEF or marker == 0xFE) or body.startswith(b"Adobe"):
            kept.append(data[start:at])
    return b"".join(kept) + b"\xff\xd9"


def plain_jpeg_2000(data: bytes) -> bytes:
    """Its header and its pixels; no box with a description, and no comment in the pixels."""
    if data.startswith(b"\xff\x4f"):
        return without_comments(data)
    kept, at = [], 0
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        head = 16 if length == 1 else 8
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        end = at + length if length else len(data)
        if end < at + head:
            raise NotMade("A picture in the PDF is damaged.")
        if kind == b"jp2c":
            pixels = without_comments(data[at + head : end])
            kept.append((8 + len(pixels)).to_bytes(4, "big") + kind + pixels)
        elif kind in {b"jP  ", b"ftyp", b"jp2h"}:
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


def without_comments(pixels: bytes) -> bytes:
    """The main header of a codestream ends where its first tile (SOT, FF90) begins."""
    kept, at = [pixels[:2]], 2
    while pixels[at : at + 2] not in {b"\xff\x90", b""}:
        end = at + 2 + int.from_bytes(pixels[at + 2 : at + 4], "big")
        if pixels[at : at + 2] != b"\xff\x64":
            kept.append(pixels[at:end])
        at = end
    return b"".join(kept) + pixels[at:]


PICTURES = {"/DCTDecode": plain_jpeg, "/JPXDecode": plain_jpeg_2000}


def copied(content: bytes) -> bytes:
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise NotMade("The PDF is protected by a password.")
    root = reader.trailer["/Root"].get_object()
    layers = (root.get("/OCProperties") or {}).get("/D") or {}
    if layers.get("/OFF") or layers.get("/BaseState", "/ON") != "/ON":
        raise NotMade("The PDF has layers that are not shown; a copy would show them.")
    writer = PdfWriter()
    copier = Copier(reader, writer)
    for page in reader.pages:
        copier.page(page)
    language = root.get("/Lang")
    if isinstance(language, str) and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        writer.root_object[NameObject("/Lang")] = TextStringObject(language)
    writer.metadata = None
    result = io.BytesIO()
    writer.write(result)
    check(result.getvalue())
    return result.getvalue()


PLACING = rb"(?:[-+.\d]+\s+){6}cm"
ONE_PICTURE = re.compile(rb"\s*(?:q\s+)*(?:" + PLACING + rb"\s+)*/\S+\s+Do(?:\s+Q)*\s*")


def check_pictures(copy: bytes, original: bytes) -> None:
    """Each page is one picture and nothing else, and none of the pictures is the original's.

    What lies under a box, beyond an edge or behind a mask could be brought out again.
    """
    reader = PdfReader(io.BytesIO(copy))
    for page in reader.pages:
        drawn = page.get_contents()
        resources = page.get("/Resources", DictionaryObject()).get_object()
        objects = resources.get("/XObject", DictionaryObject()).get_object()
        pictures = [objects[name] for name in objects]
        if drawn is None or ONE_PICTURE.fullmatch(drawn.get_data()) is None or len(pictures) != 1:
            raise NotMade("Each page must be one picture and nothing else: print it to a picture.")
        picture = pictures[0]
        if picture.get("/Subtype") != "/Image" or {"/SMask", "/Mask"} & picture.keys():
            raise NotMade("Each page must be one picture and nothing else: print it to a picture.")
    if pictures_in(reader) & pictures_in(PdfReader(io.BytesIO(copied(original)))):
        raise NotMade("A picture of the original is still in it: print its pages to new pictures.")


def pictures_in(reader: "PdfReader") -> set[str]:
    """Digests of their bytes."""
    objects = (reader.get_object(number) for number in reader.xref[0])
    return {
        hashlib.sha256(value._data).hexdigest()
        for value in objects
        if isinstance(value, StreamObject) and value.get("/Subtype") == "/Image"
    }


def check(copy: bytes) -> None:
    """No description is left, not even in a picture that stands among the words of a page."""
    reader = PdfReader(io.BytesIO(copy))
    if reader.trailer.get("/Info"):
        raise NotMade("The copy names a program or an author.")
    for number in reader.xref[0]:
        value = reader.get_object(number)
        if not isinstance(value, StreamObject):
            continue
        is_picture = value.get("/Subtype") == "/Image"
        if LEFTOVERS.search(value._data if is_picture else value.get_data()):
            raise NotMade("A picture or a text in the PDF holds facts about its making.")


def main() -> None:
    try:
        with apply_configuration(**LIMITS):
            content = sys.stdin.buffer.read()
            if sys.argv[1:]:  # the length of the original, which comes first
                original, content = content[: int(sys.argv[1])], content[int(sys.argv[1]) :]
            result = copied(content)
            if sys.argv[1:]:
                check_pictures(result, original)
    except NotMade as reason:
        sys.exit(str(reason))
    except (*DAMAGE, MemoryError) as error:
        sys.exit(f"The PDF is damaged or too complex ({type(error).__name__}).")
    sys.stdout.buffer.write(result)


if __name__ == "__main__":
    limit_everything()
    from pypdf import PageObject, PdfReader, PdfWriter, apply_configuration
    from pypdf.errors import PyPdfError
    from pypdf.generic import (
        ArrayObject,
        DecodedStreamObject,
        DictionaryObject,
        EncodedStreamObject,
        IndirectObject,
        NameObject,
        NullObject,
        StreamObject,
        TextStringObject,
    )

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
