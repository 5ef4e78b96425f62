"""A survey's results ready to show: each share as published, or worked out from the published counts and marked so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe

from charts.svg import donut
from japan.csv_files import Cell, write_csv
from japan.digits import plain_number
from kpis.claims.numbers import MOST_DECIMALS, rate_text, round_honestly
from surveys.models import Question, Survey
from surveys.shares import LEAST, WHOLE, Agreement, Line, NoShare, agreement_of, base_of, lines_of

COLUMNS = (
    "アンケートコード",
    "アンケート",
    "実施年月",
    "公表された実施時期",
    "対象",
    "依頼数",
    "回答数",
    "回答率（％）",
    "設問コード",
    "設問",
    "複数回答",
    "選択肢",
    "「そう思う」に数える",
    "人数",
    "割合（％）",
    "割合の求め方",
    "割合の母数（人）",
    "架空値（見本）",
    "出典",
)


@dataclass(frozen=True)
class Answer:
    """A question with its result; `agreement` is the share that stands for it, None where there is no such."""

    question: Question
    lines: list[Line]
    agreement: Agreement | None
    base: int | None

    @property
    def is_computed(self) -> bool:
        return any(line.is_computed for line in self.lines)

    @property
    def base_text(self) -> str:
        """Of whom the shares are: 回答者80人."""
        return f"回答者{self.base:,}人" if self.base is not None else ""

    @property
    def picture(self) -> SafeString:
        """A ring of the share that stands for the question; nothing for a share that no ring can show."""
        found = self.agreement
        if found is None:
            return mark_safe("")
        what = "" if found.is_statement else f"（{'・'.join(found.choices)}）"
        alt = f"「{self.question.wording}」{what}は{found.percent}"
        return mark_safe(donut(found.share, alt, label=found.percent))  # noqa: S308  escaped by charts.svg


@dataclass(frozen=True)
class Response:
    """依頼数, 回答数 and 回答率 of a survey, ready to print."""

    asked: str
    answered: str
    rate: str

    @property
    def text(self) -> str:
        """依頼1,200人、回答640人、回答率53.3%; what was not published is said so."""
        return f"依頼数{self.asked}、回答数{self.answered}、回答率{self.rate}"


def response_of(survey: Survey, answers: Iterable[Answer]) -> Response:
    """公表なし stands only where a publication gave percentages alone; what the office has not entered yet is 未登録."""
    counts = [line.count for answer in answers for line in answer.lines]
    unknown = "公表なし" if counts and all(count is None for count in counts) else "未登録"
    asked, answered = survey.asked, survey.answered
    rate = f"{rate_text(Decimal(answered) / asked)}" if asked and answered is not None else unknown
    return Response(_people(asked, unknown), _people(answered, unknown), rate)


def _people(number: int | None, unknown: str) -> str:
    return unknown if number is None else f"{number:,}人"


def answers_of(survey: Survey) -> list[Answer]:
    """The questions in their order; reads what SurveyQuerySet.for_page brought."""
    return [_answer(question) for question in survey.questions.all()]


def _answer(question: Question) -> Answer:
    try:
        agreement = agreement_of(question)
    except NoShare:
        agreement = None
    return Answer(question, lines_of(question), agreement, base_of(question, list(question.results.all())))


def survey_csv(survey: Survey, *, for_excel: bool) -> bytes:
    """A row per question and line of its result. A computed share is rounded to one decimal and says so."""
    head: tuple[Cell, ...] = (survey.code, survey.name, f"{survey.conducted_on:%Y-%m}", survey.conducted_wording)
    answers = answers_of(survey)
    rate = response_of(survey, answers).rate
    head += (survey.population, survey.asked, survey.answered, rate.removesuffix("%") if "%" in rate else None)
    rows: list[tuple[Cell, ...]] = []
    for answer in answers:
        question = (answer.question.code, answer.question.wording, int(answer.question.is_multiple))
        for line in answer.lines:
            share = _plain(line) if line.share is not None else None
            how = "" if line.share is None else "算出値（人数から計算）" if line.is_computed else "公表値"
            own = (line.label, int(line.is_positive), line.count, share, how, answer.base if line.is_computed else None)
            rows.append((*head, *question, *own, int(survey.is_synthetic), survey.source))
    return write_csv(COLUMNS, rows, for_excel=for_excel)


def _plain(line: Line) -> str:
    """A share as a plain number, with the digits the page shows."""
    assert line.share is not None
    # The page says 0.1%未満 of what is less; a number has to be one, and is not 0.
    places = 1 if line.share >= LEAST or not line.share else MOST_DECIMALS
    exact = line.share if not line.is_computed else round_honestly(line.share, places, [WHOLE])
    return plain_number(exact)
