"""Loads pillars and initiatives from a data file: adds what is missing by natural key, overwrites nothing."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from initiatives.models import Alias, Initiative, Milestone, Pillar, PillarName


@transaction.atomic
def load_initiatives(data: dict[str, Any]) -> int:
    """Adds the file's pillars, initiatives, aliases and milestones. Returns how many rows were new."""
    added = 0
    pillars: dict[str, Pillar] = {}
    for each in data["pillars"]:
        pillar, new = Pillar.objects.get_or_create(
            code=each["code"],
            defaults={
                "order": each["order"],
                "icon": each["icon"],
                "contents": "\n".join(each["contents"]),
                "note": data.get("pillar_note", ""),
            },
        )
        pillars[pillar.code] = pillar
        added += new
        if new:
            names = [PillarName(pillar=pillar, name=n, valid_from=a, valid_to=b) for n, a, b in each["names"]]
            added += len(PillarName.objects.bulk_create(names))
    for order, each in enumerate(data["initiatives"], start=1):
        initiative, new = Initiative.objects.get_or_create(
            code=each["code"],
            defaults={
                "title": each["title"],
                "pillar": pillars.get(each.get("pillar", "")),
                "is_bold": each.get("is_bold", False),
                "status": each.get("status", Initiative.Status.UNKNOWN),
                "source": data["source"],
                "order": order * 10,
            },
        )
        added += new
        added += _load_names(initiative, each)
        added += _load_milestones(initiative, each.get("milestones", []), data["source"])
    return added


def _load_names(initiative: Initiative, each: dict[str, Any]) -> int:
    wanted = {name: None for name in each.get("aliases", [])} | each.get("cloud", {})
    return sum(
        Alias.objects.get_or_create(name=name, defaults={"initiative": initiative, "cloud_order": order})[1]
        for name, order in wanted.items()
    )


def _load_milestones(initiative: Initiative, rows: list[list[Any]], source: str) -> int:
    added = 0
    for row in rows:
        year, month, wording, detail, until = [*row, "", None][:5] if len(row) < 5 else row
        _, new = Milestone.objects.get_or_create(
            initiative=initiative,
            fiscal_year=year,
            wording=wording,
            defaults={
                "month": month,
                "detail": detail or "",
                "until_fiscal_year": until,
                "source": source,
                # Undated ones stand at the end of their year, as published.
                "order": (month - 4) % 12 if month else 99,
            },
        )
        added += new
    return added
