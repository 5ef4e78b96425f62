"""A share as a bar from 0 to 100 %."""

from __future__ import annotations

from decimal import Decimal

from charts.svg import BLUE, GRAY, TINT, num, svg

WIDTH, HEIGHT = 300, 16


def share_bar(percent: Decimal, alt: str) -> str:
    """The part solid, the rest pale with an outline; nothing for what is no share of a whole."""
    if not 0 <= percent <= 100:
        return ""
    part = float(percent) / 100 * (WIDTH - 2)
    body = [
        f'<rect x="1" y="1" width="{WIDTH - 2}" height="{HEIGHT - 2}" fill="{TINT}" stroke="{GRAY}"/>',
        f'<rect x="1" y="1" width="{num(part)}" height="{HEIGHT - 2}" fill="{BLUE}"/>',
    ]
    return svg(WIDTH, HEIGHT, alt, body)
