"""The milestones and the progress records as tables for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import prefetch_related_objects
from django.utils import timezone

from initiatives.models import Milestone, ProgressRecord
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


def milestones_csv(milestones: Sequence[Milestone], on: date, *, for_excel: bool) -> bytes:
    """A row per milestone, with the department that looks after the initiative on a day. A month that was not published
    is blank; the pillar's name is the newest."""
    prefetch_related_objects([milestone.initiative for milestone in milestones], "former_charges__department")
    rows = []
    for milestone in milestones:
        initiative, day = milestone.initiative, milestone.date_or_none
        department = initiative.department_on(on)
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
                department.name if department else "",
                initiative.get_status_display(),
                milestone.source or initiative.source,
            )
        )
    return write_csv(COLUMNS, rows, for_excel=for_excel)


RECORD_COLUMNS = (
    "年度（西暦）",
    "四半期",
    "所属コード",
    "所属",
    "取組コード",
    "取組",
    "進捗状況",
    "実施内容・成果",
    "課題",
    "今後の取組",
    "事業費（千円）",
    "効果額（千円）",
    "承認日",
)


def records_csv(records: Iterable[ProgressRecord], *, for_excel: bool) -> bytes:
    """A row per progress record; an amount nobody gave is blank, not 0."""
    rows = [
        (
            record.fiscal_year,
            record.quarter,
            record.department.code,
            record.department.name,
            record.initiative.code,
            record.initiative.title,
            record.get_status_display(),
            record.results,
            record.issues,
            record.next_steps,
            "" if record.cost is None else f"{record.cost:f}",
            "" if record.effect is None else f"{record.effect:f}",
            f"{timezone.localtime(record.decided_at):%Y-%m-%d}" if record.decided_at else "",
        )
        for record in records
    ]
    return write_csv(RECORD_COLUMNS, rows, for_excel=for_excel)
