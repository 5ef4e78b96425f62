"""Targets of a new fiscal year: last year's are offered, changed where needed, and confirmed by storing them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import F, Q
from django.db.models.functions import Mod

from japan.fiscal import fiscal_year_start
from japan.numbers import write_number
from kpis.definitions.keeping import ReasonMissing, Why, keeping
from kpis.models import Kpi, Target
from kpis.values.reading import read_statement
from kpis.values.recomputing import request_recompute
from kpis.values.unwished_targets import warnings_of
from kpis.values.wording import exact, target_period_text

if TYPE_CHECKING:
    from django.forms import BoundField

    from accounts.access import Access

Key = tuple[int, int | None]
#: Where a month stands in the fiscal year: April first, March last. Empty for a target of the whole year.
OF_YEAR = Mod(F("month") + 8, 12)


@dataclass(frozen=True)
class TargetLine:
    """A target of last year and the one of the new year, if it is confirmed."""

    last: Target
    confirmed: Target | None

    @property
    def kpi(self) -> Kpi:
        return self.last.kpi

    @property
    def name(self) -> str:
        return f"t{self.last.pk}"

    @property
    def last_text(self) -> str:
        return exact(self.kpi, self.last.value)

    @property
    def confirmed_text(self) -> str:
        return exact(self.kpi, self.confirmed.value) if self.confirmed else ""


def target_lines(fiscal_year: int) -> list[TargetLine]:
    """The targets of the year before, of KPIs that go on, each with the new year's (two queries)."""
    goes_on = Q(kpi__ends_on__isnull=True) | Q(kpi__ends_on__gte=fiscal_year_start(fiscal_year))
    new = {(target.kpi_id, target.month): target for target in Target.objects.filter(fiscal_year=fiscal_year)}
    last = (
        Target.objects.filter(goes_on, fiscal_year=fiscal_year - 1)
        .select_related("kpi")
        .order_by("kpi__order", "kpi__code", OF_YEAR.asc(nulls_first=True))
    )
    return [TargetLine(target, new.get((target.kpi_id, target.month))) for target in last]


class TargetsForm(forms.Form):
    """One field per target that is not confirmed yet, last year's value in it. An empty one is left for later."""

    def __init__(self, fiscal_year: int, data: Any = None) -> None:
        super().__init__(data)
        self.fiscal_year = fiscal_year
        self.lines = target_lines(fiscal_year)
        #: What was stored and is likely meant otherwise.
        self.warnings: list[str] = []
        for line in self.waiting:
            self.fields[line.name] = forms.CharField(
                label=f"{line.kpi.name}の目標値",
                required=False,
                max_length=60,
                initial=write_number(line.last.value, line.kpi.decimals),
                widget=forms.TextInput(
                    attrs={"class": "input input--number", "inputmode": "text", "autocomplete": "off"}
                ),
            )

    @property
    def waiting(self) -> list[TargetLine]:
        return [line for line in self.lines if line.confirmed is None]

    @property
    def rows(self) -> list[tuple[TargetLine, str, BoundField | None]]:
        """Each line with the period it is for and its field while it is not confirmed."""
        return [
            (line, target_period_text(self.fiscal_year, line.last.month), self[line.name] if line in waiting else None)
            for waiting in [self.waiting]
            for line in self.lines
        ]

    def clean(self) -> dict[str, Any]:
        """Adds `targets`, the values as understood."""
        cleaned = super().clean() or {}
        cleaned["targets"] = {
            line: value for line in self.waiting if (value := self._read(line, cleaned.get(line.name, ""))) is not None
        }
        return cleaned

    def _read(self, line: TargetLine, typed: str) -> Decimal | None:
        if not typed.strip():
            return None
        try:
            statement = read_statement(line.kpi, typed, "")
        except ValidationError as error:
            self.add_error(line.name, error)
            return None
        if statement.value is None:
            self.add_error(line.name, "数値を入力してください。目標を決めていない指標は空欄のままにします。")
        return statement.value

    def save(self, access: Access) -> int | None:
        """Stores the new targets, all or none, and keeps who did. Returns how many; None where somebody stored one of them meanwhile."""
        targets = self.cleaned_data["targets"]
        rows = [
            Target(
                kpi=line.kpi,
                fiscal_year=self.fiscal_year,
                month=line.last.month,
                value=value,
                note=line.last.note,
                is_synthetic=line.last.is_synthetic,
            )
            for line, value in targets.items()
        ]
        try:
            with keeping({row.kpi_id for row in rows}, Why(access)):
                Target.objects.bulk_create(rows)
                request_recompute({row.kpi_id for row in rows})
        except IntegrityError:
            self.add_error(None, "ほかの人が先に目標値を登録しました。画面を開き直して確かめてください。")
            return None
        except ReasonMissing as missing:
            self.add_error(None, missing)
            return None
        self.warnings = warnings_of(rows)
        return len(rows)
