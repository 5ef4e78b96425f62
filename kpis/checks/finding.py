"""What a check says about one value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from kpis.values.statement import Statement

HARD: Literal["hard"] = "hard"
SOFT: Literal["soft"] = "soft"

#: What to do about a doubt; a finding itself says what is odd, to whoever reads it.
ANSWER = "値が正しいときは、増減理由を選ぶか「確認済（入力誤りなし）」に印を付けてください。"


class Unanswered(ValidationError):
    """A rule is broken, or a doubt has neither reason nor tick; the messages are those of the findings."""


@dataclass(frozen=True)
class Finding:
    """A hard finding stops the submission; a soft one wants a 増減理由 or 確認済. `expected` is a range of values."""

    severity: Literal["hard", "soft"]
    code: str
    message: str
    expected: tuple[Decimal, Decimal] | None = None


DISCLOSED = "disclosure"


def disclosures(findings: Iterable[Finding]) -> list[str]:
    """What says that something withheld can be read off."""
    return [finding.message for finding in findings if finding.code == DISCLOSED]


def stops(findings: Iterable[Finding]) -> bool:
    """A rule is broken that no reason answers."""
    return any(finding.severity == HARD for finding in findings)


def needs_answer(findings: Iterable[Finding], statement: Statement) -> bool:
    """A soft finding stands, and neither a reason nor the tick answers it."""
    answered = bool(statement.change_reason) or statement.is_confirmed
    return not answered and any(finding.severity == SOFT for finding in findings)
