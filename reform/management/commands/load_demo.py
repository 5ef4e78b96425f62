"""Loads the sample data: invented months, departments and people up to last month."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import Department
from jobs.dispatch import finish_work_here
from kpis.models import Kpi
from kpis.values.closed import MonthIsClosed
from reform.demo.loading import load_sample
from reform.demo.organisation import SIGN_INS

#: Figures that the sample goes on from.
PUBLISHED = ("line-friends", "copies")
ROLES = {
    "editor": "入力担当者（情報政策課）",
    "approver": "確認者（情報政策課長）",
    "reform_office": "取りまとめ課（管理画面も使えます）",
    "viewer": "閲覧者",
}


class Command(BaseCommand):
    help = "見本データ（架空値）を先月分まで登録します。足りないものだけを加え、登録済みのものは変更しません。"

    def handle(self, *args: Any, **options: Any) -> None:
        is_published = Kpi.objects.filter(code__in=PUBLISHED).exists()
        if not is_published and (Kpi.objects.exists() or Department.objects.exists()):
            raise CommandError(
                "このデータベースには、ほかの市のデータがあります。見本データは、空のデータベースか、load_vol5 で"
                "登録したデータベースに加えてください。"
            )
        if not is_published:
            call_command("load_vol5", stdout=self.stdout)
        self.stdout.write(f"見本データ（架空値）：{self._load()}")
        self.stdout.write("\n見本の利用者（パスワードは登録したときのもの。本番では使わないでください）")
        self.stdout.write("  職員番号  パスワード          役割")
        for person in SIGN_INS:
            self.stdout.write(f"  {person.number:<8}  {person.password:<18}  {ROLES[person.role]}　{person.name}")

    def _load(self) -> str:
        """What was added, in words; a month that is closed takes no sample, so none of it is loaded."""
        try:
            with finish_work_here():
                counts = load_sample(timezone.localdate())
        except MonthIsClosed as closed:
            return f"加えていません。{' '.join(closed.messages)}"
        added = "、".join(f"{name} {count}件" for name, count in counts.items() if count)
        return f"{added} を加えました。" if added else "登録済みです。"
