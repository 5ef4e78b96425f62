"""Larger drawings for pages with one figure: a conversation, a pile of paper. Decoration only."""

from __future__ import annotations

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">{body}</svg>'
BLUE, PALE, TINT, WHITE = "#0017c1", "#c5d7fb", "#e8f1fe", "#ffffff"


def _person(x: int, y: int, fill: str) -> str:
    return (
        f'<circle cx="{x}" cy="{y}" r="24" fill="{fill}"/><circle cx="{x}" cy="{y - 6}" r="8" fill="{WHITE}"/>'
        f'<path d="M{x - 14} {y + 17}c0-12 6-17 14-17s14 5 14 17z" fill="{WHITE}"/>'
    )


def _bubble(x: int, y: int, lines: tuple[int, ...], *, is_answer: bool) -> str:
    """A balloon with lines of writing; an answer points right and is solid."""
    width, height = max(lines) + 44, 22 * len(lines) + 24
    fill, ink = (BLUE, WHITE) if is_answer else (TINT, BLUE)
    tip = f"M{x + width - 2} {y + 16}l16 8-16 8z" if is_answer else f"M{x + 2} {y + 16}l-16 8 16 8z"
    writing = "".join(
        f'<path d="M{x + 22} {y + 23 + 22 * n}h{length}" stroke="{ink}" stroke-width="6" stroke-linecap="round"/>'
        for n, length in enumerate(lines)
    )
    return (
        f'<path d="{tip}" fill="{fill}"/><rect x="{x}" y="{y}" width="{width}" height="{height}" rx="14" fill="{fill}"/>'
        + writing
    )


def conversation() -> str:
    """Three people writing to one another (420 × 230)."""
    body = (
        _person(30, 34, BLUE)
        + _bubble(74, 6, (150, 96), is_answer=False)
        + _person(388, 112, "#3460fb")
        + _bubble(196, 84, (104, 64), is_answer=True)
        + _person(30, 190, "#4979f5")
        + _bubble(74, 162, (178,), is_answer=False)
    )
    return _SVG.format(width=420, height=230, body=body)


def pile() -> str:
    """A pile of printed sheets (300 × 190)."""
    edges = "".join(
        f'<path d="M30 {y}L150 {y + 44} 270 {y}" fill="{fill}" stroke="{BLUE}" stroke-width="2.5"/>'
        for y, fill in ((140, PALE), (128, WHITE), (116, PALE), (104, WHITE), (92, PALE), (80, WHITE))
    )
    top = f'<path d="M150 18L270 62 150 106 30 62z" fill="{WHITE}" stroke="{BLUE}" stroke-width="2.5"/>'
    writing = "".join(
        f'<path d="M{x} {y}l{length} {length * 44 / 120:.1f}" stroke="{BLUE}" stroke-width="4" stroke-linecap="round"/>'
        for x, y, length in ((142, 40, 72), (118, 49, 72), (94, 58, 44))
    )
    sides = f'<path d="M30 62v78M270 62v78" stroke="{BLUE}" stroke-width="2.5"/>'
    return _SVG.format(width=300, height=190, body=edges + sides + top + writing)


SCENES = {"chat": conversation, "stack": pile}
