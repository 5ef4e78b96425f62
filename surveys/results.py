"""A survey's results ready to show: each share as published, or worked out from the published counts and marked so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe

from charts.svg import donut
from japan.csv_files import Cell, write_csv
from japan.numbers import write_number
from surveys.models import Question, Result, Survey

COLUMNS = (
    "アンケートコード",
    "アンケート",
    "実施年月",
    "公表された実施時期",
    "対象",
    "依頼数",
    "回答数",
    "設問コード",
    "設問",
    "選択肢",
    "人数",
    "割合（％）",
    "割合の求め方",
    "架空値（見本）",
    "出典",
)


@dataclass(frozen=True)
class Line:
    """One line of a result. `share` is a percentage, None where neither it nor the counts are there."""

    label: str
    count: int | None
    share: Decimal | None
    is_computed: bool

    @property
    def marks(self) -> list[str]:
        return ["算出値"] if self.is_computed else []

    @property
    def share_text(self) -> str:
        """As published (54%, 54.3%); a computed one is rounded to one decimal, half up."""
        if self.share is None:
            return "割合なし"
        digits = self.share.normalize().as_tuple().exponent
        decimals = 1 if self.is_computed else max(0, -int(digits))
        return f"{write_number(self.share, decimals)}%"

    @property
    def count_text(self) -> str:
        return f"{self.count:,}人" if self.count is not None else "公表なし"

    @property
    def meter(self) -> str:
        """The share for the bar: a plain number with a point."""
        return f"{self.share or 0:.1f}"


@dataclass(frozen=True)
class Answer:
    """A question with its result."""

    question: Question
    lines: list[Line]

    @property
    def total(self) -> int | None:
        """How many answers the counts add up to; None without counts."""
        counts = [line.count for line in self.lines if line.count is not None]
        return sum(counts) if counts else None

    @property
    def is_computed(self) -> bool:
        return any(line.is_computed for line in self.lines)

    @property
    def picture(self) -> SafeString:
        """A ring for a single published share; several lines stand as bars, which the page draws itself."""
        if len(self.lines) != 1 or self.lines[0].share is None:
            return mark_safe("")
        line = self.lines[0]
        alt = f"「{self.question.wording}」は{line.share_text}"
        return mark_safe(donut(line.share or Decimal(0), alt, label=line.share_text))  # noqa: S308  escaped by charts.svg


def answers_of(survey: Survey) -> list[Answer]:
    """The questions in their order; reads what SurveyQuerySet.for_page brought."""
    return [Answer(question, lines_of(question.results.all())) for question in survey.questions.all()]


def lines_of(results: Iterable[Result]) -> list[Line]:
    """Counts are shares of all counts of their question: what was published with them says nothing else."""
    listed = list(results)
    total = sum(result.count or 0 for result in listed)
    lines = []
    for result in listed:
        if result.percent is not None or result.count is None:
            lines.append(Line(result.label, None, result.percent, False))
        else:
            share = Decimal(result.count * 100) / total if total else None
            lines.append(Line(result.label, result.count, share, share is not None))
    return lines


def survey_csv(survey: Survey, *, for_excel: bool) -> bytes:
    """A row per question and line of its result. A computed share is rounded to one decimal and says so."""
    head: tuple[Cell, ...] = (survey.code, survey.name, f"{survey.conducted_on:%Y-%m}", survey.conducted_wording)
    head += (survey.population, survey.asked, survey.answered)
    rows = []
    for answer in answers_of(survey):
        for line in answer.lines:
            share = line.share_text.removesuffix("%").replace(",", "") if line.share is not None else None
            how = "" if line.share is None else "算出値（人数から計算）" if line.is_computed else "公表値"
            own = (answer.question.code, answer.question.wording, line.label, line.count)
            rows.append((*head, *own, share, how, int(survey.is_synthetic), survey.source))
    return write_csv(COLUMNS, rows, for_excel=for_excel)
