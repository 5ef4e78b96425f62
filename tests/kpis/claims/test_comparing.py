"""Changes, ratios and indexes say no more than they may; what a source printed stays as printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kpis.claims import (
    Baseline,
    against_baseline,
    before,
    change_from_before,
    change_from_last_year,
    change_text,
    direction_word,
    extent_of,
    first_halved,
    no_change_text,
    ratio_text,
)
from kpis.claims.facts import Same
from kpis.claims.marks import Mark
from kpis.claims.published import Comparison, read_published
from tests.kpis.claims.facts import AMOUNT, LESS, LEVEL, RATE, baseline, month, year

SYNTHETIC = frozenset([Mark.SYNTHETIC])


def against(subject, figure):
    return against_baseline(subject, figure, extent_of(figure))


def texts(subject, figure) -> list[str]:
    found = against(subject, figure)
    return [said.text for said in (found.ratio, found.change, found.change_rate, found.index) if said is not None]


def test_a_whole_year_stands_beside_its_baseline():
    subject = replace(LESS, baseline=baseline(1800))
    assert texts(subject, year("FY2024", 1200)) == ["0.7倍", "600枚減", "▲33.3%", "67"]


@pytest.mark.parametrize(
    "figure",
    [
        year("FY2025", 600, 4),
        year("FY2024", 600, 6, of=6),
        year("FY2024", 600, 6, of=6, first="2024-10"),
        year("FY2024", 600, 11),
        year("FY2024", 600, withheld=1),
        month("2025-05", 600),
        month("FY2024", 600, reported=1, expected=2),
    ],
)
def test_nothing_less_than_a_whole_year_stands_beside_a_years_baseline(figure):
    assert texts(replace(LESS, baseline=baseline(1800)), figure) == []


def test_the_same_three_months_are_compared_where_the_year_has_no_more():
    figure = year("FY2025", 300, 3, of=3, then=(300, 300, 3))
    change = change_from_last_year(figure, extent_of(figure))
    assert change_text(AMOUNT, change.now, change.then) + change.same_months == "増減なし（同じ3か月どうし）"


def test_a_year_with_gaps_or_with_a_withheld_part_is_not_compared():
    for figure in (year("FY2025", 300, 3, newest="2025-08", then=(300, 200, 3)),):
        assert change_from_last_year(figure, extent_of(figure)) is None
    withheld = month("2025-05", 1000, withheld=1, same=Same(Decimal(1000), Decimal(1600), 1))
    assert change_from_last_year(withheld, extent_of(withheld)) is None
    assert change_from_before(withheld, month("2025-04", 1600)) is None
    assert change_from_before(month("2025-06", 1600), withheld) is None


def test_the_marks_of_both_sides_travel_into_the_change():
    change = change_from_before(month("2025-05", 2), month("2025-04", 1, marks=SYNTHETIC))
    assert change.marks == SYNTHETIC
    figure = month("2025-05", 2, same=Same(Decimal(2), Decimal(1), 1, SYNTHETIC))
    assert change_from_last_year(figure, extent_of(figure)).marks == SYNTHETIC


def test_the_marks_of_the_baseline_travel_into_the_ratio():
    derived = replace(baseline(25600, "month"), marks=frozenset([Mark.DERIVED]))
    said = against(replace(LEVEL, baseline=derived), month("2025-05", 50000)).ratio
    assert (said.text, said.marks, said.is_published) == ("2.0倍", {Mark.DERIVED}, False)


def test_a_printed_ratio_is_shown_as_printed_and_without_marks():
    derived = replace(baseline(25600, "month"), marks=frozenset([Mark.DERIVED]))
    figure = month("2025-05", 40000, published="1.6倍", marks=frozenset([Mark.ROUNDED]))
    said = against(replace(LEVEL, baseline=derived), figure).ratio
    assert (said.text, said.marks, said.is_published, said.note) == ("1.6倍", frozenset(), True, "")


@pytest.mark.parametrize(("printed", "note"), [("1.7倍", "計算では1.6倍"), ("1.56倍", "")])
def test_where_printed_and_computed_differ_after_rounding_the_difference_is_named(printed, note):
    figure = month("2025-05", 40000, published=printed)
    said = against(replace(LEVEL, baseline=baseline(25600, "month")), figure).ratio
    assert (said.text, said.note) == (printed, note)


@pytest.mark.parametrize(
    ("ratio", "text"),
    [("0.954980842", "0.95倍"), ("1.5625", "1.6倍"), ("1", "1.0倍"), ("1.004", "1.004倍"), ("0.9996", "0.9996倍")],
)
def test_a_ratio_near_1_is_written_with_digits_that_differ_from_1(ratio, text):
    assert ratio_text(Decimal(ratio)) == text


@pytest.mark.parametrize(
    ("now", "then", "aims", "text"),
    [
        ("29.96", "30", ("30", None), "前月からほぼ増減なし（▲0.04）"),
        ("30", "29.96", (None, "30"), "前月からほぼ増減なし（＋0.04）"),
        ("30.04", "30.01", (None, "30"), "前月からほぼ増減なし（＋0.03）"),
        ("29.96", "30.04", (None, None), "前月から▲0.1ポイント"),
        ("29.98", "30.02", (None, None), "前月から増減なし"),
    ],
)
def test_a_change_is_held_against_the_values_as_their_targets_have_them_written(now, then, aims, text):
    targets = [None if aim is None else Decimal(aim) for aim in aims]
    change = change_from_before(month("2025-05", now, target=targets[0]), month("2025-04", then, target=targets[1]))
    assert change.against + "から" + change.text(RATE) == text


def test_so_is_the_change_from_the_year_before():
    then = month("2024-05", "30")
    figure = month("2025-05", "29.96", target=Decimal(30), same=Same(Decimal("29.96"), Decimal(30), 1))
    assert change_from_last_year(figure, extent_of(figure), then).text(RATE) == "ほぼ増減なし（▲0.04）"


def test_a_printed_percentage_is_held_against_as_printed():
    change = change_from_before(month("2025-05", 54, published="54%"), month("2025-04", "54.04"))
    assert change.text(RATE) == "ほぼ増減なし（▲0.04）"


@pytest.mark.parametrize("base", [0, -5])
def test_nothing_is_a_multiple_or_percentage_of_nothing_or_of_a_negative_baseline(base):
    assert texts(replace(LEVEL, baseline=baseline(base, "month")), month("2025-05", 10)) == [f"{10 - base}人増"]


@pytest.mark.parametrize(
    ("now", "then", "text"),
    [
        ("10.06", "10.02", "ほぼ増減なし（＋0.04）"),
        ("10.02", "10.06", "ほぼ増減なし（▲0.04）"),
        ("10.04", "10.00", "増減なし"),
        ("20.5", "19.0", "＋1.5ポイント"),
        ("19.0", "20.5", "▲1.5ポイント"),
    ],
)
def test_a_change_that_rounds_to_nothing_says_so_honestly(now, then, text):
    assert change_text(RATE, Decimal(now), Decimal(then)) == text


def test_better_and_worse_follow_the_direction_and_the_sign():
    assert [direction_word(LESS, Decimal(n)) for n in (1, 0, -1)] == ["悪化", "", "改善"]
    assert [direction_word(AMOUNT, Decimal(n)) for n in (1, -1)] == ["改善", "悪化"]


def test_printed_comparisons_are_read_by_their_units():
    found = read_published("1.6倍、▲4.5%、指数77、20.5%、23.5万時間減")
    assert {each: printed.number for each, printed in found.items()} == {
        Comparison.RATIO: Decimal("1.6"),
        Comparison.CHANGE_RATE: Decimal("-4.5"),
        Comparison.INDEX: 77,
        Comparison.SHARE: Decimal("20.5"),
        Comparison.CHANGE: -235000,
    }


@pytest.mark.parametrize("text", ["約半分", "1.6倍、2倍", "x" * 121])
def test_a_printed_comparison_that_cannot_be_read_is_refused(text):
    with pytest.raises(ValueError, match=r"公表された比較|2つ"):
        read_published(text)


def test_a_total_without_a_part_that_ended_is_compared_with_no_total_that_had_it():
    figure = month("2025-05", 60, lost_last_year=True, lost_before=True, same=Same(Decimal(60), Decimal(100), 1))
    assert change_from_last_year(figure, extent_of(figure)) is None
    assert before([month("2025-04", 100), figure], figure) is None
    why = "終わった内訳があるため、前とは比べません"
    assert no_change_text(figure, extent_of(figure), month("2024-05", 100)) == why
    assert no_change_text(figure, extent_of(figure), None) == why  # the month before had it
    assert no_change_text(month("2025-05", 60), extent_of(figure), month("2024-05", 100)) == ""


def test_where_nothing_is_known_of_before_nothing_is_explained():
    first = year("FY2024", 60, lost_last_year=True, lost_before=True)
    assert no_change_text(first, extent_of(first), None) == ""
    assert no_change_text(first, extent_of(first), year("FY2023", 100)) != ""


def test_nor_with_a_baseline_that_had_it_but_what_was_printed_stays():
    figure = year("FY2024", 60, lost_baseline=True, published="0.6倍")
    assert texts(replace(AMOUNT, baseline=baseline(100)), figure) == ["0.6倍"]


@pytest.mark.parametrize(
    ("figures", "found"),
    [
        ([("2040", 77), ("2060", 53), ("2070", 45)], "2060"),
        ([("2040", 77), ("2060", 56)], None),
        ([("2070", 45), ("2060", 53)], "2060"),
    ],
)
def test_what_is_about_half_carries_the_marks_of_the_figure_and_of_the_baseline(figures, found):
    derived = Baseline(Decimal(100), "calendar_year", "令和2年", frozenset([Mark.DERIVED]))
    listed = [month(when, value, marks=frozenset([Mark.PROJECTED])) for when, value in figures]
    halved = first_halved(replace(LEVEL, baseline=derived), listed)
    assert (halved and halved[0].period.iso) == found
    assert halved is None or halved[1] == {Mark.PROJECTED, Mark.DERIVED}


@pytest.mark.parametrize("mark", [Mark.PROJECTED, Mark.SYNTHETIC])
def test_what_is_printed_of_a_projection_is_one(mark):
    subject = replace(LEVEL, baseline=baseline(100, "calendar_year"))
    figure = month("2060", 53, published="指数53", marks=frozenset([mark, Mark.ROUNDED]))
    assert against(subject, figure).index.marks == {mark}
    assert first_halved(subject, [figure])[1] == {mark}


def test_what_lies_between_two_levels_is_the_day_of_each():
    assert change_from_before(month("2025-05", 2), None) is None
    year_before = month("FY2024", 5, level_month=date(2025, 3, 1), months=1, months_expected=1)
    assert change_from_before(month("FY2025", 7, level_month=date(2025, 5, 1)), year_before).now == 7


@pytest.mark.parametrize(
    ("now", "then", "text"),
    [
        ("99.97", "100", "ほぼ増減なし（▲0.03）"),
        ("100", "99.96", "ほぼ増減なし（＋0.04）"),
        ("99.92", "99.91", "増減なし"),
        ("100", "100", "増減なし"),
    ],
)
def test_a_change_that_the_written_values_show_is_not_called_none(now, then, text):
    assert change_text(RATE, Decimal(now), Decimal(then)) == text
