"""Makes an edition of a report and writes its files to disk, as the page's button does."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.exporting import ExportError, export
from reports.models import Report


class Command(BaseCommand):
    help = "レポートの公表版を作成し、HTMLとPDFを指定した場所に書き出します。例：export_report 5 --html report.html --pdf report.pdf"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("volume", type=int, help="号")
        parser.add_argument("--html", type=Path, help="HTMLの書き出し先")
        parser.add_argument("--pdf", type=Path, help="PDFの書き出し先")

    def handle(self, *args: Any, **options: Any) -> None:
        report = Report.objects.filter(volume=options["volume"]).first()
        if report is None:
            known = "、".join(str(volume) for volume in Report.objects.values_list("volume", flat=True)) or "なし"
            raise CommandError(f"vol.{options['volume']} のレポートはありません。登録済みの号：{known}")
        for path in (options["html"], options["pdf"]):
            if path and not path.resolve().parent.is_dir():
                raise CommandError(f"書き出し先のフォルダーがありません：{path.parent}")
            if path and not _may_write(path):
                raise CommandError(f"ここには書き出せません。別の場所かファイル名を指定してください：{path}")
        try:
            edition = export(report, asked_at=timezone.now(), author=None, post="export_report コマンド")
        except ExportError as error:
            raise CommandError(str(error)) from error
        for path, stored in ((options["html"], edition.html), (options["pdf"], edition.pdf)):
            if path:
                with stored.open("rb") as file:
                    path.write_bytes(file.read())
                self.stdout.write(f"{path}")
        self.stdout.write(f"{edition} を作成しました。")


def _may_write(path: Path) -> bool:
    """Whether a file may be made or written over there."""
    if path.exists():
        return path.is_file() and os.access(path, os.W_OK)
    return os.access(path.resolve().parent, os.W_OK)
