"""The archive of an event: what is in it, what is not, and that it needs no portal."""

import hashlib
import json
import re
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from shutil import copytree
from urllib.error import HTTPError
from urllib.parse import urldefrag, urljoin
from urllib.request import urlopen

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from frictionless import Package

from questions.models import Edition, EventStatus, ResponseStatus
from questions.operations import archives
from questions.operations.archives import export_archive, faults_in
from questions.parsing.hyperlinks import references
from tests.factories import make_event
from tests.views.public_pages import TODAY, make_record, publish
from tests.views.test_public_canaries import add_canaries

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return make_record(text="Yes & <no>.")


def export(event, directory, languages=("en",)):
    return export_archive(event, directory, languages=languages, at=TODAY)


def contents(directory):
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def plain_server(tmp_path):
    """A web server that knows nothing but files."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def crawl(start):
    """Every address that the pages lead to on this server: {address: status}, and what is amiss."""
    seen, anchors, wanted, waiting = {}, {}, set(), [start]
    while waiting:
        address, _, fragment = urldefrag(waiting.pop()).url, "", ""
        if address in seen or not address.startswith(start):
            continue
        try:
            with urlopen(address, timeout=10) as page:  # noqa: S310
                seen[address] = page.status
                if page.headers.get_content_type() != "text/html":
                    continue
                found = references(page.read().decode())
        except HTTPError as missing:
            seen[address] = missing.code
            continue
        anchors[address] = found.anchors
        for link in found.links:
            target, fragment = urldefrag(urljoin(address, link))
            wanted.add((address, target, fragment))
            waiting.append(target)
    lost = [
        f"{page} -> {target}#{fragment}"
        for page, target, fragment in wanted
        if fragment and target in anchors and fragment not in anchors[target]
    ]
    return seen, [a for a, status in seen.items() if status != 200] + lost


def test_the_archive_is_browsed_from_a_plain_server_with_no_broken_link(
    event, tmp_path, plain_server
):
    export(event, tmp_path / "archive", ["en", "ar"])

    seen, amiss = crawl(f"{plain_server}archive/")

    assert amiss == []
    pages = {address.removeprefix(f"{plain_server}archive/") for address in seen}
    for language in ("en", "ar"):
        assert f"{language}/2021/q1/xka/index.html" in pages
        assert f"{language}/2021/xka-1/index.html" in pages
        assert f"{language}/about/method/index.html" in pages
    assert "data/2021/answers.csv" in pages


def test_the_crawler_finds_a_broken_link(event, tmp_path, plain_server):
    """The control: a page taken away is missed."""
    export(event, tmp_path / "archive")
    (tmp_path / "archive/en/2021/q1/xka/index.html").unlink()

    _seen, amiss = crawl(f"{plain_server}archive/")

    assert amiss == [f"{plain_server}archive/en/2021/q1/xka/index.html"]


def test_no_page_of_the_archive_needs_the_portal(event, tmp_path, settings):
    export(event, tmp_path / "archive")

    for name, content in contents(tmp_path / "archive").items():
        if not name.endswith(".html"):
            continue
        assert b"<form" not in content, name
        own = [link for link in references(content.decode()).links if link.startswith("/")]
        assert own == [], name
    page = (tmp_path / "archive/en/2021/index.html").read_text()
    assert f'href="{settings.BASE_URL}/en/states/"' in page  # outside the event: in the portal
    assert '<section class="ribbon archived"' in page


def test_every_symbol_leads_to_its_page(event, tmp_path):
    export(event, tmp_path / "archive")

    named = {path.parent.name for path in (tmp_path / "archive/r").rglob("index.html")}
    assert named == {
        *("PE2021", "PE2021-XKA", "PE2021-Q1", "PE2021-Q2"),
        *("PE2021-Q1-XKA", "PE2021-Q2-XKA", "PE2021-XKA-1"),
    }
    leads = (tmp_path / "archive/r/PE2021-Q1-XKA/index.html").read_text()
    assert references(leads).links == ["../../en/2021/q1/xka/index.html"]


def test_the_manifest_is_what_sha256sum_checks(event, tmp_path):
    export(event, tmp_path / "archive")

    found = contents(tmp_path / "archive")
    lines = found.pop("manifest-sha256.txt").decode().splitlines()
    assert lines == [f"{hashlib.sha256(found[name]).hexdigest()}  {name}" for name in sorted(found)]
    checked = subprocess.run(
        ["sha256sum", "--strict", "--quiet", "-c", "manifest-sha256.txt"],
        cwd=tmp_path / "archive",
        capture_output=True,
    )
    assert (checked.returncode, checked.stdout) == (0, b"")


def test_the_data_package_describes_the_files_beside_it(event, tmp_path):
    export(event, tmp_path / "archive")

    package = tmp_path / "archive/data/2021/datapackage.json"
    paths = [one["path"] for one in json.loads(package.read_text())["resources"]]
    assert {"answers.csv", "matrix.csv", "event.json"} <= set(paths)
    report = Package(str(package)).validate()
    assert report.valid, report.flatten(["type", "note"])


def test_two_archives_of_one_edition_are_the_same_bytes(event, tmp_path, clock):
    clock(TODAY)
    for name in ("one", "two"):
        export(event, tmp_path / name)

    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_req_047_what_is_not_public_is_not_in_the_archive(event, tmp_path, clock):
    clock(TODAY)
    export(event, tmp_path / "before")

    add_canaries(event)
    export(event, tmp_path / "after")

    assert contents(tmp_path / "after") == contents(tmp_path / "before")


def test_what_is_published_is_in_the_next_archive(event, tmp_path):
    """The control of the one above."""
    slot = event.candidacies.get().slots.get(question__number=2)
    publish(slot, text="CANARY")
    Edition.objects.bump(at=TODAY)
    export(event, tmp_path / "archive")

    assert "CANARY" in (tmp_path / "archive/en/2021/q2/xka/index.html").read_text()
    assert "CANARY" in (tmp_path / "archive/data/2021/answers.csv").read_text()


def test_every_difference_between_wordings_is_in_the_archive(event, tmp_path):
    slot = event.candidacies.get().slots.get(question__number=2)
    for text in ("One.", "One, two.", "One, two, three."):
        slot.responses.update(status=ResponseStatus.SUPERSEDED)
        publish(slot, text=text)
    Edition.objects.bump(at=TODAY)

    archive = export(event, tmp_path / "archive").directory

    answer = archive / "en/2021/q2/xka"
    second, third = (answer / f"v{version}/changes/index.html" for version in (2, 3))
    assert "two" in second.read_text() and "three" not in second.read_text()
    assert "three" in third.read_text()
    assert '<a href="../v2/changes/index.html">' in (answer / "changes/index.html").read_text()


def test_an_event_without_questions_has_an_archive_without_data(tmp_path):
    export(make_event(year=2012), tmp_path / "archive")

    assert not (tmp_path / "archive/data").exists()
    assert (tmp_path / "archive/en/2012/index.html").is_file()


def test_a_draft_event_has_no_archive(tmp_path):
    with pytest.raises(archives.NotPublic):
        export(make_event(status=EventStatus.DRAFT), tmp_path / "archive")

    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(event, tmp_path):
    (tmp_path / "archive").mkdir()

    with pytest.raises(archives.DirectoryInUse):
        export(event, tmp_path / "archive")

    assert list((tmp_path / "archive").iterdir()) == []


def test_an_archive_of_two_editions_is_not_made(event, tmp_path, monkeypatch):
    put = archives._Export._put

    def publish_meanwhile(self, name, body):
        if name == "en/2021/index.html":
            Edition.objects.bump(at=TODAY)
        put(self, name, body)

    monkeypatch.setattr(archives._Export, "_put", publish_meanwhile)

    with pytest.raises(archives.RecordChanged):
        export(event, tmp_path / "archive")

    assert list(tmp_path.iterdir()) == []


def test_a_link_to_a_page_that_does_not_answer_stops_the_archive(event, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "SHOWN", set())

    with pytest.raises(archives.PageMissing):
        export(event, tmp_path / "archive")

    assert list(tmp_path.iterdir()) == []


HARMS = {
    "manifest-sha256.txt is missing": lambda a: (a / "manifest-sha256.txt").unlink(),
    "answers.csv is listed and missing": lambda a: (a / "data/2021/answers.csv").unlink(),
    "more.txt is not listed": lambda a: (a / "more.txt").write_text("x"),
    "matrix.csv is not as it was written": lambda a: (a / "data/2021/matrix.csv").write_text("x"),
    "index.html leads to en/nothing.html, which is missing": lambda a: (
        a / "index.html"
    ).write_text('<a href="en/nothing.html">x</a>'),
    "index.html leads to en/2021/index.html#no, a place that is missing": lambda a: (
        a / "index.html"
    ).write_text('<a href="en/2021/index.html#no">x</a>'),
}


def test_faults_are_found_and_named(event, tmp_path):
    archive = export(event, tmp_path / "archive").directory
    assert faults_in(archive) == []

    for number, (fault, harm) in enumerate(HARMS.items()):
        harmed = copytree(archive, tmp_path / str(number))
        harm(harmed)

        assert fault in " ".join(faults_in(harmed))
        with pytest.raises(CommandError, match=re.escape(fault)):
            call_command("verify_archive", harmed)


def test_the_commands_say_what_was_written_and_checked(event, tmp_path):
    out = StringIO()

    call_command("export_archive", "PE2021", tmp_path / "a", "--language", "en", stdout=out)
    call_command("verify_archive", tmp_path / "a", stdout=out)

    said = out.getvalue().splitlines()
    files = len(contents(tmp_path / "a"))
    assert said[0].startswith(f"{tmp_path / 'a'}: ") and f"{files} files" in said[0]
    assert said[1] == f"{tmp_path / 'a'}: every checksum and link verifies."
    with pytest.raises(CommandError, match="exists"):
        call_command("export_archive", "PE2021", tmp_path / "a")
