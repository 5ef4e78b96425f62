"""Whether what is withheld can be read off from what is published beside it (secondary suppression)."""

from __future__ import annotations

from decimal import Decimal


def can_be_read_off(total: Decimal | None, parts: int, withheld: int) -> bool:
    """A single withheld part of a published total is the total less the others.

    `parts` counts all parts that are due, `withheld` those of them that are 非公開.
    """
    return total is not None and withheld == 1 and parts >= 1


def year_can_be_read_off(total: Decimal | None, months: int, known: int, withheld: int) -> bool:
    """A single withheld month beside a stated year is the year less the other months."""
    return total is not None and withheld == 1 and known == months - 1


def may_add_up(withheld: int) -> bool:
    """The sum of the parts may stand beside a published total: with one of them withheld it would be the subtraction
    that gives it away, done for the reader."""
    return withheld == 0


def total_can_be_read_off(parts: int, known: int) -> bool:
    """A withheld total of which every part is published is their sum."""
    return parts >= 1 and known == parts
