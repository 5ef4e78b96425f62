"""Tells what a handed-over file really is, by its content: a name says nothing that cannot be written on anything."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

OPEN_XML = "application/vnd.openxmlformats-officedocument."
MAX_MEMBERS = 5000
#: What web pages and drawings that can run scripts begin with.
MARKUP = (b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<svg", b"<?xml", b"<?php", b"#!", b"mime-version:")


class FileRefused(ValueError):
    """A file of a kind that is not taken; the message is Japanese and says what to do."""


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is taken."""

    label: str
    suffixes: tuple[str, ...]
    content_type: str


PDF = FileKind("PDF", (".pdf",), "application/pdf")
PNG = FileKind("PNG", (".png",), "image/png")
JPEG = FileKind("JPEG", (".jpg", ".jpeg"), "image/jpeg")
XLSX = FileKind("Excel（.xlsx）", (".xlsx",), f"{OPEN_XML}spreadsheetml.sheet")
DOCX = FileKind("Word（.docx）", (".docx",), f"{OPEN_XML}wordprocessingml.document")
CSV = FileKind("CSV", (".csv",), "text/csv")
TXT = FileKind("テキスト（.txt）", (".txt",), "text/plain")
KINDS = (PDF, PNG, JPEG, XLSX, DOCX, CSV, TXT)
ALLOWED = "、".join(kind.label for kind in KINDS)


def kind_of(content: bytes, name: str) -> FileKind:
    """The kind of a file whose content and name agree.

    Raises FileRefused for an empty file, a kind that is not taken (macros and passwords too), and a name that says
    something else than the content.
    """
    if not content:
        raise FileRefused("ファイルが空です。中身のあるファイルを選んでください。")
    suffix = f".{name.rsplit('.', 1)[1].lower()}" if "." in name else ""
    kind = _binary_kind(content) or _text_kind(content, suffix)
    if suffix not in kind.suffixes:
        raise FileRefused(
            f"ファイルの中身は{kind.label}ですが、名前の終わりが「{suffix or 'なし'}」です。名前を直してから添付してください。"
        )
    return kind


def _binary_kind(content: bytes) -> FileKind | None:
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"PK"):
        return _package_kind(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(
            "パスワード付きか古い形式（.xls、.doc）のファイルは添付できません。"
            "パスワードを外すか、.xlsx・.docxかPDFで保存し直してください。"
        )
    return None


def _package_kind(content: bytes) -> FileKind:
    """An office document by its parts; only the list of them is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise FileRefused("ファイルが壊れていて開けません。保存し直してから添付してください。") from error
    if len(parts) > MAX_MEMBERS:
        raise FileRefused("ファイルの中身が多すぎます。PDFで保存し直してください。")
    if any(part.lower().endswith("vbaproject.bin") for part in parts):
        raise FileRefused("マクロの入ったファイルは添付できません。マクロなしの形式かPDFで保存し直してください。")
    if "[Content_Types].xml" in parts and "xl/workbook.xml" in parts:
        return XLSX
    if "[Content_Types].xml" in parts and "word/document.xml" in parts:
        return DOCX
    raise _other()


def _text_kind(content: bytes, suffix: str) -> FileKind:
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(MARKUP) or not _is_text(content):
        raise _other()
    return CSV if suffix in CSV.suffixes else TXT


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(letter >= " " or letter in "\t\r\n\f" for letter in text)
    return False


def _other() -> FileRefused:
    return FileRefused(f"この種類のファイルは添付できません。添付できるのは{ALLOWED}です。")
