"""What somebody has changed since a preview was made."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from accounts.first_rows import FirstRows, first_rows
from kpis.models import Entry, ImportedFile, ImportLine, Measurement


class Conflict(Exception):
    """Somebody changed values since the preview; `lines` are the first of those lines. Nothing was saved."""

    def __init__(self, lines: FirstRows[ImportLine]) -> None:
        super().__init__(
            f"確認の画面を開いたあとに、{len(lines) + lines.more}件の値をほかの人が更新しました。どの値も取り込んでいません。"
            "もう一度内容を確かめてください。"
        )
        self.lines = lines


def stale_lines(file: ImportedFile) -> FirstRows[ImportLine]:
    """The lines whose value or open entry has another version now than the preview saw."""
    same_place = {"series": OuterRef("series"), "span": OuterRef("span"), "period": OuterRef("period")}
    stored, entry = Measurement.objects.filter(**same_place), Entry.objects.open().filter(**same_place)
    is_newer = Exists(stored.exclude(version=OuterRef("seen_version")))
    is_gone = Q(seen_version__gt=0) & ~Exists(stored)
    entry_is_newer = Exists(entry.exclude(version=OuterRef("seen_entry_version")))
    entry_is_gone = Q(seen_entry_version__gt=0) & ~Exists(entry)
    lines = file.lines.exclude(outcome=ImportLine.Outcome.REFUSED).select_related("series__kpi")
    return first_rows(lines.filter(Q(is_newer) | is_gone | Q(entry_is_newer) | entry_is_gone), 100)


def refuse_stale(file: ImportedFile) -> None:
    """Raises Conflict where a value has moved on. Asked under the lock of the file's series."""
    if conflicts := stale_lines(file):
        raise Conflict(conflicts)
