"""What is written claims no more than the exact value: not at a threshold, and not by its unit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from japan.numbers import write_quantity
from japan.units import normalise_unit, unit_of
from kpis.claims import can_be_read_off, exact, quantity
from kpis.claims.numbers import index_text, ratio_text, signed_rate_text
from tests.kpis.claims.facts import AMOUNT, LEVEL, RATE


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
