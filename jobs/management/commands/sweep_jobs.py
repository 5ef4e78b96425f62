"""Does once what the scheduler does each minute: for places that run without a worker and use cron."""

from typing import Any

from django.core.management.base import BaseCommand

from jobs import running
from jobs.dispatch import finish_work_here, resend_queued


class Command(BaseCommand):
    help = "止まった処理を中断にし、待機中のまま残った処理を実行します。"

    def handle(self, *args: Any, **options: Any) -> None:
        with finish_work_here():
            dead = running.interrupt_dead() + running.interrupt_of_this_host()
            resent = resend_queued()
        forgotten = running.forget_merged()
        self.stdout.write(f"中断 {dead}件、実行 {resent}件、古い記録の削除 {forgotten}件")
