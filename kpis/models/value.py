"""What every row that holds a value has in common: when it is of, and an exact value or the reason for its absence."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round

from japan.missing import MissingReason
from japan.periods import Period, Span
from kpis.models.columns import check_published, check_value_digits

#: What both engines keep exactly of a value: significant digits, and digits after the point.
DIGITS, DECIMALS = 15, 6

#: No stored value reaches it.
GREATEST = Decimal(10) ** DIGITS


#: The spans as the choices of a column.
SPANS = [(span.value, span.label) for span in Span]


class Missing(models.TextChoices):
    """Why there is no value."""

    NOT_APPLICABLE = MissingReason.NOT_APPLICABLE.value, MissingReason.NOT_APPLICABLE.label
    PENDING = MissingReason.PENDING.value, MissingReason.PENDING.label
    WITHHELD = MissingReason.WITHHELD.value, MissingReason.WITHHELD.label
    BEFORE_START = MissingReason.BEFORE_START.value, MissingReason.BEFORE_START.label


class Nature(models.TextChoices):
    """How a value came to be."""

    OBSERVED = "observed", "実績"
    ESTIMATED = "estimated", "推計"
    PROJECTED = "projected", "将来推計"


class ChangeReason(models.TextChoices):
    """増減理由: why a value is unlike what was expected, for charts and for those who ask later."""

    SYSTEM = "system", "制度改正"
    EVENT = "event", "イベント"
    DISASTER = "disaster", "災害・感染症"
    ELECTION = "election", "選挙"
    OPEN_DAYS = "open_days", "開庁日数"
    REORGANISATION = "reorganisation", "組織改正"
    DEFINITION = "definition", "定義・集計方法の変更"
    OTHER = "other", "その他"


def value_field(label: str, **options: Any) -> models.DecimalField:
    """An exact value; SQLite keeps 15 significant digits, so no engine may take more."""
    return models.DecimalField(
        label, max_digits=DIGITS + DECIMALS, decimal_places=DECIMALS, validators=[check_value_digits], **options
    )


def span_conditions(prefix: str = "") -> Q:
    """A period is stored as its own first day; `prefix` stands before the names of the two columns."""

    def first_day(span: Span, **parts: Any) -> Q:
        asked = {"span": span.value, "period__day": 1} | {f"period__{name}": value for name, value in parts.items()}
        return Q(**{f"{prefix}{name}": value for name, value in asked.items()})

    return (
        first_day(Span.MONTH)
        | first_day(Span.QUARTER, month__in=[1, 4, 7, 10])
        | first_day(Span.FISCAL_YEAR, month=4)
        | first_day(Span.CALENDAR_YEAR, month=1)
    )


def span_constraint(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=span_conditions(),
        name=name,
        violation_error_message="対象期間には、その期間の初日（年度なら4月1日）を入れてください。",
    )


def exact_constraint(name: str, column: str = "value") -> models.CheckConstraint:
    """At most 15 significant digits: a value with n decimals is under 10 to the power of 15 - n."""

    def written_with(decimals: int) -> Q:
        limit = Decimal(10) ** (DIGITS - decimals)
        return Q(**{f"{column}__gt": -limit, f"{column}__lt": limit, column: Round(F(column), precision=decimals)})

    condition = Q(**{f"{column}__isnull": True})
    for decimals in range(DECIMALS + 1):
        condition |= written_with(decimals)
    return models.CheckConstraint(
        condition=condition,
        name=name,
        violation_error_message="値の桁数が多すぎます。有効数字15桁以内で入力してください。",
    )


class DatedValue(models.Model):
    """The part that measurements, their revisions and entries share."""

    span = models.CharField("期間の種類", max_length=20, choices=SPANS, default=Span.MONTH.value)
    period = models.DateField("対象期間（初日）")
    value = value_field("値", null=True, blank=True)
    missing_reason = models.CharField("値なしの理由", max_length=20, choices=Missing, blank=True)
    nature = models.CharField("値の性質", max_length=10, choices=Nature, default=Nature.OBSERVED)
    is_derived = models.BooleanField("算出値", default=False)
    is_rounded = models.BooleanField("概数", default=False)
    is_provisional = models.BooleanField("速報値", default=False)
    is_synthetic = models.BooleanField("架空値（見本）", default=False)
    as_of = models.DateField("時点", null=True, blank=True)
    as_of_wording = models.CharField("時点の公表された表現", max_length=40, blank=True)
    published = models.CharField(
        "公表された比較",
        max_length=120,
        blank=True,
        validators=[check_published],
        help_text="この値とともに公表された倍率などを、公表されたとおりに入れます（例：1.6倍、▲4.5%、指数77）。",
    )
    change_reason = models.CharField("増減理由", max_length=20, choices=ChangeReason, blank=True)
    is_confirmed = models.BooleanField("確認済（入力誤りなし）", default=False)

    class Meta:
        abstract = True

    @property
    def dated_period(self) -> Period:
        return Period(Span(self.span), self.period)

    @property
    def mark_labels(self) -> list[str]:
        """The marks a reader must see beside the value."""
        marks = [
            (self.is_derived, "算出値"),
            (self.nature == Nature.ESTIMATED, "推計"),
            (self.nature == Nature.PROJECTED, "将来推計"),
            (self.is_rounded, "概数"),
            (self.is_provisional, "速報値"),
            (self.is_synthetic, "架空値"),
        ]
        return [label for is_set, label in marks if is_set]


#: The names of the columns that make up what is said about a period (without its key).
STATEMENT = (
    "value",
    "missing_reason",
    "nature",
    "is_derived",
    "is_rounded",
    "is_provisional",
    "is_synthetic",
    "as_of",
    "as_of_wording",
    "published",
    "change_reason",
    "is_confirmed",
)
