"""Where the files that missions send are kept: sealed, under random names, never overwritten.

Named in settings only; all else uses Django's storage API, so that an object store can take over.
"""

import os
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class SealedStorage(FileSystemStorage):
    """A directory that no web server serves; what `save` returned from survives a power cut."""

    def __init__(self, location: str):
        super().__init__(location, file_permissions_mode=0o640, directory_permissions_mode=0o750)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name that was asked for, or none: a second file of one name is a fault."""
        if self.exists(name):
            raise FileExistsError(name)
        return name

    def url(self, name: str) -> str:
        raise ValueError("Sealed files have no address.")

    def _save(self, name: str, content: File) -> str:
        """The file and the entry in its directory are on the disk, or there is no file.

        Written beside and then linked, so that no reader and no crash finds half a file.
        """
        target = Path(self.path(name))
        target.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}.part")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
        try:
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(file.fileno(), 0o640)
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.link(unfinished, target)  # fails where the name is taken; a rename would replace
        finally:
            unfinished.unlink()
        _sync(target.parent)
        return name

    def delete(self, name: str) -> None:
        super().delete(name)
        directory = Path(self.path(name)).parent
        if directory.exists():
            _sync(directory)


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
