"""達成 and 未達 are words of what is whole, 順調 and 遅れ of a running year; without a direction nothing is judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kpis.claims import Direction, Word, is_onward, may_aim, rate_text, verdict_of
from kpis.claims.facts import Target
from kpis.claims.marks import Mark
from tests.kpis.claims.facts import AMOUNT, LESS, LEVEL, RATE, baseline, month, target, year

LATER = date(2025, 6, 10)


def judge(subject, shown, others=(), targets=None, on=LATER, due=None):
    return verdict_of(subject, shown, [shown, *others], targets or target(1300), on=on, due_through=due)


def test_a_whole_year_reaches_or_misses_its_target():
    assert judge(AMOUNT, year("FY2024", 1300)).word is Word.REACHED
    missed = judge(AMOUNT, year("FY2024", 1299))
    assert (missed.word, rate_text(missed.achievement)) == (Word.MISSED, "99.9%")


def test_99_point_96_percent_is_never_100():
    missed = judge(RATE, year("FY2024", "99.96"), targets=target(100))
    assert (missed.word, rate_text(missed.achievement)) == (Word.MISSED, "99.9%")


def test_the_twelve_months_of_a_rate_are_held_by_their_year_and_march_alone_by_nothing():
    march, whole = month("2025-03", 24), year("FY2024", "14.4166666666667")
    verdict = judge(RATE, march, [whole], target(20))
    assert (verdict.figure, verdict.word, rate_text(verdict.achievement)) == (whole, Word.MISSED, "72.1%")


def test_a_months_target_is_for_the_month():
    verdict = judge(RATE, month("2025-03", 24), [year("FY2024", 14)], target(20, month=3) | target(20))
    assert (verdict.word, verdict.target.month) == (Word.REACHED, 3)


@pytest.mark.parametrize("subject", [AMOUNT, LEVEL, RATE])
@pytest.mark.parametrize("when", ["2025-03", "FY2024"])
def test_what_was_not_in_use_yet_is_held_against_nothing(subject, when):
    shown = month(when, None, missing_reason="before_start")
    assert judge(subject, shown, targets=target(20, month=3) | target(20)) is None
    assert not may_aim(subject, shown)


@pytest.mark.parametrize("subject", [AMOUNT, LESS, RATE])
def test_a_year_that_began_or_ended_within_itself_is_held_against_nothing(subject):
    for first in ("2024-10", "2024-04"):
        assert judge(subject, month("2025-03", 5), [year("FY2024", 600, 6, of=6, first=first)]) is None


def test_until_march_is_in_the_year_that_is_over_waits_for_it():
    eleven = year("FY2024", 1500, 11)
    verdict = judge(AMOUNT, month("2025-02", 100), [eleven], on=date(2025, 4, 1))
    assert (verdict.word, verdict.text, verdict.achievement) == (Word.WAITING, "実績待ち（11／12か月分）", None)
    assert judge(AMOUNT, month("2025-02", 100), [eleven], on=date(2025, 3, 31)).word is Word.ON_TRACK


def test_a_provisional_year_is_judged_and_marked():
    verdict = judge(AMOUNT, year("FY2024", 1300, marks=frozenset([Mark.PROVISIONAL])))
    assert (verdict.word, verdict.marks) == (Word.REACHED, {Mark.PROVISIONAL})


def test_the_marks_of_the_target_and_of_last_years_shares_travel_into_the_word():
    invented = {(2024, None): Target(AMOUNT_TARGET, 2024, marks=frozenset([Mark.SYNTHETIC]))}
    assert judge(AMOUNT, year("FY2024", 1300), targets=invented).marks == {Mark.SYNTHETIC}


AMOUNT_TARGET = target(1300)[2024, None].value


def test_an_amount_to_date_is_held_by_the_shares_of_last_year():
    running = year("FY2025", 300, 3, then=(300, 400, 3))
    shown, last = month("2025-06", 100), year("FY2024", 1000)
    verdict = judge(AMOUNT, shown, [running, last], target(1000, 2025), on=date(2025, 7, 20))
    assert verdict.word is Word.BEHIND  # last year 40 % had come by June
    verdict = judge(AMOUNT, shown, [replace(running, same=None)], target(1000, 2025), on=date(2025, 7, 20))
    assert verdict.word is Word.ON_TRACK  # a quarter of the year, 30 %


def test_a_running_year_is_never_reached_and_one_with_gaps_is_not_judged():
    running = year("FY2025", 2000, 3)
    shown = month("2025-06", 100)
    assert judge(AMOUNT, shown, [running], target(1000, 2025), on=date(2025, 7, 20)).word is Word.ON_TRACK
    gaps = year("FY2025", 2000, 3, newest="2025-08")
    assert judge(AMOUNT, shown, [gaps], target(1000, 2025), on=date(2025, 9, 20)).word is Word.UNKNOWN
    late = judge(AMOUNT, shown, [running], target(1000, 2025), on=date(2025, 9, 20), due=date(2025, 8, 1))
    assert late.word is Word.UNKNOWN


def test_what_must_not_be_exceeded_and_already_is_lies_behind():
    running = year("FY2025", 1100, 3)
    verdict = judge(LESS, month("2025-06", 400), [running], target(1000, 2025), on=date(2025, 7, 20))
    assert verdict.word is Word.BEHIND


def test_a_level_above_the_target_of_a_running_year_is_on_its_way_and_reached_in_march():
    assert judge(LEVEL, month("2025-02", 1400), on=date(2025, 3, 10)).word is Word.ON_TRACK
    assert judge(LEVEL, month("2025-03", 1400)).word is Word.REACHED
    assert judge(LEVEL, month("2024-Q4", 1400)).word is Word.REACHED
    assert judge(LEVEL, month("2024-Q4", 1200)).word is Word.MISSED


def test_a_level_goes_evenly_from_last_march_to_the_target():
    last = month("FY2023", 100, level_month=date(2024, 3, 1))
    half_way = month("2024-09", 699)
    assert judge(LEVEL, half_way, [last], on=date(2024, 10, 20)).word is Word.BEHIND
    assert judge(LEVEL, replace(half_way, value=target(700)[2024, None].value), [last], on=date(2024, 10, 20)).word is (
        Word.ON_TRACK
    )
    assert judge(LEVEL, half_way, on=date(2024, 10, 20)).word is Word.UNKNOWN


@pytest.mark.parametrize("shown", [month("2025-03", 1000, withheld=1), year("FY2024", 1000, withheld=1)])
def test_nothing_is_reached_or_missed_by_what_leaves_a_part_out(shown):
    verdict = judge(replace(LESS, sort=LEVEL.sort), shown)
    assert (verdict.word, verdict.achievement) == (Word.UNKNOWN, None)


def test_without_a_direction_nothing_is_judged():
    verdict = judge(replace(AMOUNT, direction=Direction.NONE), year("FY2024", 1300))
    assert (verdict.word, verdict.text, verdict.achievement, verdict.progress) == (Word.NONE, "", None, None)


@pytest.mark.parametrize(
    ("subject", "value", "aim", "word"),
    [
        (LESS, -20, 100, Word.REACHED),
        (LESS, 5, 0, Word.MISSED),
        (AMOUNT, -20, 100, Word.MISSED),
        (AMOUNT, 5, -1, Word.REACHED),
    ],
)
def test_nothing_is_a_percentage_of_a_negative_value_or_of_0(subject, value, aim, word):
    verdict = judge(subject, year("FY2024", value), targets=target(aim))
    assert (verdict.word, verdict.achievement) == (word, None)


def test_progress_is_said_of_a_whole_year_only_and_from_a_baseline_of_a_year_only():
    subject = replace(AMOUNT, baseline=baseline(600))
    assert judge(subject, year("FY2024", 950)).progress == target("0.5")[2024, None].value
    assert judge(replace(AMOUNT, baseline=baseline(600, "month")), year("FY2024", 950)).progress is None
    assert judge(subject, month("2025-02", 1), [year("FY2024", 950, 11)]).progress is None


# --- Printed values and exact parts -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("computed", "word", "note"),
    [
        ("20.7", Word.MISSED, "算出値20.7%で判定"),
        ("20.96", Word.MISSED, "算出値20.96%で判定"),
        ("21", Word.REACHED, ""),
        ("21.3", Word.REACHED, ""),
        (None, Word.REACHED, ""),
    ],
)
def test_what_is_printed_is_judged_by_its_exact_parts(computed, word, note):
    made = None if computed is None else Decimal(computed)
    verdict = judge(RATE, year("FY2024", 21, published="21%", computed=made), targets=target(21))
    assert (verdict.word, verdict.note) == (word, note)
    assert rate_text(verdict.achievement) == rate_text((made or Decimal(21)) / 21)


def test_a_printed_value_that_misses_may_reach_it_exactly():
    verdict = judge(RATE, year("FY2024", 20, computed=Decimal("20.4")), targets=target("20.2"))
    assert (verdict.word, verdict.note) == (Word.REACHED, "算出値20.4%で判定")


# --- Targets that are not on the way ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("subject", "base", "aim", "progress"),
    [
        (AMOUNT, 100, 200, "50.0%"),
        (AMOUNT, 200, 100, None),
        (AMOUNT, 100, 100, None),
        (LESS, 200, 100, "50.0%"),
        (LESS, 100, 200, None),
    ],
)
def test_a_target_on_the_unwished_side_of_the_baseline_has_no_progress(subject, base, aim, progress):
    held = replace(subject, baseline=baseline(base))
    verdict = judge(held, year("FY2024", 150), targets=target(aim))
    assert (verdict.progress and rate_text(verdict.progress)) == progress
    assert is_onward(held, Decimal(aim)) is (progress is not None)
    assert verdict.achievement is not None


# --- Parts that ended ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("subject", "aim", "word"),
    [(LESS, 1300, Word.UNKNOWN), (LESS, 1100, Word.MISSED), (AMOUNT, 1100, Word.REACHED)],
)
def test_what_is_less_because_a_part_ended_reaches_nothing(subject, aim, word):
    verdict = judge(subject, year("FY2024", 1200, lost_last_year=True), targets=target(aim))
    assert verdict.word is word
    assert (verdict.achievement is None) is (subject is LESS)


def test_nor_is_it_on_track():
    running = year("FY2025", 100, 2, lost_last_year=True)
    verdict = judge(LESS, month("2025-05", 50), [running], target(1200, 2025), on=date(2025, 6, 10))
    assert (verdict.word, verdict.note) == (Word.UNKNOWN, "終わった内訳があるため")
