"""The milestones as a table for other programs."""

from __future__ import annotations

from collections.abc import Iterable

from initiatives.models import Milestone
from japan.csv_files import write_csv

COLUMNS = (
    "取組コード",
    "取組",
    "改革の柱コード",
    "改革の柱",
    "年度（西暦）",
    "年月",
    "実施事項（公表された表現）",
    "補足",
    "終わりの年度（西暦）",
    "担当所属",
    "取組の状況",
    "出典",
)


def milestones_csv(milestones: Iterable[Milestone], *, for_excel: bool) -> bytes:
    """A row per milestone. A month that was not published is blank; the pillar's name is the newest."""
    rows = []
    for milestone in milestones:
        initiative, day = milestone.initiative, milestone.date_or_none
        rows.append(
            (
                initiative.code,
                initiative.title,
                initiative.pillar.code if initiative.pillar else "",
                initiative.pillar.name if initiative.pillar else "",
                milestone.fiscal_year,
                f"{day:%Y-%m}" if day else "",
                milestone.wording,
                milestone.detail,
                milestone.until_fiscal_year,
                initiative.department.name if initiative.department else "",
                initiative.get_status_display(),
                milestone.source or initiative.source,
            )
        )
    return write_csv(COLUMNS, rows, for_excel=for_excel)
