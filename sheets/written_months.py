"""A month as a cell writes it: also twice, 令和7年4月（2025年4月）, or by its first and last day; both have to be the same."""

from __future__ import annotations

import re
from datetime import date

from japan.dates import DateError, parse_month

_TWICE = re.compile(
    r"(?P<first>[^()（）~〜～]{3,14})(?:[(（](?P<second>[^()（）]{3,14})[)）]|[~〜～](?P<until>[^()（）~〜～]{3,14}))"
)


def written_month(text: str, era: str = "") -> date:
    """The first day of the month. Raises DateError, also where it is written twice and differs."""
    match = _TWICE.fullmatch(text.strip())
    if match is None:
        return parse_month(text, era=era)
    try:
        months = [parse_month(part, era=era) for part in _parts(match)]
    except DateError:
        return parse_month(text, era=era)
    if months[0] != months[1]:
        raise DateError(f"「{text.strip()}」には違う年月が2つあります。1つの月だけにしてください。")
    return months[0]


def is_written_twice(text: str) -> bool:
    """Whether a cell names two months, alike or not."""
    match = _TWICE.fullmatch(text.strip())
    if match is None:
        return False
    try:
        return all(parse_month(part, era="令和") for part in _parts(match))
    except DateError:
        return False


def _parts(match: re.Match[str]) -> tuple[str, str]:
    return match["first"], match["second"] or match["until"]
