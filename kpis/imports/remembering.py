"""The way a file is read: remembered by the shape of its table, found again for next month's file, else proposed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import transaction

from japan.wareki import month_label
from kpis.imports.being_read import being_read
from kpis.imports.label_units import scale_of, units_of
from kpis.imports.leaving_out import LeftOut
from kpis.imports.mapping import SCALES, DoesNotFit, Mapping, layout_of, mapping_from
from kpis.imports.matching import Around, by_code, propose, series_for
from kpis.imports.names import no_result_in
from kpis.imports.places import BETWEEN, labels_of
from kpis.imports.questions import Answer
from kpis.imports.receiving import Found, read_again
from kpis.imports.saved_mappings import Recalled, keep, recalled, remembered_for
from kpis.imports.standard import standard_mapping
from kpis.imports.titles import month_of_table
from kpis.imports.written_units import Unit
from kpis.models import ImportedFile, ImportMapping, Reporting, Series
from sheets import Arrangement, Table, guess_layout, joined_where_doubtful, timeless

if TYPE_CHECKING:
    from accounts.access import Access
    from accounts.models import Department


@dataclass(frozen=True)
class Reading:
    """A table of a file, among all of its tables, with the way it is read. `saved` is the remembered one it comes from, if any."""

    found: Found
    tables: list[Found]
    mapping: Mapping
    #: In the order of the file, each with the number of its values.
    labels: dict[str, int]
    #: How the file was understood by itself, in sentences; nothing where somebody arranged the table otherwise.
    explanations: tuple[str, ...]
    file_name: str
    #: What the application would propose for the table, without its labels.
    proposal: Mapping
    #: Where the year comes from that nobody said for this file: last time's.
    year_source: str = ""
    #: Last time's year and this file's do not go together: what to ask.
    asks_year: str = ""
    needs_year: bool = False
    #: Why the file itself does not tell the year: none is written, or years that do not go together.
    year_question: str = ""
    needs_month: bool = False
    needs_day_order: bool = False
    needs_era: bool = False
    #: Labels nobody has decided about, in a file whose way of reading was decided otherwise: last month had none.
    new_labels: tuple[str, ...] = ()
    #: Nobody has decided anything yet: all of it is the application's guess.
    is_proposed: bool = False
    saved: ImportMapping | None = None
    #: What of the file stands in no table.
    rest: tuple[LeftOut, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Nothing is left to ask: at least one label has its series, all are decided, all values have their time."""
        asked = self.needs_year or self.needs_month or self.needs_day_order or self.needs_era or self.new_labels
        return any(self.mapping.series.values()) and not asked


@being_read
def reading_of(
    file: ImportedFile, *, access: Access, number: int | None = None, mapping: Mapping | None = None
) -> Reading:
    """How a table of the file is read: as said, else as decided before for this file, else as remembered for the
    shape, else as proposed. `number` chooses the table; by default the largest. Raises DoesNotFit, and Unreadable for a file
    that cannot be read any more."""
    tables, rest = read_again(file)
    chosen = file.understood.get("table") if number is None else number
    found = next((each for each in tables if each.number == chosen), tables[0])
    last_time = None
    if mapping is None and number is None and "mapping" in file.understood:
        mapping = Mapping.from_json(file.understood["mapping"])
        last_time = Recalled(mapping, file.understood.get("year_source", ""))
    if mapping is None:
        saved = remembered_for(found.table, file.department)
        if saved is not None:
            try:
                last_time = recalled(saved, found.table, file, access.on)
                reading = _reading(file, found, tables, last_time.mapping, access, last_time)
                return replace(reading, saved=saved, rest=tuple(rest))
            except DoesNotFit:
                pass
    return replace(_reading(file, found, tables, mapping, access, last_time), rest=tuple(rest))


