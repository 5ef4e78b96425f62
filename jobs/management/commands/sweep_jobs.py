"""Sweeps once, by hand: where no process of the application runs, or JOBS_SWEEP_SECONDS is 0."""

from typing import Any

from django.core.management.base import BaseCommand

from jobs.dispatch import finish_work_here
from jobs.models import Job
from jobs.sweeping import sweep


class Command(BaseCommand):
    help = "止まった処理を見つけ、自動でやり直せるものを実行し、気をつけることを一覧にします。"

    def handle(self, *args: Any, **options: Any) -> None:
        before = set(Job.objects.unended().values_list("pk", flat=True))
        with finish_work_here():
            findings = sweep()
        ended = Job.objects.filter(pk__in=before, state__in=Job.ENDED).count()
        self.stdout.write(f"片付いた処理 {ended}件、気をつけること {len(findings)}件")
        for finding in findings:
            self.stdout.write(f"・{finding.text}")
