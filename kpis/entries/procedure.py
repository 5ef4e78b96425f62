"""What the procedure of approvals asks of entries: what keeps one from being handed in, and how an approved one counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects

from accounts.models import Assignment, RouteUse
from accounts.routing import Authority
from approvals.conflict import Conflict, Errors
from approvals.models import Action
from approvals.procedure import Procedure
from kpis.checks import Finding, findings_for, refuse
from kpis.models import Entry, EntryEvent, Measurement, Revision
from kpis.values.closed import MonthIsClosed, hold_series, locked_places
from kpis.values.recording import REASON_LENGTH, Change, Telling, record_each
from kpis.values.statement import Statement, is_unchanged, needs_reason, statement_of

if TYPE_CHECKING:
    from accounts.access import Access

Key = tuple[int, str, date]
SAME = "承認された値と同じで、変わるところがありません。値を直すか、直さないときは「経過」からこの訂正を取り消してください。"


class Entries(Procedure[Entry]):
    """Series are locked before entries, as everywhere where values are written."""

    model = Entry
    event = EntryEvent
    subject = RouteUse.Subject.MEASUREMENT
    word, name = "回答", "回答"
    named = ("series__kpi",)
    also_written = ("updated_at", "is_confirmed")

    def title(self, report: Entry) -> str:
        return f"{report.series}　{report.dated_period.label}"

    def in_turn(self, posts: Iterable[Assignment]) -> Iterable[Entry]:
        return Entry.objects.in_reach_of(posts).for_queue()

    def hold(self, reports: Iterable[Entry]) -> None:
        hold_series(report.series_id for report in reports)

    def complete(self, reports: Collection[Entry], access: Access) -> Errors:
        """What the checks, a closed month, a newer value or a missing reason have against it."""
        said = {report: statement_of(report) for report in reports}
        stated = [report for report in reports if not said[report].is_blank]
        findings = findings_for(stated, [said[report] for report in stated]) if stated else {}
        world = _World(stated, access)
        errors = Errors()
        for report in reports:
            try:
                world.check(report, said[report], findings.get(report, []))
            except (Conflict, ValidationError) as error:
                errors[report.pk] = error
        return errors

    def counts(self, reports: Collection[Entry], rights: Mapping[int, Authority], access: Access) -> Errors:
        """Values move over and count from now on: one row of history each."""
        world = _World(reports, access)
        errors = Errors()
        for report in reports:
            try:
                world.check_current(report)
                world.check_open(report)
            except (Conflict, ValidationError) as error:
                errors[report.pk] = error
        if not errors:
            prefetch_related_objects(list(reports), "author")
            changes = [_change(each, world.counting_for(each), rights[each.pk].post) for each in reports]
            record_each(changes, at=access.now())
        return errors

    def touched(self, report: Entry, action: Action, access: Access) -> None:
        report.updated_at = access.now()
        if action == Action.RETURNED:
            report.is_confirmed = False  # whoever decides doubts it: the author looks again and says so again

    def kept(self, report: Entry, action: Action) -> dict[str, Any]:
        return {"shown": shown_now(report)}

    def counting(self, report: Entry) -> Measurement | None:
        return counting_for([report]).get(key_of(report))

    def twin(self, report: Entry) -> Entry | None:
        place = {"series": report.series_id, "span": report.span, "period": report.period}
        return Entry.objects.open().filter(**place).first()


ENTRIES = Entries()


def key_of(row: Entry | Measurement) -> Key:
    return row.series_id, str(row.span), row.period


def counting_for(entries: Collection[Entry]) -> dict[Key, Measurement]:
    """The values that count already and that entries would change; one query."""
    series, periods = {entry.series_id for entry in entries}, {entry.period for entry in entries}
    return {key_of(row): row for row in Measurement.objects.filter(series__in=series, period__in=periods)}


def shown_now(entry: Entry) -> str:
    """What an event of this moment notes of the value: the text as typed, or what is stored."""
    return entry.typed or _plain(entry)


def _plain(entry: Entry) -> str:
    """The value without trailing zeros, or the reason why there is none."""
    return entry.get_missing_reason_display() if entry.value is None else f"{entry.value.normalize():f}"


class _World:
    """What entries meet: the values that count, and the months that are closed. A few queries for any number."""

    def __init__(self, entries: Collection[Entry], access: Access) -> None:
        self._counting = counting_for(entries)
        self._closed, self._locked = locked_places(list(entries), access.on)

    def counting_for(self, entry: Entry) -> Measurement | None:
        return self._counting.get(key_of(entry))

    def check(self, entry: Entry, said: Statement, findings: Sequence[Finding]) -> None:
        if said.is_blank:
            raise ValidationError("提出するには、値か値なしの理由を入力してください。", code="blank")
        refuse(findings, said)
        self.check_open(entry)
        self.check_current(entry)
        if not entry.comment.strip():
            self._check_reason(entry, said)

    def check_open(self, entry: Entry) -> None:
        """Raises MonthIsClosed where the entry's month may not change today."""
        month = entry.reported_with
        if (entry.series_id, month) in self._locked:
            raise MonthIsClosed((month,), is_nobodys=not self._locked[entry.series_id, month])

    def check_current(self, entry: Entry) -> None:
        """Raises Conflict where the value it would change has moved on since the entry was made."""
        counting = self.counting_for(entry)
        if entry.base_version != (counting.version if counting else 0):
            raise Conflict(entry, counting)

    def _check_reason(self, entry: Entry, said: Statement) -> None:
        """Raises ValidationError for an entry without a comment that corrects a value, adds one to a closed month, or
        would change nothing at all."""
        counting = self.counting_for(entry)
        if counting is not None and is_unchanged(said, counting):
            raise ValidationError(SAME, code="same")
        if entry.reported_with in self._closed:
            what = "確定した値を直す" if counting is not None else "確定した月に値を加える"
        elif needs_reason(said, counting):
            what = "承認された値を直す"
        else:
            return
        raise ValidationError(f"{what}理由を、コメントに入力してください。", code="reason")


def _change(entry: Entry, counting: Measurement | None, approver_post: str) -> tuple[Change, Telling]:
    """A department's value names the department as its source: who printed or loaded another number did not say this one.
    A number that stays keeps its source; a note stays. The comment is for those who report and gather: it stands in the
    history and is no note for readers."""
    is_same = counting is not None and (counting.value, counting.missing_reason) == (entry.value, entry.missing_reason)
    change = Change(
        series_id=entry.series_id,
        span=entry.span,
        period=entry.period,
        expected_version=entry.base_version,
        note=counting.note if counting else "",
        source=counting.source if counting and is_same else "" if entry.is_synthetic else entry.department.name,
        imported_file_id=entry.imported_file_id,
        **vars(statement_of(entry)),
    )
    telling = Telling(
        actor=entry.author,
        post=entry.author_post,
        reason=_reason(entry, approver_post),
        kind=entry.change_kind,
        is_remark=bool(entry.comment.strip()),
    )
    return change, telling


def _reason(entry: Entry, approver_post: str) -> str:
    """What the history says: correction or first report, whose approval, and as much of the comment as fits."""
    kind = "回答"
    if entry.is_correction:
        kind = "遡及改定" if entry.change_kind == Revision.Kind.RESTATEMENT else "訂正"
    comment = f"：{entry.comment}" if entry.comment else ""
    return f"{kind}（{approver_post}が承認）{comment}"[:REASON_LENGTH]
