"""What people think: surveys, their questions word for word, and the published results."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from japan.wareki import date_label, month_label
from surveys.querysets import SurveyQuerySet

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Survey(models.Model):
    """A survey as it was published; what was not published stays empty."""

    code = models.SlugField("コード", unique=True)
    name = models.CharField("名称", max_length=120)
    conducted_on = models.DateField("実施時期", help_text="月までしか分からないときは、その月の1日を入れます。")
    conducted_wording = models.CharField("公表された実施時期", max_length=40, blank=True)
    population = models.CharField("対象", max_length=120, blank=True)
    asked = models.PositiveIntegerField("依頼数", null=True, blank=True)
    answered = models.PositiveIntegerField("回答数", null=True, blank=True)
    source = models.CharField("出典", max_length=200, blank=True)
    is_synthetic = models.BooleanField("架空値（見本）", default=False)

    objects = SurveyQuerySet.as_manager()

    if TYPE_CHECKING:
        questions: RelatedManager[Question]

    class Meta:
        verbose_name = "アンケート"
        verbose_name_plural = "アンケート"
        ordering = ["-conducted_on", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(asked__isnull=True) | Q(answered__isnull=True) | Q(answered__lte=F("asked")),
                name="survey_answered_at_most_asked",
                violation_error_message="回答数が依頼数を超えています。どちらかを直してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def conducted_text(self) -> str:
        """令和7(2025)年3月 where only the month is known, else the day."""
        day: date = self.conducted_on
        return month_label(day) if day.day == 1 else date_label(day)


class Question(models.Model):
    """A question, worded as it was published."""

    survey = models.ForeignKey(Survey, verbose_name="アンケート", on_delete=models.CASCADE, related_name="questions")
    code = models.SlugField("コード")
    wording = models.CharField("設問（公表された表現のまま）", max_length=200)
    order = models.PositiveSmallIntegerField("順序", default=0)
    is_multiple = models.BooleanField(
        "複数回答", default=False, help_text="いくつでも選べる設問です。割合は、回答した人の数に対するものになります。"
    )
    answered = models.PositiveIntegerField(
        "この設問に回答した人数",
        null=True,
        blank=True,
        help_text="空のときは、アンケートの回答数（複数回答）か、選択肢の人数の計を使います。",
    )

    if TYPE_CHECKING:
        results: RelatedManager[Result]

    class Meta:
        verbose_name = "設問"
        verbose_name_plural = "設問"
        ordering = ["survey", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "code"],
                name="question_code_once_per_survey",
                violation_error_message="このアンケートに同じコードの設問があります。",
            ),
            models.CheckConstraint(
                condition=Q(answered__isnull=True) | Q(answered__gte=1),
                name="question_is_answered_by_somebody",
                violation_error_message="回答した人数は1以上で入力してください。分からないときは空にします。",
            ),
        ]

    def __str__(self) -> str:
        return self.wording

    @property
    def respondents(self) -> int | None:
        """How many people answered this question, as far as it was told."""
        return self.answered if self.answered is not None else self.survey.answered


class Result(models.Model):
    """One line of a question's result: a count, or a percentage as published. Never both, never neither."""

    question = models.ForeignKey(Question, verbose_name="設問", on_delete=models.CASCADE, related_name="results")
    label = models.CharField("選択肢", max_length=120)
    count = models.PositiveIntegerField("人数", null=True, blank=True)
    percent = models.DecimalField("割合（％、公表値）", max_digits=5, decimal_places=2, null=True, blank=True)
    order = models.PositiveSmallIntegerField("順序", default=0)
    is_positive = models.BooleanField(
        "「そう思う」に数える",
        default=False,
        help_text="レポートなどで1つの割合として示すときに、この選択肢を数えます。選択肢の名前も一緒に示します。",
    )

    class Meta:
        verbose_name = "集計結果"
        verbose_name_plural = "集計結果"
        ordering = ["question", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "label"],
                name="result_label_once_per_question",
                violation_error_message="この設問に同じ選択肢があります。",
            ),
            models.CheckConstraint(
                condition=Q(count__isnull=False, percent__isnull=True) | Q(count__isnull=True, percent__isnull=False),
                name="result_is_count_or_percent",
                violation_error_message="人数か割合のどちらか一方を入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100),
                name="result_percent_is_0_to_100",
                violation_error_message="割合は0から100で入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Refuses more people than answered, and two choices of a 複数回答 as one share."""
        if not self.question_id:
            return
        others = self.question.results.exclude(pk=self.pk)
        self._check_count(sum(count or 0 for count in others.values_list("count", flat=True)))
        if self.is_positive and self.question.is_multiple and others.filter(is_positive=True).exists():
            raise ValidationError(
                {"is_positive": "複数回答では同じ人を2度数えるため、「そう思う」に数える選択肢は1つにしてください。"}
            )

    def _check_count(self, others: int) -> None:
        most = self.question.respondents
        if most is None or self.count is None:
            return
        if self.count > most:
            raise ValidationError({"count": f"回答した人数（{most:,}人）を超えています。"})
        if not self.question.is_multiple and others + self.count > most:
            raise ValidationError(
                {
                    "count": f"選択肢の人数の計が、回答した人数（{most:,}人）を超えます。"
                    "いくつでも選べる設問は「複数回答」にしてください。"
                }
            )
