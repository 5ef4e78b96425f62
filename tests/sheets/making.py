"""Makes the small files of these tests, each with one trap; also the files that benchmarks/fuzz_uploads.py spoils."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
import xlwt

NAMESPACES = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    + ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'
)
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"

MONTHLY: list[list[Any]] = [
    ["窓口の利用状況（令和6年度）"],
    [],
    ["所属", "4月", "5月", "6月"],
    ["市民課", 1234, 1300, 1250],
    ["税務課", 23.5, "▲ 2", "－"],
    ["合計", 1257.5, 1298, 1250],
    ["※ 4月は速報値"],
]


def xlsx(*sheets: Iterable[Sequence[Any]], names: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for position, rows in enumerate(sheets):
        sheet = book.create_sheet(names[position] if position < len(names) else f"Sheet{position + 1}")
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def dressed(
    *rows: Sequence[Any],
    formats: dict[str, str] | None = None,
    hidden_rows: Iterable[int] = (),
    merged: Iterable[str] = (),
    others: dict[str, Sequence[Sequence[Any]]] | None = None,
    hidden_sheets: Iterable[str] = (),
    first: str = "一覧",
) -> bytes:
    """A workbook with what its cells, rows and sheets say besides their values; `others` are sheets before and behind
    `first`: those that begin with 前 stand before it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = first
    for row in rows:
        sheet.append(list(row))
    for place, code in (formats or {}).items():
        sheet[place].number_format = code
    for number in hidden_rows:
        sheet.row_dimensions[number].hidden = True
    for name, own in (others or {}).items():
        other = book.create_sheet(name, 0 if name.startswith("前") else None)
        for row in own:
            other.append(list(row))
    for name in hidden_sheets:
        book[name].sheet_state = "hidden"
    for place in merged:
        sheet.merge_cells(place)
    book.active = book.index(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(*sheets: Iterable[Sequence[Any]]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str="YYYY/M/D")
    for position, rows in enumerate(sheets):
        sheet = book.add_sheet(f"Sheet{position + 1}")
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write(number, column, value, day)
                elif value is not None:
                    sheet.write(number, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ods(body: str, styles: str = "", **parts: bytes) -> bytes:
    """A book out of the XML inside office:spreadsheet, and that of its automatic styles."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    return package({"mimetype": ODS_TYPE.encode(), "content.xml": content.encode(), **parts})


def ods_rows(rows: Iterable[Sequence[Any]], name: str = "表1") -> str:
    return f'<table:table table:name="{name}">{"".join(map(_ods_row, rows))}</table:table>'


def _ods_row(row: Sequence[Any]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value!r}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'


def csv_text(rows: Iterable[Sequence[Any]]) -> str:
    return "".join(",".join("" if cell is None else str(cell) for cell in row) + "\r\n" for row in rows)


def package(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The same package with one part put in or replaced."""
    return package(parts_of(data) | {name: content})


def sheet_xml(data: bytes, inside: str) -> bytes:
    """A workbook whose first sheet's data is the XML given."""
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return with_part(data, "xl/worksheets/sheet1.xml", f"{head}{inside}</sheetData></worksheet>".encode())


def excel_like(strings: str, rows: str) -> bytes:
    """A workbook with its texts in a table of their own, as Excel writes them (openpyxl writes them into the cells)."""
    data = sheet_xml(xlsx([["a"]]), rows)
    parts = parts_of(data)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
    )
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        f'<Relationship Id="rId99" Type="{relation}" Target="/xl/sharedStrings.xml"/></Relationships>'.encode(),
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{strings}</sst>'.encode()
    return package(parts)
