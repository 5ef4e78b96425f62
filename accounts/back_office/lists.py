"""Filters and pages that only show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.managers import valid_on
from japan.wareki import month_short


def day_of(model: type[models.Model], name: str) -> Callable[[Any], str]:
    """A column with a day (and time) as the pages write it: 令和8年4月1日, 令和8年4月1日 14:05."""
    label = {field.name: str(field.verbose_name) for field in model._meta.concrete_fields}[name]

    @admin.display(description=label, ordering=name)
    def shown(row: Any) -> str:
        at = getattr(row, name)
        if at is None:
            return "—"
        if isinstance(at, datetime):
            local = timezone.localtime(at)
            return f"{month_short(local.date())}{local.day}日 {local:%H:%M}"
        return f"{month_short(at)}{at.day}日"

    shown.__name__ = f"{name}_shown"  # the cell's class: field-NAME_shown
    return shown


class InForceFilter(admin.SimpleListFilter):
    """For dated rows (valid_from, valid_to): those that hold today, that ended, that are to come."""

    title = "期間"
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("now", "現在のもの"), ("ended", "終わったもの"), ("coming", "これから始まるもの")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = timezone.localdate()
        conditions = {"now": valid_on(today), "ended": Q(valid_to__lt=today), "coming": Q(valid_from__gt=today)}
        condition = conditions.get(self.value() or "")
        return queryset.filter(condition) if condition is not None else queryset


class _Nothing:
    """Neither added, changed nor deleted here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ShownAdmin(_Nothing, admin.ModelAdmin):
    """Pages to look at. The code that owns the rows writes them."""


class ShownInline(_Nothing, admin.TabularInline):
    """Rows to look at on the page of what they belong to."""

    extra = 0
    can_delete = False
    show_change_link = True
