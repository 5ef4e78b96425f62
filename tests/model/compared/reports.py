"""Figures of a report as of a day: what its placeholders write, of the newest value and of named periods."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from reports.figures import Figures
from reports.placeholders import resolve
from reports.references import UnknownFigure
from tests.model.periods import Period, month, months_on, year_of
from tests.model.rules import Model
from tests.model.stored import Kpi
from tests.model.tally import Tally
from tests.model.years import State


def compare_report(tally: Tally, model: Model) -> None:
    as_of = month(months_on(model.today.replace(day=1), -3)).end
    figures = Figures(as_of)
    for kpi in model.kpis.values():
        if not kpi.has_a_figure or kpi.frequency == "occasional":
            continue
        if not (kpi.kind != "stock" and kpi.baseline_span):
            newest = model.printable(kpi, as_of)
            _period(tally, figures, kpi, model, kpi.code, newest[0] if newest else None)
        if kpi.frequency == "month":
            named = month(months_on(as_of.replace(day=1), -2))
            _period(tally, figures, kpi, model, f"{kpi.code}@{named.start:%Y-%m}", named)
            if kpi.kind == "flow" or kpi.numerator:
                _year(tally, figures, kpi, model, year_of(as_of) - 1)


def _written(figures: Figures, reference: str, attribute: str) -> str:
    try:
        return resolve(f"{{{{ kpi:{reference}.{attribute} }}}}", figures)
    except (UnknownFigure, ValidationError):
        return ""


def _period(tally: Tally, figures: Figures, kpi: Kpi, model: Model, reference: str, period: Period | None) -> None:
    """A report's newest figure is whole and of a day not after its own; a named one has a value or is not written."""
    where, text = f"report {reference}", _written(figures, reference, "value")
    cell = model.cell(kpi, period) if period else None
    if cell is None or cell.value is None:
        tally.number(where, text, None)
    elif cell.printed:
        tally.same(f"{where} as printed", text.split("（")[0], cell.printed)
    elif cell.is_in or text:
        tally.number(where, text.split("（")[0], cell.value, kpi.unit)
        tally.same(f"{where} 除く ({text})", "を除く" in text, bool(cell.withheld))
        tally.same(f"{where} partial ({text})", "途中の計" in text, not cell.is_in)


def _year(tally: Tally, figures: Figures, kpi: Kpi, model: Model, number: int) -> None:
    """A year that is over: whole and compared, or with gaps and n／m and nothing else (rules 1 and 2)."""
    reference, year = f"{kpi.code}@FY{number}", model.year(kpi, number)
    where = f"report {reference} [{year.state.value} {year.count}/{len(year.lived)}]"
    text = _written(figures, reference, "value")
    tally.number(where, text.split("（")[0], year.value, kpi.unit)
    if year.value is None:
        return
    is_whole = year.state is State.WHOLE
    tally.same(f"{where} n／m ({text})", "か月分" in text, not is_whole)
    if year.count < len(year.lived):
        tally.same(f"{where} n ({text})", f"{year.count}／{len(year.lived)}か月分" in text, True)
    tally.same(f"{where} 除く ({text})", "を除く" in text, bool(year.withheld or year.months_left_out))
    tally.same(f"{where} rate", _written(figures, reference, "rate").startswith("年"), is_whole and kpi.kind == "flow")
    tally.number(f"{where} ratio", _written(figures, reference, "ratio"), year.ratio)
    baseline = kpi.baseline if year.ratio is not None else None
    tally.change(f"{where} change", _written(figures, reference, "change"), kpi, year.value, baseline)
    if baseline is not None:
        rate = (year.value / baseline - 1) * 100
        tally.number(f"{where} change rate", _written(figures, reference, "change_rate"), rate)
