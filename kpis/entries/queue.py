"""What waits for a chief: submitted entries beside what is known, and deciding several at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from approvals import queue
from approvals.conflict import Conflict, Refused
from approvals.reviews import is_own
from japan.periods import Span
from kpis import entries as acts
from kpis.checks import Finding, findings_for
from kpis.claims import bracket, change_text, worded_rate_text
from kpis.entries.evidence import with_papers
from kpis.entries.procedure import ENTRIES, shown_now
from kpis.models import Entry, EntryEvent, Kpi, Measurement, Revision
from kpis.values.closed import locked_places
from kpis.values.figures import marks_of, plain_subject
from kpis.values.reading import understood_text

if TYPE_CHECKING:
    from accounts.access import Access
    from accounts.models import Department

PERCENT = ("%", "％")
Key = tuple[int, str, date]


@dataclass(frozen=True)
class Comparison:
    """A known value, and how far the reported one is from it in words; "" where the two cannot be compared."""

    known: Measurement | Entry
    shown: str
    change: str = ""
    rate: str = ""
    #: Those of the known value, which the change carries too: （架空値）.
    marks: str = ""
    #: 課長確認待ち, where the known value has been handed in too and does not count yet.
    state: str = ""


@dataclass
class Waiting:
    """A submitted entry as the chief reads it."""

    entry: Entry
    is_own: bool
    understood: str
    previous: Comparison | None = None
    last_year: Comparison | None = None
    stored: Comparison | None = None
    findings: Sequence[Finding] = ()
    step: str = ""
    standing_in_for: str = ""
    refusal: str = ""
    is_picked: bool = False
    is_locked: bool = False
    #: The month is closed and open again for its department: what is approved changes a value that was final.
    is_reopened: bool = False
    has_papers: bool = False

    @property
    def kpi(self) -> Kpi:
        return self.entry.series.kpi

    @property
    def is_flagged(self) -> bool:
        """The checks have something to say, or its author answered them: it stands first."""
        return bool(self.findings) or bool(self.entry.change_reason) or self.entry.is_confirmed

    @property
    def change_word(self) -> str:
        """What approving it does to a value that was closed: 訂正 or 遡及改定."""
        if not self.is_reopened or self.stored is None:
            return ""
        return "遡及改定" if self.entry.change_kind == Revision.Kind.RESTATEMENT else "訂正"

    @property
    def can_approve(self) -> bool:
        """By this person, today: not written by them, and not of a month that was closed since it was handed in."""
        return not self.is_own and not self.is_locked


@dataclass(frozen=True)
class Batch:
    """The waiting entries of one department's month."""

    department: Department
    month: date
    lines: list[Waiting]

    @property
    def is_monthly(self) -> bool:
        """Every line is of the month itself: the values before are 前月 and 前年同月."""
        return all(line.entry.span == Span.MONTH for line in self.lines)

    @property
    def can_approve(self) -> int:
        return sum(line.can_approve for line in self.lines)


def compare(kpi: Kpi, value: Decimal | None, known: Measurement | Entry | None) -> Comparison | None:
    """What a value is against a known one: 1,234人増 and 12.3%増. Percentages differ by points and have no rate."""
    if known is None:
        return None
    shown = understood_text(kpi, acts.Statement(known.value, known.missing_reason))
    state = known.get_state_display() if isinstance(known, Entry) else ""
    if value is None or known.value is None:
        return Comparison(known, shown, state=state)
    difference = value - known.value
    typed = understood_text(kpi, acts.Statement(value, ""))
    change = change_text(plain_subject(kpi), value, known.value, printed=(typed, shown))
    return Comparison(known, shown, change, _rate(kpi, difference, known.value), bracket(marks_of(known)), state)


def _rate(kpi: Kpi, difference: Decimal, known: Decimal) -> str:
    if kpi.unit in PERCENT or known <= 0:
        return ""
    return worded_rate_text(difference / known)


def waiting_lines(entries: Iterable[Entry], access: Access) -> list[Waiting]:
    """Entries (with their names and events) beside what is known and what the checks say of them, in few queries."""
    listed = list(entries)
    known = _known(listed)
    beside: dict[Key, Measurement | Entry] = {**known, **_handed_in(listed)}
    found = findings_for(listed, [acts.statement_of(entry) for entry in listed]) if listed else {}
    closed, locked = locked_places(listed, access.on)
    lines = [_line(entry, known.get(_key(entry)), beside, found.get(entry, []), access) for entry in listed]
    for line in lines:
        line.is_locked = (line.entry.series_id, line.entry.reported_with) in locked
        line.is_reopened = line.entry.reported_with in closed and not line.is_locked
    return lines


def locked_entries(entries: Sequence[Entry], access: Access) -> set[Entry]:
    """Those whose month was closed since they were handed in and is not open again today: nobody can approve them."""
    _, locked = locked_places(entries, access.on)
    return {entry for entry in entries if (entry.series_id, entry.reported_with) in locked}


