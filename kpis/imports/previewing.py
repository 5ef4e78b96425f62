"""What a file would change, value by value, before anything is saved."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from japan.numbers import round_half_up
from japan.wareki import month_short
from kpis.checks import Finding, findings_for
from kpis.imports.lines import store_lines
from kpis.imports.questions import COARSER
from kpis.imports.reporters import goes_through_approval, place_of, reporters_of
from kpis.imports.sureness import Sureness
from kpis.imports.values import Refused, Value
from kpis.models import Entry, ImportedFile, ImportLine, Measurement
from kpis.models.value import Nature
from kpis.values.closed import locked_places, months_by_period
from kpis.values.reading import understood_text
from kpis.values.statement import Slot, Statement

if TYPE_CHECKING:
    from accounts.access import Access
    from accounts.models import Department

Outcome = ImportLine.Outcome
#: How a value was read that is no more than what stands there, rounded.
KEPT = "いまの値を丸めると同じなので、いまの値のまま"
#: A file of more values than this is a history, not a month's work: whether a value is unlike its past is asked of the
#: newest period of each series alone. Rules are kept by every value.
ASKED_ALL = 3_000
#: What of a line the page shows, and the versions it was compared with.
_SHOWN = (
    "series_id", "span", "period", "value", "missing_reason", "nature", "is_provisional", "is_rounded", "sheet", "row", "column", "shown", "how", "outcome",
    "message", "seen_version", "seen_entry_version",
)  # fmt: skip


def preview(
    file: ImportedFile,
    values: Sequence[Value],
    refused: Sequence[Refused],
    *,
    access: Access,
    left_out: int = 0,
    takes_rounded: bool = False,
) -> dict[str, int]:
    """Compares the values with what is stored and keeps a line of each with the versions seen. Gives the counts.

    The comparison is with open entries where there are any, else with what counts. What is only the stored value
    rounded changes nothing, unless it is to be taken (`takes_rounded`). Earlier lines of the file are replaced.
    Raises ValidationError for a file that is already taken over.
    """
    _check_open(file)
    comparison = _Comparison(file, values, access, takes_rounded=takes_rounded)
    lines = [comparison.line(value) for value in values] + [_refused_line(each) for each in refused]
    counts = Counter(line.outcome for line in lines)
    if unsent := comparison.unsent(lines):
        counts["unsent"] = unsent
    counts["asked"] = sum(line.outcome != Outcome.REFUSED and bool(line.message) for line in lines)
    if left_out:
        counts["left_out"] = left_out
    if coarser := [value for value in values if comparison.kept_before(value) is not None]:
        counts["coarser"] = len(coarser)
        asked = {COARSER: {"count": len(coarser), "example": comparison.said_of(coarser[0])}}
        file.understood["questions"] = file.understood.get("questions", {}) | asked
    file.understood["seal"] = _seal(file, lines)
    with transaction.atomic():
        held = ImportedFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
        _check_open(held)  # another page may have taken it over since it was looked at
        file.lines.all().delete()
        store_lines(file, lines)
        file.state, file.counts = ImportedFile.State.PREVIEWED, dict(counts)
        file.save(update_fields=["state", "counts", "understood", "mapping"])
    return dict(counts)


def _check_open(file: ImportedFile) -> None:
    if file.state in (ImportedFile.State.APPLIED, ImportedFile.State.CANCELLED):
        raise ValidationError(
            f"このファイルは「{file.get_state_display()}」です。もう一度取り込むときは、ファイルを選び直してください。"
        )


def _seal(file: ImportedFile, lines: Iterable[ImportLine]) -> str:
    """Of all that the page of a preview shows: the same file read in the same way over the same values has the same. Who
    takes it over sends it along, so that nothing is stored that this page did not show."""
    understood = {name: said for name, said in file.understood.items() if name != "seal"}
    hashed = hashlib.sha256(json.dumps([file.way, understood], sort_keys=True, default=str).encode())
    for line in lines:
        hashed.update(repr([getattr(line, name) for name in _SHOWN]).encode())
    return hashed.hexdigest()


def _slot(value: Value) -> Slot:
    return Slot(value.series.pk, value.period, value.span)


def _marks(is_provisional: bool, is_rounded: bool, nature: str) -> set[Sureness]:
    found = {Sureness.PROVISIONAL: is_provisional, Sureness.ROUNDED: is_rounded}
    found[Sureness.ESTIMATED] = nature == Nature.ESTIMATED
    return {mark for mark, holds in found.items() if holds}


def rounds_to(exact: Decimal, said: Decimal, step: Decimal) -> bool:
    """Whether a number, rounded to multiples of `step`, is what was said."""
    return round_half_up(exact / step, 0) * step == said


class _Comparison:
    """Everything stored that the values are held against, read in a few queries."""

    def __init__(self, file: ImportedFile, values: Sequence[Value], access: Access, *, takes_rounded: bool) -> None:
        self.takes_rounded = takes_rounded
        self.department, self.is_recorded, self.access = file.department, file.is_recorded, access
        self.slots = [_slot(value) for value in values]
        ids = {slot.series_id for slot in self.slots}
        self.stored: dict[Slot, tuple[Decimal | None, str, int]] = {}
        self.entries: dict[Slot, tuple[Decimal | None, str, int, str, int]] = {}
        self.marks: dict[Slot, set[Sureness]] = {}
        if values:
            self._read(ids)
        self.locked = locked_places(self.slots, access.on)[1]
        self.reporters = reporters_of(self.slots)
        self.months = months_by_period(self.slots)
        self.findings = self._findings(values)

    def _read(self, ids: set[int]) -> None:
        periods = [slot.period for slot in self.slots]
        within = Q(series_id__in=ids, period__gte=min(periods), period__lte=max(periods))
        marks = ("is_provisional", "is_rounded", "nature")
        columns = ("series_id", "period", "span", *marks, "value", "missing_reason", "version")
        counting = Measurement.objects.filter(within).values_list(*columns)
        for series_id, period, span, *held in counting.iterator(10_000):
            self.stored[slot := Slot(series_id, period, span)] = (held[3], held[4], held[5])
            self.marks[slot] = _marks(*held[:3])
        open_entries = Entry.objects.open().filter(within).values_list(*columns, "state", "author")
        for series_id, period, span, *held in open_entries:
            self.entries[slot := Slot(series_id, period, span)] = (held[3], held[4], held[5], held[6], held[7])
            self.marks[slot] = _marks(*held[:3])

    def _findings(self, values: Sequence[Value]) -> dict[Slot, list[Finding]]:
        news = [
            (slot, Statement(value.value, value.missing_reason))
            for slot, value in zip(self.slots, values, strict=True)
            if value.value is not None and not self._is_same(slot, value)
        ]
        if not news:
            return {}
        doubted: set[Slot] | None = None
        if len(news) > ASKED_ALL:
            newest: dict[tuple[int, str], Slot] = {}
            for slot, _ in news:
                held = newest.setdefault((slot.series_id, slot.span), slot)
                if slot.period > held.period:
                    newest[slot.series_id, slot.span] = slot
            doubted = set(newest.values())
        return findings_for([slot for slot, _ in news], [said for _, said in news], doubted=doubted)

    def _held(self, slot: Slot) -> tuple[Decimal | None, str] | None:
        held = self.entries.get(slot) or self.stored.get(slot)
        return held and (held[0], held[1])

    def _is_same(self, slot: Slot, value: Value) -> bool:
        if self._held(slot) != (value.value, value.missing_reason):
            return self.kept_before(value) is not None
        return not value.mark or value.mark in self.marks.get(slot, ())

    def kept_before(self, value: Value) -> Decimal | None:
        """What stays where the file says no more than that, rounded."""
        held = self._held(_slot(value))
        exact = held[0] if held else None
        if self.takes_rounded or exact is None or value.value is None or exact == value.value or not value.step:
            return None
        return exact if rounds_to(exact, value.value, value.step) else None

    def said_of(self, value: Value) -> str:
        """That a value is no more than what stands there, rounded."""
        said, held = (
            understood_text(value.series.kpi, Statement(number)) for number in (value.value, self.kept_before(value))
        )
        return f"「{said}」は、いまの値「{held}」を丸めると同じです。いまの値のままにします。"

    def line(self, value: Value) -> ImportLine:
        slot = _slot(value)
        outcome, message = self._outcome(slot, value)
        kept = self.kept_before(value)
        how = value.how if kept is None else "、".join(part for part in (value.how[:90], KEPT) if part)
        stored, entry = self.stored.get(slot), self.entries.get(slot)
        return ImportLine(
            series=value.series,
            span=value.span,
            period=value.period,
            value=value.value if kept is None else kept,
            missing_reason=value.missing_reason,
            is_provisional=value.mark is Sureness.PROVISIONAL,
            is_rounded=value.mark is Sureness.ROUNDED,
            nature=Nature.ESTIMATED if value.mark is Sureness.ESTIMATED else Nature.OBSERVED,
            sheet=value.sheet[:60],
            row=value.row,
            column=value.column,
            shown=value.shown,
            how=how[:120],
            outcome=outcome,
            message=message[:300],
            seen_version=stored[2] if stored else 0,
            seen_entry_version=entry[2] if entry else 0,
        )

    def unsent(self, lines: Iterable[ImportLine]) -> int:
        """How many values stand in an entry that nobody handed in, and stay so: a file that says the same leaves it."""
        same = (
            Slot(line.series_id, line.period, line.span)
            for line in lines
            if line.outcome == Outcome.SAME and line.series_id
        )
        held = (self.entries.get(slot) for slot in same)
        return sum(entry is not None and entry[3] != Entry.State.SUBMITTED for entry in held)

    def _outcome(self, slot: Slot, value: Value) -> tuple[str, str]:
        if self._is_same(slot, value):
            return Outcome.SAME, ""
        refusal = self._refusal(slot, value)
        findings = self.findings.get(slot, [])
        stops = [finding.message for finding in findings if finding.severity == "hard"]
        if refusal or stops:
            return Outcome.REFUSED, refusal or " ".join(stops)
        outcome = Outcome.CHANGED if slot in self.stored or slot in self.entries else Outcome.NEW
        return outcome, " ".join(finding.message for finding in findings)

    def _refusal(self, slot: Slot, value: Value) -> str:
        month = self.months[slot.span, slot.period]
        if (slot.series_id, month) in self.locked:
            return (
                f"{month_short(month)}分は確定しているため、変更できません。"
                "直す必要があるときは、取りまとめ課へ確定解除を依頼してください。"
            )
        entry, reporter = self.entries.get(slot), self.reporters.get(place_of(slot))
        if self.is_recorded:
            return self._no_record(month, entry is not None, reporter)
        if entry is not None and entry[3] == Entry.State.SUBMITTED:
            return "提出済みの回答があります。直すときは、先に引き戻してから取り込み直してください。"
        if self.department is not None and reporter != self.department:
            return f"{month_short(month)}分は{self.department.name}が報告する値ではありません。読み取り方を確かめてください。"
        if reporter is None:
            return (
                f"{month_short(month)}分を報告する所属がありません。"
                "過去の値は「実績値として直接登録する」で取り込んでください。"
            )
        if self.department is None and entry is not None and entry[4] != self.access.user.pk:
            return f"{reporter.name}が入力中の回答があります。提出か取消しを待ってから、取り込み直してください。"
        return ""

    def _no_record(self, month: date, has_entry: bool, reporter: Department | None) -> str:
        """Why 取りまとめ課 may not write a value past the department that reports it."""
        if has_entry:
            return "所属がこの値を回答中です。承認か取消しを待ってから、取り込み直してください。"
        if reporter is not None and goes_through_approval(month, self.access.on):
            return (
                f"{month_short(month)}分は{reporter.name}が報告する値です。"
                "「各所属の回答として提出する」で取り込んでください。"
            )
        return ""


def _refused_line(refused: Refused) -> ImportLine:
    return ImportLine(
        series=refused.series,
        period=date(1900, 1, 1),
        sheet=refused.sheet[:60],
        row=refused.row,
        column=refused.column,
        shown=refused.shown,
        outcome=Outcome.REFUSED,
        message=refused.message[:300],
    )
