"""取組の年表: pillars down, fiscal years across, milestones in the order of the fiscal year. Pure: no queries, no clock."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from initiatives.models import Initiative, Milestone, Pillar
from japan.fiscal import fiscal_month_index, fiscal_year_end, fiscal_year_of
from japan.wareki import fiscal_year_short

#: Stands for "no pillar published" where a pillar's code is asked.
NO_PILLAR = "none"


@dataclass(frozen=True)
class Wish:
    """What a reader asked to see; empty parts ask for everything."""

    pillar: str = ""
    first_year: int | None = None
    last_year: int | None = None
    text: str = ""


@dataclass
class Row:
    """A pillar (None: not published) with its milestones by year and the initiatives whose time was not published."""

    pillar: Pillar | None
    name: str
    other_names: list[str]
    cells: list[Cell] = field(default_factory=list)
    undated: list[Initiative] = field(default_factory=list)

    @property
    def icon(self) -> str:
        """The pillar's sign in the sprite, which draws five."""
        return self.pillar.sign if self.pillar else "flag"

    @property
    def has_milestones(self) -> bool:
        return any(cell.begun or cell.going_on for cell in self.cells)


@dataclass
class Cell:
    """What began in a year, and the spans of earlier years that still go on in it."""

    year: int
    begun: list[Milestone]
    going_on: list[Milestone]


@dataclass
class Chronicle:
    """The page: the years shown, a row per pillar with something in it, and how many milestones that are."""

    years: list[int]
    rows: list[Row]
    milestones: list[Milestone]
    notes: list[str]

    @property
    def undated_rows(self) -> list[Row]:
        return [row for row in self.rows if row.undated]

    @property
    def initiatives(self) -> set[int]:
        """The ids of those that are shown, with a time or without."""
        return {m.initiative_id for m in self.milestones} | {each.pk for row in self.rows for each in row.undated}

    @property
    def is_empty(self) -> bool:
        return not self.milestones and not self.undated_rows


def in_order(milestones: Iterable[Milestone]) -> list[Milestone]:
    """By fiscal year, April to March; what has no published month stands at the end of its year."""

    def key(milestone: Milestone) -> tuple[int, int, int, int]:
        day = milestone.date_or_none
        return milestone.fiscal_year, 12 if day is None else fiscal_month_index(day), milestone.order, milestone.pk

    return sorted(milestones, key=key)


def years_of(initiatives: Iterable[Initiative]) -> list[int]:
    """The fiscal years in which a milestone began, and those between."""
    begun = [milestone.fiscal_year for initiative in initiatives for milestone in initiative.milestones.all()]
    return list(range(min(begun), max(begun) + 1)) if begun else []


def chronicle(pillars: Sequence[Pillar], initiatives: Sequence[Initiative], wish: Wish) -> Chronicle:
    """Arranges what the wish asks for. The initiatives come with pillar, milestones and aliases."""
    known = years_of(initiatives)
    first = wish.first_year or (known[0] if known else None)
    last = wish.last_year or (known[-1] if known else None)
    years = list(range(first, last + 1)) if first is not None and last is not None else []
    rows, shown = [], []
    for pillar in [*pillars, None]:
        if wish.pillar and wish.pillar != (pillar.code if pillar else NO_PILLAR):
            continue
        own = [each for each in initiatives if each.pillar_id == (pillar.pk if pillar else None)]
        row, milestones = _row(pillar, own, years, wish.text)
        if row.has_milestones or row.undated:
            rows.append(row)
            shown += milestones
    notes = dict.fromkeys(row.pillar.note for row in rows if row.pillar and row.pillar.note)
    return Chronicle(years, rows, in_order(shown), list(notes))


def _row(pillar: Pillar | None, own: list[Initiative], years: list[int], text: str) -> tuple[Row, list[Milestone]]:
    listed = in_order(milestone for each in own for milestone in _matching(each, text))
    name, others = _names(pillar, years)
    cells = [
        Cell(
            year,
            begun=[m for m in listed if m.fiscal_year == year],
            going_on=[m for m in listed if m.fiscal_year < year <= (m.until_fiscal_year or 0)],
        )
        for year in years
    ]
    undated = [each for each in own if not each.milestones.all() and _names_match(each, text)]
    shown = {m.pk: m for cell in cells for m in [*cell.begun, *cell.going_on]}
    return Row(pillar, name, others, cells, undated), list(shown.values())


def _matching(initiative: Initiative, text: str) -> list[Milestone]:
    """All milestones of an initiative that is named so, else those worded so."""
    milestones = list(initiative.milestones.all())
    if _names_match(initiative, text):
        return milestones
    return [m for m in milestones if _holds(text, m.wording) or _holds(text, m.detail)]


def _names_match(initiative: Initiative, text: str) -> bool:
    return _holds(text, initiative.title) or any(_holds(text, alias.name) for alias in initiative.aliases.all())


def _holds(text: str, whole: str) -> bool:
    """Full and half width, capital and small letters are the same."""
    return _folded(text) in _folded(whole)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _names(pillar: Pillar | None, years: list[int]) -> tuple[str, list[str]]:
    """The name in force at the end of the years shown, and the others with when they were in force."""
    if pillar is None:
        return "柱の公表なし", []
    name = pillar.name_on(fiscal_year_end(years[-1])) if years else pillar.name
    others = [
        f"{fiscal_year_short(fiscal_year_of(each.valid_from))}から「{each.name}」"
        if each.valid_to is None
        else f"{fiscal_year_short(fiscal_year_of(each.valid_to))}まで「{each.name}」"
        for each in pillar.names.all()
        if each.name != name
    ]
    return name, others
