"""Values as text, so that two engines and two implementations can be compared."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kpis.models import Summary


def settled(value: Any) -> Any:
    """A fraction as a stored amount: 15 significant digits, 9 decimals, cut off but never to a false 0 or 5."""
    if not isinstance(value, (Fraction, int)) or isinstance(value, bool):
        return value
    exact = Fraction(value)
    if exact == 0:
        return Decimal(0)
    size = abs(exact)
    power = 0
    while size >= Fraction(10) ** power:
        power += 1
    while size < Fraction(10) ** (power - 1):
        power -= 1
    places = min(9, 15 - power)
    whole, rest = divmod(size * Fraction(10) ** places, 1)
    if rest and whole % 10 in (0, 5):
        whole += 1
    return Decimal(int(whole if exact > 0 else -whole)).scaleb(-places)


def text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (Decimal, int)):
        return "0" if not value else f"{Decimal(value).normalize():f}"
    if hasattr(value, "astimezone"):
        return str(value.astimezone(UTC).isoformat(timespec="microseconds"))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return json.dumps(value, separators=(",", ":"))
    return str(value)


def digest(summary: Summary) -> str:
    """SHA-256 over every column but the row's number and the digest itself."""
    names = sorted(f.attname for f in Summary._meta.concrete_fields if f.attname not in ("id", "digest"))
    return hashlib.sha256("\n".join(f"{n}={text(getattr(summary, n))}" for n in names).encode()).hexdigest()
