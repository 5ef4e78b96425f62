"""Changes of definitions and targets, to read and to take along."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from accounts.first_rows import FirstRows, first_rows
from japan.csv_files import Cell, write_csv
from kpis.models import DefinitionChange, Kpi

COLUMNS = ("日時", "種類", "指標コード", "指標名", "対象", "項目", "変更前", "変更後", "理由", "職", "氏名")
#: As many as a KPI's page shows; all of them stand in the file.
SHOWN = 20


def changes_after_the_fact(kpi_code: str = "") -> QuerySet[DefinitionChange]:
    """訂正 and 遡及改定 of definitions and targets, newest first; of one KPI where its code is given."""
    found = DefinitionChange.objects.after_the_fact()
    return found.filter(kpi__code=kpi_code) if kpi_code else found


def history_of(kpi: Kpi) -> FirstRows[DefinitionChange]:
    """The newest changes of a KPI, its parts and targets."""
    return first_rows(kpi.definition_changes.all(), SHOWN)


def changes_file(changes: QuerySet[DefinitionChange], *, for_excel: bool) -> bytes:
    """One row per field that changed, as CSV."""
    return write_csv(COLUMNS, _rows(changes), for_excel=for_excel)


def _rows(changes: QuerySet[DefinitionChange]) -> Iterator[tuple[Cell, ...]]:
    for change in changes:
        at = timezone.localtime(change.at).isoformat(timespec="seconds")
        for name, before, after in change.changes:
            yield (
                at, change.kind_word, change.kpi.code, change.kpi.name, change.about, name, before, after, change.reason,
                change.post, change.actor_name,
            )  # fmt: skip
