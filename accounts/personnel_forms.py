"""The forms of the personnel list: the file, and the confirmation of what was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError

from accounts.personnel import Line, Preview, preview_of, read_lines
from sheets import FileRefused, open_book
from sheets.limits import MAX_BYTES

SALT = "accounts.personnel"


def pack(lines: Sequence[Line]) -> str:
    """The rows as they were read, signed: the page carries them to the confirmation, and nobody can change them there."""
    return signing.dumps([asdict(line) | {"day": line.day.isoformat()} for line in lines], salt=SALT, compress=True)


def unpack(text: str) -> list[Line]:
    """Raises BadSignature for what was not packed here."""
    rows = signing.loads(text, salt=SALT)
    return [Line(**row | {"day": date.fromisoformat(row["day"])}) for row in rows]


class UploadForm(forms.Form):
    """The personnel list as a file."""

    file = forms.FileField(
        label="人事CSV",
        help_text="見出しは、職員番号、氏名、所属、職、役割、発令日です。文字コードはCP932（Shift_JIS）でもUTF-8でも読み取れます。",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.xlsx,.xls,.ods"}),
        error_messages={"required": "人事CSVのファイルを選んでください。", "empty": "ファイルが空です。"},
    )

    def preview(self) -> Preview | None:
        """None where the file cannot be read: the form says why."""
        if not self.is_valid():
            return None
        sent = self.cleaned_data["file"]
        if sent.size > MAX_BYTES:
            self.add_error("file", "ファイルが大きすぎます。分けて取り込んでください。")
            return None
        try:
            return preview_of(*read_lines(open_book(sent.read(), sent.name)))
        except FileRefused as error:
            self.add_error("file", str(error))
        return None


class ConfirmForm(forms.Form):
    """The rows that were shown, and the tick."""

    rows = forms.CharField(widget=forms.HiddenInput)
    seal = forms.CharField(widget=forms.HiddenInput)
    confirmed = forms.BooleanField(
        label="この内容を登録する", error_messages={"required": "内容を確かめて、確認の欄に印を付けてください。"}
    )

    @classmethod
    def for_preview(cls, preview: Preview) -> ConfirmForm:
        return cls(initial={"rows": pack(preview.lines), "seal": preview.seal})

    def clean_rows(self) -> list[Line]:
        try:
            return unpack(self.cleaned_data["rows"])
        except (signing.BadSignature, ValueError, TypeError) as error:
            raise ValidationError("ファイルを選び直してください。", code="rows") from error

    def shown_again(self, preview: Preview) -> ConfirmForm:
        sent: dict[str, Any] = {**dict(self.data.items()), "seal": preview.seal}
        self.data = sent
        return self
