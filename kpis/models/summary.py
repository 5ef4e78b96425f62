"""What the dashboards and the report read: a KPI's months and years, computed from the measurements."""

from __future__ import annotations

from django.db import models

from kpis.models.kpi import Kpi
from kpis.models.querysets import SummaryQuerySet
from kpis.models.value import SPANS, Missing, Nature, span_constraint


def _amount(label: str) -> models.DecimalField:
    # Stored derived values carry 15 significant digits (japan.numbers.fit), the same on both engines. Before the point
    # there is room for the largest value ÷ the smallest: a column too narrow would stop the whole computation.
    return models.DecimalField(label, max_digits=40, decimal_places=9, null=True, blank=True)


class Summary(models.Model):
    """集計 of one KPI for one period. Never edited: kpis.summaries.recompute.recompute writes it, audit_summaries checks it.

    Nothing in a row depends on today's date.
    """

    class Basis(models.TextChoices):
        PUBLISHED = "published", "公表された全体値"
        PARTS = "parts", "内訳の合計"
        MONTHS = "months", "各月の合計"
        LAST = "last", "最後の時点の値"
        RATIO = "ratio", "分子÷分母"
        NONE = "none", "合計しない"

    kpi = models.ForeignKey(Kpi, verbose_name="指標", on_delete=models.CASCADE, related_name="summaries")
    span = models.CharField("期間の種類", max_length=20, choices=SPANS)
    period = models.DateField("対象期間（初日）")
    basis = models.CharField("値の求め方", max_length=10, choices=Basis)

    value = _amount("値")
    missing_reason = models.CharField("値なしの理由", max_length=20, choices=Missing, blank=True)
    numerator = _amount("分子")
    denominator = _amount("分母")
    value_period = models.DateField("値の時期（残高の年度値がどの月の末のものか）", null=True, blank=True)

    reported = models.PositiveIntegerField("報告済みの数", default=0)
    expected = models.PositiveIntegerField("報告すべき数", default=0)
    withheld = models.PositiveIntegerField("非公開の数", default=0)
    months = models.PositiveSmallIntegerField("値のある月数", default=0)
    months_expected = models.PositiveSmallIntegerField("対象の月数", default=0)

    first_month = models.DateField("対象の最初の月", null=True, blank=True)
    final_month = models.DateField("対象の最後の月", null=True, blank=True)
    newest_month = models.DateField("そろった最後の月", null=True, blank=True)

    parts_total = _amount("内訳の計")
    cumulative = _amount("年度初めからの累計")
    cumulative_months = models.PositiveSmallIntegerField("累計の月数", default=0)

    last_year_value = _amount("前年同期の値（同じ月どうし）")
    compared_value = _amount("比べる今期の値（同じ月どうし）")
    compared_months = models.PositiveSmallIntegerField("比べた月数", default=0)

    compared_marks = models.CharField("比べた値の印", max_length=80, blank=True)

    ratio_to_baseline = _amount("基準値に対する倍率")
    target_value = _amount("目標値")
    progress = _amount("進捗率（0〜1）")
    achievement = _amount("達成率（0〜1）")

    computed_value = _amount("公表値のもととなる分子÷分母")
    lost_before = models.BooleanField("前の期に数えた内訳が終わっている", default=False)
    lost_last_year = models.BooleanField("前年同期に数えた内訳が終わっている", default=False)
    lost_baseline = models.BooleanField("基準の時期に数えた内訳が終わっている", default=False)

    nature = models.CharField("値の性質", max_length=10, choices=Nature, default=Nature.OBSERVED)
    is_derived = models.BooleanField("算出値", default=False)
    is_rounded = models.BooleanField("概数", default=False)
    is_provisional = models.BooleanField("速報値", default=False)
    is_synthetic = models.BooleanField("架空値（見本）", default=False)
    as_of = models.DateField("時点", null=True, blank=True)
    as_of_wording = models.CharField("時点の公表された表現", max_length=40, blank=True)
    published = models.CharField("公表された比較", max_length=120, blank=True)

    computed_from = models.JSONField("もとにした実績値（番号と版）", default=list)
    computed_at = models.DateTimeField("集計日時")
    digest = models.CharField("照合値", max_length=64)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name = "集計"
        verbose_name_plural = "集計"
        ordering = ["kpi", "span", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["kpi", "span", "period"],
                name="summary_once_per_period",
                violation_error_message="この期間の集計は作成済みです。",
            ),
            models.CheckConstraint(
                condition=models.Q(reported__lte=models.F("expected")),
                name="summary_reported_at_most_expected",
                violation_error_message="報告済みの数が報告すべき数を超えています。",
            ),
            span_constraint("summary_period_is_first_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.period:%Y-%m} {self.get_span_display()}"

    @property
    def is_complete(self) -> bool:
        """Everything that should have been reported is there (for a year: every month of the KPI's life in it)."""
        return self.expected > 0 and self.reported == self.expected and self.months == self.months_expected


class SummaryState(models.Model):
    """How far a KPI's summaries are: Σ of the versions of every measurement that the last computation read.

    Each revision adds one to that sum, so a KPI whose measurements now give another sum is behind, whatever a clock says.
    """

    kpi = models.OneToOneField(Kpi, verbose_name="指標", on_delete=models.CASCADE, primary_key=True, related_name="+")
    versions = models.PositiveBigIntegerField("集計した実績値の版の合計")

    class Meta:
        verbose_name = "集計の進み"
        verbose_name_plural = "集計の進み"

    def __str__(self) -> str:
        return f"{self.kpi} {self.versions}"
