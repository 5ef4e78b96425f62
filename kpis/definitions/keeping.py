"""Keeps what was changed of definitions and targets, and asks for a reason once a figure was relied on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Assignment
from japan.fiscal import fiscal_year_of
from kpis.definitions.publications import published_codes
from kpis.definitions.snapshots import Kept, Snapshot, differences, snapshot_of
from kpis.models import Closing, DefinitionChange, Kpi, Measurement

if TYPE_CHECKING:
    from accounts.access import Access

Kind = DefinitionChange.Kind
MARCH = 3
AFTER_THE_FACT = (Kind.CORRECTION, Kind.RESTATEMENT)
#: As a column of a table says it.
KIND_WORDS: dict[str, str] = {kind.label.partition("（")[0]: kind.value for kind in AFTER_THE_FACT}


class ReasonMissing(ValidationError):
    """A definition or target that was relied on was to be changed without a reason."""

    def __init__(self, abouts: Collection[str]) -> None:
        named = "、".join(dict.fromkeys(abouts))
        super().__init__(
            f"{named}は、確定した年度、終わった年度の目標、または公表したレポートで使われています。"
            "変更の種類（訂正か遡及改定）と理由を入力してください。",
            code="reason",
        )


@dataclass(frozen=True)
class Why:
    """Who changes a definition, and why: 訂正 or 遡及改定 with a reason, where one is due.

    `rows` may give single rows of a table their own (kind, reason), by KPI and by what `Kept.about` calls them.
    `by_act`: the reason names an act of its own (組織改正), which is neither 訂正 nor 遡及改定 and asks for no more.
    """

    access: Access | None = None
    kind: str = ""
    reason: str = ""
    by_act: bool = False
    rows: Mapping[tuple[int, str], tuple[str, str]] = field(default_factory=dict)

    def of(self, kept: Kept) -> tuple[str, str]:
        kind, reason = self.rows.get((kept.kpi_id, kept.about), (self.kind, self.reason))
        return kind, reason.strip()


@contextmanager
def keeping(kpi_ids: Collection[int], why: Why) -> Iterator[None]:
    """Keeps what changes inside of these KPIs, in the transaction that changes it.

    Raises ReasonMissing at its end, undoing what was done inside, where a reason is due and none was given.
    """
    with transaction.atomic():
        before = snapshot_of(kpi_ids)
        yield
        keep(before, snapshot_of(kpi_ids), why)


def keep(before: Snapshot, after: Snapshot, why: Why) -> None:
    """Writes down how the two differ. Raises ReasonMissing where a reason is due and none was given."""
    found = [
        (before.get(key), after.get(key), changes)
        for key in sorted({*before, *after})
        if (changes := differences(before.get(key), after.get(key)))
    ]
    due = relied_on([old or new for old, new, _ in found if old or new])
    due += [old for old, _, _ in found if old and old not in due and _has_ended(old, why)]
    missing = [kept.about for old, new, _ in found if (kept := old or new) in due and not _is_explained(kept, why)]
    if missing:
        raise ReasonMissing(missing)
    DefinitionChange.objects.bulk_create(_rows(found, due, why))


def _has_ended(kept: Kept, why: Why) -> bool:
    """Whether it is the target of a year that is over: from then on it says 達成 or 未達, closed or not.

    The first target of such a year moves no line; one that is changed or taken away does.
    """
    today = why.access.on if why.access is not None else timezone.localdate()
    return kept.year is not None and kept.year < fiscal_year_of(today)


def _is_explained(kept: Kept, why: Why) -> bool:
    kind, reason = why.of(kept)
    return bool(reason) and (why.by_act or kind in AFTER_THE_FACT)


Found = list[tuple[Kept | None, Kept | None, list[list[str]]]]


def _rows(found: Found, due: list[Kept], why: Why) -> Iterator[DefinitionChange]:
    access = why.access
    now = access.now() if access is not None else timezone.now()
    actor = access.user if access is not None and access.user.is_authenticated else None
    for old, new, changes in found:
        kept = old or new
        assert kept is not None
        kind, reason = why.of(kept)
        if kept not in due or why.by_act:
            kind = Kind.FIRST if old is None else Kind.CHANGE
        yield DefinitionChange(
            kpi_id=kept.kpi_id,
            subject=kept.subject,
            about=kept.about,
            changes=changes,
            kind=kind,
            reason=reason,
            actor=actor,
            actor_name=str(actor or ""),
            post=access.post_in(None, Assignment.Role.REFORM_OFFICE) if access is not None else "",
            at=now,
        )


def relied_on(changed: Collection[Kept | None]) -> list[Kept]:
    """Those for which a reason is due: an edition printed the figure, or the year was closed.

    A target is of one year; a definition, a baseline or a part is relied on by every closed year that has values (of a
    ratio: values of both KPIs that it was computed from), and by an edition that printed a ratio of it.
    A year is closed with its March.
    """
    rows = [kept for kept in changed if kept is not None]
    if not rows:
        return []
    ids = {kept.kpi_id for kept in rows}
    codes = dict(Kpi.objects.filter(pk__in=ids).values_list("pk", "code"))
    ratios = _codes_of_ratios(ids)
    printed = published_codes([*codes.values(), *(code for found in ratios.values() for code in found)])
    closed = [
        fiscal_year_of(month) for month in Closing.objects.filter(month__month=MARCH).values_list("month", flat=True)
    ]
    valued = _years_with_values(ids.union(*(kept.parts for kept in rows))) if closed else {}

    def is_relied_on(kept: Kept) -> bool:
        if codes.get(kept.kpi_id) in printed:
            return True
        if kept.year is not None:
            return kept.year in closed
        if ratios.get(kept.kpi_id, set()) & printed:
            return True
        years = valued.get(kept.kpi_id, set())
        if kept.parts:
            years = years | set.intersection(*(valued.get(part, set()) for part in kept.parts))
        return bool(years & set(closed))

    return [kept for kept in rows if is_relied_on(kept)]


def _codes_of_ratios(kpi_ids: Collection[int]) -> dict[int, set[str]]:
    """For each KPI the codes of the ratios that are computed from it."""
    found: dict[int, set[str]] = {}
    for code, *parts in Kpi.objects.computed_from(kpi_ids).values_list("code", "numerator", "denominator"):
        for part in filter(None, parts):
            found.setdefault(part, set()).add(code)
    return found


def _years_with_values(kpi_ids: Collection[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    rows = Measurement.objects.filter(series__kpi__in=kpi_ids).values_list("series__kpi", "period").distinct()
    for kpi_id, period in rows:
        found.setdefault(kpi_id, set()).add(fiscal_year_of(period))
    return found
