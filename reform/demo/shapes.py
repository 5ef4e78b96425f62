"""Continues the tables to any month by the same shapes and growth. Pure: the same month gives the same figures."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from japan.closed_days import working_days_between
from japan.fiscal import add_months, fiscal_month_index, fiscal_months, fiscal_year_of, month_end
from reform.demo import tables

#: A KPI's code and one of its series' codes.
Key = tuple[str, str]
#: Month → value; None is 導入前.
Months = dict[date, int | None]

MARCH_2025 = date(2025, 3, 1)
#: Elections seen from here: more paper than usual (April 2027 is the next local election).
ELECTIONS = frozenset(
    date(year, month, 1)
    for year, month in (
        (2021, 9),
        (2021, 10),
        (2022, 7),
        (2022, 10),
        (2023, 11),
        (2024, 9),
        (2024, 10),
        (2025, 7),
        (2025, 9),
        (2026, 10),
    )
)
#: A month's share of an average month, April to March.
CERTIFICATE_INDEX = [Decimal(n) / 100 for n in (120, 95, 102, 95, 92, 92, 95, 90, 86, 93, 102, 138)]
COPY_INDEX = [Decimal(n) / 100 for n in (109, 94, 103, 98, 90, 103, 101, 101, 101, 93, 103, 112)]
#: New LINE friends in a month, April to March: new pupils' families in April, ever smaller steps after.
NEW_FRIENDS = (1_900, 620, 340, 290, 260, 310, 430, 260, 190, 250, 230, 380)


def noise(*what: object) -> Decimal:
    """A number from -1 to 1 that depends on `what` alone: looks random, is the same on every machine and day."""
    digest = hashlib.sha256("|".join(str(each) for each in what).encode()).digest()
    return Decimal(int.from_bytes(digest[:4])) / Decimal(2**31) - 1


def monthly(until: date) -> dict[Key, Months]:
    """The city-wide months up to the month that begins on `until`, per KPI and series, departments' copies apart."""
    shares = {month: _online_share(month) for month in _after(until)}
    applications = _flow(tables.APPLICATIONS, until, _applications)
    payments = _flow(tables.COUNTER_PAYMENTS, until, _counter_payments)
    return {
        ("line-friends", "total"): _stock(tables.LINE_FRIENDS, until, _more_friends),
        ("smartphone-services", "total"): _stock(tables.SMARTPHONE_SERVICES, until, _more_services),
        ("applications", "total"): applications,
        ("online-applications", "total"): _flow(
            tables.ONLINE_APPLICATIONS, until, lambda month: shares[month] * (applications[month] or 0)
        ),
        ("counter-payments", "total"): payments,
        ("cashless-payments", "total"): _flow(
            tables.CASHLESS_PAYMENTS, until, lambda month: _cashless_share(month) * (payments[month] or 0)
        ),
        ("cashless-counters", "total"): _stock(tables.CASHLESS_COUNTERS, until, _more_counters),
        ("cashless-methods", "credit"): _stock(_level(tables.CODE_PAYMENTS, 6), until, _no_more),
        ("cashless-methods", "e-money"): _stock(_level(tables.CODE_PAYMENTS, 14), until, _no_more),
        ("cashless-methods", "code-payment"): _stock(tables.CODE_PAYMENTS, until, _no_more),
        ("business-chat", "total"): _flow(tables.BUSINESS_CHAT, until, _chat),
    }


def copies(until: date) -> Months:
    """コピー出力枚数 of the whole city hall."""
    return _flow(tables.COPIES, until, _copies)


def working_hours(last_year: int) -> dict[int, int]:
    """年間業務時間 up to a fiscal year; each year saves a little less than the one before, as what was easy is done."""
    hours = {year: value for year, value in tables.WORKING_HOURS.items() if year <= last_year}
    for year in range(2025, last_year + 1):
        hours[year] = hours[year - 1] - max(88_000 - 12_000 * (year - 2025), 20_000)
    return hours


