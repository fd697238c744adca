"""PDFs for tests, made here: plain ones, and ones with what no public copy may hold."""

import io

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

WORDS = "The Government thanks the organisers for their question."
EXIF = b"Exif\0\0MM\0*GPS 46.2276 N 6.1402 E taken by A. Diplomat"
# One grey pixel, by the book; in it, where cameras write place and time.
JPEG_START = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")
JPEG_REST = bytes.fromhex(
    "ffdb004300" + "10" * 64 + "ffc0000b080001000101011100"
    "ffc40014000100000000000000000000000000000009"
    "ffc40014100100000000000000000000000000000000"
    "ffda0008010100003f0054ffd9"
)


def jpeg(description=EXIF):
    segment = b"\xff\xe1" + (len(description) + 2).to_bytes(2, "big") + description
    return JPEG_START + segment + JPEG_REST


def names(**entries):
    return DictionaryObject({NameObject(f"/{name}"): value for name, value in entries.items()})


def stream(data, **entries):
    made = DecodedStreamObject()
    made.set_data(data)
    made.update(names(**entries))
    return made


def writer_of(*, pages=1, words=WORDS):
    """A writer with pages of text; not yet a file, so that a test can put more into it."""
    writer = PdfWriter()
    font = writer._add_object(
        names(
            Type=NameObject("/Font"),
            Subtype=NameObject("/Type1"),
            BaseFont=NameObject("/Helvetica"),
        )
    )
    for _ in range(pages):
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = names(Font=names(F1=font))
        content = stream(f"BT /F1 12 Tf 72 700 Td ({words}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
    return writer


def written(writer):
    result = io.BytesIO()
    writer.write(result)
    return result.getvalue()


def make_pdf(*, pages=1, words=WORDS):
    return written(writer_of(pages=pages, words=words))


def add_picture(writer, data, filters="/DCTDecode"):
    picture = EncodedStreamObject()
    picture._data = data
    picture.update(
        names(
            Type=NameObject("/XObject"),
            Subtype=NameObject("/Image"),
            Width=NumberObject(1),
            Height=NumberObject(1),
            ColorSpace=NameObject("/DeviceGray"),
            BitsPerComponent=NumberObject(8),
            Filter=NameObject(filters),
        )
    )
    page = writer.pages[0]
    page["/Resources"][NameObject("/XObject")] = names(Im1=writer._add_object(picture))
    drawing = stream(b"q 100 0 0 100 72 500 cm /Im1 Do Q")
    page[NameObject("/Contents")] = ArrayObject(
        [page.raw_get("/Contents"), writer._add_object(drawing)]
    )


def pictures_of_pages(*, shade=b"A", pages=1, drawing=b"q 595 0 0 842 0 0 cm /Im1 Do Q"):
    """What a printer to pictures makes: each page one picture."""
    writer = PdfWriter()
    for _number in range(pages):
        page = writer.add_blank_page(595, 842)
        picture = stream(shade * 4, Type=NameObject("/XObject"), Subtype=NameObject("/Image"))
        picture.update(names(ColorSpace=NameObject("/DeviceGray")))
        sizes = {"Width": 2, "Height": 2, "BitsPerComponent": 8}
        picture.update(names(**{name: NumberObject(size) for name, size in sizes.items()}))
        objects = names(Im1=writer._add_object(picture))
        page[NameObject("/Resources")] = names(XObject=objects)
        page[NameObject("/Contents")] = writer._add_object(stream(drawing))
    return writer


def add_annotation(writer, subtype, **entries):
    rect = ArrayObject(FloatObject(n) for n in (72, 600, 172, 650))
    note = names(Type=NameObject("/Annot"), Subtype=NameObject(subtype), Rect=rect, **entries)
    page = writer.pages[0]
    notes = page.get("/Annots", ArrayObject())
    notes.append(writer._add_object(note))
    page[NameObject("/Annots")] = notes


def hostile_pdf():
    """All that a copy leaves behind: author, place, comments, script, files, actions."""
    writer = writer_of(pages=2)
    writer.add_metadata({"/Author": "A. Diplomat", "/Producer": "Word of the Ministry"})
    writer.root_object[NameObject("/Metadata")] = writer._add_object(
        stream(b"<x:xmpmeta>A. Diplomat</x:xmpmeta>", Type=NameObject("/Metadata"))
    )
    script = names(S=NameObject("/JavaScript"), JS=TextStringObject("alert('A. Diplomat')"))
    writer.root_object[NameObject("/Names")] = names(
        JavaScript=names(Names=ArrayObject([TextStringObject("a"), writer._add_object(script)]))
    )
    writer.add_attachment("secret.txt", b"for the Minister's eyes")
    action = names(S=NameObject("/Launch"), F=TextStringObject("calc.exe"))
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)
    writer.pages[0][NameObject("/AA")] = names(O=action)
    private = names(Word=names(Private=TextStringObject("A. Diplomat")))
    writer.pages[0][NameObject("/PieceInfo")] = private
    add_annotation(writer, "/Text", Contents=TextStringObject("A. Diplomat: too weak?"))
    add_picture(writer, jpeg())
    return written(writer)
