"""Rules a value must keep (hard) or should keep (soft), beyond what every number must."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kpis.models.kpi import Kpi
from kpis.models.value import exact_constraint, value_field


class Rule(models.Model):
    """入力の規則. A hard rule stops a submission; a soft one asks for a 増減理由 or 確認済."""

    class Kind(models.TextChoices):
        RANGE = "range", "値の範囲"
        INTEGER = "integer", "整数"
        AT_MOST = "at_most", "ほかの指標の値以下"
        EQUALS = "equals", "ほかの指標の値と同じ"
        PARTS = "parts", "内訳の計と公表された全体値の一致"
        CHANGE = "change", "前月からの増減の幅（％）"

    class Severity(models.TextChoices):
        HARD = "hard", "提出できない"
        SOFT = "soft", "理由を求める"

    kpi = models.ForeignKey(Kpi, verbose_name="指標", on_delete=models.CASCADE, related_name="rules")
    kind = models.CharField("規則", max_length=10, choices=Kind)
    severity = models.CharField("扱い", max_length=4, choices=Severity, default=Severity.HARD)
    minimum = value_field("下限", null=True, blank=True)
    maximum = value_field("上限", null=True, blank=True, help_text="増減の幅では、この％を超えると理由を求めます。")
    other = models.ForeignKey(
        Kpi,
        verbose_name="比べる指標",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="rules_of_others",
    )
    tolerance = value_field("許す差", default=0)
    message = models.CharField("説明", max_length=200, blank=True, help_text="空のときは決まった文を表示します。")

    class Meta:
        verbose_name = "入力の規則"
        verbose_name_plural = "入力の規則"
        ordering = ["kpi", "severity", "kind"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["range", "integer", "at_most", "equals", "parts", "change"], severity__in=["hard", "soft"]
                ),
                name="rule_choices_are_known",
                violation_error_message="規則と扱いを選んでください。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="range") | Q(minimum__isnull=False) | Q(maximum__isnull=False),
                name="rule_range_has_limit",
                violation_error_message="値の範囲には、下限か上限を入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True) | Q(maximum__isnull=True) | Q(minimum__lte=F("maximum")),
                name="rule_minimum_at_most_maximum",
                violation_error_message="下限が上限を超えています。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["at_most", "equals"], other__isnull=False)
                | (~Q(kind__in=["at_most", "equals"]) & Q(other__isnull=True)),
                name="rule_other_kpi_fits_kind",
                violation_error_message="ほかの指標と比べる規則には、比べる指標を選んでください（そのほかの規則では空にします）。",
            ),
            models.CheckConstraint(
                condition=~Q(other=F("kpi")),
                name="rule_compares_two_kpis",
                violation_error_message="比べる指標には、別の指標を選んでください。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="change") | Q(maximum__gt=0),
                name="rule_change_has_width",
                violation_error_message="増減の幅（％）を上限に入力してください。",
            ),
            models.CheckConstraint(
                condition=Q(tolerance__gte=0),
                name="rule_tolerance_not_negative",
                violation_error_message="許す差は0以上で入力してください。",
            ),
            exact_constraint("rule_minimum_within_15_digits", "minimum"),
            exact_constraint("rule_maximum_within_15_digits", "maximum"),
            exact_constraint("rule_tolerance_within_15_digits", "tolerance"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi}：{self.get_kind_display()}"
