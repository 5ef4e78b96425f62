"""Files that are broken, protected or made to do harm are refused in a sentence, soon and in little memory."""

import io
import resource
import time
import zipfile
from collections.abc import Callable

import pytest

from benchmarks.hostile_files import HOSTILE
from sheets import FileRefused, Sheet, cells, find_tables, open_book
from sheets.limits import MAX_BYTES, MAX_CELLS, MAX_ROWS
from tests.sheets.making import (
    MONTHLY,
    csv_text,
    excel_like,
    ods,
    ods_rows,
    package,
    parts_of,
    sheet_xml,
    with_part,
    xls,
    xlsx,
)

GOOD = xlsx(MONTHLY)
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><a>&j;</a>"
)


def _ole(*names: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"".join(name.encode("utf-16-le") for name in names) + bytes(2000)


def _lying_about_its_size(data: bytes) -> bytes:
    """A zip whose directory declares 10 bytes for a part that unpacks to 60 megabytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts_of(data).items():
            archive.writestr(name, content)
        archive.writestr("xl/media/image1.png", bytes(60_000_000))
    return out.getvalue().replace((60_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "空です"),
    "100 MB of CSV": (lambda: bytes(MAX_BYTES + 1), "大きすぎます"),
    "a web page named xlsx": (
        lambda: '<?xml version="1.0" encoding="Shift_JIS"?>\r\n<!DOCTYPE html PUBLIC>\r\n<html>'.encode("cp932"),
        "ウェブページ",
    ),
    "a web page in UTF-16": (lambda: "<html><table>".encode("utf-16"), "ウェブページ"),
    "a mail archive of a page": (lambda: b"MIME-Version: 1.0\r\n<html>", "ウェブページ"),
    "a PDF": (lambda: b"%PDF-1.7\n", "PDF"),
    "XML of another sort": (lambda: b"<?xml version='1.0'?><data/>", "XML"),
    "a truncated zip": (lambda: GOOD[:-200], "壊れて"),
    "a zip with a spoiled part": (lambda: GOOD[:100] + bytes(300) + GOOD[400:], "壊れて"),
    "a document": (lambda: package({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}), "ほかの種類"),
    "a zip of pictures": (lambda: package({"a.png": b"\x89PNG"}), "ほかの種類"),
    "a workbook with a password": (lambda: _ole("EncryptionInfo", "EncryptedPackage"), "パスワード"),
    "an old document": (lambda: _ole("WordDocument"), "文書"),
    "an old workbook cut short": (lambda: xls(MONTHLY)[:3000], "壊れて"),
    "a container of nothing": (lambda: _ole(), "壊れて"),
    "an ODS with a password": (
        lambda: package(
            parts_of(ods(ods_rows(MONTHLY)))
            | {"META-INF/manifest.xml": b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"}
        ),
        "パスワード",
    ),
    "a zip bomb that says so": (lambda: with_part(GOOD, "xl/media/image1.png", bytes(60_000_000)), "大きすぎます"),
    "a zip bomb that does not": (lambda: _lying_about_its_size(GOOD), "壊れて"),
    "thousands of parts": (lambda: package({f"xl/{n}.xml": b"" for n in range(2000)}), "大きすぎます"),
    "an entity bomb in a sheet": (lambda: with_part(GOOD, "xl/worksheets/sheet1.xml", ENTITIES.encode()), "XMLの定義"),
    "an entity bomb in shared strings": (
        lambda: with_part(GOOD, "xl/sharedStrings.xml", ENTITIES.encode()),
        "XMLの定義",
    ),
    "an entity bomb in UTF-16": (
        lambda: with_part(GOOD, "xl/sharedStrings.xml", ENTITIES.encode("utf-16")),
        "XMLの定義",
    ),
    "an entity bomb in an ODS": (
        lambda: package(parts_of(ods("")) | {"content.xml": ENTITIES.encode()}),
        "XMLの定義",
    ),
    "two cells a million rows apart": (
        lambda: sheet_xml(
            GOOD, '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        "列が多すぎます",
    ),
    "a last cell in the last row": (
        lambda: sheet_xml(
            GOOD, '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
        ),
        "行が多すぎます",
    ),
    "a row beyond what Excel has": (
        lambda: sheet_xml(GOOD, '<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'),
        "多すぎます",
    ),
    "a row without end": (
        lambda: sheet_xml(GOOD, "<row>" + "<c><v>1</v></c>" * 900_000 + "</row>"),
        "1行目の列が多すぎます",
    ),
    "an ODS value repeated a million times": (
        lambda: ods(
            '<table:table table:name="表"><table:table-row table:number-rows-repeated="1048576">'
            '<table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>'
        ),
        "行が多すぎます",
    ),
    "ten thousand columns": (lambda: (",".join(str(n) for n in range(10_000)) + "\n").encode(), "列が多すぎます"),
    "a row of nothing but commas": (lambda: b"," * 5_000_000, "列が多すぎます"),
    "a row of commas over many lines": (lambda: (b'"\n"' + b"," * 50_000) * 100, "列が多すぎます"),
    "two million empty lines": (lambda: b"\n" * 2_000_000, "行が多すぎます"),
    "two million ends of lines of an old Mac": (lambda: b"\r" * 2_000_000, "行が多すぎます"),
    "a hundred thousand and one rows": (lambda: b"1\n" * (MAX_ROWS + 1), "行が多すぎます"),
    "a cell of a megabyte": (lambda: b"a," + b"x" * 1_000_000 + b"\n", "1行目"),
    "a cell of forty thousand letters": (lambda: b"a," + b"x" * 40_000 + b"\n", "1行目B列"),
    "a quote that never closes": (lambda: '課,件数\n市民課,"1,234\n税務課,5\n'.encode(), "引用符"),
    "NUL bytes": (lambda: b"a,b\n\x00\x00,1\n", "文字のファイルではない"),
    "bytes of no encoding": (lambda: b"\x81\xff\xfe\xfd,\xa0\n", "文字コード"),
    "UTF-8 cut within a letter": (lambda: b"\xef\xbb\xbf" + "課".encode()[:2], "文字コード"),
    "half a pair in UTF-16": (lambda: b"\xff\xfe\x00\xd8a\x00", "文字コード"),
    "half a pair in a workbook": (
        lambda: excel_like("<si><t>&#xD800;</t></si>", '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'),
        "壊れて",
    ),
    "a text that is not there": (lambda: excel_like("", '<row r="1"><c r="A1" t="s"><v>9</v></c></row>'), "壊れて"),
    "millions of texts": (
        lambda: excel_like("<si><t/></si>" * 2_100_000, '<row r="1"><c r="A1"><v>1</v></c></row>'),
        "セルが多すぎます",
    ),
    "a program": (lambda: b"MZ\x90\x00" + bytes(100), "プログラム"),
}


@pytest.mark.parametrize("trap", REFUSED)
def test_a_hostile_or_broken_file_is_refused_in_a_sentence_that_says_why(trap: str) -> None:
    make, sentence = REFUSED[trap]
    data = make()
    started = time.process_time()
    with pytest.raises(FileRefused, match=sentence) as refused:
        open_book(data, "回答.xlsx")
    assert str(refused.value).endswith("。")
    assert time.process_time() - started < 5


def test_what_claims_much_is_read_in_little_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for trap in ("two cells a million rows apart", "an entity bomb in a sheet", "a last cell in the last row"):
        with pytest.raises(FileRefused):
            open_book(REFUSED[trap][0](), "a.xlsx")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kilobytes


#: What unfolds, but says little, or no more than a large table may.
READ = {
    "4,000,000 elements side by side",
    "3,000,000 fonts",
    "500,000 names",
    "a cell without a value in each last column",
    "shared texts of 45 MB",
    "a million cells in two formats",
    "a million cells of one ODS row",
}


@pytest.mark.parametrize("kind", sorted(HOSTILE.keys() - READ))
def test_a_small_file_that_unfolds_to_much_is_refused_in_a_sentence(kind: str) -> None:
    with pytest.raises(FileRefused, match=r"。$"):
        open_book(HOSTILE[kind](), "a.xlsx")


@pytest.mark.parametrize("kind", sorted(READ))
def test_what_unfolds_but_says_no_more_than_a_large_table_may_is_read(kind: str) -> None:
    book = open_book(HOSTILE[kind](), "a.xlsx")
    assert 0 < sum(len(row) for sheet in book.sheets for row in sheet.rows) <= MAX_CELLS


def test_rows_that_are_only_formatted_to_the_end_of_the_sheet_do_no_harm() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576" ht="20"><c r="A1048576" s="0"/></row>'
    assert len(open_book(sheet_xml(GOOD, rows), "a.xlsx").sheets[0].rows) == 1


def test_empty_lines_of_a_csv_to_the_end_of_the_sheet_do_no_harm() -> None:
    assert open_book(b"a,b\n1,2\n" + b",\n" * 1_000_000, "a.csv").sheets[0].rows == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize("digits", ["9" * 32_000, "\U00010a40", "1" * 4_301])
def test_digits_that_are_no_number_of_python_are_text(digits: str) -> None:
    [table] = find_tables(Sheet("", [["課", "件数", "備考"], [digits, digits, "2025"], ["市民課", "3", "4"]]))
    assert len(table.rows) == 2


def test_control_characters_of_old_databases_are_spaces() -> None:
    assert open_book(csv_text([["課", "市民\x0b課"]]).encode(), "a.csv").sheets[0].rows == [["課", "市民 課"]]


def test_a_book_of_too_many_letters_is_told_so_and_not_that_a_cell_is_too_long(monkeypatch) -> None:
    monkeypatch.setattr(cells, "MAX_TEXT", 100)
    with pytest.raises(FileRefused, match=r"ファイル全体の文字.*3行目B列"):
        open_book(("a," + "x" * 40 + "\n").encode() * 3, "a.csv")
