"""What may come in as a file: up to 10 MB each, read piece by piece, the rest of the form kept.

The one upload handler that settings name. A file that is too large is let go while it comes in
and stands in the form with its true size and without content; one that broke off says so. So the
form can say what is wrong, and what was typed beside it is not lost (security.md 56).
"""

import tempfile
from io import BytesIO
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParser

LARGEST_FILE = 10_000_000  # bytes
LARGEST_REQUEST = 30_000_000
_IN_MEMORY = 1_000_000


class LimitedUploads(FileUploadHandler):
    """Reads the whole form by a reader of its own, since only that knows what broke off."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> tuple[Any, Any]:
        if content_length > LARGEST_REQUEST:
            raise RequestDataTooBig("The form and its files are larger than 30 MB.")
        files = _Files()
        fields, found = MultiPartParser(META, input_data, [files], encoding).parse()
        if files.broken_off:
            found.appendlist(*files.broken_off)
        return fields, found


class _Files(FileUploadHandler):
    """Each file in memory, from a megabyte on in a file without a name."""

    chunk_size = 65_536
    broken_off = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by Django

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) <= LARGEST_FILE:
            self.file.write(raw_data)
        elif start <= LARGEST_FILE:
            self._let_go()

    def file_complete(self, file_size: int) -> UploadedFile:
        self.file.seek(0)
        return UploadedFile(
            self.file,
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        """The last file came without its end."""
        self._let_go()
        file = UploadedFile(self.file, self.file_name, self.content_type, 0)
        file.broke_off = True
        self.broken_off = (self.field_name, file)

    def _let_go(self) -> None:
        self.file.close()
        self.file = BytesIO()
