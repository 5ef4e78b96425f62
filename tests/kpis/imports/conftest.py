"""Files handed in, and short words for what became of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import replace

import openpyxl
import pytest

from kpis.imports import Mapping, look_through, reading_of, receive
from kpis.models import ImportedFile
from tests.kpis.world import access

Import = Callable[..., ImportedFile]


def csv(*rows: str) -> bytes:
    return "\r\n".join(rows).encode("cp932")


@pytest.fixture
def imported(editor, department, world, june) -> Import:
    """Hands a file in as the editor of 情報政策課 and looks it through; further words change the way it is read."""

    def take(
        data: bytes, name: str = "件数_R7.csv", *, user=editor, of=department, records=False, **mapping
    ) -> ImportedFile:
        who = access(user)
        file = receive(data, name, access=who, department=of, records=records)
        reading = reading_of(file, access=who)
        if mapping:
            series = {**reading.mapping.series, **mapping.pop("series", {})}
            said: Mapping = replace(reading.mapping, series=series, **mapping)
            reading = reading_of(file, access=who, mapping=said)
        look_through(file, reading, access=who)
        return file

    return take


def outcomes(file: ImportedFile) -> list[tuple[str, str, str]]:
    """Of each line what it says, what came of it, and why not."""
    return [(line.shown, line.outcome, line.message) for line in file.lines.order_by("row", "column")]


def xlsx(*rows: Sequence[object], **formats: str) -> bytes:
    """A workbook of one sheet; `formats` are number formats by cell (B2)."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for cell, code in formats.items():
        sheet[cell].number_format = code
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sealed(file: ImportedFile, **said: str) -> dict[str, str]:
    """What the page of the file's preview sends along with what somebody says there."""
    return {"seal": ImportedFile.objects.get(pk=file.pk).understood["seal"], **said}
