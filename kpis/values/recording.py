"""Writes measurements: pages, admin and fixtures come through `record` or `record_each`; a file's lines through kpis.imports.recording_lines,
which keeps the same rules by statements over sets.

Every version of a value is kept as a Revision in the same transaction, and a writer must know the version it changes,
so that nobody's newer value is overwritten in silence.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from japan.periods import Period, Span
from kpis.models import Kpi, Measurement, Revision
from kpis.models.columns import check_value_digits
from kpis.models.value import STATEMENT, Nature
from kpis.values.closed import check_open, hold_series, month_of
from kpis.values.recomputing import request_recompute

if TYPE_CHECKING:
    from accounts.models import User

#: What a revision keeps of a measurement.
KEPT = (*STATEMENT, "note", "source")
REASON_LENGTH = 300
#: What both a measurement and its revision carry.
CARRIED = (*KEPT, "imported_file_id")
Kind = Revision.Kind

Key = tuple[int, str, date]


@dataclass(frozen=True)
class Change:
    """A value to store for a series and period.

    `expected_version` is the version the writer saw: 0 for "there was none yet".
    """

    series_id: int
    period: date
    span: str = Span.MONTH
    value: Decimal | None = None
    missing_reason: str = ""
    nature: str = Nature.OBSERVED
    is_derived: bool = False
    is_rounded: bool = False
    is_provisional: bool = False
    is_synthetic: bool = False
    as_of: date | None = None
    as_of_wording: str = ""
    published: str = ""
    change_reason: str = ""
    is_confirmed: bool = False
    note: str = ""
    source: str = ""
    imported_file_id: int | None = None
    expected_version: int = 0

    @property
    def key(self) -> Key:
        return (self.series_id, str(self.span), self.period)


@dataclass
class StaleVersion(Exception):
    """Somebody else wrote a newer version; `conflicts` pairs each refused change with the measurement as it is now."""

    conflicts: list[tuple[Change, Measurement | None]] = field(default_factory=list)

    def __str__(self) -> str:
        return "ほかの人が先に値を更新しました。最新の値を確かめて、もう一度入力してください。"


@dataclass(frozen=True)
class Telling:
    """What the history says of a change. `kind` says how a value that counted already is changed (Revision.Kind);
    without it a change in a re-opened month is a 訂正, elsewhere a plain one. `is_remark`: the reason itself is news."""

    actor: User | None
    post: str
    reason: str
    kind: str = ""
    is_remark: bool = False


def record(
    changes: Sequence[Change],
    *,
    actor: User | None,
    post: str,
    reason: str,
    kind: str = "",
    at: datetime | None = None,
    is_remark: bool = False,
) -> list[Measurement]:
    """Stores changes of which the history says the same, as record_each does."""
    telling = Telling(actor, post, reason, kind, is_remark)
    return record_each([(change, telling) for change in changes], at=at)


def record_each(told: Sequence[tuple[Change, Telling]], *, at: datetime | None = None) -> list[Measurement]:
    """Stores the changes, all or none, with their history, and asks for the summaries to be computed again.

    What was missing in a re-opened month is told from a first value. `at` is the moment of the act by which the values change (Access.now); without it now.

    Returns the measurements in the order of the changes; one that says what is stored already is left untouched (no
    new version), unless `is_remark`: then the reason itself is news, and the history keeps it with the same value.
    Raises StaleVersion where an expected version is not the stored one, ValidationError where a value
    breaks a rule (digits, value and reason both or neither, period not a first day, two changes for one period),
    MonthIsClosed where a value would change in a closed month that is not open again for its department.
    """
    changes = [change for change, _ in told]
    tellings = {change.key: telling for change, telling in told}
    for reason in {telling.reason for telling in tellings.values()}:
        _check_reason(reason)
    keys = [change.key for change in changes]
    if len(set(keys)) != len(keys):
        raise ValidationError("同じ内訳・同じ期間の値が2つあります。どちらか一方にしてください。", code="twice")
    for change in changes:
        _check(change)
    with transaction.atomic():
        kpi_of = hold_series(change.series_id for change in changes)
        now = at or timezone.now()
        stored = _lock(changes)
        conflicts = [
            (change, stored.get(change.key))
            for change in changes
            if change.expected_version != _version(stored, change)
        ]
        if conflicts:
            raise StaleVersion(conflicts)
        changes = [_with_its_print(stored.get(change.key), change) for change in changes]
        written = [c for c in changes if tellings[c.key].is_remark or _differs(stored.get(c.key), c)]
        reopened = check_open(written, timezone.localdate(now))
        kinds = {c.key: _kind(stored.get(c.key), c, tellings[c.key].kind, reopened) for c in written}
        result = _write(written, stored, now)
        _keep(result, kinds, tellings, now)
        kpi_ids = {kpi_of[measurement.series_id] for measurement in result}
        values_were_written(kpi_ids)
    return [stored[key] for key in keys]


def values_were_written(kpi_ids: Collection[int]) -> None:
    """What every writer of values owes the KPIs, inside its transaction."""
    # The first value freezes the kind: a constraint of Kpi refuses any later change of it.
    Kpi.objects.filter(pk__in=kpi_ids, frozen_kind="").update(
        frozen_kind=F("kind"), frozen_aggregation=F("aggregation")
    )
    request_recompute(kpi_ids)


def current_versions(series_ids: Sequence[int]) -> dict[Key, int]:
    """The version of every stored measurement of the series: what a writer that read nothing else passes on."""
    rows = Measurement.objects.filter(series_id__in=series_ids).values_list("series_id", "span", "period", "version")
    return {(series_id, span, period): version for series_id, span, period, version in rows}


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError("理由を入力してください。", code="reason")
    if len(reason) > REASON_LENGTH:
        raise ValidationError(f"理由は{REASON_LENGTH}字以内で入力してください。", code="reason")


def _check(change: Change) -> None:
    """The rules of the table's constraints, asked before writing because a message is wanted, not a database error."""
    if (change.value is None) != bool(change.missing_reason):
        raise ValidationError("値か、値なしの理由のどちらか一方を入力してください。", code="value_or_reason")
    if change.value is not None:
        check_value_digits(change.value)
    if change.span not in set(Span):
        raise ValidationError("期間の種類を選択肢から選んでください。", code="span")
    if Period.containing(Span(change.span), change.period).start != change.period:
        raise ValidationError("対象期間には、その期間の初日を入れてください。", code="period")


