"""What the checks of a month or a file are held against: read in a few queries, asked by place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Q

from japan.fiscal import add_months
from japan.periods import Span
from kpis.checks.anomaly import Past
from kpis.checks.longer_periods import reach_of
from kpis.models import Entry, Kpi, Measurement, Series
from kpis.models.checking import Rule
from kpis.models.value import Missing

if TYPE_CHECKING:
    from kpis.values.statement import Statement

Key = tuple[int, str, date]
#: A value, or the reason for its absence.
Said = tuple[Decimal | None, str]
#: Years of history read for the anomaly check.
_YEARS_READ = 8


class World:
    """The series, their rules, the figures they are held against, and their past.

    `stated` is what is to be checked. `values` is what counts for the checks: what is approved, before it what waits for
    approval, before that what is stated here; `approved` is the first alone.
    """

    def __init__(self, stated: dict[Key, Statement]) -> None:
        self.stated = stated
        ids = {series_id for series_id, _, _ in stated}
        # The parts beside a published total say whether what is withheld can be read off.
        totals = Series.objects.filter(kind=Series.Kind.TOTAL, kpi__series__in=ids).values("kpi")
        rows = Series.objects.filter(Q(pk__in=ids) | Q(kpi__in=totals)).select_related("kpi")
        listed = {series.pk: series for series in rows}
        own = {pk: series for pk, series in listed.items() if pk in ids}
        self.beside = {pk: series for pk, series in listed.items() if pk not in ids}
        kpis = {series.kpi_id for series in own.values()}
        self.rules: dict[int, list[Rule]] = defaultdict(list)
        for rule in Rule.objects.filter(kpi__in=kpis).select_related("other"):
            self.rules[rule.kpi_id].append(rule)
        self.ratios = list(
            Kpi.objects.filter(Q(numerator__in=kpis) | Q(denominator__in=kpis), unit="%").select_related(
                "numerator", "denominator"
            )
        )
        withheld = {
            own[key[0]].kpi_id
            for key, said in stated.items()
            if said.missing_reason == Missing.WITHHELD and key[0] in own
        }
        partners = self._partners(kpis, withheld)
        self.series = self.beside | own | partners
        self.beside = {pk: one for pk, one in self.beside.items() if pk not in partners}
        self.of_kpi: dict[int, dict[str, Series]] = defaultdict(dict)
        for series in self.series.values():
            self.of_kpi[series.kpi_id][series.code] = series
        self._read_figures()
        self._pasts: dict[tuple[int, str], Past] = {}

    def _partners(self, kpis: Collection[int], withheld: Collection[int]) -> dict[int, Series]:
        """The series of other KPIs a rule or a ratio names, and the other parts of a KPI with a published total or of
        which something is withheld."""
        rules = [rule for held in self.rules.values() for rule in held]
        wanted = {rule.other_id for rule in rules if rule.other_id}
        wanted |= {rule.kpi_id for rule in rules if rule.kind == Rule.Kind.PARTS} | set(withheld)
        for ratio in self.ratios:
            wanted |= {part for part in (ratio.numerator_id, ratio.denominator_id) if part}
        if not wanted:
            return {}
        return {series.pk: series for series in Series.objects.filter(kpi__in=wanted).select_related("kpi")}

    def _read_figures(self) -> None:
        periods = {period for _, _, period in self.stated}
        self.withheld: set[Key] = set()
        self.was_withheld: set[Key] = set()
        self.values: dict[Key, Decimal | None] = {}
        self.approved: dict[Key, Decimal | None] = {}
        if not periods:
            return
        first = add_months(min(periods), -12 * _YEARS_READ)
        whole = [pk for pk in self.series if pk not in self.beside]
        within = Q(series__in=whole, period__gte=first, period__lte=max(periods))
        within |= Q(series__in=self.beside, period__in=periods)
        approved, said = self._said(within)
        self.approved = {key: value for key, (value, _) in approved.items()}
        self.was_withheld = {key for key, (_, reason) in approved.items() if reason == Missing.WITHHELD}
        self.values = {key: value for key, (value, _) in said.items()}
        self.withheld = {key for key, (_, reason) in said.items() if reason == Missing.WITHHELD}

    def _said(self, within: Q) -> tuple[dict[Key, Said], dict[Key, Said]]:
        """What is approved; and the same where what waits, and what is stated here, counts before it."""
        columns = ("series_id", "span", "period", "value", "missing_reason")
        waiting = Entry.objects.stated().filter(within)
        approved: dict[Key, Said] = {
            (pk, span, day): (value, reason)
            for pk, span, day, value, reason in Measurement.objects.observed().filter(within).values_list(*columns)
        }
        said = approved | {
            (pk, span, day): (value, reason) for pk, span, day, value, reason in waiting.values_list(*columns)
        }
        return approved, said | {key: (each.value, each.missing_reason) for key, each in self.stated.items()}

    @cached_property
    def beside_longer(self) -> dict[Key, Said]:
        """What is stored, waits or is stated of the months and quarters of all years concerned."""
        first, after = reach_of([period for _, _, period in self.stated])
        ids = {series_id for series_id, _, _ in self.stated}
        spans = (Span.MONTH, Span.QUARTER)
        within = Q(series__in=ids, span__in=spans, period__gte=first, period__lt=after)
        return self._said(within)[1]

    def breakdown(self, series: Series, key: Key) -> tuple[Key | None, list[Key]]:
        """Where the published total of a period is stated, and where its living parts are."""
        living = [one for one in self.of_kpi[series.kpi_id].values() if lives(one, key[2])]
        places = {one.pk: (one.pk, key[1], key[2]) for one in living}
        total = next((places[one.pk] for one in living if one.kind == Series.Kind.TOTAL), None)
        return total, [places[one.pk] for one in living if one.kind != Series.Kind.TOTAL]

    def other(self, kpi_id: int, series: Series, key: Key) -> Decimal | None:
        """The figure of another KPI for the same part and period; the total stands for the total."""
        held = self.of_kpi.get(kpi_id, {})
        match = held.get(series.code)
        if match is None and series.kind == Series.Kind.TOTAL:
            match = next((one for one in held.values() if one.kind == Series.Kind.TOTAL), None)
        return self.values.get((match.pk, key[1], key[2])) if match else None

    def parts(self, series: Series, key: Key) -> tuple[list[Decimal] | None, Decimal | None]:
        """The values of all parts of the period and the published total; None while one is not known."""
        total, parts = None, []
        for one in self.of_kpi[series.kpi_id].values():
            value = self.values.get((one.pk, key[1], key[2]))
            if one.kind == Series.Kind.TOTAL:
                total = value
            elif lives(one, key[2]):
                parts.append(value)
        known = [value for value in parts if value is not None]
        return (known if parts and len(known) == len(parts) else None), total

    def before(self, key: Key) -> Decimal | None:
        return self.values.get((key[0], key[1], add_months(key[2], -Span(key[1]).months)))

    def past(self, series: Series, key: Key) -> Past:
        place = key[0], key[1]
        if not self._pasts:
            held: dict[tuple[int, str], dict[int, float]] = defaultdict(dict)
            for one, value in self.values.items():
                if value is not None:
                    held[one[:2]][number_of(one)] = float(value)
            self._held = held
        if place not in self._pasts:
            season = 12 // Span(key[1]).months
            self._pasts[place] = Past(self._held[place], season=season, is_flow=series.kpi.kind == Kpi.Kind.FLOW)
        return self._pasts[place]


def key_of(place: object) -> Key:
    return place.series_id, str(place.span), place.period  # type: ignore[attr-defined]


def lives(series: Series, day: date) -> bool:
    return (series.starts_on is None or series.starts_on <= day) and (series.ends_on is None or series.ends_on >= day)


def number_of(key: Key) -> int:
    """Which period it is, counted in periods of its length."""
    return (key[2].year * 12 + key[2].month - 1) // Span(key[1]).months
