"""What a file is, told by its content; a name that says something else is refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from japan.file_kinds import CSV, DOCX, JPEG, KINDS, PDF, PNG, TXT, XLSX, FileRefused, kind_of


def package(*parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part in parts:
            archive.writestr(part, "x")
    return buffer.getvalue()


BOOK = package("[Content_Types].xml", "xl/workbook.xml")
LETTER = package("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"%PDF-1.7 ...", "a.pdf", PDF),
        (b"\x89PNG\r\n\x1a\n...", "a.PNG", PNG),
        (b"\xff\xd8\xff\xe0...", "a.jpeg", JPEG),
        (BOOK, "集計.xlsx", XLSX),
        (LETTER, "a.docx", DOCX),
        ("月,件数\n4月,5".encode("cp932"), "a.csv", CSV),
        ("﻿月,件数".encode(), "a.csv", CSV),
        ("覚え書き".encode(), "a.b.txt", TXT),
    ],
)
def test_a_file_is_known_by_its_content_and_its_name_agrees(content, name, kind):
    assert kind_of(content, name) == kind


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.pdf", "空です"),
        (b"<!DOCTYPE html><script>", "a.xlsx", "この種類"),
        (b"  <HTML>", "a.txt", "この種類"),
        (b'<svg xmlns="x">', "a.png", "この種類"),
        (b"MZ\x90\x00\x03", "a.pdf", "この種類"),
        (b"\x7fELF\x00", "a.txt", "この種類"),
        (b"%PDF-1.7", "a.txt", "中身はPDF"),
        (b"%PDF-1.7", "a", "なし"),
        (b"text", "a.pdf", "中身はテキスト"),
        (package("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "a.xlsx", "マクロ"),
        (package("a.txt"), "a.xlsx", "この種類"),
        (BOOK[:20], "a.xlsx", "壊れて"),
        (b"\xd0\xcf\x11\xe0\xa1", "a.xlsx", "パスワード"),
        (b"abc\x00def", "a.csv", "この種類"),
    ],
    ids=lambda each: "content" if isinstance(each, bytes) else None,  # an archive holds the time it was made at
)
def test_anything_else_is_refused_in_a_sentence(content, name, words):
    with pytest.raises(FileRefused, match=words):
        kind_of(content, name)


@given(st.binary(max_size=200), st.sampled_from([suffix for kind in KINDS for suffix in kind.suffixes]))
def test_whatever_arrives_is_a_kind_or_refused(content, suffix):
    try:
        kind = kind_of(content, f"a{suffix}")
    except FileRefused:
        return
    assert suffix in kind.suffixes
