"""A figure the reform is measured by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from accounts.models import Department
from constraints.rows import RowConstraint
from initiatives.models import Initiative, Pillar
from japan.periods import Span
from japan.units import unit_of
from kpis.models.columns import BaselineFirstDay, UnitField
from kpis.models.querysets import KpiQuerySet
from kpis.models.value import SPANS, exact_constraint, span_conditions, value_field

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from kpis.models.series import Series


#: Another size of unit would give every stored value another meaning; another name for the same size does not.
UNIT_FROZEN = (
    "値が登録されているため、単位を「{old}」から「{new}」に変えられません（登録済みの値の大きさが変わってしまうため）。"
    "大きさの同じ呼び名（人と名など）には変えられます。大きさを改めるときは、この指標に使い終えた日を入れ、"
    "新しい単位の指標を登録して後継にしてください。"
)


class Kpi(models.Model):
    """指標. How it adds up over time follows from its kind; kind and aggregation are frozen after the first value."""

    class Kind(models.TextChoices):
        STOCK = "stock", "残高（ある時点の値。月を足し合わせない）"
        FLOW = "flow", "フロー（期間中の量。月を足し合わせる）"
        RATIO = "ratio", "比率（分子と分母から計算する）"

    class Aggregation(models.TextChoices):
        SUM = "sum", "内訳を合計する"
        NONE = "none", "内訳を合計しない"

    class Direction(models.TextChoices):
        UP = "up", "増えるほどよい"
        DOWN = "down", "減るほどよい"
        NONE = "none", "傾向をみる"

    class Scale(models.TextChoices):
        ONE = "one", "そのまま"
        MAN = "man", "万"
        OKU = "oku", "億"

    class Frequency(models.TextChoices):
        MONTH = "month", "毎月"
        QUARTER = "quarter", "四半期ごと"
        FISCAL_YEAR = "fiscal_year", "毎年度"
        CALENDAR_YEAR = "calendar_year", "毎年（暦年）"
        OCCASIONAL = "occasional", "随時"

    class AsOfRule(models.TextChoices):
        MONTH_END = "month_end", "月末時点"
        NEXT_MONTH_FIRST = "next_month_first", "翌月1日時点"
        DURING = "during", "期間計"

    class LevelRule(models.TextChoices):
        MEAN = "mean", "同じ月の平均"
        YEAR_END = "year_end", "最後の月の値（年度末）"

    code = models.SlugField("コード", unique=True, max_length=50)
    name = models.CharField("指標名", max_length=80)
    definition = models.TextField("定義", blank=True, help_text="空のときは「定義未公表」と表示します。")
    unit = UnitField("単位", max_length=20)
    decimals = models.PositiveSmallIntegerField("小数点以下の桁数", default=0)
    ratio_decimals = models.PositiveSmallIntegerField("倍率・率の小数点以下の桁数", default=1)
    scale = models.CharField("表示の単位", max_length=5, choices=Scale, default=Scale.ONE)
    kind = models.CharField("種類", max_length=10, choices=Kind)
    aggregation = models.CharField("内訳の合計", max_length=5, choices=Aggregation, default=Aggregation.SUM)
    direction = models.CharField("望ましい方向", max_length=5, choices=Direction, default=Direction.NONE)
    frequency = models.CharField("頻度", max_length=20, choices=Frequency, default=Frequency.MONTH)
    as_of_rule = models.CharField("時点の決め方", max_length=20, choices=AsOfRule, default=AsOfRule.DURING)
    level_rule = models.CharField(
        "1人当たりなどの分母の取り方（年度）",
        max_length=10,
        choices=LevelRule,
        default=LevelRule.MEAN,
        help_text="量を人数などの残高で割る比率だけに使います。",
    )
    baseline_value = value_field("基準値", null=True, blank=True)
    baseline_span = models.CharField("基準値の期間の種類", max_length=20, choices=SPANS, blank=True)
    baseline_period = models.DateField(
        "基準値の期間（初日）", null=True, blank=True, help_text="公表がなければ空にします。"
    )
    baseline_wording = models.CharField("基準値の時期の表現", max_length=60, blank=True)
    baseline_is_derived = models.BooleanField("基準値は算出値", default=False)
    due_working_day = models.PositiveSmallIntegerField("回答期限（翌月の第何開庁日）", default=10)
    department = models.ForeignKey(
        Department, verbose_name="所管所属", null=True, blank=True, on_delete=models.PROTECT, related_name="kpis"
    )
    pillar = models.ForeignKey(
        Pillar, verbose_name="改革の柱", null=True, blank=True, on_delete=models.PROTECT, related_name="kpis"
    )
    initiatives = models.ManyToManyField(Initiative, verbose_name="関係する取組", blank=True, related_name="kpis")
    numerator = models.ForeignKey(
        "self", verbose_name="分子の指標", null=True, blank=True, on_delete=models.PROTECT, related_name="numerator_of"
    )
    denominator = models.ForeignKey(
        "self",
        verbose_name="分母の指標",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="denominator_of",
    )
    source = models.CharField("出典", max_length=200, blank=True)
    note = models.TextField("注記", blank=True)
    starts_on = models.DateField("使い始めた日", null=True, blank=True)
    ends_on = models.DateField("使い終えた日", null=True, blank=True)
    successor = models.ForeignKey(
        "self", verbose_name="後継の指標", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors"
    )
    is_auxiliary = models.BooleanField("補助指標", default=False, help_text="計算に使うだけで、一覧に出しません。")
    order = models.PositiveIntegerField("順序", default=0)
    # Set by kpis.values.recording.record with the first value; a constraint holds kind and aggregation to them from then on.
    frozen_kind = models.CharField("最初の値のときの種類", max_length=10, blank=True, editable=False)
    frozen_aggregation = models.CharField("最初の値のときの内訳の合計", max_length=5, blank=True, editable=False)

    objects = KpiQuerySet.as_manager()

    if TYPE_CHECKING:
        series: RelatedManager[Series]

    class Meta:
        verbose_name = "指標"
        verbose_name_plural = "指標"
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["stock", "flow", "ratio"]),
                name="kpi_kind_is_known",
                violation_error_message="種類を選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(aggregation__in=["sum", "none"], direction__in=["up", "down", "none"])
                & Q(scale__in=["one", "man", "oku"])
                & Q(frequency__in=["month", "quarter", "fiscal_year", "calendar_year", "occasional"])
                & Q(as_of_rule__in=["month_end", "next_month_first", "during"])
                & Q(level_rule__in=["mean", "year_end"]),
                name="kpi_choices_are_known",
                violation_error_message=(
                    "内訳の合計、望ましい方向、表示の単位、頻度、時点の決め方、分母の取り方を選択肢から選んでください。"
                ),
            ),
            models.CheckConstraint(
                condition=Q(frozen_kind="", frozen_aggregation="")
                | Q(frozen_kind=F("kind"), frozen_aggregation=F("aggregation")),
                name="kpi_kind_is_frozen_after_first_value",
                violation_error_message=(
                    "値が登録された後は、種類と内訳の合計を変更できません。"
                    "この指標に使い終えた日を入れ、後継の指標を登録してください。"
                ),
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(kind="ratio", numerator__isnull=False, denominator__isnull=False),
                name="kpi_ratio_names_both_parts",
                violation_error_message="分子と分母は、比率の指標に両方そろえて指定してください。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="ratio") | Q(numerator__isnull=False) | Q(aggregation="none"),
                name="kpi_ratio_without_parts_is_not_added_up",
                violation_error_message=(
                    "割合や率は足し合わせられません。分子と分母を指定しない比率は、"
                    "内訳の合計を「内訳を合計しない」にしてください。"
                ),
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True)
                | (~Q(numerator=F("denominator")) & ~Q(numerator=F("id")) & ~Q(denominator=F("id"))),
                name="kpi_ratio_parts_differ",
                violation_error_message="分子と分母には、この指標とは別の、互いに異なる指標を選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=6, ratio_decimals__lte=6),
                name="kpi_decimals_at_most_6",
                violation_error_message="小数点以下の桁数は6までです。",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="kpi_ends_after_it_begins",
                violation_error_message="使い終えた日は使い始めた日以後にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(baseline_value__isnull=False)
                | Q(baseline_span="", baseline_period__isnull=True, baseline_is_derived=False),
                name="kpi_baseline_period_has_value",
                violation_error_message="基準値の期間や算出値の印は、基準値を入れてから指定してください。",
            ),
            models.CheckConstraint(
                condition=Q(baseline_value__isnull=True) | Q(baseline_span__in=[span.value for span in Span]),
                name="kpi_baseline_has_span",
                violation_error_message="基準値には期間の種類（月・年度など）を選んでください。",
            ),
            BaselineFirstDay(
                condition=Q(baseline_period__isnull=True) | span_conditions("baseline_"),
                name="kpi_baseline_period_is_first_day",
                violation_error_message=(
                    "基準値の期間には、その期間の初日（年度なら4月1日）を入れてください。分からないときは空にします。"
                ),
            ),
            models.CheckConstraint(
                condition=Q(due_working_day__gte=1, due_working_day__lte=20),
                name="kpi_due_day_is_1_to_20",
                violation_error_message="回答期限は第1から第20開庁日で入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(ends_on__isnull=False),
                name="kpi_successor_needs_end",
                violation_error_message="後継の指標を指定するときは、使い終えた日を入れてください。",
            ),
            RowConstraint(
                name="kpi_ratio_is_not_of_a_ratio",
                refused=(
                    "EXISTS (SELECT 1 FROM {table} part WHERE part.id IN (NEW.numerator_id, NEW.denominator_id)"
                    " AND part.kind = 'ratio') OR (NEW.kind = 'ratio' AND EXISTS (SELECT 1 FROM {table} whole"
                    " WHERE whole.numerator_id = NEW.id OR whole.denominator_id = NEW.id))"
                ),
                violation_error_message=(
                    "比率の指標は、ほかの比率の分子や分母にできません。件数などの指標を選んでください。"
                ),
            ),
            exact_constraint("kpi_baseline_within_15_digits", "baseline_value"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if self.pk and self.has_values:
            stored = type(self).objects.filter(pk=self.pk).values_list("unit", flat=True).first()
            if stored is not None and unit_of(stored).factor != unit_of(self.unit).factor:
                raise ValidationError({"unit": UNIT_FROZEN.format(old=stored, new=self.unit)})

    @property
    def definition_text(self) -> str:
        return self.definition or "定義未公表"

    @property
    def is_computed_ratio(self) -> bool:
        """Its value is worked out from two other KPIs."""
        return self.numerator_id is not None

    @property
    def has_values(self) -> bool:
        """A first value was stored: kind and aggregation are frozen from then on."""
        return self.frozen_kind != ""
