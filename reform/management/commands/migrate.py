"""Django's migrate, one at a time: a second one waits for its turn, and finds nothing left to do."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from constraints.turns import turn_to_migrate


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        def waiting() -> None:
            self.stdout.write("別の migrate が終わるのを待っています。")

        with turn_to_migrate(connections[options["database"]], waiting):
            super().handle(*args, **options)
