"""Loads everything that 構造改革レポート vol.5 published."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.loading import load_departments, newest_department, reform_office_group
from initiatives.loading import load_initiatives
from jobs.dispatch import finish_work_here
from kpis.closing import MonthIsClosed
from kpis.loading import load_kpis
from reports.loading import load_report
from surveys.loading import load_surveys

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "vol5"


class Command(BaseCommand):
    help = "構造改革レポート vol.5 の公表内容を登録します。足りないものだけを加え、登録済みのものは変更しません。"

    def handle(self, *args: Any, **options: Any) -> None:
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


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return data
