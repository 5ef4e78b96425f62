"""Which series a label of a file means: proposed where there is one answer, left to the clerk where there are several."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q

from japan.units import fold_width
from kpis.imports.names import Name, Names, counts_in, dateless, key, means_the_same, names_another, no_result_in, stem
from kpis.imports.written_units import Unit, split_label
from kpis.models import Series

if TYPE_CHECKING:
    from accounts.access import Access
    from accounts.models import Department

_LONGEST_LABEL = 120
_NUMBER_ALONE = re.compile("(?<![0-9※注])[0-9]{1,2}(?![0-9日])")


def series_for(access: Access, department: Department | None) -> list[Series]:
    """The series a file of this department may be about; without one (取りまとめ課) all that are reported."""
    found = Series.objects.select_related("kpi").exclude(kpi__numerator__isnull=False)
    if department is not None:
        found = found.filter(Q(reportings__department=department) | Q(reportings__registrar=department)).distinct()
    return list(found.order_by("kpi__order", "kpi__code", "order", "code"))


def code_of(series: Series) -> str:
    """As mappings and templates name it: KPI code/series code."""
    return f"{series.kpi.code}/{series.code}"


def by_code(series: Iterable[Series]) -> dict[str, Series]:
    return {code_of(each): each for each in series}


@dataclass(frozen=True)
class Around:
    """What stands around the labels of a table: the heading of its only column of values, the texts above it, and the
    unit written for a label."""

    heading: str = ""
    texts: Sequence[str] = ()
    units: Mapping[str, Unit] = field(default_factory=dict)


def propose(
    labels: Sequence[str],
    series: Sequence[Series],
    names: Mapping[int, str] | None = None,
    around: Around | None = None,
) -> dict[str, str]:
    """For each label the code of the series it names, "" where none or several do.

    `names` are further names by series id (the reporting department's). What names a series exactly comes first; else
    the one series whose name the label holds, when all the rest of the label leaves it the same figure: 試験件数（実績）
    is 試験件数, 試験件数前年比 and 女性試験件数 are not. Two labels that are only like the same series are both left to
    the clerk. The work grows with the labels and with the series, not with their product.
    """
    around = around or Around()
    known = Names.of(spoken for each in series for spoken in _names(each, names or {}))
    exact = {label: code for label in labels if (code := _exactly(label, known, around))}
    alike = {label: _alike(label, known, around) for label in labels if label not in exact}
    claims = Counter(alike.values()) + Counter(exact.values())
    return {label: exact.get(label) or (alike[label] if claims[alike[label]] == 1 else "") for label in labels}


def _exactly(label: str, known: Names, around: Around) -> str:
    found = known.by_key.get(key(label), [])
    return _only(name for name in found if not name.is_stem and _may_be(name, label, around, known))


def _alike(label: str, known: Names, around: Around) -> str:
    """The series of the longest name within the label that may mean it; "" where there is none or more than one."""
    words = (split_label(label).name, label)
    return next(
        (code for text in words if (code := _within(dateless(text)[:_LONGEST_LABEL], label, known, around))), ""
    )


def _within(folded: str, label: str, known: Names, around: Around) -> str:
    found: list[Name] = []
    longest = 0
    for word, before, after, names in known.within(folded):
        if found and len(word) < longest:
            break
        same = [name for name in names if _leaves_it(before, name) and _goes_on(after, name)]
        found += [name for name in same if _may_be(name, label, around, known) and _unit_fits(name, label, around)]
        longest = len(word)
    return _only(found)


def _leaves_it(rest: str, name: Name) -> bool:
    """What stands beside a name may say what is counted only where the name itself does not."""
    return counts_in(rest, name) if name.is_bare or name.is_stem else means_the_same(rest, name)


def _goes_on(rest: str, name: Name) -> bool:
    """A number behind a name makes it another one (試験件数2), which before it is that of a list ((3) 試験件数)."""
    return _NUMBER_ALONE.search(rest) is None and _leaves_it(rest, name)


def _only(names: Iterable[Name]) -> str:
    codes = {name.code for name in names}
    return codes.pop() if len(codes) == 1 else ""


def _may_be(name: Name, label: str, around: Around, known: Names) -> bool:
    """A part alone (a department's name) is its figure's where nothing around it says that something else is counted."""
    if no_result_in(around.heading, (name.kpi,)):
        return False
    if not name.is_bare or name.kpi in key(label):
        return True
    return (
        counts_in(dateless(around.heading), name)
        and _unit_fits(name, label, around)
        and not names_another(around.texts, name, known.figures)
    )


def _unit_fits(name: Name, label: str, around: Around) -> bool:
    unit = around.units.get(label) or split_label(label).unit
    return unit is None or bool(unit.scale_for(name.unit))


def _names(series: Series, names: Mapping[int, str]) -> Iterator[tuple[str, Name]]:
    kpi = series.kpi
    is_total = series.kind == Series.Kind.TOTAL
    code, figure, unit = code_of(series), key(kpi.name), fold_width(kpi.unit)
    full = Name(code, figure, unit, is_total=is_total)
    parts = [series.name, *([names[series.pk]] if series.pk in names else [])]
    for words in (
        str(series),
        code,
        *(f"{kpi.name}{part}" for part in parts),
        *(f"{part}{kpi.name}" for part in parts),
    ):
        yield words, full
    if is_total:
        yield kpi.name, full
        yield kpi.code, full
        if short := stem(figure, unit):
            yield short, Name(code, figure, unit, is_total=True, is_stem=True)
    else:
        for part in parts:
            yield part, Name(code, figure, unit, is_bare=True, is_total=False)
