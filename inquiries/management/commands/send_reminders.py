"""Sends the day's reminders: for places that run without a scheduler and use cron."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inquiries.reminding import send_reminders


class Command(BaseCommand):
    help = "回答依頼のメールを、1人に1日1通まで送信します。閉庁日には送りません。"

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = send_reminders(timezone.localdate())
        if outcome.why_not:
            self.stdout.write(outcome.why_not)
            return
        self.stdout.write(f"送信 {outcome.sent}通、送信済み {outcome.already}通、失敗 {outcome.failed}通")
        if outcome.failed:
            raise CommandError("送信できなかったメールがあります。理由は「送信した回答依頼」の画面にあります。")
