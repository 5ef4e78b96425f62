"""回答に添付するファイル: taken by what it holds (japan.file_kinds), stored under a name of our own."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from japan.file_kinds import ALLOWED, KINDS, FileRefused, kind_of

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MAX_MB = 20
ACCEPTED = ALLOWED
#: The ending of a name → what a browser is told the file is.
TYPES = {suffix: kind.content_type for kind in KINDS for suffix in kind.suffixes}
NAME_LENGTH = 180


@dataclass(frozen=True)
class Attachment:
    """A file that was looked into: the name people see, its content and the checksum (hexadecimal)."""

    name: str
    content: ContentFile[bytes]
    sha256: str

    @property
    def stored_name(self) -> str:
        """Nothing that was sent becomes part of a path."""
        return f"{uuid4().hex}{ending_of(self.name)}"


def ending_of(name: str) -> str:
    return PurePath(name).suffix.lower()


def read_attachment(upload: UploadedFile) -> Attachment:
    """Raises ValidationError in a sentence for what is too large or not of a kind that is taken."""
    if (upload.size or 0) > MAX_MB * 1024 * 1024:
        raise ValidationError(
            f"ファイルが大きすぎます（{MAX_MB}MBまで）。必要なページだけにしてください。", code="size"
        )
    content, name = upload.read(), _clean_name(upload.name or "")
    try:
        kind_of(content, name)
    except FileRefused as refused:
        raise ValidationError(str(refused), code="kind") from refused
    return Attachment(name, ContentFile(content), hashlib.sha256(content).hexdigest())


def _clean_name(name: str) -> str:
    """The name without folders and control characters, short enough for its column."""
    plain = "".join(ch for ch in PurePath(name.replace("\\", "/")).name if unicodedata.category(ch)[0] != "C")
    path = PurePath(plain or "添付")
    return f"{path.stem[: NAME_LENGTH - len(path.suffix)]}{path.suffix}"
