"""An event as files that need no portal: pages, data, and the checksums of both.

event ─ its addresses ─▶ every page that they lead to, as served ─ links made relative ─▶ files
files ─ read from the disk again ─▶ faults, of which there have to be none
"""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from posixpath import relpath
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from questions.models import AddressedQuestion, Candidacy, Edition, Event, Question
from questions.parsing.hyperlinks import references, with_links, without_forms

MANIFEST = "manifest-sha256.txt"  # as sha256sum writes and checks it
SHOWN = {200, 410}  # a page withdrawn keeps its address, and says why
MASTHEAD = '<header class="mast">'


class NotPublic(Exception):
    """The event is a draft: there is nothing to archive."""


class DirectoryInUse(Exception):
    """Something lies where the archive is to be."""


class RecordChanged(Exception):
    """Something was published while the archive was written; it has to be written again."""


class PageMissing(Exception):
    """A page leads to an address of the event that does not answer."""


class ArchiveFaulty(Exception):
    """What was written is not what was meant: the faults, in words."""


@dataclass(frozen=True)
class Archive:
    """What was written, and where."""

    directory: Path
    pages: int
    files: int
    size: int  # bytes


def export_archive(
    event: Event, directory: Path, *, languages: Iterable[str], at: datetime
) -> Archive:
    """Write the archive of a public event into a directory that is not there yet, and check it.

    All of it is of one edition. Raises NotPublic, DirectoryInUse, RecordChanged, PageMissing,
    ArchiveFaulty; the directory is then not made.
    """
    if not Event.objects.publicly_visible().filter(pk=event.pk).exists():
        raise NotPublic
    if directory.exists():
        raise DirectoryInUse
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=f".{directory.name}-") as made:
        made_in = Path(made) / directory.name
        made_in.mkdir()
        pages = _Export(event, made_in, list(languages), at).write()
        if faults := faults_in(made_in):
            raise ArchiveFaulty("\n".join(faults))
        made_in.rename(directory)
    files = [path for path in directory.rglob("*") if path.is_file()]
    return Archive(directory, pages, len(files), sum(path.stat().st_size for path in files))


class _Export:
    """One writing of an archive: what is written, and what is still to be."""

    def __init__(self, event: Event, directory: Path, languages: list[str], at: datetime):
        self.event, self.directory, self.languages, self.at = event, directory, languages, at
        self.written: dict[str, str] = {}  # address: file
        self.waiting: dict[str, str] = {}  # address: the page that leads there
        own = [f"/{language}/{event.slug}/" for language in languages]
        about = [f"/{language}/about/method/" for language in languages]
        of_event = [f"/data/{event.slug}/", f"/files/{event.code}-", f"/cite/{event.code}"]
        self.scope = (*own, *about, *of_event, settings.STATIC_URL)
        self.serve = _served()

    def write(self) -> int:
        """Every page and file; returns how many pages."""
        self.serve(f"/{self.languages[0]}/{self.event.slug}/")  # time may make the next edition
        edition = Edition.objects.get(pk=1).number
        self.waiting = {f"/{one}/{self.event.slug}/": "the start" for one in self.languages}
        self.waiting |= dict.fromkeys(self._data_files(), "the start")
        pages = 0
        while self.waiting:
            address, source = self.waiting.popitem()
            pages += self._write(address, source)
        pages += self._write_permalinks()
        if Edition.objects.get(pk=1).number != edition:
            raise RecordChanged
        self._write_start(edition)
        self._write_manifest()
        return pages

    def _data_files(self) -> list[str]:
        address = f"/data/{self.event.slug}/datapackage.json"
        status, _type, body = self.serve(address)
        if status == 404:  # no question of the event is on record
            return []
        found = [urlsplit(one["path"]).path for one in json.loads(body)["resources"]]
        return [address, *found]

    def _write(self, address: str, source: str) -> bool:
        """The file of an address; whether it is a page."""
        status, media_type, body = self.serve(address)
        if status not in SHOWN:
            raise PageMissing(f"{address}, to which {source} leads, answers {status}")
        self.written[address] = file_of(address)
        is_page = media_type.startswith("text/html")
        if is_page:
            body = self._as_file(body.decode(), address).encode()
        elif address.endswith("/datapackage.json"):
            body = _with_files_beside(body)
        self._put(file_of(address), body)
        return is_page

    def _as_file(self, page: str, address: str) -> str:
        """Without what needs a server, with links to the files beside it, and the banner."""
        with translation.override(address.split("/")[1]):
            context = {"event": self.event, "at": self.at, "address": settings.BASE_URL + address}
            banner = render_to_string("includes/archived.html", context)
        page = without_forms(page).replace(MASTHEAD, f"{banner}{MASTHEAD}", 1)
        return with_links(page, lambda tag, link: self._target(tag, link, address))

    def _target(self, tag: str, link: str, address: str) -> str | None:
        """Where a link of the page at `address` leads in the archive.

        To a file beside it, where there is one; to the portal, where there is none. A link that
        only filters or orders a page leads nowhere.
        """
        if tag == "a" or link.startswith("/"):
            link = link.removeprefix(settings.BASE_URL) or "/"
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or not (parts.path or parts.query):
            return link
        path = unquote(parts.path) or address
        if not path.startswith(self.scope):
            return f"{settings.BASE_URL}{link}" if link.startswith("/") else link
        if parts.query:
            return None
        if path not in self.written:
            self.waiting.setdefault(path, address)
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return relative(file_of(path), file_of(address)) + fragment

    def _write_permalinks(self) -> int:
        """A page for each symbol, which leads to the page it names in the first language."""
        with translation.override(self.languages[0]):
            named = dict(_named_in(self.event))
            for symbol, page in named.items():
                name = f"r/{symbol.replace('/', '-')}/index.html"
                if page not in self.written:
                    raise PageMissing(f"{page}, which {symbol} names, is not in the archive")
                context = {"symbol": symbol, "address": relative(self.written[page], name)}
                self._put(name, render_to_string("archive/permalink.html", context).encode())
        return len(named)

    def _write_start(self, edition: int) -> None:
        names = dict(settings.LANGUAGES)
        context = {
            "event": self.event,
            "at": self.at,
            "edition": edition,
            "live": settings.BASE_URL,
            "licence": settings.DATA_LICENCE,
            "languages": [
                (code, names[code], file_of(f"/{code}/{self.event.slug}/"))
                for code in self.languages
            ],
            "data": sorted(
                name for name in self.written.values() if name.startswith(("data/", "files/"))
            ),
            "stylesheet": next(
                (name for name in self.written.values() if name.endswith(".css")), ""
            ),
            "manifest": MANIFEST,
        }
        self._put("index.html", render_to_string("archive/index.html", context).encode())

    def _write_manifest(self) -> None:
        lines = [
            f"{digest_of(self.directory / name)}  {name}\n" for name in files_in(self.directory)
        ]
        self._put(MANIFEST, "".join(lines).encode())

    def _put(self, name: str, body: bytes) -> None:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)


