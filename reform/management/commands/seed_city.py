"""Builds the second, invented city in an empty database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from jobs.dispatch import finish_work_here
from reform.second_city.building import AnotherCity, build
from reform.second_city.organisation import SIGN_INS
from reform.second_city.sizes import SIZES


class Command(BaseCommand):
    help = "架空の市（港町市）を、先月分の報告の途中まで作ります。ほかの市のデータがあるデータベースには作りません。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=sorted(SIZES), default="s", help="大きさ（s：見本と同じくらい）")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with finish_work_here():
                counts = build(SIZES[options["size"]], timezone.localdate())
        except AnotherCity as error:
            raise CommandError(
                "このデータベースには、ほかの市のデータがあります。"
                "架空の市は、空のデータベース（DATABASE_URL）に作ってください。"
            ) from error
        added = "、".join(f"{name} {count}件" for name, count in counts.items() if count)
        self.stdout.write(
            f"港町市（架空の市）：{added} を加えました。" if added else "港町市（架空の市）：登録済みです。"
        )
        self.stdout.write("\n架空の市の利用者（パスワードは作ったときのもの。本番では使わないでください）")
        for person in SIGN_INS:
            department = f"（{person.title}）"
            self.stdout.write(
                f"  {person.number}  {person.password:<20}  {person.role.label}{department}　{person.name}"
            )
