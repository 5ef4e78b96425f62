"""Loads pillars and initiatives from a data file: adds what is missing by natural key, overwrites nothing."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from initiatives.models import Alias, Initiative, Milestone, Pillar, PillarName
from japan.fiscal import date_of_fiscal_month, fiscal_month_index


@transaction.atomic
def load_initiatives(data: dict[str, Any]) -> int:
    """Adds the file's pillars, initiatives, aliases and milestones. Returns how many rows were new."""
    added = 0
    pillars: dict[str, Pillar] = {}
    for each in data["pillars"]:
        pillar = Pillar.objects.filter(Q(code=each["code"]) | Q(order=each["order"])).first()
        if pillar is None:
            pillar = _new_pillar(each, data.get("pillar_note", ""))
            names = [PillarName(pillar=pillar, name=n, valid_from=a, valid_to=b) for n, a, b in each["names"]]
            added += 1 + len(PillarName.objects.bulk_create(names))
        pillars[each["code"]] = pillar
    for order, each in enumerate(data["initiatives"], start=1):
        known = Initiative.objects.filter(Q(code=each["code"]) | Q(title=each["title"])).first()
        initiative = known or _new_initiative(each, pillars, order, data["source"])
        added += known is None
        added += _load_names(initiative, each)
        added += _load_milestones(initiative, each.get("milestones", []), data["source"])
    return added


def _new_pillar(each: dict[str, Any], note: str) -> Pillar:
    contents = "\n".join(each["contents"])
    return Pillar.objects.create(
        code=each["code"], order=each["order"], icon=each["icon"], contents=contents, note=note
    )


def _new_initiative(each: dict[str, Any], pillars: dict[str, Pillar], order: int, source: str) -> Initiative:
    return Initiative.objects.create(
        code=each["code"],
        title=each["title"],
        pillar=pillars.get(each.get("pillar", "")),
        is_bold=each.get("is_bold", False),
        status=each.get("status", Initiative.Status.UNKNOWN),
        source=source,
        order=order * 10,
    )


# A name or milestone has no key but its wording. One that is not found was either taken away or reworded: it comes
# back only while fewer are stored than the file names, so that an edited wording does not grow a double.


def _load_names(initiative: Initiative, each: dict[str, Any]) -> int:
    wanted = dict.fromkeys(each.get("aliases", [])) | each.get("cloud", {})
    room = len(wanted) - initiative.aliases.count()
    taken = Alias.objects.filter(Q(name__in=wanted) | Q(cloud_order__in=[n for n in wanted.values() if n]))
    names = set(taken.values_list("name", flat=True))
    orders = set(taken.values_list("cloud_order", flat=True)) - {None}
    missing = [(name, order) for name, order in wanted.items() if name not in names and order not in orders]
    rows = [Alias(initiative=initiative, name=name, cloud_order=order) for name, order in missing[: max(room, 0)]]
    return len(Alias.objects.bulk_create(rows))


def _load_milestones(initiative: Initiative, rows: list[list[Any]], source: str) -> int:
    stored = set(initiative.milestones.values_list("fiscal_year", "wording"))
    missing = [row for row in rows if (row[0], row[2]) not in stored]
    room = max(len(rows) - len(stored), 0)
    return len(Milestone.objects.bulk_create([_milestone(initiative, row, source) for row in missing[:room]]))


def _milestone(initiative: Initiative, row: list[Any], source: str) -> Milestone:
    """A row is [fiscal year, month or null, wording, detail, last fiscal year]; the last two may be left out."""
    year, month, wording, *rest = row
    return Milestone(
        initiative=initiative,
        fiscal_year=year,
        month=month,
        wording=wording,
        detail=rest[0] if rest else "",
        until_fiscal_year=rest[1] if len(rest) > 1 else None,
        source=source,
        # Undated ones stand at the end of their year, as published.
        order=fiscal_month_index(date_of_fiscal_month(year, month)) if month else 99,
    )