def _named_in(event: Event) -> Iterator[tuple[str, str]]:
    """Every symbol of the event, and the page that it names in the language of the moment."""
    slots = AddressedQuestion.objects.publicly_visible().filter(question__event=event)
    questions = Question.objects.publicly_visible().filter(event=event)
    for row in (
        event,
        *questions.select_related("event", "state"),
        *Candidacy.objects.publicly_visible().filter(event=event).with_names(),
        *slots.with_names(),
    ):
        yield row.symbol, row.get_absolute_url()


def _served() -> Callable[[str], tuple[int, str, bytes]]:
    """What the portal answers at an address of its own: status, media type, bytes."""
    # Django's own way of asking itself: no socket, and the connection to the database stays.
    site = urlsplit(settings.BASE_URL)
    port = site.port or (443 if settings.SERVES_HTTPS else 80)
    client = Client(SERVER_NAME=site.hostname, SERVER_PORT=str(port))

    def serve(address: str) -> tuple[int, str, bytes]:
        response = client.get(address, secure=settings.SERVES_HTTPS)
        return response.status_code, response.headers.get("Content-Type", ""), response.getvalue()

    return serve


def _with_files_beside(package: bytes) -> bytes:
    """The data package whose files lie in its own directory."""
    found = json.loads(package)
    for resource in found["resources"]:
        resource["path"] = PurePosixPath(urlsplit(resource["path"]).path).name
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def file_of(address: str) -> str:
    """The file in the archive that stands for an address."""
    return f"{address}index.html".lstrip("/") if address.endswith("/") else address.lstrip("/")


def relative(file: str, page: str) -> str:
    """From a page of the archive to a file, so that both may lie anywhere."""
    return relpath(file, str(PurePosixPath(page).parent))


def files_in(directory: Path) -> list[str]:
    paths = (path for path in directory.rglob("*") if path.is_file())
    return sorted(path.relative_to(directory).as_posix() for path in paths)


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def faults_in(directory: Path) -> list[str]:
    """What is wrong with an archive, in words: checksums, files, links. It needs no database."""
    manifest = directory / MANIFEST
    if not manifest.is_file():
        return [f"{MANIFEST} is missing"]
    lines = manifest.read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    there = set(files_in(directory))
    faults = [f"{name} is listed and missing" for name in sorted(listed.keys() - there)]
    faults += [f"{name} is not listed" for name in sorted(there - listed.keys() - {MANIFEST})]
    faults += [
        f"{name} is not as it was written"
        for name in sorted(listed.keys() & there)
        if digest_of(directory / name) != listed[name]
    ]
    return faults + _broken_links(directory, sorted(there))


def _broken_links(directory: Path, names: list[str]) -> list[str]:
    pages = {
        name: references((directory / name).read_text(encoding="utf-8"))
        for name in names
        if name.endswith(".html")
    }
    faults = []
    for name, page in pages.items():
        for link in dict.fromkeys(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            path = relpath(PurePosixPath(name).parent / unquote(parts.path)) if parts.path else name
            if path not in names:
                faults.append(f"{name} leads to {link}, which is missing")
            elif parts.fragment and path in pages and parts.fragment not in pages[path].anchors:
                faults.append(f"{name} leads to {link}, a place that is missing")
    return faults
