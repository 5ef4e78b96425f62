"""Which series a label of a file means: proposed where there is one answer, left to the clerk where there are several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.db.models import Q

from kpis.models import Kpi, Series
from sheets import plain

if TYPE_CHECKING:
    from accounts.access import Access
    from accounts.models import Department


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


def propose(labels: Sequence[str], series: Sequence[Series], names: Mapping[int, str] | None = None) -> dict[str, str]:
    """For each label the code of the series it names, "" where none or several do.

    `names` are further names by series id (the reporting department's). What names a series exactly comes first; else
    the one series whose name is a good part of the label, or whose name holds the label. Two labels that are only like
    the same series are both left to the clerk: 人口総数 and 人口密度 are not both 人口.
    """
    spoken = {code_of(each): _names(each, names or {}) for each in series}
    exact: dict[str, str] = {}
    alike: dict[str, str] = {}
    for label in labels:
        folded = plain(label)
        same = [code for code, words in spoken.items() if folded in words]
        if len(same) == 1:
            exact[label] = same[0]
            continue
        within = [code for code, words in spoken.items() if any(_is_much_of(word, folded) for word in words)]
        holding = [code for code, words in spoken.items() if any(len(folded) > 1 and folded in word for word in words)]
        alike[label] = next((codes[0] for codes in (_longest(within, spoken, folded), holding) if len(codes) == 1), "")
    claims = Counter(alike.values()) + Counter(exact.values())
    return {label: exact.get(label) or (alike[label] if claims[alike[label]] == 1 else "") for label in labels}


def _is_much_of(name: str, label: str) -> bool:
    return len(name) > 1 and name in label and 3 * len(name) >= len(label)


def _names(series: Series, names: Mapping[int, str]) -> set[str]:
    kpi: Kpi = series.kpi
    words = {
        str(series),
        f"{kpi.name}{series.name}",
        f"{kpi.code}/{series.code}",
        f"{kpi.name}／{series.name}",
        f"{kpi.code}／{series.code}",
    }
    if series.kind == Series.Kind.TOTAL:
        words |= {kpi.name, kpi.code}
    else:
        words |= {series.name}
        if series.pk in names:
            words |= {names[series.pk]}
    return {plain(word) for word in words}


def _longest(codes: list[str], spoken: Mapping[str, set[str]], folded: str) -> list[str]:
    """Of several names within a label the longest says most."""
    if len(codes) < 2:
        return codes
    length = {code: max(len(word) for word in spoken[code] if _is_much_of(word, folded)) for code in codes}
    most = max(length.values())
    return [code for code in codes if length[code] == most]
