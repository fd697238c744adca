"""A mission's file as an answer of the server that no browser opens by itself (security.md 58)."""

from urllib.parse import quote

from django.http import HttpResponse

from questions.models import Attachment


def original_download(attachment: Attachment, content: bytes) -> HttpResponse:
    """The sealed original, for its mission and for staff."""
    return _download(content, attachment.name)


def copy_download(attachment: Attachment, content: bytes) -> HttpResponse:
    """The copy without metadata, for staff, by the name that readers see."""
    return _download(content, attachment.file_name)


def public_download(attachment: Attachment, content: bytes) -> HttpResponse:
    """The copy without metadata, for everyone while its answer is public."""
    page = copy_download(attachment, content)
    page["Cache-Control"] = "public, no-cache"
    page["ETag"] = f'"{attachment.public_sha256}"'
    return page


def _download(content: bytes, name: str) -> HttpResponse:
    """Always saved, as what it is: `filename*` of RFC 6266, with a plain name for old programs."""
    plain = name.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "")
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": (
                f'attachment; filename="{plain or "attachment.pdf"}"; '
                f"filename*=UTF-8''{quote(name, safe='')}"
            ),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex",
            "Cache-Control": "private, no-store",
        },
    )
