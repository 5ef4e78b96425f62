"""What is written claims no more than the exact value: not at a threshold, and not by its unit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from japan.numbers import write_quantity
from japan.units import normalise_unit, unit_of
from kpis.claims import can_be_read_off, exact, quantity
from tests.kpis.claims.facts import AMOUNT, RATE


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
