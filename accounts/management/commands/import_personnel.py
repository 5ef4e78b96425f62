"""Registers employees and posts from the personnel department's list."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.personnel import Issued, Kind, Preview, apply, preview_of, read_lines
from japan.csv_files import write_csv
from sheets import FileRefused, open_book


class Command(BaseCommand):
    help = "人事CSVから職員と担当割当を登録します。すべて登録するか、どれも登録しないかのどちらかです。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="人事CSV（CP932かUTF-8。ExcelとODSも読み取れます）")
        parser.add_argument("--dry-run", action="store_true", help="内容を表示するだけで、何も保存しません。")
        parser.add_argument(
            "--passwords", help="新しい職員の初期パスワードを書き出すファイル（新しいファイル。本人だけが読めます）"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        preview = self._preview(Path(options["file"]))
        self._show(preview)
        if preview.refusals:
            raise CommandError("登録できない行があるため、どの行も登録していません。")
        if options["dry_run"]:
            self.stdout.write("確認だけを行い、何も保存していません。")
            return
        if any(step.kind == Kind.PERSON for step in preview.steps) and not options["passwords"]:
            raise CommandError(
                "新しい職員がいます。初期パスワードを書き出すファイルを --passwords で指定してください。"
            )
        try:
            with transaction.atomic():
                issued = apply(preview.lines, seal=preview.seal)
                if issued:
                    self._write(issued, Path(options["passwords"]))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write("登録しました。" if preview.news else "登録済みの内容と同じです。")

    def _preview(self, path: Path) -> Preview:
        try:
            return preview_of(*read_lines(open_book(path.read_bytes(), path.name)))
        except OSError as error:
            raise CommandError(f"ファイルを開けません：{path}") from error
        except FileRefused as error:
            raise CommandError(str(error)) from error

    def _show(self, preview: Preview) -> None:
        for sentence in preview.left_out:
            self.stdout.write(sentence)
        for refusal in preview.refusals:
            self.stderr.write(f"{refusal.row}行目：{refusal.text}")
        for step in preview.news:
            self.stdout.write(f"{step.row}行目　{step.kind}　{step.text}")
        self.stdout.write("、".join(f"{kind} {count}件" for kind, count in preview.counts))

    def _write(self, issued: list[Issued], path: Path) -> None:
        """Into a file that did not exist and that nobody else may read. Where it cannot be written nothing is saved."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(
                f"初期パスワードのファイルを作れません（同じ名前のファイルがないか確かめてください）：{path}"
            ) from error
        rows = ((each.number, each.name, each.password) for each in issued)
        with os.fdopen(descriptor, "wb") as file:
            file.write(write_csv(["職員番号", "氏名", "初期パスワード"], rows, for_excel=True))
