"""What a row is measured against: the same months a year before, the baseline, the target; and the running total."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from japan.fiscal import add_months, fiscal_months, fiscal_year_of
from japan.periods import Period, Span
from kpis.arithmetic.facts import BEFORE_START, PROJECTED, KpiFacts, Row, Rows, observed, starts_in
from kpis.arithmetic.ratios import quotient, shared_periods


def compare(facts: KpiFacts, rows: Rows, tops: Rows, bottoms: Rows) -> None:
    """Fills the comparison columns of every row in place."""
    for row in rows.values():
        if facts.kind == "flow" and row.span == Span.MONTH and row.nature != PROJECTED:
            _accumulate(rows, row)
        _against_baseline(facts, row)
        if row.nature == PROJECTED:
            continue
        _against_target(facts, row)
        before = rows.get((row.span, Period(row.span, row.period).a_year_before().start))
        if row.span == Span.FISCAL_YEAR:
            _against_last_fiscal_year(facts, rows, row, before, tops, bottoms)
        elif before is not None and before.whole is not None and row.whole is not None:
            _set(row, row.value, before.value, row.span.months)


def _set(row: Row, now: Decimal | None, then: Decimal | None, months: int) -> None:
    row.compared_value, row.last_year_value, row.compared_months = now, then, months


def _accumulate(rows: Rows, row: Row) -> None:
    """From April to this month, over the months that have a value."""
    months = [month for month in fiscal_months(fiscal_year_of(row.period)) if month <= row.period]
    values = [r.value for m in months if (r := observed(rows, Span.MONTH, m)) and r.value is not None]
    if row.missing_reason != BEFORE_START and values:
        row.cumulative, row.cumulative_months = sum(values, Decimal(0)), len(values)


def _against_last_fiscal_year(
    facts: KpiFacts, rows: Rows, row: Row, before: Row | None, tops: Rows, bottoms: Rows
) -> None:
    year = fiscal_year_of(row.period)
    if facts.kind == "stock":
        _stock_year(rows, row, before)
    elif before is not None and before.months == row.months == 12 and None not in (before.whole, row.whole):
        _set(row, row.value, before.value, 12)
    elif facts.kind == "flow":
        _same_periods(rows, row, year)
    elif facts.numerator is not None:
        _ratio_year(facts, row, year, tops, bottoms)


def _same_periods(rows: Rows, row: Row, year: int) -> None:
    """The months (else the quarters) that are whole in both years."""
    for span in (Span.MONTH, Span.QUARTER):
        pairs = [
            (now.value, then.value)
            for start in starts_in(span, fiscal_months(year))
            if (now := observed(rows, span, start)) and now.whole is not None
            if (then := observed(rows, span, add_months(start, -12))) and then.whole is not None
        ]
        if pairs:
            months = span.months * len(pairs)
            _set(row, _sum([now for now, _ in pairs]), _sum([then for _, then in pairs]), months)
            return


def _stock_year(rows: Rows, row: Row, before: Row | None) -> None:
    """The same month of the year before; two published years with each other."""
    if row.whole is None:
        return
    if row.value_period is not None:
        span = Span.MONTH if observed(rows, Span.MONTH, row.value_period) else Span.QUARTER
        then = observed(rows, span, add_months(row.value_period, -12))
        if then is not None and then.whole is not None:
            _set(row, row.value, then.value, span.months)
    elif before is not None and before.value_period is None and before.whole is not None:
        _set(row, row.value, before.value, 12)


def _ratio_year(facts: KpiFacts, row: Row, year: int, tops: Rows, bottoms: Rows) -> None:
    now, before = shared_periods(facts, year, tops, bottoms), shared_periods(facts, year - 1, tops, bottoms)
    then = {add_months(start, 12) for start in before.starts}
    common = [start for start in (now.starts[-1:] if facts.is_stock_ratio else now.starts) if start in then]

    def over(starts: list[date]) -> Decimal | None:
        return quotient(
            facts,
            _sum([tops[now.span, start].value for start in starts]),
            _sum([bottoms[now.span, start].value for start in starts]),
        )

    if common and now.span == before.span:
        months = now.span.months * len(common)
        _set(row, over(common), over([add_months(start, -12) for start in common]), months)


def _against_baseline(facts: KpiFacts, row: Row) -> None:
    """値 ÷ 基準値; a flow only over the same span as its baseline, and only for what is complete."""
    usable = row.value if row.nature == PROJECTED else row.whole
    if usable is not None and facts.baseline_value and _fits_baseline(facts, row):
        row.ratio_to_baseline = usable / facts.baseline_value


def _fits_baseline(facts: KpiFacts, row: Row) -> bool:
    return facts.kind == "stock" or row.span.value == facts.baseline_span


def _against_target(facts: KpiFacts, row: Row) -> None:
    """進捗率 = (実績 − 基準) ÷ (目標 − 基準); 達成率 = 実績 ÷ 目標, or 目標 ÷ 実績 where lower is better."""
    target = _target(facts, row)
    row.target_value = target
    value = row.whole
    if target is None or value is None:
        return
    base = facts.baseline_value
    if base is not None and base != target and _fits_baseline(facts, row):
        row.progress = (value - base) / (target - base)
    over, under = (target, value) if facts.direction == "down" else (value, target)
    if under != 0:
        row.achievement = over / under


def _target(facts: KpiFacts, row: Row) -> Decimal | None:
    year = fiscal_year_of(row.period)
    if row.span == Span.FISCAL_YEAR:
        return facts.targets.get((year, None))
    if row.span != Span.MONTH:
        return None
    own = facts.targets.get((year, row.period.month))
    # A level can be held against the year's target at any time; a month's flow cannot.
    return own if own is not None or facts.kind == "flow" else facts.targets.get((year, None))


def _sum(values: list[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))
