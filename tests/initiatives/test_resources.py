"""Files of initiatives and milestones, by their codes."""

from __future__ import annotations

import pytest
import tablib

from initiatives.models import Initiative, Milestone, Pillar
from initiatives.resources import InitiativeResource, MilestoneResource

ATOMIC = {"use_transactions": True, "rollback_on_validation_errors": True}
INITIATIVES = ["コード", "名称", "改革の柱コード", "担当所属コード", "一覧図で太字", "状況"]
MILESTONES = ["取組コード", "年度", "公表された表現", "月", "終わりの年度"]


@pytest.fixture
def initiative(db) -> Initiative:
    Pillar.objects.create(code="service", order=1, icon="service")
    return Initiative.objects.create(code="line", title="LINEの活用", description="そのまま")


def load(resource, headers: list[str], *rows: list[str]):
    return resource().import_data(tablib.Dataset(*rows, headers=headers), **ATOMIC)


def test_an_initiative_is_changed_by_its_code_and_keeps_what_the_file_does_not_name(initiative, department) -> None:
    load(InitiativeResource, INITIATIVES, ["line", "LINE公式", "service", "1010", "○", "実施中"])
    initiative.refresh_from_db()
    assert (initiative.title, initiative.department, initiative.status) == ("LINE公式", department, "running")
    assert (initiative.is_bold, initiative.description) == (True, "そのまま")


def test_milestones_twice_are_stored_once_and_without_a_month_none_is_invented(initiative) -> None:
    rows = (["line", "2024", "開始", "", "2025"],)
    first, second = load(MilestoneResource, MILESTONES, *rows), load(MilestoneResource, MILESTONES, *rows)
    assert (first.totals["new"], second.totals["skip"]) == (1, 1)
    assert Milestone.objects.get().month is None


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["nothing", "2024", "開始", "", ""], "という取組コードはありません"),
        (["line", "2024", "別の開始", "13", ""], "月は1から12"),
        (["line", "2024", "別の開始", "", "2023"], "終わりの年度は始まりの年度以後"),
        (["line", "6", "別の開始", "", ""], "西暦4桁"),
    ],
)
def test_one_wrong_row_saves_nothing(initiative, row, message) -> None:
    result = load(MilestoneResource, MILESTONES, ["line", "2024", "開始", "9", ""], row)
    assert message in str(result.invalid_rows[0].error)
    assert not Milestone.objects.exists()


def test_an_unknown_status_names_those_that_are_known(initiative) -> None:
    result = load(InitiativeResource, INITIATIVES, ["line", "LINE", "", "", "", "いい感じ"])
    assert "完了、実施中" in str(result.invalid_rows[0].error)
