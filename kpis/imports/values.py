"""What was read of a file: values, and cells that cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kpis.imports.sureness import Sureness
from kpis.models import Series


@dataclass(frozen=True, slots=True)
class Value:
    """A value of the file, or the reason why there is none, and where it stands (column from 0). `how` says what was done
    to read it, where that is more than reading; `day` is the day it is of, where the file says one; `step` what one in
    its last digit is worth, where that is known; `mark` what the file says of how sure it is."""

    series: Series
    span: str
    period: date
    value: Decimal | None
    missing_reason: str
    sheet: str
    row: int
    column: int
    shown: str
    how: str = ""
    day: date | None = None
    step: Decimal | None = None
    mark: Sureness = Sureness.NONE


@dataclass(frozen=True, slots=True)
class Refused:
    """A cell that cannot be taken; `asks` is the code of the question whose answer would let it in."""

    sheet: str
    row: int
    column: int
    shown: str
    message: str
    series: Series | None = None
    asks: str = ""
