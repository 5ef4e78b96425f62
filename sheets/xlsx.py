"""Reads XLSX: the few parts that hold values go by as events; what a file says of its own size is not believed."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field

from sheets.books import UNCOMPUTED, Book, FileRefused, Sheet
from sheets.cells import Gathering
from sheets.limits import MAX_CELLS, MAX_SHEETS, MAX_STYLES
from sheets.number_formats import code_of
from sheets.packages import Package
from sheets.xlsx_sheets import SheetReader, Styles, decoded, tags, whole_or_zero
from sheets.xml_events import BROKEN, Budget, End, Start, read_xml

MACROS = "マクロは読み込まず、実行もしません。"
TOO_MANY_SHEETS = f"シートが多すぎます（{MAX_SHEETS}枚まで）。要らないシートを削除してください。"
_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_IDS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)


@dataclass
class _Workbook:
    """What the workbook says of its sheets: name, where it is, and whether it is hidden."""

    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    starts_in_1904: bool = False


def read_xlsx(package: Package) -> Book:
    """Raises FileRefused. Dates are days, formulas what they last came to, errors their text (#N/A)."""
    return _Reader(package).book()


class _Reader:
    def __init__(self, package: Package) -> None:
        self.package, self.budget = package, Budget()
        self.has_uncounted_formulas = False

    def book(self) -> Book:
        path = next(
            (target for kind, target in self._relations("").values() if kind == "officeDocument"), "xl/workbook.xml"
        )
        relations = self._relations(path)
        parts = dict(relations.values())
        workbook = self._workbook(path)
        styles = Styles(self._formats(parts.get("styles", "")), starts_in_1904=workbook.starts_in_1904)
        texts = self._texts(parts.get("sharedStrings", ""))
        gathering = Gathering()
        found = []
        for name, relation, is_hidden in workbook.sheets:
            kind, target = relations.get(relation, ("", ""))
            if kind == "worksheet":
                found.append(self._sheet(name, target, is_hidden, SheetReader(name, texts, styles, gathering)))
        if not found:
            raise FileRefused(BROKEN)
        return Book("xlsx", "", tuple(found), self._warnings(found))

    def _sheet(self, name: str, target: str, is_hidden: bool, reader: SheetReader) -> Sheet:
        if target not in self.package.names:
            raise FileRefused(BROKEN)
        read_xml(self.package.chunks(target), reader.starts, reader.ends, self.budget, reader.data)
        self.has_uncounted_formulas = self.has_uncounted_formulas or reader.has_uncounted_formulas
        return reader.sheet(is_hidden=is_hidden)

    def _read(
        self,
        name: str,
        starts: dict[str, Start],
        ends: dict[str, End] | None = None,
        data: Callable[[str], None] | None = None,
    ) -> None:
        if name in self.package.names:
            read_xml(self.package.chunks(name), starts, ends or {}, self.budget, data)

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """The parts a part names: its id → the last word of its kind, and where it is in the package."""
        folder, name = posixpath.split(path)
        found: dict[str, tuple[str, str]] = {}

        def start(attributes: dict[str, str]) -> None:
            target = attributes.get("Target", "")
            place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if attributes.get("TargetMode") != "External" and len(found) < MAX_STYLES:
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rsplit("/", 1)[-1], place)

        self._read(posixpath.join(folder, "_rels", f"{name}.rels"), {_RELATION: start})
        return found

    def _workbook(self, path: str) -> _Workbook:
        workbook = _Workbook()

        def settings(attributes: dict[str, str]) -> None:
            workbook.starts_in_1904 = attributes.get("date1904") in ("1", "true")

        def sheet(attributes: dict[str, str]) -> None:
            if len(workbook.sheets) >= MAX_SHEETS:
                raise FileRefused(TOO_MANY_SHEETS)
            relation = next((attributes[name] for name in _IDS if name in attributes), "")
            is_hidden = attributes.get("state", "visible") != "visible"
            workbook.sheets.append((attributes.get("name", "")[:200], relation, is_hidden))

        self._read(path, tags(workbookPr=settings, sheet=sheet))
        return workbook

    def _formats(self, path: str) -> list[str]:
        """The code of the number format of each style of cells, "" for General."""
        own: dict[int, str] = {}
        found: list[int] = []
        within = False

        def number_format(attributes: dict[str, str]) -> None:
            own[whole_or_zero(attributes.get("numFmtId"))] = attributes.get("formatCode", "")

        def opened(attributes: dict[str, str]) -> None:
            nonlocal within
            within = True

        def closed() -> None:
            nonlocal within
            within = False

        def style(attributes: dict[str, str]) -> None:
            if within:
                found.append(whole_or_zero(attributes.get("numFmtId")))
            if len(found) > MAX_STYLES or len(own) > MAX_STYLES:
                raise FileRefused(
                    f"セルの書式が多すぎます（{MAX_STYLES:,}種類まで）。値だけを新しいブックに貼り付けて保存し直してください。"
                )

        self._read(path, tags(numFmt=number_format, cellXfs=opened, xf=style), tags(cellXfs=closed))
        return [code_of(number, own) for number in found]

    def _texts(self, path: str) -> list[str]:
        """The texts that cells name by number; the readings beside kanji are left out."""
        found: list[str] = []
        pieces: list[str] = []
        taken = aside = False

        def text(attributes: dict[str, str]) -> None:
            nonlocal taken
            taken = not aside

        def text_ends() -> None:
            nonlocal taken
            taken = False

        def reading(attributes: dict[str, str]) -> None:
            nonlocal aside
            aside = True

        def reading_ends() -> None:
            nonlocal aside
            aside = False

        def item_ends() -> None:
            if len(found) >= 2 * MAX_CELLS:
                raise FileRefused(f"セルが多すぎます（{MAX_CELLS:,}個まで）。ファイルを分けてください。")
            found.append(decoded("".join(pieces)))
            pieces.clear()

        def data(letters: str) -> None:
            if taken:
                pieces.append(letters)

        self._read(path, tags(t=text, rPh=reading), tags(t=text_ends, rPh=reading_ends, si=item_ends), data)
        return found

    def _warnings(self, sheets: list[Sheet]) -> tuple[str, ...]:
        found = []
        if self.package.has_macros:
            found.append(f"マクロが入っています。{MACROS}")
        if self.has_uncounted_formulas:
            found.append(
                f"計算結果が保存されていない数式があり、「{UNCOMPUTED}」と読みました。"
                "Excelで開いて上書き保存すると値が入ります。"
            )
        if hidden := [sheet.name for sheet in sheets if sheet.is_hidden]:
            found.append(f"表示されていないシートがあります：{'、'.join(hidden)}")
        return tuple(found)