def _flow(table: tables.Table, until: date, beyond: Callable[[date], Decimal]) -> Months:
    known = _listed(table, until)
    months = [month for month in _after(until) if month not in known]
    return known | {month: int(beyond(month).to_integral_value(ROUND_HALF_UP)) for month in months}


def _stock(table: tables.Table, until: date, more: Callable[[date], int]) -> Months:
    """Each month stands on the one before."""
    months = _listed(table, until)
    for month in _after(until):
        if month not in months:
            months[month] = (months[add_months(month, -1)] or 0) + more(month)
    return months


def _listed(table: tables.Table, until: date) -> Months:
    return {
        month: value
        for year, values in table.items()
        for month, value in zip(fiscal_months(year), values, strict=False)
        if month <= until
    }


def _level(like: tables.Table, value: int) -> tables.Table:
    return {year: tuple(v and value for v in values) for year, values in like.items()}


def _after(until: date) -> list[date]:
    """The months after the tables, to `until`."""
    return [add_months(MARCH_2025, n) for n in range(1, _age(until) + 1)]


def _age(month: date) -> int:
    """Months since March 2025."""
    return (month.year - MARCH_2025.year) * 12 + month.month - MARCH_2025.month


def _toward(limit: str, start: Decimal, pace: str, month: date) -> Decimal:
    """From `start` in March 2025 toward a limit, by ever smaller steps."""
    return Decimal(limit) - (Decimal(limit) - start) * Decimal(pace) ** _age(month)


def _applications(month: date) -> Decimal:
    # About 1 % fewer a year, as in the tables.
    base = Decimal(292_700) / 12 * Decimal("0.995") * Decimal("0.9991") ** _age(month)
    return base * CERTIFICATE_INDEX[fiscal_month_index(month)] * (1 + noise("applications", month) / 100)


def _online_share(month: date) -> Decimal:
    share = _toward("0.45", Decimal(8_142) / 33_983, "0.978", month)
    return share * (1 + noise("online", month) * Decimal("0.012"))


def _counter_payments(month: date) -> Decimal:
    base = Decimal(226_129) / 12 * Decimal("1.003") ** _age(month)
    return base * CERTIFICATE_INDEX[fiscal_month_index(month)] * (1 + noise("payments", month) / 100)


def _cashless_share(month: date) -> Decimal:
    share = _toward("0.18", Decimal(1_622) / 25_344, "0.985", month)
    younger = Decimal("1.03") if month.month in (3, 4) else Decimal(1)
    return share * younger * (1 + noise("cashless", month) * Decimal("0.015"))


def _copies(month: date) -> Decimal:
    base = Decimal(3_000_000) / COPY_INDEX[11] * Decimal("0.994") ** _age(month)
    election = Decimal("1.05") if month in ELECTIONS else Decimal(1)
    return base * COPY_INDEX[fiscal_month_index(month)] * election * (1 + noise("copies", month) * Decimal("0.012"))


def _chat(month: date) -> Decimal:
    a_day = _toward("16000", Decimal(239_322) / 20, "0.95", month)
    busy = Decimal("1.06") if month.month in (3, 4) else Decimal(1)
    days = working_days_between(month, month_end(month))
    return a_day * days * busy * (1 + noise("chat", month) * Decimal("0.025"))


def _more_friends(month: date) -> int:
    years = fiscal_year_of(month) - 2025
    step = NEW_FRIENDS[fiscal_month_index(month)] * Decimal("0.85") ** max(years, 0)
    return int((step * (1 + noise("line", month) / 5) / 10).to_integral_value(ROUND_HALF_UP)) * 10


def _more_services(month: date) -> int:
    return int((noise("services", month) + 1).to_integral_value(ROUND_HALF_UP))


def _more_counters(month: date) -> int:
    return 2 if month.month in (4, 10) else 0


def _no_more(_month: date) -> int:
    return 0
