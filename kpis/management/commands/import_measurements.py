"""Takes a file of values over from a shell, by a way of reading that was named on the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Department, User
from japan.dates import DateError, parse_month
from kpis.imports import Changed, Conflict, Mapping, apply_file, look_through, reading_of, receive
from kpis.models import ImportedFile, ImportLine, ImportMapping
from sheets import place
from sheets.limits import MAX_BYTES

SHOWN = 50


class Command(BaseCommand):
    help = "実績値のファイル（CSV、XLSX、XLS、ODS）を、登録済みの読み取り方で取り込みます。すべて取り込むか、どれも取り込まないかのどちらかです。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="取り込むファイル")
        parser.add_argument("--mapping", help="読み取り方の名称（様式どおりのファイルでは不要）")
        parser.add_argument("--user", required=True, help="取り込む職員の職員番号。その職員の権限で取り込みます。")
        parser.add_argument(
            "--department",
            help="所属コード。その所属の回答として提出します。ないときは取りまとめ課から、値ごとに報告する所属の回答として提出します。",
        )
        parser.add_argument(
            "--record",
            action="store_true",
            help="取りまとめ課が、回答とせず実績値として直接登録します（過去の値の移行など）。",
        )
        parser.add_argument("--month", help="月のない表の対象月（例 2025-05）")
        parser.add_argument("--fiscal-year", type=int, help="年のない月の年度（例 2025）")
        parser.add_argument("--note", default="", help="コメント・理由")
        parser.add_argument("--confirmed", action="store_true", help="いつもと違う値を確認済（入力誤りなし）とします。")
        parser.add_argument("--dry-run", action="store_true", help="内容を表示するだけで、何も保存しません。")

    def handle(self, *args: Any, **options: Any) -> None:
        access = Access(self._user(options["user"]), timezone.localdate())
        self._stored: list[ImportedFile] = []
        is_kept = False
        try:
            with transaction.atomic():
                file = self._preview(access, options)
                self._show(file)
                if options["dry_run"]:
                    transaction.set_rollback(True)
                else:
                    self._apply(file, access, options)
                    is_kept = True
        except PermissionDenied as error:
            raise CommandError("この職員には、このファイルを取り込む権限がありません。") from error
        except (ValidationError, Changed, Conflict) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        finally:
            for stored in [] if is_kept else self._stored:  # its row is gone with the transaction
                stored.file.storage.delete(str(stored.file.name))
        if options["dry_run"]:
            self.stdout.write("確認だけを行い、何も保存していません。")

    def _apply(self, file: ImportedFile, access: Access, options: dict[str, Any]) -> None:
        if file.counts.get("refused"):
            raise CommandError("取り込めない値があるため、どの値も取り込んでいません。")
        count = apply_file(file, access=access, note=options["note"], is_confirmed=options["confirmed"])
        self.stdout.write(f"{count}件を取り込みました。")

    def _preview(self, access: Access, options: dict[str, Any]) -> ImportedFile:
        path = Path(options["file"])
        try:
            with path.open("rb") as opened:
                data = opened.read(MAX_BYTES + 1)  # enough to be refused for its size
        except OSError as error:
            raise CommandError(f"ファイルを開けません：{path}") from error
        department = self._department(options["department"])
        if options["record"] and department is not None:
            raise CommandError("--record と --department は、どちらか1つだけ指定してください。")
        file = receive(data, path.name, access=access, department=department, records=options["record"])
        self._stored.append(file)
        saved = self._saved(options["mapping"])
        mapping = Mapping.from_json(saved.reading) if saved else None
        found = reading_of(file, access=access, mapping=mapping)
        if found.is_proposed:  # what somebody would have to look at is no ground for writing values
            raise CommandError(
                "このファイルの読み取り方は登録されていません。画面で一度取り込んで名称を付け、--mapping で指定してください。"
            )
        if options["month"] or options["fiscal_year"]:
            mapping = replace(
                found.mapping,
                month=self._month(options["month"]),
                fiscal_year=options["fiscal_year"],
            )
        reading = reading_of(file, access=access, mapping=mapping)
        if found.new_labels:
            more = f"、ほか{len(found.new_labels) - 5}件" if len(found.new_labels) > 5 else ""
            raise CommandError(
                f"読み取り方にない名前があります：{'、'.join(found.new_labels[:5])}{more}。画面で、どの指標か選んでください。"
            )
        if not reading.is_ready:
            raise CommandError(
                "読み取り方が決まっていません。--mapping、--month、--fiscal-year を指定するか、先に画面で決めてください。"
            )
        look_through(file, reading, access=access, saved=saved or found.saved)
        return file

    def _show(self, file: ImportedFile) -> None:
        counts = file.counts
        words = "、".join(f"{outcome.label} {counts.get(outcome.value, 0)}件" for outcome in ImportLine.Outcome)
        self.stdout.write(f"{file.name}：{words}")
        for part in file.understood["left_out"]:
            self.stdout.write(f"  取り込まない：{part['what']}（{part['why']}、値{part['values']}件）")
        if coarser := counts.get("coarser"):
            self.stdout.write(f"  登録済みの値を丸めると同じ{coarser}件は、登録済みの値のままです。")
        told = file.lines.exclude(message="")
        for line in told[:SHOWN]:
            self.stdout.write(f"  {place(line.sheet, line.row, line.column)}「{line.shown}」：{line.message}")
        if (more := told.count() - SHOWN) > 0:
            self.stdout.write(f"  ほか{more}件")

    def _user(self, number: str) -> User:
        user = User.objects.filter(employee_number=number, is_active=True).first()
        if user is None:
            raise CommandError(f"職員番号「{number}」の職員がいません。")
        return user

    def _department(self, code: str | None) -> Department | None:
        if code is None:
            return None
        found = Department.objects.filter(code=code).order_by("-valid_from").first()
        if found is None:
            raise CommandError(f"所属コード「{code}」の所属がありません。")
        return found

    def _saved(self, name: str | None) -> ImportMapping | None:
        if name is None:
            return None
        saved = ImportMapping.objects.filter(name=name).first()
        if saved is None:
            raise CommandError(f"「{name}」という読み取り方はありません。画面で決めて、名前を付けて保存してください。")
        return saved

    def _month(self, text: str | None) -> date | None:
        if text is None:
            return None
        try:
            return parse_month(text)
        except DateError as error:
            raise CommandError(str(error)) from error
