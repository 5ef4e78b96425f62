"""The form to sign in with: what can be refused without comparing a password is refused before one is compared."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator

from accounts.addresses import counted_address
from accounts.door.attempts import is_closed_for
from accounts.door.hashing import Busy, turns
from accounts.passwords import MAX_LENGTH

CLOSED = (
    "この場所（ネットワーク）からのログインの失敗が続いたため、しばらく受け付けません。15分ほどたってから、もう一度お試しください。"
    "お急ぎのときは、取りまとめ課へお問い合わせください。"
)
BUSY = "ログインが混み合っています。10秒ほど待ってから、もう一度「ログインする」を押してください。"
TOO_LONG = f"パスワードは{MAX_LENGTH}文字までです。入力を確かめてください。"
NO_NUMBER = "職員番号が長すぎます（%(limit_value)d文字まで）。入力を確かめてください。"
#: What the page answers with, by the code of the error.
STATUS = {"closed": 429, "busy": 503}


class SignInForm(AuthenticationForm):
    """Django's, with bounds on what it takes and on what it costs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longest = self.username_field.max_length or 0  # Django tells it to the browser only
        self.fields["username"].validators.append(MaxLengthValidator(longest, NO_NUMBER))
        self.fields["password"].validators.append(MaxLengthValidator(MAX_LENGTH, TOO_LONG))

    def clean(self) -> dict[str, Any]:
        if self.errors:
            return self.cleaned_data
        assert self.request is not None
        if is_closed_for(self.cleaned_data["username"], counted_address(self.request)):
            raise ValidationError(CLOSED, code="closed")
        try:
            with turns.turn():
                return super().clean()
        except Busy:
            raise ValidationError(BUSY, code="busy") from None

    @property
    def status(self) -> int:
        """The status of the page that shows the form's errors."""
        return next((status for code, status in STATUS.items() if self.has_error(NON_FIELD_ERRORS, code)), 200)
