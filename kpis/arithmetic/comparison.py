"""What a row is measured against: the same months a year before, the baseline, the target; and the running total.

What may be compared at all is decided by kpis.claims.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from japan.fiscal import add_months, fiscal_months, fiscal_year_of
from japan.periods import Period, Span
from kpis.arithmetic.facts import BEFORE_START, PROJECTED, KpiFacts, Row, Rows, marks_of_all, observed
from kpis.arithmetic.losses import is_lost_between, note_lost, same_periods
from kpis.arithmetic.ratios import added_up, quotient, shared_periods
from kpis.claims import rates
from kpis.claims.marks import names


def compare(facts: KpiFacts, rows: Rows, tops: Rows, bottoms: Rows) -> None:
    """Fills the comparison columns of every row in place."""
    for row in rows.values():
        note_lost(facts, rows, row, tops, bottoms)
        if facts.kind == "flow" and row.span == Span.MONTH and row.nature != PROJECTED:
            _accumulate(rows, row)
        _against_baseline(facts, row)
        if row.nature == PROJECTED:
            continue
        _against_target(facts, row)
        if not row.extent.may_change:
            continue
        before = rows.get((row.span, Period(row.span, row.period).a_year_before().start))
        if _both_whole(row, before) and not row.lost_last_year:
            _set(row, row.value, before, row.span.months)
        elif row.span == Span.FISCAL_YEAR:
            _against_last_fiscal_year(facts, rows, row, tops, bottoms)


def _both_whole(row: Row, before: Row | None) -> bool:
    """Two whole periods of full length: no level of a month, which is compared with that month."""
    if before is None or before.whole is None or row.whole is None or row.value_period or before.value_period:
        return False
    if row.ends_early or before.ends_early:
        return False
    return row.months == before.months == row.span.months


def _set(row: Row, now: Decimal | None, then: Row | None, months: int) -> None:
    if now is not None and then is not None and then.value is not None:
        row.compared_value, row.last_year_value, row.compared_months = now, then.value, months
        row.compared_marks = names(marks_of_all([row, then]))


def _accumulate(rows: Rows, row: Row) -> None:
    """From April to this month, over the whole months."""
    months = [month for month in fiscal_months(fiscal_year_of(row.period)) if month <= row.period]
    whole = [r for m in months if (r := observed(rows, Span.MONTH, m)) and r.is_complete]
    answered = [r for r in whole if r.missing_reason != BEFORE_START]
    values = [r.value for r in answered if r.value is not None]
    if row.missing_reason != BEFORE_START and values:
        row.cumulative, row.cumulative_months = sum(values, Decimal(0)), len(answered)


def _against_last_fiscal_year(facts: KpiFacts, rows: Rows, row: Row, tops: Rows, bottoms: Rows) -> None:
    year = fiscal_year_of(row.period)
    if facts.kind == "stock":
        _stock_year(rows, row)
    elif facts.kind == "flow":
        _same_periods(facts, rows, row, year)
    elif facts.numerator is not None:
        _ratio_year(facts, row, year, tops, bottoms)


def _same_periods(facts: KpiFacts, rows: Rows, row: Row, year: int) -> None:
    """The months (else the quarters) that are answered in both years, and of the same parts; one that is 該当なし adds
    nothing."""
    for span in (Span.MONTH, Span.QUARTER):
        pairs = [pair for pair in same_periods(rows, year, span) if all(each.is_answered for each in pair)]
        pairs = [(now, then) for now, then in pairs if not is_lost_between(facts, rows, now)]
        now = [each.value for each, _ in pairs if each.value is not None]
        then = [each.value for _, each in pairs if each.value is not None]
        if now and then:
            row.compared_value, row.last_year_value = sum(now, Decimal(0)), sum(then, Decimal(0))
            row.compared_months = span.months * len(pairs)
            row.compared_marks = names(marks_of_all(each for pair in pairs for each in pair))
            return


def _stock_year(rows: Rows, row: Row) -> None:
    """The level of the same month (else quarter) of the year before."""
    if row.value_period is None or row.whole is None or row.lost_last_year:
        return
    for span in (Span.MONTH, Span.QUARTER):
        start = Period.containing(span, row.value_period).start
        now = observed(rows, span, start)
        if now is None:
            continue
        then = observed(rows, span, add_months(start, -12))
        if then is not None and then.whole is not None and not now.ends_early:
            _set(row, row.value, then, span.months)
        return


def _ratio_year(facts: KpiFacts, row: Row, year: int, tops: Rows, bottoms: Rows) -> None:
    now, before = shared_periods(facts, year, tops, bottoms), shared_periods(facts, year - 1, tops, bottoms)
    then = {add_months(start, 12) for start in before.starts}
    common = [start for start in (now.starts[-1:] if facts.is_stock_ratio else now.starts) if start in then]
    sides = ((facts.numerator, tops), (facts.denominator, bottoms))
    lost = [
        start
        for start in common
        if any(part is not None and is_lost_between(part, held, held[now.span, start]) for part, held in sides)
    ]
    common = [start for start in common if start not in lost]
    if not common or now.span != before.span:
        return

    def over(back: int) -> tuple[Decimal | None, list[Row]]:
        keys = [(now.span, add_months(start, back)) for start in common]
        above, below = [tops[key] for key in keys], [bottoms[key] for key in keys]
        parts = added_up(facts, facts.numerator, above), added_up(facts, facts.denominator, below)
        return quotient(facts, *parts), above + below

    (here, used), (there, used_before) = over(0), over(-12)
    if here is not None and there is not None:
        row.compared_value, row.last_year_value = here, there
        row.compared_months = now.span.months * len(common)
        row.compared_marks = names(marks_of_all(used + used_before))


def _against_baseline(facts: KpiFacts, row: Row) -> None:
    """値 ÷ 基準値; what is not of a day only over the same span as its baseline, and only for what is whole."""
    usable = row.value if row.nature == PROJECTED else _held(facts, row)
    if usable is not None and facts.baseline_value and _fits_baseline(facts, row) and not row.lost_baseline:
        row.ratio_to_baseline = rates.multiple_of(usable, facts.baseline_value)


def _held(facts: KpiFacts, row: Row) -> Decimal | None:
    """The value where it may be held against a full period."""
    return row.whole if facts.is_level or row.extent.may_hold else None


def _fits_baseline(facts: KpiFacts, row: Row) -> bool:
    return facts.is_level or row.span.value == facts.baseline_span


def _against_target(facts: KpiFacts, row: Row) -> None:
    """進捗率 and 達成率; of a level in a running year only how far it is on its way."""
    found = _target(facts, row)
    if found is None:
        return
    row.target_value, is_own = found
    value, is_lower = _held(facts, row), facts.direction == "down"
    if value is None or facts.direction == "none" or _ended_before(facts, row):
        return
    if is_lower and row.lost_last_year:
        return  # what stopped being counted reaches nothing
    base, judged = facts.baseline_value, value if row.computed_value is None else row.computed_value
    if base is not None and _fits_baseline(facts, row) and not row.lost_baseline:
        row.progress = rates.progress(judged, base, row.target_value, lower_is_better=is_lower)
    if is_own and _is_over(facts, row):
        row.achievement = rates.achievement(judged, row.target_value, lower_is_better=is_lower)


def _target(facts: KpiFacts, row: Row) -> tuple[Decimal, bool] | None:
    """The target of the row, and whether it is of the row's own period."""
    year = fiscal_year_of(row.period)
    whole_year = facts.targets.get((year, None))
    if row.span == Span.FISCAL_YEAR:
        return None if whole_year is None else (whole_year, True)
    if row.span != Span.MONTH:
        return None
    own = facts.targets.get((year, row.period.month))
    if own is not None:
        return own, True
    # A level can be held against the year's target at any time; a month's amount or rate cannot. Nor can what ended
    # before the year did: its target is of the end.
    if whole_year is None or not facts.is_level or facts.months_of_life(year)[-1:] != [date(year + 1, 3, 1)]:
        return None
    return whole_year, row.period.month == 3


def _is_over(facts: KpiFacts, row: Row) -> bool:
    """A level of a year reaches its target in March, not before."""
    return row.value_period is None or row.value_period.month == 3


def _ended_before(facts: KpiFacts, row: Row) -> bool:
    """The level of a KPI that did not live to the year's end is held against no target of the year."""
    if row.span != Span.FISCAL_YEAR or not facts.is_level:
        return False
    return row.final_month is not None and row.final_month < date(fiscal_year_of(row.period) + 1, 3, 1)
