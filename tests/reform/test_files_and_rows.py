"""A file and its row come together; what a killed process left is found and never deleted by itself."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction

from constraints.files import INCOMING, discard_unconfirmed
from inquiries.models import Recipient
from jobs.models import Job
from jobs.sweeping import sweep
from kpis.models import ImportedFile
from reform import orphans as finding
from reform.orphans import orphans

committing = pytest.mark.django_db(transaction=True)


def files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def write(name: str) -> str:
    return str(default_storage.save(name, ContentFile(b"abc")))


@transaction.atomic
def write_and_fail(name: str) -> None:
    write(name)
    raise RuntimeError


# --- Together ------------------------------------------------------------------------------------------------------
@committing
def test_the_file_of_a_transaction_that_failed_is_taken_away(settings):
    with pytest.raises(RuntimeError):
        write_and_fail("imports/a.csv")
    discard_unconfirmed()
    assert files(settings.MEDIA_ROOT) == []


@committing
def test_the_file_of_a_transaction_that_committed_stays(settings):
    with transaction.atomic():
        write("imports/a.csv")
    write("evidence/b.pdf")  # without a transaction
    discard_unconfirmed()
    assert files(settings.MEDIA_ROOT) == ["evidence/b.pdf", "imports/a.csv"]


@committing
def test_a_part_that_was_rolled_back_inside_of_one_that_committed_takes_its_file_with_it(settings):
    with transaction.atomic():
        write("imports/a.csv")
        with pytest.raises(RuntimeError):
            write_and_fail("imports/b.csv")
    discard_unconfirmed()
    assert files(settings.MEDIA_ROOT) == ["imports/a.csv"]


@committing
def test_a_request_that_fails_after_writing_leaves_no_file(settings, editor, monkeypatch):
    from importlib import import_module

    from django.test import Client

    monkeypatch.setattr(import_module("reform.views.home"), "home_of", lambda *_: write_and_fail("imports/a.csv"))
    client = Client(raise_request_exception=False)
    client.force_login(editor)
    assert client.get("/").status_code == 500
    assert files(settings.MEDIA_ROOT) == []


def test_a_disk_that_fills_while_a_file_is_written_leaves_no_part_of_it(settings, db):
    class Full(ContentFile):
        def chunks(self, chunk_size: int | None = None):
            yield b"the first part"
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        default_storage.save("imports/a.csv", Full(b""))
    assert files(settings.MEDIA_ROOT) == []


def test_a_name_that_is_taken_is_not_written_over(settings, db):
    assert write("imports/a.csv") == "imports/a.csv"
    assert write("imports/a.csv") != "imports/a.csv"
    assert len(files(settings.MEDIA_ROOT)) == 2


# --- Left over -----------------------------------------------------------------------------------------------------
@pytest.fixture
def left(settings, db) -> Path:
    """A file of two days ago that no row names."""
    return age(settings.MEDIA_ROOT / write("imports/left.csv"))


def age(path: Path) -> Path:
    two_days_ago = time.time() - 2 * 86400
    os.utime(path, (two_days_ago, two_days_ago))
    return path


def test_a_file_of_no_row_is_found_when_it_is_a_day_old(settings, left):
    write("imports/under-way.csv")
    half = settings.MEDIA_ROOT / INCOMING / "half"
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"x")
    age(half)
    assert orphans() == [half, left]


def test_files_of_rows_are_none(settings, db, editor):
    from django.utils import timezone

    name = write("imports/of-a-row.csv")
    ImportedFile.objects.create(
        name="値.csv", sha256="0" * 64, size=3, file=name, uploaded_by=editor, uploaded_at=timezone.now()
    )
    age(settings.MEDIA_ROOT / name)
    assert orphans() == []


def test_fields_that_hold_a_file_are_all_looked_at():
    folders = finding._folders()
    assert {
        "imports",
        "evidence",
        "editions",
        str(Recipient._meta.get_field("file").upload_to).split("/")[0],
    } <= folders


def test_the_office_is_told_in_the_night_and_the_command_takes_them_away(left, finish_jobs, capsys):
    with time_machine.travel("2099-04-01T02:00:00+09:00"), finish_jobs():
        sweep()
    job = Job.objects.get(kind=finding.KIND)
    assert "登録のないファイルが1件" in job.error
    assert "files-left-over" in {found.code for found in sweep()}
    call_command("orphaned_files")
    assert left.exists()
    call_command("orphaned_files", "--delete")
    assert not left.exists()
    assert str(left) in capsys.readouterr().out
