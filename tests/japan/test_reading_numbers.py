"""Numbers as people type them and files bring them."""

from decimal import Decimal

import pytest

from japan.missing import MissingReason
from japan.numbers import NumberError, Understood, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"), ("-0", "0"), ("007", "7"), ("12345", "12345"), ("12,345", "12345"), ("1234.50", "1234.5"),
        ("１２，３４５", "12345"), ("１２．５", "12.5"), ("　１２　", "12"), ("\ufeff12", "12"), ("+5", "5"), ("＋５", "5"),
        ("23.5万", "235000"), ("２３．５万", "235000"), ("300万", "3000000"), ("0.5万", "5000"), ("1億", "100000000"),
        ("1億2,000万", "120000000"), ("12万3,456", "123456"), ("1兆2億", "1000200000000"), ("5千", "5000"),
        ("3百万", "3000000"),
    ],
)  # fmt: skip
def test_digits_and_scales_are_read(text: str, value: str) -> None:
    assert parse_number(text) == Understood(value=Decimal(value))


@pytest.mark.parametrize("minus", list("-－−‐–—―─ー▲△▼"))
@pytest.mark.parametrize("space", ["", " ", "　"])
def test_every_minus_before_a_digit_makes_it_negative(minus: str, space: str) -> None:
    assert parse_number(f"{minus}{space}1,234").value == Decimal(-1234)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("１２，３４５人", "12345", "人"), ("12,345 名", "12345", "人"), ("65サービス", "65", "サービス"), ("6種類", "6", "種類"),
        ("239,322件", "239322", "件"), ("300万枚", "3000000", "枚"), ("▲23.5万時間", "-235000", "時間"),
        ("5千円", "5000", "円"), ("120百万円", "120000000", "円"), ("¥500", "500", "円"), ("-￥500", "-500", "円"),
        ("24か所", "24", "か所"), ("24ヵ所", "24", "か所"), ("24ヶ所", "24", "か所"), ("２４箇所", "24", "か所"),
        ("20.5%", "20.5", "%"), ("２０．５％", "20.5", "%"), ("20.5パーセント", "20.5", "%"), ("▲4.5％", "-4.5", "%"),
        ("1.6倍", "1.6", "倍"), ("▲1.5ポイント", "-1.5", "ポイント"),
    ],
)  # fmt: skip
def test_a_unit_behind_the_number_is_understood(text: str, value: str, unit: str) -> None:
    assert parse_number(text) == Understood(value=Decimal(value), unit=unit)


@pytest.mark.parametrize(
    ("text", "expected", "value"),
    [
        ("5千円", "千円", "5"), ("1,000千円", "千円", "1000"), ("5百万円", "百万円", "5"), ("5千円", "円", "5000"),
        ("5万", "人", "50000"), ("5名", "人", "5"), ("5箇所", "か所", "5"), ("10パーセント", "％", "10"), ("5m2", "㎡", "5"),
        ("5m²", "㎡", "5"), ("3t", "t", "3"), ("65", "サービス", "65"),
    ],
)  # fmt: skip
def test_the_expected_unit_is_read_in_its_spellings_or_left_out(text: str, expected: str, value: str) -> None:
    understood = parse_number(text, expected)
    assert understood.value == Decimal(value)
    assert understood.unit in ("", expected)


@pytest.mark.parametrize(
    ("text", "expected"), [("5%", "人"), ("5人", "%"), ("¥5", "人"), ("1億円", "千円"), ("5h", "時間")]
)
def test_another_unit_is_refused_and_the_right_one_named(text: str, expected: str) -> None:
    with pytest.raises(NumberError, match=f"正しい単位は「{expected}」です"):
        parse_number(text, expected)


