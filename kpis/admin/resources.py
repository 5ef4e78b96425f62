"""Tables of values and targets: one row per value. Values are stored by kpis.values.recording.record and by nothing else."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import tablib
from django.core.exceptions import ValidationError
from import_export import fields
from import_export.results import Result

from accounts.back_office.columns import (
    ChoiceColumn,
    CodeColumn,
    DayColumn,
    MarkColumn,
    NumberColumn,
    TextColumn,
    WholeNumberColumn,
    column,
    text_of,
)
from accounts.back_office.resources import TableResource, source_errors
from japan.numbers import NumberError, parse_number
from japan.periods import Period, Span
from japan.reading_periods import read_period
from kpis.checks import DISCLOSED, disclosures, findings_for
from kpis.definitions.keeping import KIND_WORDS, Why, keep
from kpis.definitions.snapshots import Snapshot, snapshot_of, target_about
from kpis.models import Kpi, Measurement, Series, Target
from kpis.models.value import STATEMENT, Missing, Nature
from kpis.values.reading import read_statement
from kpis.values.recomputing import request_recompute
from kpis.values.recording import Change, Key, StaleVersion, record
from kpis.values.statement import Statement

if TYPE_CHECKING:
    from accounts.access import Access
    from accounts.models import User

PREVIEW_IS_OLD = (
    "プレビューの後に、ほかの人が値を更新しました。もう一度ファイルを選び、最新の値との違いを確かめてください。"
)

#: Series, span, period, and the version of what was stored for them (0: nothing).
Version = tuple[int, str, date, int]


def digest(versions: list[Version]) -> str:
    """One word for all versions that a file's rows were compared with."""
    return hashlib.sha256(repr(sorted(versions)).encode()).hexdigest()


