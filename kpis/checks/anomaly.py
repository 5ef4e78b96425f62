"""Is a value unlike what its series leads to expect? Pure: numbers in, a doubt out.

Method. Values are put on a log scale (on their own scale where a series has been negative). A value is expected to be
that of the same month of earlier years, moved by what the months just before it changed against *their* months of
earlier years: the median of these year-on-year differences over the last months, then the median over the years. So a
season cancels, a trend is carried on, and a step counts once most of the last months confirm it. Beside it stand the
same with the last month alone (for stocks, which remember it), and the level without a season. Of these, the one that
has erred least on the series itself is used. A last month that was odd itself is a step or a slip that was let
through, and the month after shows which: what fits either, the past with it or the past without it, is not doubted. The limit is a multiple of the scatter of its own one-step errors: the
median of their size (MAD × 1.4826) or, where large errors are frequent, their 90 % quantile (÷ 1.645, both as for a
normal distribution), never less than the scatter of a count (Poisson) or a few per cent. Nearer values are doubted
where a slip of the pen explains them, and a flow that repeats the month before to the last digit. A negative value
where none ever was is doubted for its sign, however near to nothing it is. With too little history a robust check of
the change takes its place, with wide limits.

Sources: B. Iglewicz and D. Hoaglin, How to Detect and Handle Outliers (ASQC 1993) for MAD and modified scores;
P. Rousseeuw and C. Croux, Alternatives to the Median Absolute Deviation (JASA 88, 1993) for the factor 1.4826;
R. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice (3rd ed. 2021), 5.2 for the seasonal naive
forecast with drift, whose robust form this is; M. Bartlett (JRSS Supplement 3, 1936) for the scatter of counts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

#: Size of an error, in robust standard deviations, from which it is doubted.
LIMIT = 3.5
#: The same where a slip of the pen (two digits swapped, one too many) would explain the value.
SLIP_LIMIT = 2.0
#: Nothing that differs by less than this share is doubted.
LEAST_SHARE = 0.06
#: The scatter is never taken to be smaller than this share.
LEAST_SCATTER = 0.02
#: Years and months looked back.
YEARS = 4
ERRORS_OF = 36
#: So many errors make a scatter; with fewer the wide limit holds.
ENOUGH_ERRORS = 8
#: Without enough history: a change by more than this factor, or six times the usual change.
WIDE_FACTOR = 4.0
WIDE_LIMIT = 6.0
MAD_TO_DEVIATION = 1.4826
#: So many standard deviations hold 90 % of normally distributed errors.
DEVIATIONS_OF_90 = 1.645
#: So many of the last values are left out, where they were doubted themselves, before a value is doubted beside them.
SUSPECTS = 3
#: A flow of at least so much that is exactly the month before it, where that has hardly ever happened.
REPEATED_FROM = 100
REPEATED_SHARE = 0.04
#: With so many values before it, none of them negative, a negative one is odd.
NEVER_NEGATIVE = 3

History = Mapping[int, float]
_Predictor = Callable[[History, int, int], float | None]


@dataclass(frozen=True)
class Doubt:
    """Why a value is odd, and the range that would not be: "unusual", "factor", "swapped", "repeated", "negative" where
    no value ever was, or "sign" where only the sign is unlike the others."""

    code: str
    low: float
    high: float


def _seasonal(window: int) -> _Predictor:
    def predict(values: History, at: int, season: int) -> float | None:
        expected = []
        for year in range(1, YEARS + 1):
            then = values.get(at - season * year)
            if then is None:
                continue
            moves = [
                values[at - back] - values[at - back - season * year]
                for back in range(1, window + 1)
                if at - back in values and at - back - season * year in values
            ]
            if moves:
                expected.append(then + median(moves))
        return median(expected) if expected else None

    return predict


def _level(window: int) -> _Predictor:
    def predict(values: History, at: int, season: int) -> float | None:
        last = [values[at - back] for back in range(1, window + 1) if at - back in values]
        return median(last) if last else None

    return predict


PREDICTORS: tuple[_Predictor, ...] = (_seasonal(5), _seasonal(1), _level(3), _level(1))


class Past:
    """A series' values by period number (months, or quarters or years since some start), and what it leads to expect.

    `season` is the number of periods in a year. A period may be asked again and again: each is worked out once, from
    the values before it alone.
    """

    def __init__(self, values: History, *, season: int = 12, is_flow: bool = True) -> None:
        self._season, self._is_flow = season, is_flow
        self._raw = {at: float(value) for at, value in values.items()}
        # One negative value may be the slip that is looked for; a series that goes below zero does so again.
        self._is_linear = sum(value < 0 for value in values.values()) > 1
        self._is_count = not self._is_linear and all(value.is_integer() for value in self._raw.values())
        middle = median(abs(value) for value in values.values()) if values else 0.0
        self._offset = 0.5 if self._is_count else max(middle * 0.01, 1e-6)
        self._unit = max(middle, 1e-6)
        self._scaled = {at: self._scale(value) for at, value in self._raw.items()}
        self._expected: dict[tuple[int, int], float | None] = {}
        self._doubted: dict[int, bool] = {}

    def doubt(self, at: int, value: float) -> Doubt | None:
        """What is odd about a value for a period, judged by the periods before it; None where nothing is."""
        found = self._against_all(at, value)
        if found is None or found.code == "repeated":
            return found
        suspects = [when for when in range(at - SUSPECTS, at) if self._was_doubted(when)]
        if not suspects:
            return found
        rest = {when: known for when, known in self._raw.items() if when < at and when not in suspects}
        without = Past(rest, season=self._season, is_flow=self._is_flow)
        return found if without.doubt(at, value) is not None else None

    def _was_doubted(self, at: int) -> bool:
        """A value that stands in the past was odd by what stood before it: a slip that was let through, or a step."""
        if at not in self._raw:
            return False
        if at not in self._doubted:
            self._doubted[at] = self.doubt(at, self._raw[at]) is not None
        return self._doubted[at]

    def _against_all(self, at: int, value: float) -> Doubt | None:
        before = [when for when in self._raw if when < at and when >= at - self._season * YEARS]
        if not before:
            return None
        expected, scatter, limit = self._judge(at)
        if expected is None:
            return None
        far = abs(self._scale(value) - expected)
        widest = limit * scatter
        code = ""
        if far > max(widest, LEAST_SHARE):
            code = self._slip(value, expected, far) or "unusual"
        elif limit == LIMIT and far > max(SLIP_LIMIT * scatter, LEAST_SHARE):
            code = self._slip(value, expected, far)
        is_new = value < 0 and len(before) >= NEVER_NEGATIVE and all(self._raw[when] >= 0 for when in before)
        if is_new or (code and value < 0 and not self._is_linear):
            code = "negative"
        if not code and self._is_repeated(at, value):
            code = "repeated"
        if not code:
            return None
        low, high = self._unscale(expected - widest), self._unscale(expected + widest)
        return Doubt(code, low if self._is_linear else max(low, 0.0), high)

    def _judge(self, at: int) -> tuple[float | None, float, float]:
        """What is expected, its scatter, and the multiple of it that is doubted."""
        best: tuple[float, float, float] | None = None  # what is expected, the usual error, the scatter
        for which in range(len(PREDICTORS)):
            expected = self._expect(which, at)
            errors = self._errors(which, at) if expected is not None else []
            if expected is not None and len(errors) >= ENOUGH_ERRORS:
                usual = MAD_TO_DEVIATION * median(errors)
                if best is None or usual < best[1]:
                    best = expected, usual, max(usual, _ninetieth(errors) / DEVIATIONS_OF_90)
        if best is not None and (self._season == 1 or at - self._season in self._scaled):
            return best[0], max(best[2], self._least(best[0])), LIMIT
        expected = self._expect(2, at)
        if expected is None:
            return None, 0.0, WIDE_LIMIT
        scatter = max(MAD_TO_DEVIATION * median(self._errors(3, at) or [0.0]), self._least(expected))
        return expected, max(scatter, math.log(WIDE_FACTOR) / WIDE_LIMIT), WIDE_LIMIT

    def _expect(self, which: int, at: int) -> float | None:
        key = which, at
        if key not in self._expected:
            self._expected[key] = PREDICTORS[which](self._scaled, at, self._season)
        return self._expected[key]

    def _errors(self, which: int, at: int) -> list[float]:
        errors = []
        for when in range(at - ERRORS_OF, at):
            value = self._scaled.get(when)
            expected = self._expect(which, when) if value is not None else None
            if value is not None and expected is not None:
                errors.append(abs(value - expected))
        return errors

    def _least(self, expected: float) -> float:
        if not self._is_count:
            return LEAST_SCATTER
        # Both the value and what it is compared with scatter: twice the variance of one count.
        return max(LEAST_SCATTER, math.sqrt(2 / (max(self._unscale(expected), 0.0) + 1)))

    def _slip(self, value: float, expected: float, far: float) -> str:
        """The slip of the pen that would explain the value: without it, nearly all of the distance is gone."""

        def explains(other: float) -> bool:
            return abs(self._scale(other) - expected) < far / 4

        if value > 0 and not self._is_linear and (explains(value * 10) or explains(value / 10)):
            return "factor"
        if self._is_linear and explains(-value):
            return "sign"
        digits = f"{abs(value):.6f}".rstrip("0").rstrip(".")
        for i in range(len(digits) - 1):
            swapped = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
            is_other = digits[i : i + 2].isdecimal() and digits[i] != digits[i + 1]
            if is_other and explains(math.copysign(float(swapped), value)):
                return "swapped"
        return ""

    def _is_repeated(self, at: int, value: float) -> bool:
        if not self._is_flow or abs(value) < REPEATED_FROM or self._raw.get(at - 1) != value:
            return False
        pairs = [self._raw[when] == self._raw[when - 1] for when in self._raw if when < at and when - 1 in self._raw]
        return len(pairs) < ENOUGH_ERRORS or sum(pairs) <= REPEATED_SHARE * len(pairs)

    def _scale(self, value: float) -> float:
        return value / self._unit if self._is_linear else math.log(max(value, 0.0) + self._offset)

    def _unscale(self, scaled: float) -> float:
        return scaled * self._unit if self._is_linear else math.exp(min(scaled, 60.0)) - self._offset


def _ninetieth(errors: list[float]) -> float:
    return sorted(errors)[len(errors) * 9 // 10]
