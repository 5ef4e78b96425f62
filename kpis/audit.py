"""A second implementation of the summaries, written apart from the first: it shares the calendar and nothing else.

It keeps fractions instead of decimals, works column by column instead of row by row, and asks the database itself.
What it finds different from a stored row is a defect of one of the two, or a row somebody altered.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from japan.fiscal import add_months, fiscal_months, fiscal_year_of, fiscal_year_start, month_end
from japan.periods import Period, Span
from kpis.models import Kpi, Measurement, Series, Summary, Target

Cell = dict[str, Any]
Table = dict[tuple[str, date], Cell]

M, Q, FY, CY = "month", "quarter", "fiscal_year", "calendar_year"


@dataclass(frozen=True)
class Difference:
    """One column of one summary that is not what it should be."""

    kpi: str
    span: str
    period: date
    column: str
    stored: str
    expected: str

    def __str__(self) -> str:
        label = Period(Span(self.span), self.period).label
        return f"{self.kpi} {label} {self.column}: 保存値 {self.stored or '（なし）'} ／ 再計算 {self.expected or '（なし）'}"


def audit(kpi: Kpi) -> Iterator[Difference]:
    """Every difference between the stored summaries of a KPI and this computation of them."""
    expected = _Auditor().table(kpi)
    stored = {(summary.span, summary.period): summary for summary in Summary.objects.filter(kpi=kpi)}
    for span, period in sorted(set(expected) | set(stored)):
        summary, cell = stored.get((span, period)), expected.get((span, period))
        if summary is None or cell is None:
            yield Difference(kpi.code, span, period, "行", "あり" if summary else "", "あり" if cell else "")
            continue
        for column, value in cell.items():
            want, have = _text(_settled(value)), _text(getattr(summary, column))
            if want != have:
                yield Difference(kpi.code, span, period, column, have, want)
        if (digest := _digest(summary)) != summary.digest:
            yield Difference(kpi.code, span, period, "digest", summary.digest, digest)


class _Auditor:
    def table(self, kpi: Kpi) -> Table:
        """All cells of a KPI with every column of the model that is not bookkeeping."""
        top = self.basic(kpi.numerator) if kpi.numerator else {}
        bottom = self.basic(kpi.denominator) if kpi.denominator else {}
        cells = self.ratio(kpi, top, bottom) if kpi.kind == "ratio" else self.basic(kpi)
        targets = {(t.fiscal_year, t.month): Fraction(t.value) for t in Target.objects.filter(kpi=kpi)}
        for (span, period), cell in cells.items():
            self.cumulative(kpi, cells, span, period, cell)
            self.last_year(kpi, cells, span, period, cell, top, bottom)
            self.goals(kpi, span, period, cell, targets)
        return cells

    # --- one period ---------------------------------------------------------------------------------------------
    def basic(self, kpi: Kpi) -> Table:
        series = list(Series.objects.filter(kpi=kpi))
        groups: dict[tuple[str, date], list[Measurement]] = defaultdict(list)
        for m in Measurement.objects.filter(series__kpi=kpi):
            groups[m.span, m.period].append(m)
        cells = {key: self.period(kpi, series, *key, found) for key, found in groups.items()}
        if kpi.kind != "ratio":
            self.years(kpi, series, cells)
        return cells

    def period(self, kpi: Kpi, series: list[Series], span: str, period: date, found: list[Measurement]) -> Cell:
        totals = {s.pk for s in series if s.kind == "total"}
        real = [m for m in found if m.nature != "projected"]
        cell = _blank("parts")
        if not real:
            used = [m for m in found if m.series_id in totals and m.value is not None] or found
            is_total = used[0].series_id in totals and used[0].value is not None
            addable = is_total or kpi.aggregation == "sum"
            cell.update(basis="published" if is_total else "parts", value=_add(used) if addable else None)
            cell["nature"] = "projected"
            if len(found) == 1:
                only = found[0]
                cell.update(as_of=only.as_of, as_of_wording=only.as_of_wording, missing_reason=only.missing_reason)
            return _marks(cell, used, keep_nature=True)
        total = [m for m in real if m.series_id in totals]
        parts = [m for m in real if m.series_id not in totals]
        if total and (total[0].value is not None or not parts):
            one = total[0]
            cell.update(
                basis="published", value=_add(total), missing_reason=one.missing_reason, expected=1,
                reported=0 if one.missing_reason == "pending" else 1,
                withheld=1 if one.missing_reason == "withheld" else 0, as_of=one.as_of,
                as_of_wording=one.as_of_wording, parts_total=_add(parts) if kpi.aggregation == "sum" else None,
            )  # fmt: skip
            return _marks(cell, total)
        end = Period(Span(span), period).end
        alive = {
            s.pk
            for s in series
            if s.kind != "total" and not (s.starts_on and s.starts_on > end) and not (s.ends_on and s.ends_on < period)
        }
        parts = [m for m in parts if m.series_id in alive]
        cell.update(
            basis="parts" if kpi.aggregation == "sum" else "none",
            value=_add(parts) if kpi.aggregation == "sum" else None,
            expected=len(alive),
            reported=len([m for m in parts if m.missing_reason != "pending"]),
            withheld=len([m for m in parts if m.missing_reason == "withheld"]),
        )
        if cell["value"] is None and len(parts) == len(alive) and len({m.missing_reason for m in parts}) == 1:
            cell["missing_reason"] = parts[0].missing_reason
        if len({(m.as_of, m.as_of_wording) for m in parts}) == 1:
            cell.update(as_of=parts[0].as_of, as_of_wording=parts[0].as_of_wording)
        return _marks(cell, parts)

    # --- fiscal years -------------------------------------------------------------------------------------------
    def years(self, kpi: Kpi, series: list[Series], cells: Table) -> None:
        spread: dict[int, list[tuple[str, date]]] = defaultdict(list)
        for span, period in cells:
            if span in (M, Q):
                spread[fiscal_year_of(period)].append((span, period))
        for year in spread:
            made = (self.flow_year if kpi.kind == "flow" else self.stock_year)(kpi, series, cells, year)
            here = cells.get((FY, fiscal_year_start(year)))
            if made is None:
                continue
            if here is None or here["value"] is None:
                cells[FY, fiscal_year_start(year)] = made
            elif kpi.kind == "flow" and here["parts_total"] is None and _full(made):
                here["parts_total"] = made["value"]

    def children(self, kpi: Kpi, cells: Table, months: list[date]) -> tuple[list[tuple[date, Cell]], int, int]:
        """The observed months of a year, or its quarters where it has none: (cells, months in each, how many due)."""
        by_month = [(m, cells[M, m]) for m in months if (M, m) in cells and cells[M, m]["nature"] != "projected"]
        if by_month:
            return by_month, 1, len(months)
        quarters = sorted({Period.containing(Span.QUARTER, m).start for m in months})
        by_quarter = [(q, cells[Q, q]) for q in quarters if (Q, q) in cells and cells[Q, q]["nature"] != "projected"]
        return by_quarter, 3, len(quarters)

    def flow_year(self, kpi: Kpi, series: list[Series], cells: Table, year: int) -> Cell | None:
        months = [m for m in _life(kpi, year) if cells.get((M, m), {}).get("missing_reason") != "before_start"]
        children, length, due = self.children(kpi, cells, months)
        if not children:
            return None
        kept = [cell for _, cell in children]
        values = [cell["value"] for cell in kept if cell["value"] is not None]
        cell = _blank("months")
        parts = len([s for s in series if s.kind != "total"])
        cell.update(
            value=sum(values) if values else None,
            reported=sum(c["reported"] for c in kept),
            expected=sum(c["expected"] for c in kept) + (due - len(kept)) * (parts or 1),
            withheld=sum(c["withheld"] for c in kept),
            months=length * len([c for c in kept if c["reported"]]),
            months_expected=length * due,
        )
        if not values and len({c["missing_reason"] for c in kept}) == 1:
            cell["missing_reason"] = kept[0]["missing_reason"]
        return _inherit(cell, kept)

    def stock_year(self, kpi: Kpi, series: list[Series], cells: Table, year: int) -> Cell | None:
        children, _, _ = self.children(kpi, cells, _life(kpi, year))
        if not children:
            return None
        ranked = sorted(
            children,
            key=lambda item: (item[1]["value"] is not None, _full(item[1]) and item[1]["value"] is not None, item[0]),
        )
        day, last = ranked[-1]
        cell = _blank("none" if last["basis"] == "none" else "last")
        for column in ("value", "missing_reason", "reported", "expected", "withheld", "as_of", "as_of_wording"):
            cell[column] = last[column]
        cell["value_period"] = day
        return _inherit(cell, [last])

    # --- ratios -------------------------------------------------------------------------------------------------
    def ratio(self, kpi: Kpi, top: Table, bottom: Table) -> Table:
        own = self.basic(kpi)
        cells: Table = {}
        for key in {*own, *top, *bottom}:
            if key[0] == FY:
                continue
            pair = [table[key] for table in (top, bottom) if key in table]
            both = len(pair) == 2 and all(
                _full(p) and p["value"] is not None and p["nature"] != "projected" for p in pair
            )
            if key in own and own[key]["value"] is not None:
                cell = own[key]
            else:
                cell = _blank("ratio") | {"expected": 2, "reported": len([p for p in pair if _full(p)])}
                reasons = {p["missing_reason"] for p in pair if _full(p)}
                if not both and len(pair) == 2 and len(reasons) == 1:
                    cell["missing_reason"] = reasons.pop()
            if both:
                cell.update(numerator=pair[0]["value"], denominator=pair[1]["value"])
                if cell["basis"] == "ratio":
                    cell["value"] = _quotient(kpi, *(p["value"] for p in pair))
                    _inherit(cell, pair)
            cells[key] = cell
        years = {fiscal_year_of(p) for s, p in cells if s in (M, Q)}
        years |= {p.year for table in (own, top, bottom) for s, p in table if s == FY}
        for year in years:
            made = self.ratio_year(kpi, year, own, top, bottom)
            if made is not None:
                cells[FY, fiscal_year_start(year)] = made
        return cells

    def ratio_year(self, kpi: Kpi, year: int, own: Table, top: Table, bottom: Table) -> Cell | None:
        key = (FY, fiscal_year_start(year))
        if key in own and own[key]["value"] is not None:
            return own[key]
        pair = [table[key] for table in (top, bottom) if key in table]
        stated = [p for p in pair if p["basis"] in ("published", "parts") and _full(p) and p["value"] is not None]
        cell = _blank("ratio")
        if len(stated) == 2:
            cell.update(reported=1, expected=1, months=12, months_expected=12)
            tops, bottoms = [stated[0]], [stated[1]]
        else:
            if kpi.numerator is None:
                return None
            months, due = self.common(kpi, year, top, bottom), len(_life(kpi.numerator, year))
            if not months and not pair:
                return None
            cell.update(reported=len(months), expected=due, months=len(months), months_expected=due)
            tops, bottoms = [top[M, m] for m in months], [bottom[M, m] for m in months]
        if tops:
            cell["numerator"] = sum(c["value"] for c in tops)
            cell["denominator"] = sum(c["value"] for c in bottoms)
            cell["value"] = _quotient(kpi, cell["numerator"], cell["denominator"])
            _inherit(cell, tops + bottoms)
        return cell

    def common(self, kpi: Kpi, year: int, top: Table, bottom: Table) -> list[date]:
        def there(table: Table, month: date) -> bool:
            return (M, month) in table and _full(table[M, month]) and table[M, month]["value"] is not None

        assert kpi.numerator is not None
        return [m for m in _life(kpi.numerator, year) if there(top, m) and there(bottom, m)]

    # --- comparisons --------------------------------------------------------------------------------------------
    def cumulative(self, kpi: Kpi, cells: Table, span: str, period: date, cell: Cell) -> None:
        if kpi.kind != "flow" or span != M or cell["nature"] == "projected" or cell["missing_reason"] == "before_start":
            return
        year = [cells.get((M, m)) for m in fiscal_months(fiscal_year_of(period)) if m <= period]
        values = [c["value"] for c in year if c is not None and c["value"] is not None]
        if values:
            cell.update(cumulative=sum(values), cumulative_months=len(values))

    def last_year(self, kpi: Kpi, cells: Table, span: str, period: date, cell: Cell, top: Table, bottom: Table) -> None:
        if cell["nature"] == "projected":
            return
        before = cells.get((span, add_months(period, -12)))
        both_whole = before is not None and _whole(before) is not None and _whole(cell) is not None
        found: tuple[Any, Any, int] | None = None
        if span != FY:
            if both_whole and before is not None:
                found = cell["value"], before["value"], Span(span).months
        elif kpi.kind == "stock":
            day = cell["value_period"]
            if _whole(cell) is not None and day is not None:
                then = cells.get((M, add_months(day, -12)))
                if then is not None and then["nature"] != "projected" and _whole(then) is not None:
                    found = cell["value"], then["value"], 1
            elif both_whole and before is not None and before["value_period"] is None:
                found = cell["value"], before["value"], 12
        elif both_whole and before is not None and before["months"] == cell["months"] == 12:
            found = cell["value"], before["value"], 12
        else:
            found = self.same_months(kpi, cells, fiscal_year_of(period), top, bottom)
        if found:
            cell["compared_value"], cell["last_year_value"], cell["compared_months"] = found

    def same_months(self, kpi: Kpi, cells: Table, year: int, top: Table, bottom: Table) -> tuple[Any, Any, int] | None:
        if kpi.kind == "flow":
            pairs = [
                (cells[M, m]["value"], cells[M, add_months(m, -12)]["value"])
                for m in fiscal_months(year)
                if all((M, d) in cells and _whole(cells[M, d]) is not None for d in (m, add_months(m, -12)))
            ]
            return (sum(a for a, _ in pairs), sum(b for _, b in pairs), len(pairs)) if pairs else None
        if kpi.numerator is None:
            return None
        then = set(self.common(kpi, year - 1, top, bottom))
        months = [m for m in self.common(kpi, year, top, bottom) if add_months(m, -12) in then]
        if not months:
            return None

        def over(days: list[date]) -> Fraction | None:
            return _quotient(kpi, sum(top[M, d]["value"] for d in days), sum(bottom[M, d]["value"] for d in days))

        return over(months), over([add_months(m, -12) for m in months]), len(months)

    def goals(self, kpi: Kpi, span: str, period: date, cell: Cell, targets: dict[Any, Fraction]) -> None:
        value = cell["value"] if cell["nature"] == "projected" else _whole(cell)
        base = Fraction(kpi.baseline_value) if kpi.baseline_value is not None else None
        comparable = base is not None and (kpi.kind == "stock" or span == kpi.baseline_span)
        if value is not None and base and comparable:
            cell["ratio_to_baseline"] = value / base
        if cell["nature"] == "projected" or span not in (M, FY):
            return
        year = fiscal_year_of(period)
        target = targets.get((year, period.month if span == M else None))
        if target is None and span == M and kpi.kind != "flow":
            target = targets.get((year, None))
        cell["target_value"] = target
        if target is None or value is None:
            return
        if base is not None and comparable and target != base:
            cell["progress"] = (value - base) / (target - base)
        fraction = (target, value) if kpi.direction == "down" else (value, target)
        if fraction[1]:
            cell["achievement"] = fraction[0] / fraction[1]


def _blank(basis: str) -> Cell:
    numbers = (
        "value", "numerator", "denominator", "value_period", "parts_total", "cumulative", "last_year_value",
        "compared_value", "ratio_to_baseline", "target_value", "progress", "achievement", "as_of",
    )  # fmt: skip
    counts = ("reported", "expected", "withheld", "cumulative_months", "compared_months")
    flags = ("is_derived", "is_rounded", "is_provisional", "is_synthetic")
    return (
        dict.fromkeys(numbers)
        | dict.fromkeys(counts, 0)
        | dict.fromkeys(flags, False)
        | {"basis": basis, "months": 1, "months_expected": 1, "nature": "observed", "missing_reason": ""}
        | {"as_of_wording": "", "computed_from": []}
    )


def _marks(cell: Cell, used: list[Measurement], *, keep_nature: bool = False) -> Cell:
    for flag in ("is_derived", "is_rounded", "is_provisional", "is_synthetic"):
        cell[flag] = any(getattr(m, flag) for m in used)
    if (not keep_nature and any(m.nature == "estimated" for m in used)) or (keep_nature and any(m.nature == "estimated" for m in used)):
        cell["nature"] = "estimated"
    cell["computed_from"] = sorted([m.pk, m.version] for m in used)
    return cell


def _inherit(cell: Cell, used: list[Cell]) -> Cell:
    for flag in ("is_derived", "is_rounded", "is_provisional", "is_synthetic"):
        cell[flag] = any(c[flag] for c in used)
    if any(c["nature"] == "estimated" for c in used):
        cell["nature"] = "estimated"
    cell["computed_from"] = sorted({tuple(pair) for c in used for pair in c["computed_from"]})
    cell["computed_from"] = [list(pair) for pair in cell["computed_from"]]
    return cell


def _add(measurements: list[Measurement]) -> Fraction | None:
    values = [Fraction(m.value) for m in measurements if m.value is not None]
    return sum(values, Fraction(0)) if values else None


def _full(cell: Cell) -> bool:
    return 0 < cell["expected"] == cell["reported"] and cell["months"] == cell["months_expected"]


def _whole(cell: Cell) -> Fraction | None:
    return cell["value"] if _full(cell) else None


def _quotient(kpi: Kpi, top: Any, bottom: Any) -> Fraction | None:
    if top is None or not bottom:
        return None
    return Fraction(top) / Fraction(bottom) * (100 if kpi.unit == "%" else 1)


def _life(kpi: Kpi, year: int) -> list[date]:
    first, last = kpi.starts_on or date.min, kpi.ends_on or date.max
    return [m for m in fiscal_months(year) if first <= month_end(m) and m <= last]


def _settled(value: Any) -> Any:
    """A fraction as a stored amount: 15 significant digits, 9 decimals, cut off but never to a false 0 or 5."""
    if not isinstance(value, (Fraction, int)) or isinstance(value, bool):
        return value
    exact = Fraction(value)
    if exact == 0:
        return Decimal(0)
    size = abs(exact)
    power = 0
    while size >= Fraction(10) ** power:
        power += 1
    while size < Fraction(10) ** (power - 1):
        power -= 1
    places = min(9, 15 - power)
    whole, rest = divmod(size * Fraction(10) ** places, 1)
    if rest and whole % 10 in (0, 5):
        whole += 1
    return Decimal(int(whole if exact > 0 else -whole)).scaleb(-places)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (Decimal, int)):
        return "0" if not value else f"{Decimal(value).normalize():f}"
    if hasattr(value, "astimezone"):
        return str(value.astimezone(UTC).isoformat(timespec="microseconds"))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return json.dumps(value, separators=(",", ":"))
    return str(value)


def _digest(summary: Summary) -> str:
    names = sorted(f.attname for f in Summary._meta.concrete_fields if f.attname not in ("id", "digest"))
    return hashlib.sha256("\n".join(f"{n}={_text(getattr(summary, n))}" for n in names).encode()).hexdigest()
