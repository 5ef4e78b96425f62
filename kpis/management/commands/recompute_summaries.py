"""Computes all summaries again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kpis.models import Kpi
from kpis.summaries.recompute import recompute


class Command(BaseCommand):
    help = "指標の集計をすべて（または1つだけ）計算し直します。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kpi", metavar="コード", help="この指標だけを計算し直す")

    def handle(self, *args: Any, **options: Any) -> None:
        kpis = Kpi.objects.all()
        if options["kpi"]:
            kpis = kpis.filter(code=options["kpi"])
            if not kpis:
                raise CommandError(f"コード「{options['kpi']}」の指標はありません。")
        rows = sum(recompute(kpi.pk) for kpi in kpis)
        self.stdout.write(f"{len(kpis)}指標の集計 {rows}行を計算しました。")
