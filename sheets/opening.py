"""Opens a file by what is in it: its name says nothing that cannot be written on anything."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from sheets.apart import find_tables_apart, read_apart
from sheets.books import Book, FileRefused
from sheets.csv_text import read_csv
from sheets.limits import MAX_BYTES, MAX_XLS_BYTES, MEGABYTE
from sheets.ods import read_ods
from sheets.packages import Package
from sheets.tables_of_files import Tables, tables_in
from sheets.xls import read_xls
from sheets.xlsx import read_xlsx
from sheets.xml_events import BROKEN

_SAVE_AGAIN = "Excelで開き、「.xlsx」か「CSV」で保存し直してください。"
_EMPTY = "ファイルに値が1つもありません。値の入ったファイルを選んでください。"
#: Bytes of a CSV that is read within the tenth of a second that a process of its own takes to begin.
MAX_TEXT_HERE = 64 * 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "画像"),
    (b"\xff\xd8\xff", "画像"),
    (b"GIF8", "画像"),
    (b"\x1f\x8b", "圧縮ファイル（gz）"),
    (b"7z\xbc\xaf\x27\x1c", "圧縮ファイル（7z）"),
    (b"Rar!", "圧縮ファイル（rar）"),
    (b"{\\rtf", "文書（rtf）"),
    (b"MZ", "プログラム"),
)
_PAGES = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<table", b"<meta", b"mime-version:")


def open_book(data: bytes, name: str) -> Book:
    """The sheets of a CSV, XLSX, XLS or ODS file. `name` is only compared with the content.

    Raises FileRefused for everything else, for what is broken, protected or beyond sheets.limits. Formulas are what
    they last came to; macros are left alone and named in the warnings.
    """
    _check_size(data)
    book = read_csv(data) if _is_short_text(data) else read_apart(data)
    if not any(row for sheet in book.sheets for row in sheet.rows):
        raise FileRefused(_EMPTY)
    return replace(book, warnings=(*book.warnings, *_name_checked(book.kind, name)))


def open_tables(data: bytes, name: str, own_headings: Collection[str] = ()) -> Tables:
    """The tables of a file, found where it is read: only a short CSV is looked through in this process. `own_headings`
    are those of the application's own files. Raises as `open_book` does."""
    _check_size(data)
    found = tables_in(read_csv(data), own_headings) if _is_short_text(data) else find_tables_apart(data, own_headings)
    if not found.tables and not any(each.values for each in found.outside):
        raise FileRefused(_EMPTY)
    return replace(found, warnings=(*found.warnings, *_name_checked(found.kind, name)))


def _is_short_text(data: bytes) -> bool:
    """What needs no library and little memory is read here; anything else by a process of its own. One letter outside
    of the basic plane makes each letter of a text four bytes, and a row of a long one hundreds."""
    return _reader(data) is read_csv and len(data) <= MAX_TEXT_HERE


def read_here(data: bytes) -> Book:
    """The sheets of a file, read in this process: only for one that may be ended for it (sheets.child)."""
    _check_size(data)
    try:
        return _reader(data)(data)
    except (FileRefused, MemoryError, RecursionError):
        raise
    except Exception as error:  # whatever a broken part leads to
        raise FileRefused(BROKEN) from error


def _check_size(data: bytes) -> None:
    if not data:
        raise FileRefused("ファイルが空です。中身のあるファイルを選んでください。")
    if len(data) > MAX_BYTES:
        raise FileRefused(f"ファイルが大きすぎます（{MAX_BYTES // MEGABYTE}MBまで）。期間を分けて取り込んでください。")


def _reader(data: bytes) -> Callable[[bytes], Book]:
    if data.startswith(b"PK"):
        return _read_package
    if data.startswith(_OLE):
        return _read_ole
    for start, kind in _OTHERS:
        if data.startswith(start):
            raise FileRefused(f"Excelの表ではなく{kind}です。もとの表を「.xlsx」か「CSV」で保存して選んでください。")
    _refuse_markup(data)
    return read_csv


def _refuse_markup(data: bytes) -> None:
    start = data[:4096].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").lstrip().lower()
    if not start.startswith((b"<", b"mime-version:")):
        return
    if start.startswith(_PAGES) or b"<html" in start or b"<!doctype html" in start:
        raise FileRefused(
            f"Excelではなくウェブページです。リンク切れのページや、画面を保存したものかもしれません。{_SAVE_AGAIN}"
        )
    if start.startswith((b"<?xml", b"<!doctype", b"<svg")):
        raise FileRefused(f"表ではなくXMLのファイルです。{_SAVE_AGAIN}")


def _read_package(data: bytes) -> Book:
    package = Package(data)
    if package.is_ods:
        return read_ods(package)
    if package.is_xlsx:
        return read_xlsx(package)
    raise FileRefused(f"Excelの表ではなく、ほかの種類のファイル（圧縮ファイルや文書など）です。{_SAVE_AGAIN}")


def _read_ole(data: bytes) -> Book:
    if _utf16("EncryptedPackage") in data or _utf16("EncryptionInfo") in data:
        raise FileRefused("パスワードで保護されています。Excelで開いてパスワードを外し、保存し直してください。")
    if _utf16("WordDocument") in data or _utf16("PowerPoint Document") in data:
        raise FileRefused("Excelの表ではなく文書です。もとの表を「.xlsx」か「CSV」で保存して選んでください。")
    if len(data) > MAX_XLS_BYTES:
        raise FileRefused(
            f"古い形式（.xls）のファイルは{MAX_XLS_BYTES // MEGABYTE}MBまでです。「.xlsx」で保存し直してください。"
        )
    return read_xls(data, has_macros=_utf16("_VBA_PROJECT") in data)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def _name_checked(kind: str, name: str) -> tuple[str, ...]:
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    fitting = {"csv": ("csv", "txt", "tsv"), "xlsx": ("xlsx", "xlsm", "xltx"), "xls": ("xls",), "ods": ("ods",)}
    if ending in fitting[kind]:
        return ()
    return (f"名前の終わりは「.{ending}」ですが、中身は{kind.upper()}でした。中身のとおりに読みました。",)
