"""Loads departments from data rows (adds what is missing by code, overwrites nothing) and makes the back office's group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.models import Department

#: Whose members may open and use every page of the back office.
REFORM_OFFICE_GROUP = "取りまとめ課"
OUR_APPS = ("accounts", "initiatives", "kpis", "inquiries", "surveys", "reports", "jobs")


@transaction.atomic
def load_departments(rows: Iterable[dict[str, Any]]) -> int:
    """Adds departments whose code is not known yet; a parent stands before its children. Returns how many were new.

    A code that is known, under whatever name and however often it was reorganised since, is left alone.
    """
    known = {department.code: department for department in Department.objects.order_by("valid_from")}
    added = 0
    for row in rows:
        if row["code"] in known:
            continue
        fields = {name: row[name] for name in ("code", "name", "short_name", "furigana", "order", "valid_from")}
        parent = known.get(row.get("parent") or "")
        known[row["code"]] = Department.objects.create(parent=parent, **fields)
        added += 1
    return added


def newest_department(code: str) -> Department | None:
    """The department that carries a code today: the open row, else the one closed last."""
    return Department.objects.filter(code=code).order_by("valid_from").last()


def reform_office_group() -> Group:
    """The group 取りまとめ課 with every permission on our own models; it grows as models are added."""
    group, _ = Group.objects.get_or_create(name=REFORM_OFFICE_GROUP)
    ours = Permission.objects.filter(content_type__app_label__in=OUR_APPS)
    missing = ours.exclude(pk__in=group.permissions.values("pk"))
    group.permissions.add(*missing)
    return group
