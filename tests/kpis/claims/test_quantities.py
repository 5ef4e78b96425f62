"""What is written claims no more than the exact value: not at a threshold, and not by its unit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from japan.numbers import write_quantity
from japan.units import normalise_unit, unit_of
from kpis.claims import (
    Mark,
    can_be_read_off,
    change_text,
    difference_note,
    exact,
    for_machines,
    marks_in_print,
    quantity,
    written,
    written_exactly,
)
from kpis.claims.numbers import index_text, ratio_text, signed_rate_text
from tests.kpis.claims.facts import AMOUNT, LEVEL, RATE, month


@pytest.mark.parametrize(
    ("value", "aim", "text"),
    [
        ("99.96", None, "99.9%"),
        ("19.96", "20", "19.9%"),
        ("20.04", "20", "20.1%"),
        ("20.04", None, "20.0%"),
        ("20", "20", "20.0%"),
        ("100", None, "100.0%"),
    ],
)
def test_rounding_never_reaches_a_threshold(value, aim, text):
    assert exact(RATE, Decimal(value), None if aim is None else Decimal(aim)) == text
    assert quantity(RATE, Decimal(value), None if aim is None else Decimal(aim)) == text


@pytest.mark.parametrize(
    ("value", "unit", "scale", "text"),
    [
        (4120000, "千円", "oku", "41.2億円"),
        (-4120000, "千円", "oku", "▲41.2億円"),
        (4120, "百万円", "oku", "41.2億円"),
        (4120000, "千円", "one", "4,120,000千円"),
        (9000, "千円", "oku", "900万円"),
        (412, "千円", "man", "41.2万円"),
        (5, "千円", "man", "5,000円"),
        (12, "千人", "man", "1.2万人"),
        (120000000, "円", "oku", "1億2,000万円"),
        (4120000, "件", "man", "412万件"),
    ],
)
def test_a_scale_counts_in_the_base_unit(value, unit, scale, text):
    assert write_quantity(Decimal(value), unit, 0, scale) == text


@pytest.mark.parametrize(
    ("typed", "stored", "factor"),
    [
        ("％", "%", "0.01"),
        ("パーセント", "%", "0.01"),
        (" % ", "%", "0.01"),
        ("‰", "‰", "0.001"),
        ("千円", "千円", "1000"),
        ("百万円", "百万円", "1000000"),
        ("億円", "億円", "100000000"),
        ("千円/人", "千円/人", "1000"),
        ("ｋｇ", "kg", "1"),
        ("㎡", "㎡", "1"),
        ("件", "件", "1"),
        ("ﾎﾟｲﾝﾄ", "ポイント", "1"),
    ],
)
def test_a_unit_is_stored_in_one_spelling_and_has_a_factor(typed, stored, factor):
    assert (normalise_unit(typed), unit_of(typed).factor) == (stored, Decimal(factor))


def test_a_single_withheld_part_of_a_published_total_can_be_read_off():
    assert can_be_read_off(Decimal(1600), parts=3, withheld=1)
    assert not can_be_read_off(Decimal(1600), parts=3, withheld=2)
    assert not can_be_read_off(None, parts=3, withheld=1)


@pytest.mark.parametrize(
    ("value", "published", "text", "file"),
    [
        ("54", "54%", "54%", "54"),
        ("54", "54.0%", "54.0%", "54.0"),
        ("54", "3倍、54％", "54％", "54"),
        ("54.25", "54%", "54%", "54"),
        ("54", "", "54.0%", "54"),
        ("54", "1.6倍", "54.0%", "54"),
        ("99.96", "", "99.9%", "99.96"),
    ],
)
def test_a_printed_percentage_keeps_the_digits_it_was_printed_with(value, published, text, file):
    figure = month("2025-05", value, published=published)
    assert (written(RATE, figure), written_exactly(RATE, figure), for_machines(RATE, figure)) == (text, text, file)


def test_a_share_beside_an_amount_is_not_the_amount():
    figure = month("2025-05", 60_000, published="20.5%")
    assert (written(AMOUNT, figure), for_machines(AMOUNT, figure)) == ("60,000件", "60000")


def test_what_is_printed_is_neither_worked_back_nor_rounded():
    marks = frozenset([Mark.DERIVED, Mark.ROUNDED, Mark.SYNTHETIC, Mark.PROVISIONAL])
    printed, typed = (month("2025-05", 54, published=text, marks=marks) for text in ("54%", ""))
    assert marks_in_print(RATE, printed) == {Mark.SYNTHETIC, Mark.PROVISIONAL}
    assert marks_in_print(RATE, typed) == marks


@pytest.mark.parametrize(
    ("published", "computed", "note"),
    [
        ("54%", "54.3", ""),
        ("54%", "54.6", "計算では54.6%"),
        ("54.0%", "54.06", "計算では54.1%"),
        ("", "54.3", "計算では54.3%"),
        ("", None, ""),
    ],
)
def test_where_exact_parts_make_another_number_than_was_printed_it_is_named(published, computed, note):
    made = None if computed is None else Decimal(computed)
    assert difference_note(RATE, month("2025-05", 54, published=published, computed=made)) == note


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "scale", "text"),
    [
        ("632.48", "千円", 1, "man", "63.2万円"),
        ("-632.48", "千円", 1, "man", "▲63.2万円"),
        ("4144.6", "百万円", 0, "oku", "41.4億円"),
        ("12449.6", "人", 0, "man", "1.2万人"),
        ("632.5", "千円", 1, "man", "63.3万円"),
        ("99.6", "人", 0, "man", "100人"),
    ],
)
def test_a_scaled_value_is_rounded_once(value, unit, decimals, scale, text):
    subject = replace(AMOUNT, unit=unit, decimals=decimals, scale=scale)
    assert quantity(subject, Decimal(value)) == text
    assert quantity(subject, Decimal(value), Decimal(10**9)) == text


def test_a_change_in_a_scale_is_rounded_once():
    thousands = replace(AMOUNT, unit="千円", decimals=1, scale="man")
    assert change_text(thousands, Decimal("2093.35"), Decimal("2725.83")) == "63.2万円減"


def test_a_scale_is_for_display_alone():
    assert exact(replace(AMOUNT, scale="man"), Decimal(235000)) == "235,000件"


@pytest.mark.parametrize(
    ("ratio", "text"), [("0.0004", "0.0004倍"), ("0.04", "0.04倍"), ("0", "0.0倍"), ("0.00000001", "0.000001倍")]
)
def test_a_ratio_that_is_not_nothing_is_not_written_as_0(ratio, text):
    assert ratio_text(Decimal(ratio), 1) == text


@pytest.mark.parametrize(
    ("fraction", "text"), [("-0.9996", "▲99.9%"), ("-1", "▲100.0%"), ("-1.0004", "▲100.1%"), ("-0.99", "▲99.0%")]
)
def test_what_is_not_gone_is_not_less_100_percent(fraction, text):
    assert signed_rate_text(Decimal(fraction)) == text


@pytest.mark.parametrize(
    ("index", "text"), [("99.7", "99"), ("100", "100"), ("0.03", "0.03"), ("0", "0"), ("76.6", "77")]
)
def test_an_index_near_0_or_100_is_not_written_as_it(index, text):
    assert index_text(Decimal(index)) == text


@pytest.mark.parametrize(
    ("value", "target", "unit", "scale", "text"),
    [
        (99_960, 100_000, "人", "man", "9.9万人"),
        (1_999_960, 2_000_000, "枚", "man", "199.9万枚"),
        (199_996_000, 200_000_000, "円", "oku", "1億9,999万円"),
        (4_296_000, 4_300_000, "千円", "oku", "42.9億円"),
        (99_960, 99_940, "人", "man", "99,960人"),
        (-99_960, -100_000, "人", "man", "▲9.9万人"),
        (100_000, 100_000, "人", "man", "10万人"),
    ],
)
def test_a_scale_does_not_lift_a_value_on_to_its_target(value, target, unit, scale, text):
    assert quantity(replace(LEVEL, unit=unit, scale=scale), Decimal(value), Decimal(target)) == text
