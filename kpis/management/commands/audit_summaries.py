"""Compares every stored summary with a second, independent computation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpis.audit import audit
from kpis.models import Kpi, Summary


class Command(BaseCommand):
    help = "集計を別の計算方法で検算します。違いがあれば一覧にして、終了コード1で終わります。"

    def handle(self, *args: Any, **options: Any) -> None:
        differences = [
            difference for kpi in Kpi.objects.select_related("numerator", "denominator") for difference in audit(kpi)
        ]
        for difference in differences:
            self.stdout.write(str(difference))
        if differences:
            raise CommandError(
                f"{len(differences)}か所の違いがありました。recompute_summaries で計算し直してください。"
            )
        self.stdout.write(f"集計 {Summary.objects.count()}行を検算しました。違いはありません。")
