"""Footnotes: what the marks beside the figures mean, what is known about a figure, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable

from reports.figures import Figure
from reports.opinions import Opinion

MARKS = {
    "算出値": "算出値：公表された値から計算で求めた値。",
    "概数": "概数：公表時に丸められた値。",
    "速報値": "速報値：確定前の値。",
    "推計": "推計：計測ではなく推計による値。",
    "将来推計": "将来推計：将来の見通しの値。",
    "架空値": "架空値：見本として作成した値で、実績ではない。",
}
ROUNDING = "単位未満を四捨五入しているため、合計と内訳の計が一致しない場合がある。"


def of_page(figures: list[Figure], opinions: list[Opinion]) -> list[str]:
    """What the foot of one page says, so that the page explains itself when it is copied alone."""
    notes = _meanings(figures, opinions)
    lines = ["　".join(notes)] if notes else []
    lines += _remarks(figures)
    stated = [*(figure.source for figure in figures), *(opinion.source for opinion in opinions)]
    sources = dict.fromkeys(s for source in stated for s in source.split("、") if s)
    # "A" and "worked out from A" is one source; the mark 算出値 says the rest.
    named = [s for s in sources if s.removesuffix(" から算出") == s or s.removesuffix(" から算出") not in sources]
    return [*lines, f"出典：{'、'.join(named)}"] if named else lines


def of_report(figures: list[Figure], opinions: list[Opinion]) -> list[str]:
    """All notes of a report: each mark once, what each KPI notes, and what nobody published."""
    notes = [*_meanings(figures, opinions), *_remarks(figures)]
    undefined = dict.fromkeys(figure.name for figure in figures if figure.definition == "定義未公表")
    if undefined:
        notes.append(f"定義が公表されていない指標：{'、'.join(undefined)}。")
    return [*notes, ROUNDING]


def _meanings(figures: Iterable[Figure], opinions: Iterable[Opinion]) -> list[str]:
    listed = list(figures)
    marks = {mark for figure in listed for mark in (*figure.marks, *(m for of in figure.marks_of.values() for m in of))}
    if any(figure.baseline_is_derived for figure in listed):
        marks.add("算出値")
    marks |= {mark for opinion in opinions for mark in opinion.marks}
    return [text for mark, text in MARKS.items() if mark in marks]


def _remarks(figures: Iterable[Figure]) -> list[str]:
    """What is known about each figure: its KPI's note, which withheld parts its total leaves out, and where what a
    source printed differs from what is computed."""
    said = ((f.name, words) for f in figures for words in (f.note, f.left_out, f.differs) if words)
    return list(dict.fromkeys(f"{name}：{words}" for name, words in said))
