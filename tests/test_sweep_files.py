from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command

from tests.factories import make_attachment

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def directory_of_its_own(settings, tmp_path):
    """Other tests leave files behind in theirs."""
    sealed = settings.STORAGES["sealed"] | {"OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"sealed": sealed}


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr("questions.management.commands.sweep_files.OLD_ENOUGH", timedelta(days=-1))


def swept(**options):
    out = StringIO()
    call_command("sweep_files", stdout=out, **options)
    return out.getvalue()


def test_the_sweeper_lists_and_deletes_what_no_row_names(at_once):
    sealed = storages["sealed"]
    for name in ("known.pdf", "orphan.pdf"):
        sealed.save(name, ContentFile(b"%PDF"))
    make_attachment(stored_as="known.pdf")

    listed, deleted = swept(dry_run=True), swept()

    assert listed == "orphan.pdf\n"
    assert deleted == "1 files without a row were deleted.\n"
    assert sealed.exists("known.pdf") and not sealed.exists("orphan.pdf")


def test_what_is_younger_than_a_day_may_still_get_its_row():
    storages["sealed"].save("young.pdf", ContentFile(b"%PDF"))

    assert swept() == "0 files without a row were deleted.\n"
