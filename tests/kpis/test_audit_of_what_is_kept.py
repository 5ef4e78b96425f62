"""The audit also holds values against their history and files against their checksums."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from jobs.models import Job
from jobs.progress import Progress
from jobs.registry import JobError
from kpis.background import audit_summaries
from kpis.entries.evidence import attach, take_back
from kpis.models import Measurement
from kpis.summaries.audit import audit_files, audit_history
from tests.kpis.reporting_world import MONTH
from tests.kpis.world import access, put


@pytest.fixture
def paper(month, editor, department):
    file = SimpleUploadedFile("集計表.pdf", b"%PDF-1.7 a paper")
    return attach(file, kpi=month.friends.kpi, department=department, month=MONTH, access=access(editor))


def found(kpi) -> list[str]:
    return [difference.column for difference in audit_history(kpi)]


def test_values_that_were_recorded_are_their_newest_revisions(world):
    put(world.friends, "2025-05", 1)
    put(world.friends, "2025-05", 2, is_provisional=True, published="1.6倍")
    put(world.friends, "2025-04", None, missing_reason="withheld")
    assert found(world.friends) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("value", 3), ("is_provisional", True), ("published", "1.6倍"), ("note", "x"), ("source", "x")],
)
def test_a_value_that_was_altered_past_its_history_is_found(world, column, value):
    put(world.friends, "2025-05", 2)
    Measurement.objects.update(**{column: value})
    assert found(world.friends) == [f"{column}（最新の履歴との違い）"]


@pytest.mark.parametrize("version", [1, 3])
def test_a_version_without_its_revision_is_found(world, version):
    put(world.friends, "2025-05", 1)
    put(world.friends, "2025-05", 2)
    Measurement.objects.update(version=version)
    assert found(world.friends) == ["履歴の版"]


def test_a_value_without_any_revision_is_found(world):
    held = put(world.friends, "2025-05", 1)
    held.pk, held.period = None, MONTH.replace(month=4)
    held.save()
    assert found(world.friends) == ["履歴の版"]


def test_stored_files_are_found_whole_also_after_they_were_taken_back(paper, editor):
    take_back(paper, access=access(editor))
    assert list(audit_files()) == []


@pytest.mark.parametrize("what", ["gone", "changed"])
def test_a_file_that_is_gone_or_changed_is_named_and_fails_the_command(paper, what):
    if what == "gone":
        paper.file.storage.delete(paper.file.name)
    else:
        with open(paper.file.path, "ab") as file:
            file.write(b"!")
    [line] = audit_files()
    assert line.startswith(f"根拠資料 {paper.pk}：")
    out = StringIO()
    with pytest.raises(CommandError, match="保存したファイルに1件の問題"):
        call_command("audit_summaries", stdout=out)
    assert line in out.getvalue()


def test_the_nights_audit_tells_of_a_missing_file(paper):
    paper.file.storage.delete(paper.file.name)
    with pytest.raises(JobError, match=f"1か所の問題があります（根拠資料 {paper.pk}"):
        audit_summaries(Progress(Job()))


def test_editions_are_among_the_stored_files():
    from kpis.summaries.audit import files

    assert [source.__name__ for source in files._sources] == [
        "evidence_files",
        "imported_files",
        "edition_files",
        "answer_files",
    ]