def _lock(changes: Sequence[Change]) -> dict[Key, Measurement]:
    wanted = {change.key for change in changes}
    rows = Measurement.objects.select_for_update().filter(
        series_id__in={change.series_id for change in changes}, period__in={change.period for change in changes}
    )
    return {key: row for row in rows.order_by("pk") if (key := (row.series_id, row.span, row.period)) in wanted}


def _version(stored: dict[Key, Measurement], change: Change) -> int:
    measurement = stored.get(change.key)
    return measurement.version if measurement else 0


def _with_its_print(measurement: Measurement | None, change: Change) -> Change:
    """A printed comparison belongs to the value it was printed for, and goes with it."""
    is_old = measurement is not None and change.published == measurement.published and change.value != measurement.value
    return replace(change, published="") if change.published and (is_old or change.value is None) else change


def _differs(measurement: Measurement | None, change: Change) -> bool:
    return measurement is None or any(getattr(measurement, name) != getattr(change, name) for name in KEPT)


def _kind(measurement: Measurement | None, change: Change, asked: str, reopened: frozenset[date]) -> str:
    """How the history names a change: only what counted before can be corrected or restated."""
    if measurement is None:
        return Kind.ADDITION if month_of(change) in reopened else Kind.FIRST
    if measurement.is_provisional and not change.is_provisional and measurement.value == change.value:
        return Kind.FINAL
    if asked:
        return asked
    return Kind.CORRECTION if month_of(change) in reopened else Kind.CHANGE


def _write(changes: Sequence[Change], stored: dict[Key, Measurement], now: datetime) -> list[Measurement]:
    new: list[Measurement] = []
    changed: list[Measurement] = []
    for change in changes:
        measurement = stored.get(change.key)
        if measurement is None:
            measurement = Measurement(series_id=change.series_id, span=change.span, period=change.period, version=0)
            stored[change.key] = measurement
            new.append(measurement)
        else:
            changed.append(measurement)
        for name in CARRIED:
            setattr(measurement, name, getattr(change, name))
        measurement.version += 1
        measurement.updated_at = now
        measurement.clean_fields(exclude=["series"])
    try:
        with transaction.atomic():
            Measurement.objects.bulk_create(new, batch_size=500)
    except IntegrityError as error:
        # Two writers found the period empty at once: the second one learns of the first one's value.
        now_there = _lock(changes)
        raise StaleVersion(
            [(c, now_there[c.key]) for c in changes if c.expected_version == 0 and c.key in now_there]
        ) from error
    Measurement.objects.bulk_update(changed, [*KEPT, "imported_file", "version", "updated_at"], batch_size=500)
    return new + changed


def _keep(
    measurements: Sequence[Measurement],
    kinds: dict[Key, str],
    tellings: dict[Key, Telling],
    now: datetime,
) -> None:
    told = [(row, tellings[row.series_id, str(row.span), row.period]) for row in measurements]
    Revision.objects.bulk_create(
        [
            Revision(
                measurement=measurement,
                version=measurement.version,
                kind=kinds[measurement.series_id, measurement.span, measurement.period],
                span=measurement.span,
                period=measurement.period,
                actor=telling.actor,
                actor_name=telling.actor.name if telling.actor else "",
                post=telling.post,
                reason=telling.reason,
                at=now,
                **{name: getattr(measurement, name) for name in CARRIED},
            )
            for measurement, telling in told
        ],
        batch_size=500,
    )
