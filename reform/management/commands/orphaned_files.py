"""Lists the files that belong to no row, and deletes them when told to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reform.orphans import orphans


class Command(BaseCommand):
    help = "どの記録にも結び付かないファイルを一覧にします。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--delete", action="store_true", help="一覧にしたファイルを削除する")

    def handle(self, *args: Any, **options: Any) -> None:
        found = orphans()
        for path in found:
            self.stdout.write(str(path))
            if options["delete"]:
                path.unlink(missing_ok=True)
        done = "削除しました" if options["delete"] else "見つかりました"
        self.stdout.write(f"登録のないファイルが{len(found)}件{done}。")
