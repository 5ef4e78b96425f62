"""Survey results as a report states them. A reference is `SURVEY/QUESTION`; its share names the choices it counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from japan.digits import plain_number
from japan.wareki import date_label
from kpis.claims import public_source
from surveys.models import Question
from surveys.results import answers_of, response_of
from surveys.shares import NoShare, agreement_of

#: What can be asked of a result, and what each writes.
ATTRIBUTES = {
    "percent": "選択肢の名前と割合（そう思う・まあそう思う 55%）",
    "count": "人数（公表されている場合）",
    "base": "割合の母数（回答者80人）",
    "response": "依頼数、回答数、回答率",
}


class UnknownOpinion(ValueError):
    """A reference that names no result; the message is Japanese."""


@dataclass
class Opinion:
    """What counts as 「そう思う」 of a question, ready to print. `share` is the percentage as a plain decimal, `percent` the
    same with the choices it counts, `choices` their names ("" where the question itself is the statement)."""

    reference: str
    wording: str
    percent: str
    share: str
    share_text: str
    choices: str
    count: str
    base: str
    response: str
    conducted: str
    source: str
    is_synthetic: bool
    marks: list[str] = field(default_factory=list)


def read_opinion(reference: str, until: date | None = None) -> Opinion:
    """Raises UnknownOpinion where the reference names no question with a share of its own, or a survey that was made
    after `until`, the last day a report may speak of."""
    question = find_question(reference)
    if until is not None and question.survey.conducted_on > until:
        raise UnknownOpinion(
            f"アンケート「{question.survey.name}」は{question.survey.conducted_text}に実施され、"
            f"レポートの数値の期限（{date_label(until)}）より後です。前のアンケートにするか、期限を直してください。"
        )
    try:
        found = agreement_of(question)
    except NoShare as error:
        raise UnknownOpinion(str(error)) from error
    survey = question.survey
    return Opinion(
        reference=reference,
        wording=question.wording,
        percent=found.named,
        share=plain_number(found.share),
        share_text=found.percent,
        choices="" if found.is_statement else "・".join(found.choices),
        count=f"{found.count:,}人" if found.count is not None else "",
        base=found.base_text,
        response=response_of(survey, answers_of(survey)).text,
        conducted=survey.conducted_wording or f"{survey.conducted_text}実施",
        source="見本データ" if survey.is_synthetic else public_source(survey.source),
        is_synthetic=survey.is_synthetic,
        marks=[*found.marks, *(["架空値"] if survey.is_synthetic else [])],
    )


def find_question(reference: str) -> Question:
    """The question. Raises UnknownOpinion, naming what comes near."""
    survey, _, code = reference.partition("/")
    found = (
        Question.objects.select_related("survey")
        .prefetch_related("results")
        .filter(survey__code=survey, code=code, results__isnull=False)
        .first()
    )
    if found is None:
        known = [f"{s}/{q}" for s, q in Question.objects.values_list("survey__code", "code")]
        near = get_close_matches(reference, known, n=3, cutoff=0.5)
        hint = f"近いもの：{'、'.join(near)}" if near else "「アンケートのコード/設問のコード」で書いてください。"
        raise UnknownOpinion(f"アンケート「{reference}」の結果はありません。{hint}")
    return found
