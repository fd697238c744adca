"""What becomes of files while they come in (security.md 56)."""

import base64
import tracemalloc
from io import BytesIO

import pytest
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.test import RequestFactory

MEGABYTE = 1_000_000
EDGE = "----edge"


def part(name, value, *, file=None, **headers):
    disposition = f'form-data; name="{name}"' + (f'; filename="{file}"' if file else "")
    lines = [f"--{EDGE}", f"Content-Disposition: {disposition}"]
    lines += [f"{header.replace('_', '-')}: {said}" for header, said in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + value + b"\r\n"


END = f"--{EDGE}--\r\n".encode()


def form(*parts, end=END):
    return b"".join(parts) + end


def posted(body, *, length=None):
    request = RequestFactory().generic(
        "POST",
        "/",
        body,
        content_type=f"multipart/form-data; boundary={EDGE}",
        CONTENT_LENGTH=str(len(body) if length is None else length),
    )
    request._stream = BytesIO(body)  # ends early where a connection does
    return request


def test_req_056_a_small_file_comes_whole_with_what_was_typed():
    content = b"%PDF-" + b"x" * (3 * MEGABYTE)
    request = posted(form(part("text", b"Yes."), part("file", content, file="a.pdf")))

    assert request.POST["text"] == "Yes."
    assert request.FILES["file"].read() == content


def test_req_056_of_a_file_that_is_too_large_the_size_is_left_and_all_that_was_typed():
    large = part("file", b"x" * (14 * MEGABYTE), file="a.pdf")
    request = posted(form(part("text", b"Yes."), large, part("ready", b"yes")))

    assert (request.POST["text"], request.POST["ready"]) == ("Yes.", "yes")
    assert request.FILES["file"].size == 14 * MEGABYTE
    assert request.FILES["file"].read() == b""


def test_req_056_a_file_that_broke_off_says_so():
    body = form(part("text", b"Yes."), part("file", b"x" * 200_000, file="a.pdf"), end=b"")
    request = posted(body[:-50_000], length=len(body))

    assert request.POST["text"] == "Yes."
    assert request.FILES["file"].broke_off


def test_req_056_a_request_that_is_too_large_is_not_read():
    request = posted(b"x", length=31 * MEGABYTE)

    with pytest.raises(RequestDataTooBig):
        request.POST  # noqa: B018 - reading it parses the form


def test_req_056_six_files_at_once_are_refused():
    request = posted(form(*(part("file", b"x", file="a.pdf") for _ in range(6))))

    with pytest.raises(TooManyFilesSent):
        request.POST  # noqa: B018 - reading it parses the form


@pytest.mark.parametrize("encoding", ["binary", "base64"])
def test_req_056_memory_stays_flat(encoding):
    content = b"x" * (20 * MEGABYTE)
    sent = base64.b64encode(content) if encoding == "base64" else content
    large = part("file", sent, file="a.pdf", Content_Transfer_Encoding=encoding)
    request = posted(form(part("text", b"Yes."), large))

    tracemalloc.start()
    assert request.FILES["file"].size == len(content)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 5 * MEGABYTE