def _reading(
    file: ImportedFile,
    found: Found,
    tables: list[Found],
    mapping: Mapping | None,
    access: Access,
    last_time: Recalled | None = None,
) -> Reading:
    if mapping is not None and mapping.torn_pairs == "join":
        tables = [replace(each, table=joined_where_doubtful(each.table)) for each in tables]
        found = next(each for each in tables if each.number == found.number)
    table = found.table
    last_time = last_time or Recalled(Mapping())
    year, kind = (mapping.fiscal_year, mapping.year_kind) if mapping else (None, "")
    guessed = guess_layout(table, file_name=file.name, fiscal_year=year, year_kind=kind)
    standard = standard_mapping(table)
    said = mapping or standard or mapping_from(table, guessed)
    proposal = standard or mapping_from(table, guessed)
    explanations = guessed.explanations if said.has_shape_of(proposal) and standard is None else ()
    layout = layout_of(table, said, file.name)
    told = month_of_table(table, file.name) if layout.arrangement is None and not last_time.asks_month else None
    if told is not None and said.month in (None, told.month):
        said = replace(said, month=told.month)
        explanations += (f"{told.source}から、{month_label(told.month)}の値と読みました。",)
    labels = labels_of(table, layout, reason_position(table, said), hidden=said.takes_hidden)
    said = replace(said, series=_carried(list(labels), said.series))
    unknown = [label for label in labels if label not in said.series]
    if unknown:
        series = series_for(access, file.department)
        around = _around(table, said, units_of(table, layout, said, labels), file.name)
        proposed = propose(unknown, series, _names(series, file.department), around)
        said = replace(said, series={**said.series, **proposed})
    if standard is not None and mapping is None:
        said, unknown = replace(said, series=_by_their_codes(said.series)), []
    elif mapping is None:
        units = units_of(table, layout, said, labels)
        said, told_unit = _with_scale(said, units, by_code(series_for(access, file.department)))
        explanations += told_unit
    if word := next(filter(None, map(no_result_in, (*table.preamble, table.sheet, file.name))), ""):
        explanations += (f"表題かシート、ファイルの名前に「{word}」とあります。実績の値の表か、確かめてください。",)
    return Reading(
        found,
        tables,
        said,
        labels,
        explanations,
        file.name,
        proposal,
        year_source=last_time.source,
        asks_year=last_time.asks_year,
        year_question=layout.asks_year,
        needs_year=layout.needs_year or bool(last_time.asks_year),
        needs_month=layout.arrangement is None and said.month is None,
        needs_day_order=layout.needs_day_order,
        needs_era=layout.needs_era,
        new_labels=tuple(unknown) if mapping is not None else (),
        is_proposed=mapping is None and standard is None,
    )


def _around(table: Table, mapping: Mapping, units: MappingOf[str, Unit], file_name: str) -> Around:
    """What the labels of the table may not contradict: headings, titles and units."""
    is_in_labels = mapping.arrangement == Arrangement.DOWN or len(mapping.value_columns) != 1
    heading = "" if is_in_labels else mapping.value_columns[0]
    return Around(heading, (*table.preamble, table.sheet, file_name), units)


def _carried(labels: Sequence[str], known: MappingOf[str, str]) -> dict[str, str]:
    """What is known of the labels; one that differs from last month's by its month alone means the same."""
    new = [label for label in labels if label not in known]
    gone = Counter(timeless(label) for label in known if label not in labels)
    keys = Counter(timeless(label) for label in new)
    by_key = {timeless(label): code for label, code in known.items() if label not in labels}
    alike = {label: key for label in new if gone[key := timeless(label)] == keys[key] == 1}
    return {**known, **{label: by_key[key] for label, key in alike.items()}}


def _by_their_codes(series: MappingOf[str, str]) -> dict[str, str]:
    """Labels of the application's own files are codes: one that names no figure is refused, never passed over."""
    return {label: code or label.replace(BETWEEN, "/") for label, code in series.items()}


def _with_scale(
    mapping: Mapping, units: MappingOf[str, Unit], series: MappingOf[str, Series]
) -> tuple[Mapping, tuple[str, ...]]:
    """The scale that the units written over or beside the numbers (千円) ask for."""
    chosen = {label: series[code] for label, code in mapping.series.items() if code in series}
    scale, shown = scale_of(units, chosen)
    if scale == "one":
        return mapping, ()
    return replace(mapping, scale=scale), (f"単位が「{shown}」と書かれているので、{SCALES[scale][1]}で読みます。",)


def _names(series: Sequence[object], department: Department | None) -> dict[int, str]:
    """The reporting departments' names: a part of a figure is often named after who reports it."""
    if department is not None:
        return {}
    rows = Reporting.objects.filter(valid_to=None, series__kind="department").values_list("series", "department__name")
    return dict(rows)


def remember(name: str, reading: Reading, *, access: Access, department: Department | None) -> ImportMapping:
    """Keeps the way of reading under a name, over an earlier one of the same name and department."""
    table, file_name = reading.found.table, reading.file_name
    return keep(name, table, reading.mapping, file_name=file_name, access=access, department=department)


def decide(file: ImportedFile, reading: Reading, *, year_source: str = "") -> None:
    """Keeps with the file how it is read. `year_source` tells where a year comes from that nobody chose for this file."""
    file.understood |= {
        "table": reading.found.number,
        "mapping": reading.mapping.to_json(),
        "year_source": year_source,
    }
    file.save(update_fields=["understood"])


def read_as(file: ImportedFile, answer: Answer, *, access: Access) -> Reading:
    """The file with one more answer about it, kept with the file, and with the way of reading it is remembered by."""
    before = reading_of(file, access=access)
    mapping = replace(before.mapping, **{answer.field: answer.value})
    found = reading_of(file, access=access, number=before.found.number, mapping=mapping)
    with transaction.atomic():
        decide(file, found, year_source=before.year_source)
        saved = file.mapping
        if saved is not None and saved.department_id == file.department_id:
            remember(saved.name, found, access=access, department=file.department)
    return found


def reason_position(table: Table, mapping: Mapping) -> int | None:
    names = [column.name for column in table.columns]
    return names.index(mapping.reason_column) if mapping.reason_column in names else None