def _line(
    entry: Entry,
    stored: Measurement | None,
    beside: Mapping[Key, Measurement | Entry],
    findings: Sequence[Finding],
    access: Access,
) -> Waiting:
    kpi, period = entry.series.kpi, entry.dated_period

    def against(start: date) -> Comparison | None:
        return compare(kpi, entry.value, beside.get((entry.series_id, entry.span, start)))

    authority = acts.authority_over(entry, access)
    principal = authority.principal if authority else None
    return Waiting(
        entry=entry,
        is_own=is_own(entry, access),
        understood=understood_text(kpi, acts.Statement(entry.value, entry.missing_reason)),
        previous=against(period.previous().start),
        last_year=against(period.a_year_before().start),
        stored=compare(kpi, entry.value, stored),
        findings=findings,
        step=entry.step_label,
        standing_in_for=principal.post if principal else "",
    )


def _key(row: Measurement | Entry) -> Key:
    return row.series_id, row.span, row.period


def _known(entries: Sequence[Entry]) -> dict[Key, Measurement]:
    """What counts for the entries' periods and those they are compared with."""
    return {_key(row): row for row in Measurement.objects.filter(_around(entries))}


def _handed_in(entries: Sequence[Entry]) -> dict[Key, Entry]:
    """What was handed in for them: of two months that wait together the second is held against the first as it waits."""
    return {_key(row): row for row in Entry.objects.stated().submitted().filter(_around(entries))}


def _around(entries: Sequence[Entry]) -> Q:
    periods = {
        day
        for period in (entry.dated_period for entry in entries)
        for day in (period.start, period.previous().start, period.a_year_before().start)
    }
    return Q(series_id__in={entry.series_id for entry in entries}, period__in=periods)


def entries_in_turn(access: Access) -> list[Entry]:
    """The submitted entries that wait for this person now, in an own post or as a deputy."""
    reached = Entry.objects.in_reach_of(access.deciding_posts).for_queue()
    return [entry for entry in reached if acts.authority_over(entry, access) is not None]


def queue_of(access: Access) -> list[Batch]:
    """Everything that waits for this person, by department and month; what the checks doubt stands first."""
    entries = entries_in_turn(access)
    lines = waiting_lines(entries, access)
    papers = with_papers(entries)
    for line in lines:
        line.has_papers = line.entry.pk in papers
    lines.sort(key=lambda line: not line.is_flagged)
    lines.sort(key=lambda line: (line.entry.department.order, line.entry.department.code, line.entry.reported_with))
    grouped = groupby(lines, key=lambda line: (line.entry.department, line.entry.reported_with))
    return [Batch(department, month, list(own)) for (department, month), own in grouped]


def said_of(event: EntryEvent) -> str:
    """The value a decision was about, as it is registered, with its unit. Of an entry that was written anew since, only the
    text as it was typed is known, and that is said."""
    entry = event.entry
    if event.shown != shown_now(entry):
        return f"入力「{event.shown}」" if event.shown else ""
    return understood_text(entry.series.kpi, acts.statement_of(entry))


def to_review(access: Access) -> list[EntryEvent]:
    """What deputies decided in this person's place and was not looked at yet, with the value it was about."""
    events: list[EntryEvent] = queue.to_review(ENTRIES, access)
    for event in events:
        event.said = said_of(event)  # type: ignore[attr-defined]  # for the page
    return events


@dataclass
class Together:
    """What came of approving several: how many count now, how many went on to the next step, or why which stood in the
    way (then nothing was approved)."""

    approved: int = 0
    confirmed: int = 0
    refusals: dict[int, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        parts = [f"{self.approved}件を承認しました。"] if self.approved else []
        if self.confirmed:
            parts.append(f"{self.confirmed}件を確認しました。次の段階の確認者へ回りました。")
        return "".join(parts)


def approve_together(picked: dict[int, int], access: Access) -> Together:
    """Approves entries (id → the version that was shown), all or none.

    Raises PermissionDenied where one is not this person's to decide.
    """
    done = Together()
    with transaction.atomic():
        found = {entry: picked[entry.pk] for entry in Entry.objects.filter(pk__in=picked)}
        try:
            decided = ENTRIES.approve_all(found, access=access)
            done.approved = sum(entry.state == Entry.State.APPROVED for entry in decided)
            done.confirmed = len(decided) - done.approved
        except Refused as refused:
            done.refusals = {pk: why(error) for pk, error in refused.errors.items()}
        known = {entry.pk for entry in found}
        done.refusals |= {pk: "この回答は見つかりません。" for pk in picked if pk not in known}
        if done.refusals:
            transaction.set_rollback(True)
    return done


def why(error: Conflict | ValidationError) -> str:
    """Why a decision could not be made, as the chief should read it."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    entry = error.report
    if entry is not None and entry.state == Entry.State.SUBMITTED:
        return "表示したあとに、回答か実績値が更新されました。いまの内容を確かめてください。"
    state = entry.get_state_display() if entry is not None else "取消し"
    return f"表示したあとに、ほかの人が操作しました（いまの状態：{state}）。"
