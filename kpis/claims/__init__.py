"""What a figure may say. Pure: facts in, what may be said out; no database, no clock.

The rules, with the question each module answers:

    extent      how much of its period a figure holds: whole, to date, with gaps, a part
    dates       of which day it is, and in which words
    selecting   which figure is meant: the latest, or that of a named period
    comparing   what it may be compared with, and what a source printed of it
    judging     whether it reaches its target, or is on its way
    marks       which marks stand beside it, also beside what it is compared with
    numbers, quantities   how it is written without claiming more than it is
    stating     what stands beside it in a sentence
    disclosure  whether what is withheld can be read off

Pages, tables, files, charts, sentences and reports ask here and decide nothing on their own.
"""

from kpis.claims.comparing import (
    Against,
    Change,
    Said,
    against_baseline,
    change_from_before,
    change_from_last_year,
    change_text,
    direction_word,
    first_halved,
    fits_baseline,
    no_change_text,
)
from kpis.claims.dates import as_of_day, as_of_text, level_note, level_text
from kpis.claims.disclosure import can_be_read_off, may_add_up, total_can_be_read_off, year_can_be_read_off
from kpis.claims.extent import Extent, Reach, extent_of, withheld_periods
from kpis.claims.facts import AsOfRule, Baseline, Direction, Figure, Same, Sort, Subject, Target
from kpis.claims.judging import (
    Verdict,
    Word,
    by_computed,
    is_onward,
    may_aim,
    rate_marks,
    verdict_of,
    year_figure,
)
from kpis.claims.marks import Mark, Marks, bracket, called, line_name, union, words
from kpis.claims.numbers import rate_text, ratio_text, worded_rate_text
from kpis.claims.quantities import (
    chart_unit,
    difference_note,
    exact,
    for_machines,
    in_chart,
    marks_in_print,
    quantity,
    written,
    written_exactly,
)
from kpis.claims.selecting import LaterThanAsOf, a_year_before, before, in_progress, known_by, latest, named, trend
from kpis.claims.sources import public_source, public_sources
from kpis.claims.stating import beside, stated_marks, stated_number, stated_value

__all__ = [
    "Against",
    "AsOfRule",
    "Baseline",
    "Change",
    "Direction",
    "Extent",
    "Figure",
    "LaterThanAsOf",
    "Mark",
    "Marks",
    "Reach",
    "Said",
    "Same",
    "Sort",
    "Subject",
    "Target",
    "Verdict",
    "Word",
    "a_year_before",
    "against_baseline",
    "as_of_day",
    "as_of_text",
    "before",
    "beside",
    "bracket",
    "by_computed",
    "called",
    "can_be_read_off",
    "change_from_before",
    "change_from_last_year",
    "change_text",
    "chart_unit",
    "difference_note",
    "direction_word",
    "exact",
    "extent_of",
    "first_halved",
    "fits_baseline",
    "for_machines",
    "in_chart",
    "in_progress",
    "is_onward",
    "known_by",
    "latest",
    "level_note",
    "level_text",
    "line_name",
    "marks_in_print",
    "may_add_up",
    "may_aim",
    "named",
    "no_change_text",
    "public_source",
    "public_sources",
    "quantity",
    "rate_marks",
    "rate_text",
    "ratio_text",
    "stated_marks",
    "stated_number",
    "stated_value",
    "total_can_be_read_off",
    "trend",
    "union",
    "verdict_of",
    "withheld_periods",
    "worded_rate_text",
    "words",
    "written",
    "written_exactly",
    "year_can_be_read_off",
    "year_figure",
]
