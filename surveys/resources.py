"""Tables of surveys, questions and results, by their natural keys."""

from __future__ import annotations

from typing import Any

from accounts.back_office.columns import (
    CodeColumn,
    DayColumn,
    MarkColumn,
    NumberColumn,
    TextColumn,
    WholeNumberColumn,
    column,
    text_of,
)
from accounts.back_office.resources import TableResource
from surveys.models import Question, Result, Survey


def _survey_column(attribute: str = "survey") -> Any:
    return column(
        attribute,
        "アンケートコード",
        CodeColumn(lambda code: Survey.objects.filter(code=code).first(), "アンケートコード"),
    )


class QuestionColumn(TextColumn):
    """A question by its code, together with the survey's in the column beside it."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Question | None:  # type: ignore[override]
        survey, code = text_of((row or {}).get("アンケートコード")), text_of(value)
        found = Question.objects.filter(survey__code=survey, code=code).first()
        if found is None:
            raise ValueError(f"アンケート「{survey}」に設問「{code}」はありません。コードを確かめてください。")
        return found

    def render(self, value: Question | None, obj: Any = None, **kwargs: Any) -> str:
        return value.code if value else ""


class SurveyResource(TableResource):
    required = ("アンケートコード", "名称", "実施時期")

    code = column("code", "アンケートコード")
    name = column("name", "名称")
    conducted_on = column("conducted_on", "実施時期", DayColumn())
    conducted_wording = column("conducted_wording", "公表された実施時期")
    population = column("population", "対象")
    asked = column("asked", "依頼数", WholeNumberColumn())
    answered = column("answered", "回答数", WholeNumberColumn())
    source = column("source", "出典")
    is_synthetic = column("is_synthetic", "架空値（見本）", MarkColumn())

    class Meta(TableResource.Meta):
        model = Survey
        import_id_fields = ("code",)
        fields = (
            "code", "name", "conducted_on", "conducted_wording", "population", "asked", "answered", "source",
            "is_synthetic",
        )  # fmt: skip


class QuestionResource(TableResource):
    required = ("アンケートコード", "設問コード", "設問")

    survey = _survey_column()
    code = column("code", "設問コード")
    wording = column("wording", "設問")
    order = column("order", "順序", WholeNumberColumn(blank=0))
    is_multiple = column("is_multiple", "複数回答", MarkColumn())
    answered = column("answered", "この設問に回答した人数", WholeNumberColumn())

    class Meta(TableResource.Meta):
        model = Question
        import_id_fields = ("survey", "code")
        fields = ("survey", "code", "wording", "order", "is_multiple", "answered")


class ResultResource(TableResource):
    """A count or a published percentage: the column that does not apply stays blank."""

    required = ("アンケートコード", "設問コード", "選択肢", "人数", "割合（％）")

    survey_code = column("question__survey__code", "アンケートコード")
    question = column("question", "設問コード", QuestionColumn())
    label = column("label", "選択肢")
    count = column("count", "人数", WholeNumberColumn())
    percent = column("percent", "割合（％）", NumberColumn())
    order = column("order", "順序", WholeNumberColumn(blank=0))
    is_positive = column("is_positive", "「そう思う」に数える", MarkColumn())

    class Meta(TableResource.Meta):
        model = Result
        import_id_fields = ("question", "label")
        fields = ("survey_code", "question", "label", "count", "percent", "order", "is_positive")

    def import_field(self, field: Any, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        # The survey's code helps to find the question; a result row changes no survey.
        if field.attribute != "question__survey__code":
            super().import_field(field, instance, row, is_m2m, **kwargs)
