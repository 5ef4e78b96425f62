"""What the checks say of a month's or a file's values: broken rules, doubts, and what could be read off."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Protocol, TypeVar

from django.core.exceptions import ValidationError

from kpis.checks.anomaly import Doubt
from kpis.checks.disclosure import of_longer, of_publishing, of_withholding
from kpis.checks.finding import ANSWER, HARD, SOFT, Finding, Unanswered, needs_answer
from kpis.checks.rules import Figures, at_most_text, broken
from kpis.checks.world import Key, World, key_of, number_of
from kpis.models import Kpi, Series
from kpis.models.checking import Rule
from kpis.models.value import GREATEST, Missing
from kpis.values.wording import exact

if TYPE_CHECKING:
    from kpis.values.statement import Statement


class Place(Protocol):
    """Where a value belongs: a Slot of kpis.entries, an Entry, a Change of kpis.values.recording."""

    series_id: int
    period: date
    span: str


P = TypeVar("P", bound=Hashable)


def findings_for(
    places: Sequence[P], statements: Sequence[Statement], *, doubted: Collection[P] | None = None
) -> dict[P, list[Finding]]:
    """What the checks say of each place whose statement gives them something to say; a few queries for any number.

    Only of the places in `doubted` (None: of all) it is asked whether they are unlike their past; rules hold for all.

    `places` have series_id, span and period (Slot, Entry, Change); the statements belong to them in order. What is
    stated here counts before what is stored, so that figures of one file or month are held against each other.
    """
    if len(places) != len(statements):
        raise ValueError("each place needs its statement")
    stated = {key_of(place): statement for place, statement in zip(places, statements, strict=True)}
    world = World(stated)
    found = {place: _of_place(world, key_of(place), is_doubted=doubted is None or place in doubted) for place in places}
    return {place: findings for place, findings in found.items() if findings}


def refuse_unanswered(place: P, statement: Statement) -> None:
    """Raises Unanswered (a ValidationError) where a rule is broken, or a doubt has neither reason nor tick."""
    refuse(findings_for([place], [statement]).get(place, []), statement)


def refuse(findings: Sequence[Finding], statement: Statement) -> None:
    """The same for findings that are at hand."""
    stopped = [finding.message for finding in findings if finding.severity == HARD]
    if not stopped and needs_answer(findings, statement):
        stopped = [*(finding.message for finding in findings), ANSWER]
    if stopped:
        raise Unanswered([ValidationError(message, code="checks") for message in stopped])


def _of_place(world: World, key: Key, *, is_doubted: bool = True) -> list[Finding]:
    value = world.stated[key].value
    series = world.series.get(key[0])
    if series is not None and world.stated[key].missing_reason == Missing.WITHHELD:
        return of_withholding(world, series, key) + of_longer(world, series, key)
    if value is None or series is None:
        return []
    findings = list(_of_rules(world, series, key, value)) + list(_of_ratios(world, series, key, value))
    if world.approved.get(key) == value:  # an approved value has been answered for
        return [finding for finding in findings if finding.severity == HARD]
    findings += of_publishing(world, series, key, value)
    findings += of_longer(world, series, key)
    if is_doubted:
        doubt = world.past(series, key).doubt(number_of(key), float(value))
        if doubt is not None:
            findings.append(_words(series.kpi, value, doubt, world.before(key)))
    return findings


def _of_rules(world: World, series: Series, key: Key, value: Decimal) -> Iterable[Finding]:
    for rule in world.rules.get(series.kpi_id, []):
        parts, total = world.parts(series, key) if rule.kind == Rule.Kind.PARTS else (None, None)
        other = world.other(rule.other_id, series, key) if rule.other_id else None
        finding = broken(rule, series.kpi, Figures(value, world.before(key), other, parts, total))
        if finding is not None:
            yield finding


def _of_ratios(world: World, series: Series, key: Key, value: Decimal) -> Iterable[Finding]:
    """A share cannot be more than 100 %: the numerator is at most the denominator, from whichever side it is
    entered, unless a rule says how the two belong together."""
    for ratio in world.ratios:
        numerator, denominator = ratio.numerator, ratio.denominator
        if numerator is None or denominator is None or _is_ruled(world, numerator.pk, denominator.pk):
            continue
        above, below = value, value
        if series.kpi_id == numerator.pk:
            found = world.other(denominator.pk, series, key)
            below = above if found is None else found
        elif series.kpi_id == denominator.pk:
            found = world.other(numerator.pk, series, key)
            above = below if found is None else found
        if above > below:
            yield Finding(HARD, "ratio", at_most_text(numerator, above, denominator, below))


def _is_ruled(world: World, kpi_id: int, other_id: int) -> bool:
    return any(rule.other_id == other_id for rule in world.rules.get(kpi_id, []))


def _inside(limit: float, kpi: Kpi, rounding: str) -> Decimal:
    """Rounds a bound inwards, so that a flagged value never lies inside the range shown."""
    # A series that explodes leads to expect more than fits.
    bounded = max(min(Decimal(str(limit)), GREATEST), -GREATEST)
    return bounded.quantize(Decimal(1).scaleb(-kpi.decimals), rounding)


def _words(kpi: Kpi, value: Decimal, doubt: Doubt, previous: Decimal | None) -> Finding:
    low, high = _inside(doubt.low, kpi, ROUND_CEILING), _inside(doubt.high, kpi, ROUND_FLOOR)
    usual = f"これまでの同じ月や最近の動きからは{exact(kpi, low)}から{exact(kpi, high)}くらいの見込みです。"
    odd = {
        "factor": f"{exact(kpi, value)}は桁が1つ違うかもしれません。{usual}",
        "swapped": f"{exact(kpi, value)}は隣どうしの数字が入れ替わっているかもしれません。{usual}",
        "negative": f"{exact(kpi, value)}はマイナスの値です。負の印（▲など）が正しいか、前からの増減の数ではないか見てください。{usual}",
        "sign": f"{exact(kpi, value)}はプラスとマイナスが逆かもしれません。{usual}",
        "repeated": f"{exact(kpi, value)}は前の期とまったく同じ値です。前の期の値のままになっていないか見てください。",
        "unusual": f"{exact(kpi, value)}はいつもと違う値です。{usual}",
    }[doubt.code]
    if doubt.code != "repeated" and previous is not None:
        odd += f"前の期は{exact(kpi, previous)}でした。"
    return Finding(SOFT, doubt.code, odd, (low, high))
