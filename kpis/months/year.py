"""A department's fiscal year as a grid: series down, 4月…3月 across; each cell is a line of its month, saved as there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.http import QueryDict

from japan.fiscal import fiscal_months, month_start
from japan.missing import MissingReason
from japan.numbers import write_number
from kpis.entries.sheet import Slot, slots_of
from kpis.models import Series
from kpis.months.checks import note_findings
from kpis.months.forms import SlotForm, typed_value
from kpis.months.line import EDITABLE, Line
from kpis.months.line_saving import save_line
from kpis.values.closed import Lock, locks_of

if TYPE_CHECKING:
    from accounts.access import Access
    from accounts.models import Department


class CellForm(SlotForm):
    """A cell has room for what is typed alone: － … x say why there is no value, a comment stays as it is."""

    missing_reason = None  # type: ignore[assignment]
    comment = None  # type: ignore[assignment]
    change_reason = None  # type: ignore[assignment]
    is_confirmed = None  # type: ignore[assignment]

    @classmethod
    def prefix_of(cls, slot: Slot) -> str:
        return f"s{slot.series.pk}p{slot.period.start:%Y%m}"

    @classmethod
    def text_of(cls, slot: Slot) -> str:
        source = slot.entry or slot.measurement
        symbol = MissingReason(source.missing_reason).symbol if source and source.missing_reason else ""
        return typed_value(slot) or symbol

    def _dress(self) -> None:
        super()._dress()
        attrs = self.fields["typed"].widget.attrs
        attrs["aria-label"] = f"{self.slot.series} {self.slot.period.label}の値（{self.slot.kpi.unit}）"


@dataclass
class Cell(Line):
    """A line of a month as a cell of the year."""

    form_class: ClassVar[type[SlotForm]] = CellForm
    blank: ClassVar[str] = "空欄です。値か、－（該当なし）、…（集計中）、x（非公開）を入力してください。"

    month: date = date.min
    lock: Lock | None = None

    @property
    def is_locked(self) -> bool:
        return self.lock is not None and self.lock.is_locked

    @property
    def held_short(self) -> str:
        """What is stored, without its unit: that stands at the head of the row."""
        row = self.slot.entry or self.slot.measurement
        if row is None or row.value is None:
            return row.get_missing_reason_display() if row else ""
        return write_number(row.value, self.slot.kpi.decimals)


@dataclass
class Row:
    """A series with a cell, or nothing, for each month."""

    series: Series
    cells: list[Cell | None]


class YearForm:
    """The cells of a department's fiscal year. With `data` the cells whose fields were sent are bound to it."""

    def __init__(
        self, department: Department, fiscal_year: int, *, access: Access, today: date, data: QueryDict | None = None
    ) -> None:
        self.department, self.fiscal_year, self.access, self.today = department, fiscal_year, access, today
        self.data = data
        self.may_enter = access.may_enter(department.pk)
        self.months = fiscal_months(fiscal_year)
        self.saved = 0
        self.locks = locks_of(department.pk, self.months, today)
        self.rows = self._rows()

    def _rows(self) -> list[Row]:
        sheets = slots_of([self.department], self.months)
        slots = {(s.series.pk, month): s for (_, month), sheet in sheets.items() for s in sheet}
        series = {s.series.pk: s.series for s in slots.values()}
        in_order = sorted(series.values(), key=lambda s: (s.kpi.order, s.kpi.code, s.order, s.code))
        return [
            Row(each, [self._cell(slots.get((each.pk, month)), month) for month in self.months]) for each in in_order
        ]

    def _cell(self, slot: Slot | None, month: date) -> Cell | None:
        if slot is None or month >= month_start(self.today):
            return None
        cell = Cell(slot, month=month, lock=self.locks.get(month))
        if self.data is not None:
            if f"{cell.key}-seen_version" in self.data:
                cell.bind(self.data)
        elif self.may_enter and slot.state in EDITABLE and not cell.is_locked:
            cell.form = CellForm(slot)
        return cell

    @property
    def lines(self) -> Iterator[Cell]:
        return (cell for row in self.rows for cell in row.cells if cell is not None)

    @property
    def can_edit(self) -> bool:
        return any(cell.form for cell in self.lines)

    @property
    def broken(self) -> list[Cell]:
        return [cell for cell in self.lines if cell.is_broken]

    @property
    def columns(self) -> list[tuple[date, bool, Lock | None]]:
        """Each month with whether it has ended and, where it is closed, the closing."""
        return [(month, month < month_start(self.today), self.locks.get(month)) for month in self.months]

    def check(self) -> None:
        """Lets the checks say what they have to say, for a page that is about to be drawn."""
        note_findings(list(self.lines))

    def save(self) -> None:
        """Saves each right and changed cell as a draft of its month, by itself."""
        if self.data is not None:
            for cell in self.lines:
                self.saved += save_line(cell, self.data, access=self.access, department_id=self.department.pk)
