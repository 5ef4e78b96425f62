"""Loads everything that 構造改革レポート vol.5 published."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.loading import load_departments, newest_department, reform_office_group
from accounts.models import Department
from initiatives.loading import load_initiatives
from jobs.dispatch import finish_work_here
from kpis.imports.loading import load_kpis
from kpis.models import Kpi
from kpis.values.closed import MonthIsClosed
from reports.loading import load_report
from surveys.loading import load_surveys

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "vol5"


#: {wanted}: what was to be loaded.
ANOTHER_CITY = (
    "このデータベースには、ほかの市のデータがあります。何も加えていません。"
    "{wanted}は、空のデータベース（DATABASE_URL）に登録してください。"
)


class Command(BaseCommand):
    help = "構造改革レポート vol.5 の公表内容を登録します。足りないものだけを加え、登録済みのものは変更しません。"

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_another_city("vol.5 の公表内容")
        departments, initiatives, kpis, surveys, report = (
            _read(name) for name in ("departments", "initiatives", "kpis", "surveys", "report")
        )
        # The summaries are computed before the command ends; all of it is loaded, or none.
        try:
            with finish_work_here(), transaction.atomic():
                reform_office_group()
                counts = {
                    "所属": load_departments(departments["departments"]),
                    "取組": load_initiatives(initiatives),
                    "指標と値": load_kpis(kpis, newest_department(departments["reform_office"])),
                    "アンケート": load_surveys(surveys["surveys"]),
                    "レポート": load_report(report),
                }
        except MonthIsClosed as closed:
            raise CommandError(" ".join(closed.messages)) from closed
        added = "、".join(f"{name} {count}件" for name, count in counts.items() if count)
        self.stdout.write(f"vol.5 の公表内容：{added} を加えました。" if added else "vol.5 の公表内容：登録済みです。")


def refuse_another_city(wanted: str) -> None:
    """Raises CommandError where departments or KPIs are there and none of them is one of vol.5's."""
    named = [row["name"] for row in _read("departments")["departments"]]
    codes = [row["code"] for row in _read("kpis")["kpis"]]
    departments, kpis = Department.objects.all(), Kpi.objects.all()
    known = departments.filter(name__in=named).exists() or kpis.filter(code__in=codes).exists()
    if not known and (departments.exists() or kpis.exists()):
        raise CommandError(ANOTHER_CITY.format(wanted=wanted))


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return data
