"""Survey results as a report states them. A reference is `SURVEY/QUESTION`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from japan.numbers import write_number
from japan.wareki import month_label
from surveys.models import Question, Result

#: What can be asked of a result, and what each writes.
ATTRIBUTES = {"percent": "割合（54%）", "count": "人数（公表されている場合）"}


class UnknownOpinion(ValueError):
    """A reference that names no result; the message is Japanese."""


@dataclass
class Opinion:
    """A survey question's first result, ready to print. `share` is the percentage as a plain decimal."""

    reference: str
    wording: str
    percent: str
    share: str
    count: str
    conducted: str
    source: str
    is_synthetic: bool
    result: int


def read_opinion(reference: str) -> Opinion:
    """Raises UnknownOpinion where the reference names no result with a share."""
    result = find_result(reference)
    share = share_of(result)
    survey = result.question.survey
    return Opinion(
        reference=reference,
        wording=result.question.wording,
        percent=f"{write_number(share, 0 if share == share.to_integral_value() else 1)}%",
        share=f"{share.normalize():f}" if share else "0",
        count=f"{result.count:,}人" if result.count is not None else "",
        conducted=survey.conducted_wording or month_label(survey.conducted_on),
        source=survey.source,
        is_synthetic=survey.is_synthetic,
        result=result.pk,
    )


def find_result(reference: str) -> Result:
    """The first result line of a question. Raises UnknownOpinion, naming what comes near."""
    survey, _, question = reference.partition("/")
    result = (
        Result.objects.select_related("question__survey")
        .filter(question__survey__code=survey, question__code=question)
        .first()
    )
    if result is None:
        known = [f"{s}/{q}" for s, q in Question.objects.values_list("survey__code", "code")]
        near = get_close_matches(reference, known, n=3, cutoff=0.5)
        hint = f"近いもの：{'、'.join(near)}" if near else "「アンケートのコード/設問のコード」で書いてください。"
        raise UnknownOpinion(f"アンケート「{reference}」の結果はありません。{hint}")
    return result


def share_of(result: Result) -> Decimal:
    """The percentage: as published, else this line's count among the counts of its question. Raises UnknownOpinion."""
    if result.percent is not None:
        return result.percent
    counts = result.question.results.values_list("count", flat=True)
    total = sum(count or 0 for count in counts)
    if not total or result.count is None:
        raise UnknownOpinion(f"アンケートの設問「{result.question}」には、割合を計算できる人数がありません。")
    return Decimal(result.count * 100) / total
