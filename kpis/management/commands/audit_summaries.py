"""Compares every stored summary with a second computation, every value with its history, every file with its checksum."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpis.models import Kpi, Measurement, Summary
from kpis.summaries.audit import audit, audit_files, audit_history


class Command(BaseCommand):
    help = (
        "集計を別の計算方法で検算し、実績値を履歴と、保存したファイルを照合値と比べます。"
        "違いがあれば一覧にして、終了コード1で終わります。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        kpis = list(Kpi.objects.select_related("numerator", "denominator"))
        summaries = [str(found) for kpi in kpis for found in audit(kpi)]
        history = [str(found) for kpi in kpis for found in audit_history(kpi)]
        files = list(audit_files())
        for line in [*summaries, *history, *files]:
            self.stdout.write(line)
        problems = [
            (summaries, "集計に{}か所の違いがありました。recompute_summaries で計算し直してください。"),
            (
                history,
                "実績値と履歴に{}か所の違いがありました。データベースが直接書き換えられていないか確かめてください。",
            ),
            (files, "保存したファイルに{}件の問題がありました。バックアップから戻してください。"),
        ]
        if told := [sentence.format(len(found)) for found, sentence in problems if found]:
            raise CommandError("".join(told))
        self.stdout.write(f"集計 {Summary.objects.count()}行を検算しました。違いはありません。")
        self.stdout.write(
            f"実績値 {Measurement.objects.count()}件の履歴と、保存したファイルを確かめました。違いはありません。"
        )
