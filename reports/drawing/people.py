"""A hundred people, of whom as many are filled as the index says."""

from __future__ import annotations

from decimal import Decimal

from charts.svg import BLUE, num, svg
from japan.numbers import round_half_up

COLUMNS, ROWS = 20, 5
WIDTH, HEIGHT = 15, 29
_PERSON = "a3.3 3.3 0 1 0 6.6 0a3.3 3.3 0 1 0-6.6 0zm-1.2 18.5v-7.5a4.5 4.5 0 0 1 9 0v7.5z"
PALE = "#949494"


def people(index: Decimal, alt: str) -> str:
    """Twenty by five people; `index` of them (rounded) are filled, the others are outlines. More than 100 fills all."""
    filled = max(0, min(COLUMNS * ROWS, int(round_half_up(index, 0))))
    shapes: tuple[list[str], list[str]] = ([], [])
    for n in range(COLUMNS * ROWS):
        row, column = divmod(n, COLUMNS)
        start = f"M{num(column * WIDTH + 4.2)} {num(row * HEIGHT + 5.5)}{_PERSON}"
        shapes[0 if n < filled else 1].append(start)
    body = []
    if shapes[0]:
        body.append(f'<path d="{"".join(shapes[0])}" fill="{BLUE}"/>')
    if shapes[1]:
        body.append(f'<path d="{"".join(shapes[1])}" fill="#ffffff" stroke="{PALE}" stroke-width="0.8"/>')
    return svg(COLUMNS * WIDTH, ROWS * HEIGHT - 2, alt, body)
