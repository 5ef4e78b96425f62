"""A chart of a year of months, and words to read what was drawn of it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from charts.specification import Chart, Line


def amounts(*values: int | str | None) -> tuple[Decimal | None, ...]:
    return tuple(None if value is None else Decimal(value) for value in values)


@pytest.fixture
def make_chart() -> Callable[..., Chart]:
    """A chart of some values from 2024-04 on."""

    def make(*values: int | str | None, **fields: Any) -> Chart:
        months = tuple(f"R{6 + (n + 3) // 12}.{(n + 3) % 12 + 1}" for n in range(len(values)))
        given = {
            "title": "登録者数",
            "alt": "登録者数の推移",
            "x": months,
            "unit": "人",
            "lines": (Line("今年度", amounts(*values)),),
        }
        return Chart(**given | fields)

    return make
