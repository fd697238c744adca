"""Files as a mission's browser sends them."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter


def pdf(name="Reply.pdf", *, pages=1):
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    content = BytesIO()
    writer.write(content)
    return SimpleUploadedFile(name, content.getvalue(), content_type="application/pdf")


def word(name="Reply.docx"):
    return SimpleUploadedFile(name, b"PK\x03\x04 not a PDF")
