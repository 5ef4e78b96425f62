"""What a new password may not be: the one before, or little more than words that people here know.

Both are validators of AUTH_PASSWORD_VALIDATORS: the page, the back office and the commands ask them alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import jaconv
from django.conf import settings
from django.contrib.auth.hashers import check_password, is_password_usable
from django.core.exceptions import ValidationError

from accounts.models import User

#: Letters and digits that must be left of a password once the known words are taken out of it.
MIN_OTHER = 8
#: A Latin word shorter than this is in many passwords by chance; a kanji or kana word of two letters is not.
MIN_LATIN, MIN_OTHER_SCRIPT = 3, 2
#: Words of this product and of the sign-ins of its samples.
PRODUCT_WORDS = [
    "kpi",
    "reform",
    "kaikaku",
    "kouzou",
    "report",
    "mihon",
    "minato",
    "nyuryoku",
    "kakunin",
    "torimatome",
    "etsuran",
    "password",
    "pass",
]
_SEPARATORS = re.compile(r"[\W_]+")
#: Hepburn, kunrei and long vowels written or not: shouji, syouzi and shoji are one word.
_SPELLINGS = (("sh", "s"), ("sy", "s"), ("ch", "t"), ("cy", "t"), ("ty", "t"), ("ts", "t"), ("j", "z"), ("zy", "z"))
_LONG = (("ou", "o"), ("oo", "o"), ("oh", "o"), ("uu", "u"), ("f", "h"))


#: Letters. A longer one costs the server more and nobody's safety less.
MAX_LENGTH = 128


class NotTooLong:
    """Refuses a password that the page to sign in on would not take."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        if len(password) > MAX_LENGTH:
            raise ValidationError(f"パスワードは{MAX_LENGTH}文字までにしてください。", code="password_too_long")

    def get_help_text(self) -> str:
        return f"パスワードは{MAX_LENGTH}文字までです。"


class NotTheOldPassword:
    """Refuses the password that the account has now: a reset or a first password is known to somebody else."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError. A user that is not stored yet has no old password."""
        if len(password) > MAX_LENGTH:
            return
        old = user.password if user is not None and user.pk else ""
        if old and is_password_usable(old) and check_password(password, old):
            raise ValidationError(
                "いまと同じパスワードは使えません。別のパスワードを決めてください。", code="password_unchanged"
            )

    def get_help_text(self) -> str:
        return "いまと同じパスワードは使えません。"


class NoKnownWords:
    """Refuses a password that is little more than the person's number and name, or words of the city and the product."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError where fewer than MIN_OTHER letters and digits are left without the known words."""
        if len(password) > MAX_LENGTH:  # NotTooLong refuses it, and megabytes are not searched
            return
        rest = spelling(password)
        found = False
        for word in sorted({spelling(word) for word in words_of(user)}, key=len, reverse=True):
            if is_long_enough(word) and word in rest:
                found, rest = True, rest.replace(word, "")
        if found and len(rest) < MIN_OTHER:
            raise ValidationError(
                "職員番号、氏名、ふりがな、市やこのシステムの名前を主にしたパスワードは使えません。"
                f"それらを除いて{MIN_OTHER}文字以上になるようにしてください。",
                code="password_of_known_words",
            )

    def get_help_text(self) -> str:
        return "職員番号、氏名、ふりがな、市やこのシステムの名前を主にしたパスワードは使えません。"


def spelling(text: str) -> str:
    """A text for comparing: small letters and digits of one width, one romanisation. しょうじ, Shoji and syouzi are one."""
    folded = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text).casefold())
    if folded.isascii():
        for ours, one in (*_SPELLINGS, *_LONG):
            folded = folded.replace(ours, one)
    return folded


def is_long_enough(word: str) -> bool:
    return len(word) >= (MIN_LATIN if word.isascii() else MIN_OTHER_SCRIPT)


def words_of(user: User | None) -> Iterable[str]:
    """The words that somebody who knows this person or this city would try first."""
    yield from PRODUCT_WORDS
    yield from settings.PASSWORD_WORDS
    yield from _parts(settings.CITY_NAME, settings.CITY_NAME.rstrip("市区町村都道府県"), settings.SITE_NAME)
    for host in settings.ALLOWED_HOSTS:
        yield from host.split(".")
    if user is not None:
        yield user.employee_number
        yield user.email.partition("@")[0]
        yield from _parts(user.name, user.furigana)


def _parts(*texts: str) -> Iterable[str]:
    """Each word of the texts, and where it is kana its Latin spelling too."""
    for word in " ".join(texts).split():
        yield word
        latin = jaconv.kana2alphabet(jaconv.kata2hira(unicodedata.normalize("NFKC", word)))
        if latin.isascii():
            yield latin
