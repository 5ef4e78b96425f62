"""Small files that unfold to much: what a person who means harm, or a broken program, may hand in as a table.

python -m benchmarks.hostile_files        reads each as an upload is read; prints its size, seconds and memory
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sheets import apart
from sheets.wire import book_of
from tests.sheets.making import MONTHLY, excel_like, ods, package, parts_of, sheet_xml, with_part, xlsx

GOOD = xlsx(MONTHLY)
ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'

TEXT = '<c t="s"><v>0</v></c>'


def _within(part: str, before: bytes, what: bytes) -> bytes:
    """The good workbook with something put before a tag of one of its parts."""
    return with_part(GOOD, part, parts_of(GOOD)[part].replace(before, what + before))


def _styled(codes: int, rows: int) -> bytes:
    """A million cells that take turns at two formats: what a run of equal formats cannot shorten."""
    cells = "".join(f'<c r="{letter}{{0}}" s="{{1}}"><v>1</v></c>' for letter in "ABCDEFGHIJ")
    data = sheet_xml(GOOD, "".join(f'<row r="{n}">{cells.format(n, n % codes)}</row>' for n in range(1, rows + 1)))
    styles = parts_of(data)["xl/styles.xml"]
    more = b"".join(b'<xf numFmtId="%d"/>' % (9 + n % 2) for n in range(codes))
    return with_part(data, "xl/styles.xml", styles.replace(b"</cellXfs>", more + b"</cellXfs>"))


def _attributes(one: str) -> bytes:
    return sheet_xml(GOOD, f"<row {' '.join(one.format(number) for number in range(400_000))}></row>")


def _names(count: int) -> bytes:
    names = b"".join(b'<definedName name="n%d">Sheet1!$A$1</definedName>' % n for n in range(count))
    return _within("xl/workbook.xml", b"</workbook>", b"<definedNames>" + names + b"</definedNames>")


HOSTILE: dict[str, Callable[[], bytes]] = {
    "4,000,000 elements in one another": lambda: sheet_xml(GOOD, "<a>" * 4_000_000 + "</a>" * 4_000_000),
    "4,000,000 elements side by side": lambda: sheet_xml(GOOD, ONE + "<a/>" * 4_000_000),
    "12,000,000 elements side by side": lambda: sheet_xml(GOOD, ONE + "<a/>" * 12_000_000),
    "3,000,000 styles": lambda: _within("xl/styles.xml", b"</cellXfs>", b"<xf/>" * 3_000_000),
    "3,000,000 fonts": lambda: _within("xl/styles.xml", b"</fonts>", b"<font/>" * 3_000_000),
    "500,000 names": lambda: _names(500_000),
    "400,000 attributes in a tag": lambda: _attributes('a{0}="1"'),
    "400,000 namespaces in a tag": lambda: _attributes('xmlns:a{0}="{0}"'),
    "an attribute of 20 MB": lambda: sheet_xml(GOOD, f'<row r="1" a="{"x" * 20_000_000}"/>'),
    "a comment of 40 MB": lambda: sheet_xml(GOOD, ONE + f"<!--{'x' * 40_000_000}-->"),
    "two cells a million rows apart": lambda: sheet_xml(
        GOOD, ONE + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "a cell without a value in each last column": lambda: sheet_xml(
        GOOD, ONE + "".join(f'<row r="{n}"><c r="XFD{n}" s="0"/></row>' for n in range(2, 300_000))
    ),
    "a value in column 1,000 of each row": lambda: sheet_xml(
        GOOD, "".join(f'<row r="{n}"><c r="ALL{n}"><v>1</v></c></row>' for n in range(1, 90_000))
    ),
    "2,000,000 empty rows": lambda: sheet_xml(GOOD, ONE + "<row/>" * 2_000_000),
    "1,500,000 merged ranges": lambda: with_part(
        GOOD,
        "xl/worksheets/sheet1.xml",
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + ONE.encode()
        + b"</sheetData><mergeCells>"
        + b'<mergeCell ref="A1:B2"/>' * 1_500_000
        + b"</mergeCells></worksheet>",
    ),
    "2,900,000 shared texts": lambda: excel_like("<si><t/></si>" * 2_900_000, ONE),
    "shared texts of 45 MB": lambda: excel_like(f"<si><t>{'亜' * 30_000}</t></si>" * 500, ONE),
    "one shared text of 45 MB": lambda: excel_like(
        f"<si><t>{'x' * 45_000_000}</t></si>", '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    ),
    "a text of 32,000 letters in 900,000 cells": lambda: excel_like(
        f"<si><t>{'亜' * 32_000}</t></si>",
        "".join(f'<row r="{n}">{TEXT * 10}</row>' for n in range(1, 90_000)),
    ),
    "a picture of 60 MB": lambda: with_part(GOOD, "xl/media/image1.png", bytes(60_000_000)),
    "a million cells in two formats": lambda: _styled(2, 100_000),
    "a million cells of one ODS row": lambda: ods(
        '<table:table table:name="表"><table:table-row table:number-rows-repeated="1000">'
        '<table:table-cell table:number-columns-repeated="1000" office:value-type="float" office:value="1"/>'
        "</table:table-row></table:table>"
    ),
    "4,000,000 ODS elements in one another": lambda: ods("<text:p>" * 1_900_000 + "</text:p>" * 1_900_000),
    "1,000,000 ODS styles": lambda: package(
        parts_of(ods("")) | {"content.xml": _ods_styles(400_000)}
    ),
}  # fmt: skip


def _ods_styles(count: int) -> bytes:
    content = parts_of(ods("", styles="<!---->"))["content.xml"]
    one = b'<style:style style:name="s%d" style:family="table-cell" style:data-style-name="N1"/>'
    return content.replace(b"<!---->", b"".join(one % number for number in range(count)))


_STARTER = """
import resource, subprocess, sys
with open(sys.argv[1], "rb") as file, open(sys.argv[2], "wb") as answer:
    child = subprocess.Popen(sys.argv[3:], stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    while piece := child.stdout.read(65536):
        answer.write(piece)
    code = child.wait()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


@dataclass(frozen=True)
class Cost:
    """What a file cost the process that read it, and how it ended."""

    seconds: float
    processor: float
    memory: int
    ended: str


def cost_of(data: bytes) -> Cost:
    """Reads a file in a process of its own, as sheets.apart does, and asks the system what that took."""
    with tempfile.TemporaryDirectory() as folder:
        file, answer = Path(folder, "file"), Path(folder, "answer")
        file.write_bytes(data)
        started = time.perf_counter()
        # A process begins with the memory of the one that starts it: a small one has to.
        told = subprocess.run(
            [sys.executable, "-c", _STARTER, str(file), str(answer), *apart.COMMAND],
            capture_output=True,
            text=True,
            check=True,
        )
        seconds = time.perf_counter() - started
        code, processor, memory = told.stdout.split()
        try:
            book = book_of(iter(answer.read_bytes().splitlines(keepends=True)))
            ended = f"{sum(len(row) for sheet in book.sheets for row in sheet.rows):,} cells"
        except Exception as error:
            ended = f"{error}" if code == "0" else f"ended with {code}"
    return Cost(seconds, float(processor), int(memory) * 1024, ended)


def main() -> None:
    worst = (0.0, 0)
    for name, make in HOSTILE.items():
        data = make()
        cost = cost_of(data)
        worst = max(worst[0], cost.processor), max(worst[1], cost.memory)
        print(
            f"{name:45} {len(data) / 1000:8,.0f} KB {cost.processor:6.2f} s {cost.memory / 1e6:5.0f} MB  {cost.ended[:60]}",
            flush=True,
        )
    print(f"at most {worst[0]:.1f} s of the processor and {worst[1] / 1e6:.0f} MB for one file, beside the web process")


if __name__ == "__main__":
    main()
