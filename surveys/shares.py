"""Shares of a question's answers: of which base, and of which choices together. One answer for page, file and report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from japan.numbers import write_number
from kpis.claims.numbers import round_honestly
from surveys.models import Question, Result

WHOLE, LEAST = Decimal(100), Decimal("0.1")


class NoShare(ValueError):
    """A question whose answers give no single share; the Japanese message says what to do."""


@dataclass(frozen=True)
class Line:
    """One choice. `share` is a percentage, None where neither it nor its base is known."""

    label: str
    count: int | None
    share: Decimal | None
    is_computed: bool
    is_positive: bool = False

    @property
    def marks(self) -> list[str]:
        return ["算出値"] if self.is_computed else []

    @property
    def share_text(self) -> str:
        return "割合なし" if self.share is None else share_text(self.share, is_computed=self.is_computed)

    @property
    def count_text(self) -> str:
        return f"{self.count:,}人" if self.count is not None else "公表なし"

    @property
    def meter(self) -> str:
        """The share for the bar: a plain number with a point."""
        return f"{self.share or 0:.1f}"


@dataclass(frozen=True)
class Agreement:
    """What counts as 「そう思う」 of a question: the choices by name, their share, and of how many people."""

    choices: tuple[str, ...]
    share: Decimal
    is_computed: bool
    count: int | None
    base: int | None
    #: The share is of a statement that the question itself makes: there is no choice to name.
    is_statement: bool

    @property
    def percent(self) -> str:
        # Published percentages are added up with the digits they were published with.
        return share_text(self.share, is_computed=self.is_computed and self.count is not None)

    @property
    def marks(self) -> list[str]:
        return ["算出値"] if self.is_computed else []

    @property
    def named(self) -> str:
        """そう思う・まあそう思う 55%; the share alone where the question is the statement."""
        return self.percent if self.is_statement else f"{'・'.join(self.choices)} {self.percent}"

    @property
    def base_text(self) -> str:
        """回答者80人; "" where a publication gave the share alone."""
        return f"回答者{self.base:,}人" if self.base is not None else ""


def share_text(share: Decimal, *, is_computed: bool) -> str:
    """As published (54%, 54.3%); a computed one has one decimal at most (66.7%, 75%), half up, and never becomes 0 or 100
    by rounding."""
    if not is_computed:
        return f"{write_number(share, max(0, -int(share.normalize().as_tuple().exponent)))}%"
    if 0 < share < LEAST:
        return f"{LEAST}%未満"
    if share == share.to_integral_value():
        return f"{write_number(share)}%"
    return f"{write_number(round_honestly(share, 1, [WHOLE]), 1)}%"


def base_of(question: Question, results: Sequence[Result]) -> int | None:
    """Of how many people the counts are shares: of all who answered where several choices may be taken, else of all
    choices together. None without counts, or where nobody knows how many answered."""
    counts = [result.count for result in results if result.count is not None]
    if not counts:
        return None
    base = question.respondents if question.is_multiple else question.answered or sum(counts)
    return base or None


def lines_of(question: Question) -> list[Line]:
    """The choices in their order."""
    results = list(question.results.all())
    base = base_of(question, results)
    return [_line(result, base) for result in results]


def _line(result: Result, base: int | None) -> Line:
    if result.count is None:
        return Line(result.label, None, result.percent, is_computed=False, is_positive=result.is_positive)
    share = Decimal(result.count * 100) / base if base else None
    return Line(result.label, result.count, share, is_computed=share is not None, is_positive=result.is_positive)


def agreement_of(question: Question) -> Agreement:
    """The share that stands for the question. Raises NoShare."""
    results = list(question.results.all())
    lines = lines_of(question)
    counted = lines if len(lines) == 1 else [line for line in lines if line.is_positive]
    if not counted:
        raise NoShare(
            f"設問「{question}」は、どの選択肢を「そう思う」に数えるかが決まっていません。管理画面の設問で選んでください。"
        )
    if question.is_multiple and len(counted) > 1:
        raise NoShare(
            f"設問「{question}」は複数回答のため、選択肢の割合を合わせられません。「そう思う」に数える選択肢を1つにしてください。"
        )
    shares = [line.share for line in counted]
    share = sum((each for each in shares if each is not None), Decimal(0))
    if None in shares or share > WHOLE:
        raise NoShare(f"設問「{question}」には、割合を計算できる人数がありません。人数か割合を確かめてください。")
    counts = [line.count for line in counted]
    return Agreement(
        choices=tuple(line.label for line in counted),
        share=share,
        is_computed=len(counted) > 1 or counted[0].is_computed,
        count=None if None in counts else sum(count or 0 for count in counts),
        base=base_of(question, results),
        is_statement=len(lines) == 1 and counted[0].label == question.wording,
    )
