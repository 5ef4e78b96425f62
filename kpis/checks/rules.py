"""What a KPI's rules say about a value. Pure: figures of other KPIs and of the parts come in as arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from kpis.checks.finding import Finding
from kpis.models.checking import Rule
from kpis.values.wording import exact

if TYPE_CHECKING:
    from kpis.models import Kpi


@dataclass(frozen=True)
class Figures:
    """A value and the figures of the same period it is held against; None where one is not known (yet)."""

    value: Decimal
    previous: Decimal | None = None
    other: Decimal | None = None
    parts: Sequence[Decimal] | None = None
    total: Decimal | None = None


def broken(rule: Rule, kpi: Kpi, figures: Figures) -> Finding | None:
    """The finding where the figures break the rule; None where they keep it or one of them is not known."""
    text = _TESTS[Rule.Kind(rule.kind)](rule, kpi, figures)
    if not text:
        return None
    expected = None
    if rule.kind == Rule.Kind.RANGE and rule.minimum is not None and rule.maximum is not None:
        expected = rule.minimum, rule.maximum
    severity: Literal["hard", "soft"] = "hard" if rule.severity == Rule.Severity.HARD else "soft"
    return Finding(severity, rule.kind, rule.message or text, expected)


def _range(rule: Rule, kpi: Kpi, figures: Figures) -> str:
    value = exact(kpi, figures.value)
    if rule.minimum is not None and figures.value < rule.minimum:
        return f"{value}は下限の{exact(kpi, rule.minimum)}より小さい値です。値を確かめてください。"
    if rule.maximum is not None and figures.value > rule.maximum:
        return f"{value}は上限の{exact(kpi, rule.maximum)}を超えています。値を確かめてください。"
    return ""


def _integer(rule: Rule, kpi: Kpi, figures: Figures) -> str:
    if figures.value == figures.value.to_integral_value():
        return ""
    return f"{figures.value.normalize():f}{kpi.unit}は整数ではありません。小数点以下のない値を入力してください。"


def _at_most(rule: Rule, kpi: Kpi, figures: Figures) -> str:
    if figures.other is None or rule.other is None or figures.value <= figures.other + rule.tolerance:
        return ""
    return at_most_text(kpi, figures.value, rule.other, figures.other)


def at_most_text(kpi: Kpi, value: Decimal, other_kpi: Kpi, other: Decimal) -> str:
    return (
        f"{kpi.name}（{exact(kpi, value)}）が{other_kpi.name}（{exact(other_kpi, other)}）を超えています。"
        "どちらの値が正しいか確かめてください。"
    )


def _equals(rule: Rule, kpi: Kpi, figures: Figures) -> str:
    if figures.other is None or rule.other is None or abs(figures.value - figures.other) <= rule.tolerance:
        return ""
    return (
        f"{kpi.name}（{exact(kpi, figures.value)}）が{rule.other.name}（{exact(rule.other, figures.other)}）と"
        "同じではありません。両方の値を確かめてください。"
    )


def _parts(rule: Rule, kpi: Kpi, figures: Figures) -> str:
    if figures.parts is None or figures.total is None:
        return ""
    made = sum(figures.parts, Decimal(0))
    if abs(made - figures.total) <= rule.tolerance:
        return ""
    return (
        f"内訳の計（{exact(kpi, made)}）が全体値（{exact(kpi, figures.total)}）と合いません"
        f"（差 {exact(kpi, made - figures.total)}）。内訳と全体値を確かめてください。"
    )


def _change(rule: Rule, kpi: Kpi, figures: Figures) -> str:
    if not figures.previous or rule.maximum is None:
        return ""
    width = abs(figures.value - figures.previous) * 100 / abs(figures.previous)
    if width <= rule.maximum:
        return ""
    limit = "決まり" if rule.severity == Rule.Severity.HARD else "目安"
    return (
        f"前の期の{exact(kpi, figures.previous)}から{width:.1f}％増減しています（{limit}は{rule.maximum.normalize():f}％以内）。"
        "値を確かめてください。"
    )


_TESTS = {
    Rule.Kind.RANGE: _range,
    Rule.Kind.INTEGER: _integer,
    Rule.Kind.AT_MOST: _at_most,
    Rule.Kind.EQUALS: _equals,
    Rule.Kind.PARTS: _parts,
    Rule.Kind.CHANGE: _change,
}
