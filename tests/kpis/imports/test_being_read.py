"""A file over which a process died is never read again: opening its page would end the next one."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jobs.processes import own_name
from kpis.imports import Unreadable, reading_of, receive
from kpis.imports import remembering as module
from kpis.models import ImportedFile
from sheets import ReaderBusy
from tests.kpis.imports.conftest import csv
from tests.kpis.world import access

FRIENDS = csv("年月,ともだち", "R7.4,100", "R7.5,110")
OWN = own_name()


@pytest.fixture
def file(editor, department, world, june) -> ImportedFile:
    return receive(FRIENDS, "件数.csv", access=access(editor), department=department)


def ended_process() -> str:
    """The name of a process that lived here and is gone."""
    code = "from jobs.processes import own_name; print(own_name())"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def with_a_number_used_again() -> str:
    """A process began the file and died; this one was given its number."""
    return f"{OWN.rpartition(':')[0]}:1"


def begun(file: ImportedFile, by: str, minutes: float = 0) -> None:
    since = timezone.now() - timedelta(minutes=minutes)
    ImportedFile.objects.filter(pk=file.pk).update(reading_since=since, reading_by=by)


def marks(file: ImportedFile) -> tuple[bool, str, bool]:
    file.refresh_from_db()
    return file.reading_since is not None, file.reading_by, bool(file.unreadable)


def test_a_file_is_marked_while_it_is_read_and_no_longer(file, editor, monkeypatch) -> None:
    seen = []
    read_again = module.read_again
    monkeypatch.setattr(module, "read_again", lambda file: (seen.append(marks(file)), read_again(file))[1])
    reading_of(file, access=access(editor))
    assert seen == [(True, OWN, False)]
    assert marks(file) == (False, "", False)


@pytest.mark.parametrize("ending", [RuntimeError, SystemExit, KeyboardInterrupt, MemoryError])
def test_the_mark_goes_with_whatever_this_process_outlives(file, editor, monkeypatch, ending) -> None:
    def broken(file: ImportedFile) -> None:
        raise ending

    monkeypatch.setattr(module, "read_again", broken)
    with pytest.raises(ending):
        reading_of(file, access=access(editor))
    assert marks(file) == (False, "", False)


@pytest.mark.parametrize(
    ("by", "minutes"),
    [("ended", 0), ("again", 0), ("another-machine:1", 6), (OWN, 6)],
    ids=["its process is gone", "its number is another's by now", "long ago, elsewhere", "long ago"],
)
def test_a_file_over_which_a_process_died_is_not_read_again(file, editor, monkeypatch, by, minutes) -> None:
    names = {"ended": ended_process, "again": with_a_number_used_again}
    begun(file, names[by]() if by in names else by, minutes)
    monkeypatch.setattr(module, "read_again", lambda file: pytest.fail("read again"))
    for _ in range(2):
        with pytest.raises(Unreadable, match="処理が止まった"):
            reading_of(file, access=access(editor))
    assert marks(file) == (False, "", True)


@pytest.mark.parametrize(
    "by",
    ["another-machine:1", OWN, "no name"],
    ids=["another machine", "this process", "what cannot be told"],  # no number of a process: side by side they differ
)
def test_a_file_that_another_page_reads_just_now_is_read_too_and_its_mark_stays(file, editor, by) -> None:
    begun(file, by)
    assert reading_of(file, access=access(editor)).tables
    assert marks(file) == (True, by, False)


def test_its_page_says_why_on_the_list_and_the_file_can_still_be_put_away(client, file, editor) -> None:
    client.force_login(editor, backend="accounts.leaving.PostBackend")
    begun(file, ended_process())
    page = client.get(reverse("imports:reading", args=[file.pk]), follow=True)
    assert page.redirect_chain == [(reverse("imports:list"), 302)]
    assert "処理が止まった" in page.text
    assert "読み取れません" in page.text
    client.post(reverse("imports:cancel", args=[file.pk]))
    file.refresh_from_db()
    assert file.state == ImportedFile.State.CANCELLED


def test_a_reader_that_is_busy_is_said_and_the_file_stays_readable(client, file, editor, monkeypatch) -> None:
    from kpis.imports import receiving

    def busy(data: bytes, name: str, own_headings: object) -> None:
        raise ReaderBusy("順番が来ませんでした。")

    client.force_login(editor, backend="accounts.leaving.PostBackend")
    with monkeypatch.context() as patched:
        patched.setattr(receiving, "open_tables", busy)
        page = client.get(reverse("imports:reading", args=[file.pk]), follow=True)
        assert "順番が来ませんでした" in page.text
    assert marks(file) == (False, "", False)
    assert client.get(reverse("imports:reading", args=[file.pk])).status_code == 200


def test_a_file_whose_reader_dies_is_not_kept_at_all(client, editor, world, june, monkeypatch) -> None:
    from sheets import apart
    from tests.kpis.imports.test_pages import upload
    from tests.sheets.making import MONTHLY, xlsx

    client.force_login(editor, backend="accounts.leaving.PostBackend")
    monkeypatch.setattr(apart, "COMMAND", (sys.executable, "-c", "import os; os.abort()"))
    page = upload(client, xlsx(MONTHLY), "a.xlsx")
    assert page.status_code == 422
    assert "時間かメモリがかかりすぎる" in page.text
    assert not ImportedFile.objects.exists()
