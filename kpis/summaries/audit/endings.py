"""Parts that are counted no more: which cells lack one that an earlier cell, or the baseline, has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from accounts.models import Succession
from japan.fiscal import add_months, fiscal_months, month_end, month_start
from kpis.models import Kpi, Measurement, Reporting, Series
from kpis.summaries.audit.cells import FY, LENGTH, M, Q, Table, end_of, is_full, quarters, seen

Key = tuple[str, date]


class Endings:
    """The ended parts of one KPI and the cells they are in."""

    def __init__(self, kpi: Kpi, cells: Table) -> None:
        self.cells = cells
        self.parts = {s.pk: s for s in Series.objects.filter(kpi=kpi).exclude(kind=Series.Kind.TOTAL)}
        gone = {s.pk: month_start(s.ends_on) for s in self.parts.values() if s.ends_on}
        self.gone = {pk: month for pk, month in gone.items() if not _goes_on(self.parts[pk], self.parts.values())}
        self.inside: dict[Key, set[int]] = defaultdict(set)
        self.valued: set[int] = set()
        if not self.gone:
            return
        values = Measurement.objects.filter(series__in=self.gone, value__isnull=False).exclude(nature="projected")
        for pk, span, period in values.values_list("series", "span", "period"):
            self.valued.add(pk)
            cell, lived = cells.get((span, period)), _lived(self.parts[pk], period, month_end(end_of(span, period)))
            beside = cell is not None and cell["basis"] == "published" and cell["parts_total"] is not None
            if cell is not None and (cell["basis"] == "parts" or beside) and lived:
                self.inside[span, period].add(pk)

    def _lost(self, now: Key, keys: Iterable[Key]) -> bool:
        """What the earlier cells counted ended before the last month of this one; two published totals are as they are."""
        cell = self.cells[now]
        month = cell["newest_month"] or end_of(*now)
        summed = [key for key in keys if not self.cells.get(key, {}).get("basis") == cell["basis"] == "published"]
        return any(self.gone[pk] < month for key in summed for pk in self.inside.get(key, ()))

    def _under(self, key: Key) -> list[Key]:
        """The cells in which a cell's parts stand."""
        cell = self.cells.get(key)
        if cell is None or cell["nature"] == "projected":
            return []
        if cell["basis"] == "months":
            return [(span, add_months(key[1], n)) for span in (M, Q) for n in range(12)]
        if cell["value_period"] is not None:
            month = cell["value_period"]
            return [(M, month)] if seen(self.cells, M, month) else [(Q, quarters([month])[0])]
        return [key]

    def since_last_year(self, key: Key) -> bool:
        cell = self.cells.get(key)
        if cell is None or cell["nature"] == "projected":
            return False
        if cell["basis"] == "months":
            return self._since_months(key)
        [now] = self._under(key)
        return self.between(now)

    def between(self, key: Key) -> bool:
        """A part of the same month or quarter of the year before is counted in this one no more."""
        return key in self.cells and self._lost(key, self._under((key[0], add_months(key[1], -12))))

    def _since_months(self, key: Key) -> bool:
        if self.cells[key]["newest_month"] is None:
            return False
        for span in (M, Q):
            there = []
            for day in fiscal_months(key[1].year):
                now, then = seen(self.cells, span, day), seen(self.cells, span, add_months(day, -12))
                if now and then and is_full(now) and now["months"] == then["months"] == LENGTH[span]:
                    there.append((span, day))
            if there:
                return any(self.between(each) for each in there)
        return self._lost(key, self._under(key))

    def since_before(self, key: Key) -> bool:
        span, day = key
        if self.cells.get(key) is None:
            return False
        return self._lost(key, self._under((span, add_months(day, -LENGTH[span]))))

    def since_baseline(self, key: Key, of: Kpi) -> bool:
        cell = self.cells.get(key)
        if cell is None or of.baseline_period is None or not of.baseline_span:
            return False
        counts_parts = any(
            self.cells[k]["basis"] == "parts" and self._is_valued(k) for k in self._under(key) if k in self.cells
        )
        month = cell["value_period"] or end_of(*key)
        last = month_end(end_of(of.baseline_span, of.baseline_period))
        return counts_parts and any(
            gone < month and pk in self.valued and _lived(self.parts[pk], of.baseline_period, last)
            for pk, gone in self.gone.items()
        )

    def _is_valued(self, key: Key) -> bool:
        return self.cells[key]["value"] is not None and self.cells[key]["nature"] != "projected"


def note_endings(kpi: Kpi, cells: Table, top: Table, bottom: Table) -> list[Endings]:
    """Fills the three columns of every cell. Returns what is known of the KPI, of a ratio of its two parts."""
    sides = [Endings(kpi, cells)]
    if kpi.numerator is not None and kpi.denominator is not None:
        sides = [Endings(kpi.numerator, top), Endings(kpi.denominator, bottom)]
    for key, cell in cells.items():
        cell["lost_baseline"] = any(side.since_baseline(key, kpi) for side in sides)
        if cell["nature"] == "projected":
            continue
        cell["lost_last_year"] = any(side.since_last_year(key) for side in sides)
        is_year = key[0] in (FY, "calendar_year")
        cell["lost_before"] = cell["lost_last_year"] if is_year else any(side.since_before(key) for side in sides)
    return sides


def _lived(part: Series, first: date, last: date) -> bool:
    return (part.starts_on or date.min) <= last and first <= (part.ends_on or date.max)


def _goes_on(old: Series, parts: Iterable[Series]) -> bool:
    """A successor of its department reports a part that begins where it ends."""
    assert old.ends_on is not None
    end = month_start(old.ends_on)
    heirs = [
        p.pk for p in parts if p.starts_on and end <= p.starts_on <= month_end(add_months(end, 1)) and p.pk != old.pk
    ]
    if not heirs:
        return False
    mine = Reporting.objects.filter(series=old).values("department")
    theirs = Reporting.objects.filter(series__in=heirs).values("department")
    return Succession.objects.filter(predecessor__in=mine, successor__in=theirs).exists()
