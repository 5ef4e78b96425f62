"""A small constant cast of KPIs, one of each sort, and short words to give them values and read their summaries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.access import Access
from accounts.models import Department, User
from japan.periods import Period, Span
from kpis.models import Entry, Kpi, Measurement, Reporting, Series, Summary
from kpis.summaries.recompute import recompute
from kpis.values.recording import Change, current_versions, record

LONG_AGO = date(2019, 4, 1)
TODAY = date(2025, 6, 10)


@dataclass(frozen=True)
class World:
    """The KPIs, all reported by one department. Values come from the tests."""

    department: Department
    friends: Kpi  # stock, 人, one total
    services: Kpi  # stock, か所, two parts
    online: Kpi  # flow, 件, one total: numerator
    applications: Kpi  # flow, 件, one total: denominator
    rate: Kpi  # ratio, %, computed from the two
    satisfaction: Kpi  # ratio, %, published without parts
    copies: Kpi  # flow, 枚, a published total beside two parts
    visits: Kpi  # flow, 件, two parts
    hours: Kpi  # flow, 時間, fiscal years only


def make_world(department: Department) -> World:
    online = make_kpi("online", "オンライン申請件数", "件", "flow", direction="up")
    applications = make_kpi("applications", "総申請件数", "件", "flow", is_auxiliary=True)
    world = World(
        department=department,
        friends=make_kpi("friends", "LINE友だち登録者数", "人", "stock", direction="up", as_of_rule="month_end"),
        services=make_kpi("services", "スマホで使える窓口", "か所", "stock", parts=("a", "b"), as_of_rule="month_end"),
        online=online,
        applications=applications,
        rate=make_kpi("rate", "オンライン申請率", "%", "ratio", decimals=1, numerator=online, denominator=applications),
        satisfaction=make_kpi("satisfaction", "満足度", "%", "ratio", decimals=1),
        copies=make_kpi("copies", "コピー枚数", "枚", "flow", parts=("total", "a", "b"), direction="down"),
        visits=make_kpi("visits", "来庁者数", "人", "flow", parts=("a", "b"), direction="down"),
        hours=make_kpi("hours", "業務時間", "時間", "flow", frequency="fiscal_year", direction="down"),
    )
    reported = Series.objects.exclude(kpi=world.rate)
    Reporting.objects.bulk_create(
        Reporting(series=series, department=department, valid_from=LONG_AGO) for series in reported
    )
    return world


def make_kpi(code: str, name: str, unit: str, kind: str, *, parts: tuple[str, ...] = ("total",), **fields: Any) -> Kpi:
    """A KPI with its series: `total`, or parts of kind type, in the order given. A computed ratio has none."""
    if kind == Kpi.Kind.RATIO and "numerator" not in fields:
        fields = {"aggregation": Kpi.Aggregation.NONE} | fields  # percentages do not add up
    kpi = Kpi.objects.create(code=code, name=name, unit=unit, kind=kind, order=Kpi.objects.count() + 1, **fields)
    sorts = {"total": Series.Kind.TOTAL}
    Series.objects.bulk_create(
        Series(kpi=kpi, code=part, name=part, kind=sorts.get(part, Series.Kind.TYPE), order=order)
        for order, part in enumerate(() if "numerator" in fields else parts, start=1)
    )
    return kpi


def part(kpi: Kpi, code: str = "total") -> Series:
    return kpi.series.get(code=code)


def put(kpi: Kpi, when: str, value: str | int | None, code: str = "total", **marks: Any) -> Measurement:
    """Stores an approved value over whatever stands there; `when` is a period as japan.periods writes it."""
    [measurement] = record([change(kpi, when, value, code, **marks)], actor=None, post="", reason="試験")
    return measurement


def change(kpi: Kpi, when: str, value: str | int | None, code: str = "total", **marks: Any) -> Change:
    """A change that knows the stored version."""
    period, series_id = Period.from_iso(when), part(kpi, code).pk
    version = current_versions([series_id]).get((series_id, period.span.value, period.start), 0)
    amount = None if value is None else Decimal(value)
    return Change(series_id, period.start, period.span.value, amount, **{"expected_version": version, **marks})


def put_months(kpi: Kpi, first: str, *values: str | int | None, code: str = "total", **marks: Any) -> None:
    """Values of consecutive months, recorded at once; None leaves a month out."""
    period, series_id = Period.from_iso(first), part(kpi, code).pk
    stored, changes = current_versions([series_id]), []
    for value in values:
        if value is not None:
            version = stored.get((series_id, period.span.value, period.start), 0)
            known = {"expected_version": version, **marks}
            changes.append(Change(series_id, period.start, period.span.value, Decimal(value), **known))
        period = period.next()
    record(changes, actor=None, post="", reason="試験")


def summary(kpi: Kpi, when: str) -> Summary:
    """The summary of a period, freshly computed."""
    recompute(kpi.pk)
    period = Period.from_iso(when)
    return Summary.objects.get(kpi=kpi, span=period.span.value, period=period.start)


def summaries(kpi: Kpi) -> dict[str, Summary]:
    """All summaries of a KPI, freshly computed, by period (2025-03, FY2024)."""
    recompute(kpi.pk)
    return {Period(Span(s.span), s.period).iso: s for s in Summary.objects.filter(kpi=kpi)}


def access(user: User, on: date = TODAY) -> Access:
    """The rights of a person; asked for afresh each time, as each request does."""
    return Access(user, on)


def open_entry(series: Series, when: str) -> Entry | None:
    """The open entry of a series and period."""
    period = Period.from_iso(when)
    return Entry.objects.open().filter(series=series, span=period.span.value, period=period.start).first()
