"""What is withheld and can be read off from what is published beside it: a total, its parts, a year beside its months."""

from __future__ import annotations

from decimal import Decimal

from japan.periods import Span
from kpis.checks.finding import DISCLOSED, SOFT, Finding
from kpis.checks.longer_periods import NAMES, Division, divisions_with, parts_of
from kpis.checks.world import Key, World
from kpis.claims import can_be_read_off, total_can_be_read_off, year_can_be_read_off
from kpis.models import Kpi, Series
from kpis.models.value import Missing
from kpis.values.wording import exact

#: What anybody can work out, said from whichever side it comes about, and what to do about it.
_REMEDY = "ほかの内訳をもう1件非公開にするか、全体の値を非公開にしてください。"
DISCLOSURE = f"全体の値（{{total}}）が公表されているため、非公開がこの1件だけでは、引き算で値が分かります。{_REMEDY}"
BY_TOTAL = (
    f"非公開の内訳が{{part}}の1件だけのため、全体の値（{{total}}）を公表すると、引き算でその値が分かります。{_REMEDY}"
)
BY_PART = f"非公開の内訳が{{part}}の1件だけになり、全体の値（{{total}}）からの引き算でその値が分かります。{_REMEDY}"
OF_TOTAL = "内訳の値がすべて公表されているため、全体の値だけを非公開にしても、足し算で分かります。内訳も1件以上を非公開にしてください。"
BY_LAST_PART = "全体の値は非公開ですが、これで内訳の値がすべて公表され、足し算で全体の値が分かります。内訳も1件以上を非公開にしてください。"
OF_LONGER = (
    "{whole}の値（{total}）が公表されているため、非公開が{part}分だけでは、引き算で値が分かります。"
    "{others}を非公開にするか、{span}の値を非公開にしてください。"
)


def of_longer(world: World, series: Series, key: Key) -> list[Finding]:
    """A year or quarter that is stated beside its months (a year beside its quarters) gives away a single one that is
    withheld, from whichever side it comes about. The shorter ones are read only where a longer one is stated."""
    if series.kpi.kind != Kpi.Kind.FLOW or series.kpi.frequency == Kpi.Frequency.FISCAL_YEAR:
        return []
    span = Span(key[1])
    is_new = key in world.withheld or key in world.was_withheld or world.approved.get(key) is None
    return [
        found
        for each in divisions_with(span, key[2])
        if each.part != span or is_new
        if (found := _of_division(world, series, each)) is not None
    ]


def _of_division(world: World, series: Series, division: Division) -> Finding | None:
    whole = division.whole
    total = world.values.get((series.pk, whole.span.value, whole.start))
    if total is None:
        return None
    parts = parts_of(division, series.months_of_life(whole))
    said = [world.beside_longer.get((series.pk, each.span.value, each.start), (None, "")) for each in parts]
    withheld = [each for each, (_, reason) in zip(parts, said, strict=True) if reason == Missing.WITHHELD]
    known = sum(value is not None for value, _ in said)
    if not year_can_be_read_off(total, len(parts), known, len(withheld)):
        return None
    words = {"whole": whole.label, "total": exact(series.kpi, total), "part": withheld[0].label}
    return _disclosed(OF_LONGER, **words, others=NAMES[division.part][0], span=NAMES[whole.span][1])


def of_withholding(world: World, series: Series, key: Key) -> list[Finding]:
    """What is withheld here may be read off from what is published beside it."""
    total, parts = world.breakdown(series, key)
    if series.kind == Series.Kind.TOTAL:
        known = sum(world.values.get(part) is not None for part in parts)
        return [_disclosed(OF_TOTAL)] if total_can_be_read_off(len(parts), known) else []
    stated = None if total is None else world.values.get(total)
    withheld = [part for part in parts if part in world.withheld]
    if stated is None or not can_be_read_off(stated, len(parts), len(withheld)):
        return []
    return [_disclosed(DISCLOSURE, total=exact(series.kpi, stated))]


def of_publishing(world: World, series: Series, key: Key, value: Decimal) -> list[Finding]:
    """What is published here may give away what is withheld beside it: a total its single withheld part, a part that
    was withheld the last one that still is, and the last part a withheld total."""
    total, parts = world.breakdown(series, key)
    withheld = [part for part in parts if part in world.withheld]
    stated = None if total is None else world.values.get(total)
    if total is not None and total in world.withheld and key != total:
        known = sum(world.values.get(part) is not None for part in parts)
        is_new = world.approved.get(key) is None
        return [_disclosed(BY_LAST_PART)] if is_new and total_can_be_read_off(len(parts), known) else []
    if stated is None or not can_be_read_off(stated, len(parts), len(withheld)):
        return []
    if key != total and key not in world.was_withheld:
        return []
    words = BY_TOTAL if key == total else BY_PART
    return [_disclosed(words, part=f"「{world.series[withheld[0][0]].name}」", total=exact(series.kpi, stated))]


def _disclosed(words: str, **names: str) -> Finding:
    return Finding(SOFT, DISCLOSED, words.format(**names))
