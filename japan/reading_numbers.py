"""Reads numbers as people and files write them: full-width digits, ▲, 万, units, symbols for "no value".

What is ambiguous is refused with a sentence that says how to write it; nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Context, Decimal

from japan.digits import NumberError, check_digits
from japan.missing import MissingReason
from japan.units import fold_width, split_unit

_MAX_LENGTH = 60
_WIDE = Context(prec=2 * _MAX_LENGTH)  # exact for whatever fits into a text of that length
_DASHES = "-−‐‑–—―─ー"
_REASONS = {
    **dict.fromkeys(["該当なし", "該当無し"], MissingReason.NOT_APPLICABLE),
    **dict.fromkeys(["集計中", "調査中", "不詳"], MissingReason.PENDING),
    **dict.fromkeys(["x", "X", "非公開", "秘匿"], MissingReason.WITHHELD),
    **dict.fromkeys(["導入前", "開始前"], MissingReason.BEFORE_START),
}
_POWERS = {"千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "億": 8, "十億": 9, "百億": 10, "千億": 11, "兆": 12}
_SCALE = "|".join(sorted(_POWERS, key=len, reverse=True))
#: 1億2,000万 is two parts; only the last may do without a scale.
_AMOUNT = re.compile(rf"(?:[0-9.,]+(?:{_SCALE}))*(?:[0-9.,]+)?")
_PART = re.compile(rf"(?P<digits>[0-9.,]+)(?P<scale>{_SCALE})?")
_PLAIN = re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
#: ※ and all behind it, (注1), 注1, ① ¹, and a bare asterisk (5*3 is no note).
_NOTE = re.compile(r"\s*(?:※.*|\((?:※|注)[^)]*\)|注\s*[0-9]*\)?|\*+|[¹²³⁰-⁹①-⑳]+)$")
_SIGN = re.compile(rf"(?P<yen>[¥\\])?(?P<sign>[{_DASHES}+▲△▼])?(?P<yen_behind>[¥\\])?(?=[0-9])")
_GAP = re.compile(r"[0-9.,]\s+[0-9.,]")
_SPACES = re.compile(r"\s+")
_SCALES = re.compile(_SCALE)
_DASH = re.compile(f"[{_DASHES}]{{1,3}}")
#: What NFKC makes of ‥ … ……
_DOTS = re.compile(r"\.{2,6}")
_IN_BRACKETS = re.compile(r"\([0-9.,]+\)")
_DIGITS = re.compile(r"[0-9.,]+")
_DIGIT = re.compile(r"[0-9]")
_UNIT_LETTER = re.compile(r"[^\W_]|[%‰℃]")


@dataclass(frozen=True)
class Understood:
    """How a text was understood: a value, a reason for its absence, or (both None) a blank.

    `unit` is the unit that was written ("" for none; 円 for 5千円), `note` a dropped trailing note such as ※1, `step`
    what one in the last written digit is worth (100 in 1.2千, 0.1 in 12.0).
    """

    value: Decimal | None = None
    missing: MissingReason | None = None
    unit: str = ""
    note: str = ""
    step: Decimal = field(default=Decimal(0), compare=False)

    @property
    def is_blank(self) -> bool:
        return self.value is None and self.missing is None


def parse_number(text: str, unit: str = "") -> Understood:
    """Reads one value. `unit` is the unit expected; a different one written behind the number is refused.

    「23.5万」 is 235000, 「▲1,234」 −1234, 「１２，３４５人」 12345, 「－」 該当なし, 「…」 集計中, 「x」 非公開, blank a blank.
    Raises NumberError with a Japanese sentence for what is not a number, ambiguous, in another unit or too long.
    """
    shown = text.replace("\ufeff", "").replace("\u200b", "").strip()
    if not shown:
        return Understood()
    if len(shown) > _MAX_LENGTH:
        raise NumberError(f"{_MAX_LENGTH}文字を超えています。数字だけを入力し、説明は備考に書いてください。")
    folded, note = _split_note(fold_width(shown))
    if _GAP.search(folded):
        raise NumberError(
            f"「{shown}」は数字の間に空白があり、いくつの数か分かりません。空白を除いて入力してください。"
        )
    folded = _SPACES.sub("", folded)
    body, written = split_unit(folded, unit)
    if reason := _missing_reason(folded) or _missing_reason(body):
        return Understood(missing=reason, note=note)
    negative, amount, written = _take_sign(body, written, unit, shown)
    amount = _only_amount(amount, unit, shown)
    if _SCALES.match(fold_width(unit)) and _SCALES.search(amount):
        raise NumberError(
            f"「{shown}」は位取りがあいまいです。単位は「{unit}」です。万や千を使わず、数字だけで入力してください。"
        )
    value = _amount(amount, shown)
    check_digits(value)
    signed = _plain(value.copy_negate() if negative else value)
    return Understood(value=signed, unit=written, note=note, step=_step(amount))


def _split_note(text: str) -> tuple[str, str]:
    if match := _NOTE.search(text):
        return text[: match.start()], match.group().strip()
    return text, ""


def _missing_reason(text: str) -> MissingReason | None:
    if _DASH.fullmatch(text):
        return MissingReason.NOT_APPLICABLE
    if _DOTS.fullmatch(text):
        return MissingReason.PENDING
    return _REASONS.get(text)


def _take_sign(body: str, written: str, expected: str, shown: str) -> tuple[bool, str, str]:
    """Whether it is negative, the text behind the sign, and the written unit (円 for a ¥ in front)."""
    if _IN_BRACKETS.fullmatch(body):
        raise NumberError("かっこ付きの数は読み取れません。マイナスなら▲を付けて入力してください（例：▲123）。")
    match = _SIGN.match(body)
    if match is None:
        raise _not_a_number(shown)
    if match["yen"] or match["yen_behind"]:
        if expected not in ("", "円") or written not in ("", "円"):
            raise _other_unit(expected, shown)
        written = "円"
    return match["sign"] not in (None, "+"), body[match.end() :], written


def _only_amount(text: str, expected: str, shown: str) -> str:
    """The text itself where it is an amount. Raises NumberError that tells a foreign unit from a foreign text."""
    match = _AMOUNT.match(text)
    rest = text[match.end() :] if match else text
    if not rest:
        return text
    has_amount = any(map(_PLAIN.fullmatch, _DIGITS.findall(text[: match.end()] if match else "")))
    if not has_amount or _DIGIT.search(rest) or not _UNIT_LETTER.search(rest):
        raise _not_a_number(shown)
    raise _other_unit(expected, shown)


def _amount(text: str, shown: str) -> Decimal:
    """An amount, plain (1,234.5) or in falling parts with a scale (1億2,000万), exactly."""
    parts = list(_PART.finditer(text))
    total = Decimal(0)
    limit: Decimal | None = None  # each part stays below the scale of the one before
    before = 0
    for position, part in enumerate(parts, start=1):
        unclear = not _PLAIN.fullmatch(part["digits"]) or ("." in part["digits"] and position < len(parts))
        if unclear:
            raise _unclear(shown)
        power = _POWERS.get(part["scale"] or "", 0)
        if before and not power and _may_be_short_for_more(part["digits"], before):
            raise NumberError(
                f"「{shown}」の最後の数字が、いくつの位か分かりません。千や万を付けるか、数字だけで入力してください"
                "（例：3万2千、32,000）。"
            )
        scale, before = Decimal(1).scaleb(power), power
        amount = _WIDE.multiply(Decimal(part["digits"].replace(",", "")), scale)
        if limit is not None and amount >= limit:
            raise _unclear(shown)
        total, limit = _WIDE.add(total, amount), scale
    return total


def _step(text: str) -> Decimal:
    """What one in the last digit of an amount is worth."""
    *_, last = _PART.finditer(text)
    return Decimal(1).scaleb(_POWERS.get(last["scale"] or "", 0) - len(last["digits"].partition(".")[2]))


def _may_be_short_for_more(digits: str, power: int) -> bool:
    """What stands behind the last scale may leave out its own: 3万2 for 3万2千, 1億2,000 for 1億2,000万."""
    whole = digits.partition(".")[0].replace(",", "")
    if whole.startswith("0"):  # 3万0002 fills every place, 3万02 does not
        return len(whole) != power
    return len(whole) == 1 or len(whole) <= power - 4


def _plain(value: Decimal) -> Decimal:
    """The same value without an exponent, without trailing zeros after the point, and no minus at zero."""
    if value == 0:
        return Decimal(0)
    normal = value.normalize(_WIDE)
    return normal.quantize(Decimal(1), context=_WIDE) if normal == normal.to_integral_value() else normal


def _not_a_number(shown: str) -> NumberError:
    return NumberError(f"「{shown}」を数値として読み取れません。数字で入力してください（例：1,234、23.5万、▲12）。")


def _unclear(shown: str) -> NumberError:
    return NumberError(
        f"「{shown}」は位取りがあいまいです。カンマは3桁ごとに、小数点は1つで入力してください（例：1,234.5）。"
    )


def _other_unit(expected: str, shown: str) -> NumberError:
    if not expected:
        return NumberError(f"「{shown}」の単位を読み取れません。数字だけで入力してください。")
    return NumberError(
        f"単位が違います。正しい単位は「{expected}」です（入力：「{shown}」）。単位を直すか、数字だけで入力してください。"
    )
