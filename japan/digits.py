"""Exactness: how many digits a value may carry, and rounding."""

from decimal import ROUND_05UP, ROUND_HALF_UP, Context, Decimal

#: SQLite keeps 15 significant digits of a decimal, so no engine takes more.
MAX_DIGITS = 15
MAX_DECIMALS = 6
FIT_DECIMALS = 9
_WIDE = Context(prec=60)


class NumberError(ValueError):
    """A number that cannot be taken; the message is Japanese and says what to do."""


def check_digits(value: Decimal) -> None:
    """Raises NumberError for more than 15 significant digits, 15 digits before the point, or 6 decimals."""
    digits, exponent = _stripped(value)
    if -exponent > MAX_DECIMALS:
        raise NumberError(f"小数点以下は{MAX_DECIMALS}桁までです。桁数を減らして入力してください。")
    if digits > MAX_DIGITS or digits + max(exponent, 0) > MAX_DIGITS:
        raise NumberError(f"数字は{MAX_DIGITS}桁までです。桁数を確かめてください。")


def _stripped(value: Decimal) -> tuple[int, int]:
    if not value.is_finite():
        raise NumberError("数値として読み取れません。数字で入力してください。")
    if value == 0:
        return 1, 0
    _, digits, exponent = value.as_tuple()
    kept = len(digits)
    power = int(exponent)
    while kept > 1 and digits[kept - 1] == 0:
        kept -= 1
        power += 1
    return kept, power


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """Rounds once, half away from zero (四捨五入), to `decimals` places."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_WIDE)


def fit(value: Decimal) -> Decimal:
    """A derived value as it is stored on both engines: at most 15 significant digits and 9 decimals.

    Rounds with ROUND_05UP: the last kept digit never becomes a false 0 or 5, so rounding half up for display later,
    to fewer decimals than were kept, gives the same as rounding the exact value once. Raises NumberError for what is
    not finite.
    """
    if not value.is_finite():
        raise NumberError("数値として読み取れません。数字で入力してください。")
    if value == 0:
        return Decimal(0)
    places = max(-FIT_DECIMALS, value.adjusted() - MAX_DIGITS + 1)
    return value.quantize(Decimal(1).scaleb(places), rounding=ROUND_05UP, context=_WIDE)


def plain_number(value: Decimal) -> str:
    """A number for machines: 1234567.5, without thousands, exponent or zeros at the end."""
    return f"{value.normalize():f}" if value else "0"
