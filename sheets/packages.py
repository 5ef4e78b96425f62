"""The zip around XLSX and ODS, measured before a library is let near it.

A few kilobytes can claim gigabytes: declared sizes and what really unpacks are both limited, and parts that would grow
in memory (entities) are refused here. What their XML holds is limited where it is read (sheets.xml_events).
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from sheets.books import FileRefused
from sheets.limits import MAX_MEMBERS, MAX_UNPACKED, MEGABYTE
from sheets.xml_events import BROKEN

_TOO_LARGE = (
    f"ファイルの中身が大きすぎます（展開して{MAX_UNPACKED // MEGABYTE}MBまで）。"
    "要らないシートや画像、書式を除いて保存し直してください。"
)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_CHUNK = MEGABYTE
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CATCH = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError, RuntimeError, KeyError)


class Package:
    """A zip whose parts are within limits. Raises FileRefused where they are not, or where it is broken."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except _CATCH as error:
            raise FileRefused(BROKEN) from error
        members = self._archive.infolist()
        self.names = {member.filename for member in members}
        self._check_members(members)
        unpacked = 0
        for member in members:
            unpacked = self._check_content(member, unpacked)

    @property
    def is_xlsx(self) -> bool:
        return "[Content_Types].xml" in self.names and any(name.lower().startswith("xl/") for name in self.names)

    @property
    def is_ods(self) -> bool:
        return "content.xml" in self.names and self.read("mimetype", 200).strip() == _ODS

    @property
    def has_macros(self) -> bool:
        return any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in self.names)

    def read(self, name: str, limit: int) -> bytes:
        """The first `limit` bytes of a part; b"" where there is none."""
        return next(self.chunks(name, limit), b"") if name in self.names else b""

    def chunks(self, name: str, size: int = _CHUNK) -> Iterator[bytes]:
        try:
            with self._archive.open(name) as part:
                while chunk := part.read(size):
                    yield chunk
        except _CATCH as error:
            raise FileRefused(BROKEN) from error

    def _check_members(self, members: list[zipfile.ZipInfo]) -> None:
        if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
            raise FileRefused(_TOO_LARGE)
        if any(member.flag_bits & 0x1 for member in members):
            raise FileRefused("パスワードで保護された圧縮ファイルです。パスワードを外して保存し直してください。")
        kinds = {member.compress_type for member in members}
        if len(self.names) != len(members) or not kinds <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise FileRefused(BROKEN)

    def _check_content(self, member: zipfile.ZipInfo, unpacked: int) -> int:
        """Unpacks a part once without keeping it, whatever size it declares."""
        is_xml = member.filename.lower().endswith((".xml", ".rels"))
        before = b""
        for chunk in self.chunks(member.filename):
            unpacked += len(chunk)
            if unpacked > MAX_UNPACKED:
                raise FileRefused(_TOO_LARGE)
            if is_xml:
                self._check_xml(before[-10:], chunk)
            before = chunk
        return unpacked

    def _check_xml(self, before: bytes, chunk: bytes) -> None:
        # An entity needs a DTD, which no office program writes; nor does one write UTF-16.
        if _DTD.search(before + chunk) or chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in chunk:
            raise FileRefused(
                "Excelが保存したものではない記述（XMLの定義）が入っています。Excelで開いて保存し直してください。"
            )