class ValueColumn(NumberColumn):
    """Cells are read with the KPI's unit and decimals, by MeasurementResource."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        raise NotImplementedError


class PeriodField(fields.Field):
    """2025-04, FY2024: a period rather than the day it begins on."""

    def get_value(self, instance: Measurement | None) -> str:
        return instance.dated_period.iso if instance is not None and instance.period else ""


class MeasurementResource(TableResource):
    """実績値, in long form. A blank cell is no value and no 0: it is refused, a reason is asked for."""

    required = ("指標コード", "対象期間", "値")

    kpi = column("series__kpi__code", "指標コード")
    series = column("series__code", "内訳コード")
    span = column("span", "期間の種類", ChoiceColumn(Span, blank=Span.MONTH.value))
    period = PeriodField("period", "対象期間", TextColumn())
    value = column("value", "値", ValueColumn())
    missing_reason = column("missing_reason", "値なしの理由", ChoiceColumn(Missing, blank=""))
    nature = column("nature", "値の性質", ChoiceColumn(Nature, blank=Nature.OBSERVED.value))
    is_derived = column("is_derived", "算出値", MarkColumn())
    is_rounded = column("is_rounded", "概数", MarkColumn())
    is_provisional = column("is_provisional", "速報値", MarkColumn())
    is_synthetic = column("is_synthetic", "架空値（見本）", MarkColumn())
    as_of = column("as_of", "時点", DayColumn())
    as_of_wording = column("as_of_wording", "時点の表現")
    published = column("published", "公表された比較")
    note = column("note", "注記")
    source = column("source", "出典")

    class Meta(TableResource.Meta):
        model = Measurement
        import_id_fields = ("kpi", "period")
        fields = (
            "kpi", "series", "span", "period", "value", "missing_reason", "nature", "is_derived", "is_rounded",
            "is_provisional", "is_synthetic", "as_of", "as_of_wording", "published", "note", "source",
        )  # fmt: skip

    def __init__(
        self,
        *,
        actor: User | None = None,
        post: str = "",
        reason: str = "",
        seen: str | None = None,
        versions: list[Version] | None = None,
        **kwargs: Any,
    ) -> None:
        """`versions` is filled with what the rows were compared with; `seen`, the digest of the preview's, guards it."""
        super().__init__()
        self.actor = actor
        self.post = post
        self.reason = reason
        self.seen = seen
        self._changes: list[Change] = []
        self._versions = [] if versions is None else versions

    @cached_property
    def _all_series(self) -> dict[str, dict[str, Series]]:
        found: dict[str, dict[str, Series]] = {}
        for series in Series.objects.select_related("kpi"):
            found.setdefault(series.kpi.code, {})[series.code] = series
        return found

    @cached_property
    def _stored(self) -> dict[Key, Measurement]:
        rows = Measurement.objects.select_related("series__kpi")
        return {(row.series_id, row.span, row.period): row for row in rows}

    # --- Which row ---------------------------------------------------------------------------------------------
    def key_of(self, row: Any) -> Key:
        series, period = self._series_of(row), self._period_of(row)
        return (series.pk, period.span.value, period.start)

    def _series_of(self, row: Any) -> Series:
        kpi, code = text_of(row.get("指標コード")), text_of(row.get("内訳コード"))
        of_kpi = self._all_series.get(kpi)
        if of_kpi is None:
            raise ValueError(f"「{kpi}」という指標コードはないか、計算で求める指標です。指標コードを確かめてください。")
        if not code and len(of_kpi) == 1:
            return next(iter(of_kpi.values()))
        if code not in of_kpi:
            raise ValueError(f"内訳コードを確かめてください。この指標の内訳：{'、'.join(of_kpi)}")
        return of_kpi[code]

    def _period_of(self, row: Any) -> Any:
        typed = text_of(row.get("期間の種類"))
        span = Span(self.fields["span"].clean(row)) if typed else None
        period = row.get("対象期間", "")
        if not text_of(period):
            raise ValueError("対象期間が空です。「2025-04」や「令和7年4月」のように入れてください。")
        return read_period(period, span)

    def get_instance(self, instance_loader: Any, row: Any) -> Measurement | None:
        key = self.key_of(row)
        stored = self._stored.get(key)
        self._versions.append((*key, stored.version if stored else 0))
        return stored

    def init_instance(self, row: Any = None) -> Measurement:
        period = self._period_of(row)
        return Measurement(series=self._series_of(row), span=period.span.value, period=period.start, version=0)

    # --- What it says ------------------------------------------------------------------------------------------
    def import_instance(self, instance: Measurement, row: Any, **kwargs: Any) -> None:
        """A column that the file does not have leaves what is stored."""
        errors: dict[str, Any] = {}
        for name in self._meta.fields:
            field = self.fields[name]
            if name in ("kpi", "series", "span", "period", "value", "missing_reason") or field.column_name not in row:
                continue
            try:
                setattr(instance, name, field.clean(row))
            except ValueError as error:
                errors[name] = str(error)
        try:
            chosen = self.fields["missing_reason"].clean(row) if "値なしの理由" in row else ""
            statement = read_statement(instance.series.kpi, text_of(row["値"]), chosen)
            instance.value, instance.missing_reason = statement.value, statement.missing_reason
            if statement.value is None and not statement.missing_reason:
                errors["value"] = "値が空です。0なら0を、値がないなら「値なしの理由」を入れてください。"
        except (ValueError, ValidationError) as error:
            errors["value"] = error.messages if isinstance(error, ValidationError) else str(error)
        if errors:
            raise ValidationError(errors)

    def validate_instance(self, instance: Measurement, import_validation_errors: Any = None, **kwargs: Any) -> None:
        if import_validation_errors:
            raise ValidationError(import_validation_errors)
        instance.clean_fields(exclude=["series", "updated_at"])
        if errors := source_errors(instance):
            raise ValidationError(errors)

    def skip_row(
        self, instance: Measurement, original: Measurement, row: Any, import_validation_errors: Any = None
    ) -> bool:
        if import_validation_errors or original.version == 0:
            return False
        return all(getattr(instance, name) == getattr(original, name) for name in (*STATEMENT, "note", "source"))

    def save_instance(self, instance: Measurement, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Only notes it down: all rows are recorded together, or none."""
        said = {name: getattr(instance, name) for name in (*STATEMENT, "note", "source")}
        self._changes.append(
            Change(instance.series_id, instance.period, instance.span, expected_version=instance.version, **said)
        )

    def after_import(self, dataset: tablib.Dataset, result: Result, **kwargs: Any) -> None:
        if result.has_errors() or result.has_validation_errors():
            return
        if self.seen is not None and self.seen != digest(self._versions):
            raise ValidationError(PREVIEW_IS_OLD, code="stale")
        self._refuse_broken_rules()
        try:
            record(self._changes, actor=self.actor, post=self.post, reason=self.reason)
        except StaleVersion as error:
            raise ValidationError(PREVIEW_IS_OLD, code="stale") from error

    def _refuse_broken_rules(self) -> None:
        """A rule that stops the departments stops 取りまとめ課 too; doubts are answered by the reason it has to give. What
        gives away something withheld is registered one by one, where the tick is that somebody knows."""
        said = [Statement(change.value, change.missing_reason, is_confirmed=True) for change in self._changes]
        found = findings_for(self._changes, said, doubted=())
        named = {s.pk: s for of_kpi in self._all_series.values() for s in of_kpi.values()}
        stopped = [
            f"{named[change.series_id]}　{Period(Span(change.span), change.period).label}：{finding.message}"
            for change, findings in found.items()
            for finding in findings
            if finding.severity == "hard" or finding.code == DISCLOSED
        ]
        if any(disclosures(findings) for findings in found.values()):
            stopped.append(
                "引き算で分かることを確かめたうえで登録するときは、その行をファイルから除き、「実績値」の画面で1件ずつ登録してください。"
            )
        if stopped:
            raise ValidationError(stopped, code="checks")


class TargetResource(TableResource):
    """目標値 by KPI, fiscal year and month (blank: of the year)."""

    required = ("指標コード", "年度", "月", "目標値")

    kpi = column("kpi", "指標コード", CodeColumn(lambda code: Kpi.objects.filter(code=code).first(), "指標コード"))
    fiscal_year = column("fiscal_year", "年度", WholeNumberColumn())
    month = column("month", "月", WholeNumberColumn())
    value = column("value", "目標値", NumberColumn())
    note = column("note", "根拠・注記")
    is_synthetic = column("is_synthetic", "架空値（見本）", MarkColumn())
    # Of the change, not of the target: asked for where the year was closed or the figure published.
    change_kind = fields.Field(column_name="変更の種類")
    change_reason = fields.Field(column_name="変更の理由")

    class Meta(TableResource.Meta):
        model = Target
        import_id_fields = ("kpi", "fiscal_year", "month")
        fields = ("kpi", "fiscal_year", "month", "value", "note", "is_synthetic", "change_kind", "change_reason")

    def __init__(self, *, access: Access | None = None, **kwargs: Any) -> None:
        super().__init__()
        self._access = access
        self._changed: set[int] = set()
        self._named: list[int] = []
        self._before: Snapshot = {}
        self._why: dict[tuple[int, str], tuple[str, str]] = {}

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        codes = {text_of(code) for code in dataset["指標コード"]}
        self._named = list(Kpi.objects.filter(code__in=codes).values_list("pk", flat=True))
        self._before = snapshot_of(self._named)

    def import_instance(self, instance: Target, row: Any, **kwargs: Any) -> None:
        """A target is in the unit of its figure: 50% is none of a figure counted in 件."""
        super().import_instance(instance, row, **kwargs)
        try:
            parse_number(text_of(row["目標値"]), instance.kpi.unit)
        except NumberError as error:
            raise ValidationError({"value": str(error)}) from error

    def after_save_instance(self, instance: Target, row: Any, **kwargs: Any) -> None:
        self._changed.add(instance.kpi_id)
        kind, reason = (str(row.get(name) or "").strip() for name in ("変更の種類", "変更の理由"))
        self._why[instance.kpi_id, target_about(instance)] = (KIND_WORDS.get(kind, ""), reason)

    def after_import(self, dataset: tablib.Dataset, result: Result, **kwargs: Any) -> None:
        keep(self._before, snapshot_of(self._named), Why(self._access, rows=self._why))
        request_recompute(self._changed)
