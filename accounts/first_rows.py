"""A page that shows the beginning of a list says how many more there are (templates/components/more.html)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import QuerySet

Row = TypeVar("Row")


class FirstRows(list[Row]):
    """Rows as they are shown, and how many more there are."""

    def __init__(self, rows: Iterable[Row] = (), more: int = 0) -> None:
        super().__init__(rows)
        self.more = more


def first_rows(rows: QuerySet[Any, Row], length: int) -> FirstRows[Row]:
    """The first of a query's rows in their order; counted, by a second query, only where there are more."""
    listed = list(rows[: length + 1])
    return FirstRows(listed[:length], rows.count() - length if len(listed) > length else 0)
