"""What an audit finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from japan.periods import Period, Span


@dataclass(frozen=True)
class Difference:
    """One column of one summary or value that is not what it should be."""

    kpi: str
    span: str
    period: date
    column: str
    stored: str
    expected: str

    def __str__(self) -> str:
        label = Period(Span(self.span), self.period).label
        return f"{self.kpi} {label} {self.column}: 保存値 {self.stored or '（なし）'} ／ 再計算 {self.expected or '（なし）'}"
