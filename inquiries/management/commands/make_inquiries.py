"""Makes the regular inquiries that are due: for places that run without a scheduler and use cron."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from inquiries.regular import make_due_inquiries


class Command(BaseCommand):
    help = "終わった月の照会（月次の回答、四半期の進捗状況調書）を作成します。何度実行しても増えません。"

    def handle(self, *args: Any, **options: Any) -> None:
        made = make_due_inquiries(timezone.localdate())
        for inquiry in made:
            self.stdout.write(f"作成しました：{inquiry.title}（{inquiry.recipients.count()}所属）")
        if not made:
            self.stdout.write("新しく作成する定例の照会はありません。")
