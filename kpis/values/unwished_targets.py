"""Targets that do not lie on the wished side of their figure's baseline: they are saved, and who saves them is told."""

from __future__ import annotations

from collections.abc import Iterable

from kpis.claims import Direction, is_onward, quantity
from kpis.models import Target
from kpis.values.figures import subject_of
from kpis.values.wording import target_period_text


def warnings_of(targets: Iterable[Target]) -> list[str]:
    """A sentence for each target that no 進捗率 follows from. The targets come with their KPI."""
    return [sentence for each in targets if (sentence := _warning(each))]


def _warning(target: Target) -> str:
    subject = subject_of(target.kpi)
    base = subject.baseline
    if base is None or is_onward(subject, target.value):
        return ""
    wished, beyond = ("増える", "大きく") if subject.direction is Direction.UP else ("減る", "小さく")
    return (
        f"{target.kpi.name}の目標値{quantity(subject, target.value)}"
        f"（{target_period_text(target.fiscal_year, target.month)}）は、基準値{quantity(subject, base.value)}より"
        f"{beyond}ありません。{wished}ほどよい指標では、この目標への進捗率は表示されません。"
        "目標値、基準値、望ましい方向を確かめてください。"
    )
