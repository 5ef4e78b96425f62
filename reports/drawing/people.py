"""A hundred people for the base, of whom as many are filled as the index says; an index above 100 draws more."""

from __future__ import annotations

from decimal import Decimal

from charts.svg import BLUE, num, svg
from kpis.claims.numbers import round_honestly

BASE, MOST, COLUMNS = 100, 300, 20
WIDTH, HEIGHT = 15, 29
_PERSON = "a3.3 3.3 0 1 0 6.6 0a3.3 3.3 0 1 0-6.6 0zm-1.2 18.5v-7.5a4.5 4.5 0 0 1 9 0v7.5z"
PALE = "#949494"


def people(index: Decimal, alt: str) -> str:
    """Twenty in a row; `index` of them (rounded as it is written) are filled, the others up to 100 are outlines.

    Nothing is drawn for a negative index or one above 300, of which a picture of people says nothing.
    """
    filled = int(round_honestly(index, 0, [Decimal(BASE)]))
    if not 0 <= filled <= MOST:
        return ""
    drawn = max(filled, BASE)
    shapes: tuple[list[str], list[str]] = ([], [])
    for n in range(drawn):
        row, column = divmod(n, COLUMNS)
        start = f"M{num(column * WIDTH + 4.2)} {num(row * HEIGHT + 5.5)}{_PERSON}"
        shapes[0 if n < filled else 1].append(start)
    body = []
    if shapes[0]:
        body.append(f'<path d="{"".join(shapes[0])}" fill="{BLUE}"/>')
    if shapes[1]:
        body.append(f'<path d="{"".join(shapes[1])}" fill="#ffffff" stroke="{PALE}" stroke-width="0.8"/>')
    rows = -(-drawn // COLUMNS)
    return svg(COLUMNS * WIDTH, rows * HEIGHT - 2, alt, body)
