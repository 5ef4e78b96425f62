"""A department's small month for the tests of its pages: three figures, and short words to type and look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import Department, User
from kpis.entries import save_draft, submit
from kpis.models import Entry, Reporting, Series
from kpis.values.statement import Slot, Statement
from tests.kpis.world import LONG_AGO, access, make_kpi, part

MONTH = date(2025, 5, 1)
URL = "/entries/1010/2025-05/"


@dataclass(frozen=True)
class Month:
    """May 2025 of 情報政策課."""

    friends: Series  # 人
    hours: Series  # 時間, written in 万
    growth: Series  # %, one decimal


def make_month(department: Department) -> Month:
    month = Month(
        friends=part(make_kpi("friends", "LINE友だち登録者数", "人", "stock")),
        hours=part(make_kpi("hours", "削減時間", "時間", "flow", scale="man")),
        growth=part(make_kpi("growth", "増減率", "%", "ratio", decimals=1)),
    )
    for series in (month.friends, month.hours, month.growth):
        report(series, department)
    return month


def report(series: Series, department: Department) -> None:
    Reporting.objects.create(series=series, department=department, valid_from=LONG_AGO)


def fields_of(response: HttpResponse) -> dict[str, str]:
    """What a browser would send back of the page's month form, untouched."""
    sent: dict[str, str] = {}
    for line in response.context["sheet"].lines:
        if line.form is None:
            continue
        for field in line.form:
            value = "" if field.value() is None else str(field.value())
            if field.name in ("choice", "is_conflict") and not line.shows_both:
                continue
            sent[field.html_name] = value
            if field.field.show_hidden_initial:
                sent[field.html_initial_name] = str(field.form.data.get(field.html_initial_name, value))
    return sent


def send(client: Client, action: str = "save", url: str = URL, **typed: str) -> HttpResponse:
    """Opens the month, types into fields (s1_typed stands for s1-typed) and presses a button."""
    return press(client, fields_of(client.get(url)), action, url, **typed)


def press(client: Client, fields: dict[str, str], action: str = "save", url: str = URL, **typed: str) -> HttpResponse:
    changed = {name.replace("_", "-", 1): value for name, value in typed.items()}
    return client.post(url, {**fields, **changed, "action": action})


def typed(series: Series, value: str, **more: str) -> dict[str, str]:
    """Keyword arguments for `send`: what is typed in a series' line."""
    return {f"s{series.pk}_typed": value} | {f"s{series.pk}_{name}": text for name, text in more.items()}


def draft(series: Series, user: User, value: str | None, when: date = MONTH, **more: Any) -> Entry:
    statement = Statement(value=None if value is None else Decimal(value), missing_reason=more.pop("reason", ""))
    department_id = series.reportings.get().department_id
    slot = Slot(series.pk, when)
    return save_draft(slot, statement, access=access(user), department_id=department_id, **more)


def handed_in(series: Series, user: User, value: str | None, when: date = MONTH, **more: Any) -> Entry:
    return submit(draft(series, user, value, when, **more), access=access(user))