@pytest.mark.parametrize(("text", "expected"), [("5千", "千円"), ("5万", "百万円"), ("5万千円", "千円")])
def test_a_scale_within_a_scaled_unit_is_refused_because_nobody_knows_what_it_counts(text: str, expected: str) -> None:
    with pytest.raises(NumberError, match="位取りがあいまいです"):
        parse_number(text, expected)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("1,234※1", "※1"), ("1,234 ※速報", "※速報"), ("1,234（注1）", "(注1)"), ("1,234注２", "注2"), ("1,234①", "①"),
        ("1,234¹", "¹"), ("1,234*", "*"), ("1,234人※", "※"),
    ],
)  # fmt: skip
def test_a_trailing_note_is_kept_apart_from_the_number(text: str, note: str) -> None:
    understood = parse_number(text)
    assert (understood.value, understood.note) == (Decimal(1234), note)


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        (["－", "―", "-", "ー", "−", "---", "－人", "該当なし", "該当無し"], MissingReason.NOT_APPLICABLE),
        (["…", "……", "‥", "...", "集計中", "不詳", "…人"], MissingReason.PENDING),
        (["x", "X", "ｘ", "Ｘ", "非公開", "秘匿"], MissingReason.WITHHELD),
        (["導入前", "開始前"], MissingReason.BEFORE_START),
    ],
)
def test_symbols_for_no_value_become_its_reason(texts: list[str], reason: MissingReason) -> None:
    for text in texts:
        assert parse_number(text, "人") == Understood(missing=reason), text


@pytest.mark.parametrize("text", ["", " ", "　", "\n", "\ufeff", "\u200b"])
def test_a_blank_is_neither_zero_nor_a_reason(text: str) -> None:
    assert parse_number(text).is_blank
    assert not parse_number("0").is_blank
    assert not parse_number("－").is_blank


@pytest.mark.parametrize("reason", MissingReason)
def test_each_reason_reads_back_from_its_label_and_its_symbol(reason: MissingReason) -> None:
    assert parse_number(reason.label).missing == reason
    assert parse_number(reason.symbol).missing == reason


@pytest.mark.parametrize(
    "text",
    [
        "万", "人", "百万円", "五", "一二三", "約300", "1e5", "NaN", "Infinity", "∞", "1〜2", ".5", "n/a", "#DIV/0!", "皆減", "①5",
        "1_000", "٣", "5*3", "--5", "▲▲5", "令和6年4月",
    ],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_examples_of_one(text: str) -> None:
    with pytest.raises(
        NumberError, match=r"数値として読み取れません。数字で入力してください（例：1,234、23\.5万、▲12）。"
    ):
        parse_number(text)


@pytest.mark.parametrize(
    "text", ["3万2", "５千３", "1億2", "1億2000", "1億2,000", "2億3万5", "3千万200", "3万02", "5千0"]
)
def test_a_last_digit_without_its_place_is_asked_about(text: str) -> None:
    """3万2 is what people say for 3万2千 and could be 30,002."""
    with pytest.raises(NumberError, match="いくつの位か分かりません"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3万2千", "32000"), ("3万0002", "30002"), ("23万500", "230500"), ("1億00002000", "100002000")],
)
def test_a_last_part_that_can_only_mean_one_number_is_read(text: str, expected: str) -> None:
    assert parse_number(text).value == Decimal(expected)


@pytest.mark.parametrize("text", ["12,34", "1,2345", "0,123", "1.2.3", "1,234.", "1.5億3万", "1万2億", "1万20,000"])
def test_unclear_places_are_refused_with_the_rule(text: str) -> None:
    with pytest.raises(NumberError, match="カンマは3桁ごとに、小数点は1つ"):
        parse_number(text)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("(123)", "▲を付けて"), ("（1,234）", "▲を付けて"), ("1 234", "空白を除いて"), ("５　０", "空白を除いて"), ("35年", "数字だけで"),
        ("1234567890123456", "15桁まで"), ("0.1234567", "6桁まで"), ("1" * 61, "備考に"),
    ],
)  # fmt: skip
def test_each_refusal_says_what_to_do(text: str, advice: str) -> None:
    with pytest.raises(NumberError, match=advice):
        parse_number(text)
