"""Ways of reading that are kept by name: found again by the shape of a table, with what somebody said against the file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from japan.fiscal import add_months, fiscal_year_of, month_start
from japan.wareki import fiscal_year_label
from kpis.imports.mapping import Mapping
from kpis.imports.titles import month_of_table
from kpis.models import ImportedFile, ImportMapping
from sheets import Table, find_year, guess_layout

if TYPE_CHECKING:
    from accounts.access import Access
    from accounts.models import Department

#: Years, months and other numbers of a file's name: they are another next month.
_DATES = re.compile(r"(?:令和|平成|[RH])?(?:元(?=年)|[0-9]{1,8})(?:年度?|月分?|日)?", re.IGNORECASE)


def remembered_for(table: Table, department: Department | None) -> ImportMapping | None:
    """The newest way of reading tables of this shape: the department's own, else one for all."""
    own = Q(department=department) | Q(department__isnull=True)
    found = ImportMapping.objects.filter(own, signature=table.signature)
    return found.order_by("-department", "-updated_at").first() if department else found.order_by("-updated_at").first()


def keep(
    name: str, table: Table, mapping: Mapping, *, file_name: str, access: Access, department: Department | None
) -> ImportMapping:
    """Keeps the way of reading under a name, over an earlier one of the same name and department."""
    said = _said_against(table, mapping, file_name, access.on)
    fields = {
        "signature": table.signature,
        "reading": mapping.remembered() | said,
        "updated_by": access.user,
        "updated_at": timezone.now(),
    }
    held = ImportMapping.objects.select_for_update().filter(name=name, department=department).first()
    if held is None:
        held = ImportMapping(name=name, department=department, version=0)
    for field, value in fields.items():
        setattr(held, field, value)
    held.version += 1
    held.full_clean()
    held.save()
    return held


def suggested_name(file: ImportedFile, table: Table) -> str:
    """A name to keep the way of reading by: what the file is called without its dates, and whose it is."""
    stem = _DATES.sub("", unicodedata.normalize("NFKC", file.name.rsplit(".", 1)[0])).strip(" _-.・()")
    owner = file.department.name if file.department else "取りまとめ課"
    return f"{stem[:40] or table.sheet[:40] or '表'}（{owner}）"[:80]


@dataclass(frozen=True)
class Recalled:
    """What was said last time for the years and months of the table: the mapping with it, where it came from in words,
    and, where this file says something new, what has to be asked."""

    mapping: Mapping
    source: str = ""
    asks_year: str = ""
    asks_month: bool = False


def recalled(saved: ImportMapping, table: Table, file: ImportedFile, on: date) -> Recalled:
    """The remembered mapping for this file. Raises DoesNotFit.

    A year that somebody chose holds for the next file too, moved on with the years that have passed since, as long as
    the file says the same about years as that one did. Otherwise the year is asked for, with both.
    """
    mapping = Mapping.from_json(saved.reading)
    asks_month = bool(saved.reading.get("month_was_wrong"))
    year: dict[str, Any] = saved.reading.get("year") or {}
    if not year or not _needs_year(table):
        return Recalled(mapping, asks_month=asks_month)
    assumed = int(year["said"]) + _newest_year(on) - int(year["on"])
    told = find_year(table, file.name)
    if (told.year if told else None) == year["file_said"]:
        source = f"前回の「{saved.name}」で{fiscal_year_label(int(year['said']))}と選んだため"
        return Recalled(replace(mapping, fiscal_year=assumed), source, asks_month=asks_month)
    says = f"{told.source}があります" if told else "年がありません"
    asks = f"前回から考えると{fiscal_year_label(assumed)}ですが、このファイルには{says}。どの年度の表か選んでください。"
    return Recalled(mapping, asks_year=asks, asks_month=asks_month)


def _said_against(table: Table, mapping: Mapping, file_name: str, on: date) -> dict[str, Any]:
    """What a person said of years and months, beside what the file says: it is known again next month by both."""
    told = find_year(table, file_name)
    month = month_of_table(table, file_name)
    said: dict[str, Any] = {"month_was_wrong": bool(mapping.month and month and month.month != mapping.month)}
    if mapping.fiscal_year:
        said["year"] = {
            "said": mapping.fiscal_year,
            "file_said": told.year if told else None,
            "on": _newest_year(on),
        }
    return said


def _newest_year(on: date) -> int:
    """The fiscal year of the newest month that has ended: in April files still bring March."""
    return fiscal_year_of(add_months(month_start(on), -1))


def _needs_year(table: Table) -> bool:
    """Whether the months of the table say no year of their own."""
    return guess_layout(replace(table, preamble=(), sheet="")).needs_year
