"""The anomaly check against DHIS2's three methods, on labelled series made by something else than the check's model.

    python -m benchmarks.anomaly [--series 300] [--seed 20261125]

Each series is five to seven years of months made by one of several recipes (additive or multiplicative season, trend
straight, curved or none, a step, the number of working days, a random walk; noise normal, Laplace, Poisson or
autocorrelated). Its last twelve months are checked one by one against what lies before each, clean and with a typo:
ten times too much or too little, two neighbouring digits swapped, the month before repeated. Swaps that change a value
by less than a tenth (about half) count as typos as well, for all methods alike, though nobody can see most of them
amid the noise; one column is about the others. The last one is about the month after: a typo that was doubted and
approved all the same stands in the past, and the next month's true value is asked about (share of false alarms).

DHIS2's methods: the min-max range generated from mean ± 2 standard deviations; the Z-score, |x - mean| / sd, whose
documented default threshold is 3.0; the modified Z-score by Iglewicz and Hoaglin, 0.6745 |x - median| / MAD > 3.5.
The web API's page (Data validation, Outlier detection) describes the modified one as "the same as z-score except it
uses the median instead of the mean", so that reading stands beside it. DHIS2 counts the checked value in its mean and
deviation unless told otherwise, which hides typos; here all methods see the values before it alone.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from kpis.checks.anomaly import Past

TYPOS = ("factor 10", "swapped digits", "month repeated")
CHECKED = 12


def mean_2sd(past: list[float], value: float) -> bool:
    return abs(value - statistics.fmean(past)) > 2 * statistics.stdev(past)


def z_score(past: list[float], value: float) -> bool:
    return abs(value - statistics.fmean(past)) > 3 * statistics.stdev(past)


def modified_z(past: list[float], value: float) -> bool:
    middle = statistics.median(past)
    spread = statistics.median(abs(one - middle) for one in past)
    return spread > 0 and 0.6745 * abs(value - middle) > 3.5 * spread


def median_z(past: list[float], value: float) -> bool:
    return abs(value - statistics.median(past)) > 3 * statistics.stdev(past)


def ours(past: list[float], value: float) -> bool:
    return Past(dict(enumerate(past))).doubt(len(past), value) is not None


METHODS: dict[str, Callable[[list[float], float], bool]] = {
    "mean ± 2 SD": mean_2sd,
    "Z-score 3": z_score,
    "modified Z 3.5": modified_z,
    "median, 3 SD": median_z,
    "ours": ours,
}


def make_series(rng: random.Random) -> list[float]:
    """One series of whole numbers, at least 60 months."""
    months = rng.randrange(60, 85)
    level = 10 ** rng.uniform(2, 5.5)
    depth = rng.choice([0.0, rng.uniform(0.05, 0.2), rng.uniform(0.2, 0.5)])
    peak, second = rng.uniform(0, 12), rng.uniform(0, 12)
    special = rng.randrange(12) if rng.random() < 0.3 else None
    slope = rng.choice([0.0, rng.uniform(-0.005, 0.012)])
    step_at = rng.randrange(24, months - 18) if rng.random() < 0.3 else months
    step = rng.uniform(0.6, 1.8)
    is_additive, has_days = rng.random() < 0.4, rng.random() < 0.3
    noise = rng.choice(["normal", "laplace", "poisson", "ar"])
    size, drift, walk = rng.uniform(0.01, 0.05), 0.0, rng.random() < 0.15
    values: list[float] = []
    for month in range(months):
        season = depth * (math.cos(2 * math.pi * (month - peak) / 12) + 0.3 * math.cos(math.pi * (month - second) / 3))
        if special is not None and month % 12 == special:
            season += 0.6
        trend = level * (1 + slope * month) * (step if month >= step_at else 1)
        value = trend + level * season if is_additive else trend * (1 + season)
        value *= rng.choice([0.95, 1.0, 1.0, 1.05]) if has_days else 1
        if walk:
            drift += rng.gauss(0, size)
        value = max(value, level * 0.05) * math.exp(drift if walk else 0)
        values.append(float(max(round(_noisy(value, noise, size, rng, values)), 0)))
    return values


def _noisy(value: float, noise: str, size: float, rng: random.Random, before: list[float]) -> float:
    if noise == "normal":
        return value * (1 + rng.gauss(0, size))
    if noise == "laplace":
        return value * (1 + rng.choice([-1, 1]) * rng.expovariate(1 / (size * 0.7)))
    if noise == "poisson":
        return rng.gauss(value, math.sqrt(value))
    pull = (before[-1] / value - 1) * 0.2 if before and value else 0.0
    return value * (1 + max(min(pull, 0.05), -0.05) + rng.gauss(0, size))


def spoil(typo: str, value: float, before: float, rng: random.Random) -> float | None:
    """The value as typed wrongly; None where the slip would leave it as it is."""
    if typo == "factor 10":
        wrong = value * 10 if rng.random() < 0.6 else float(round(value / 10))
    elif typo == "month repeated":
        wrong = before
    else:
        digits = str(int(value))
        at = rng.randrange(len(digits) - 1) if len(digits) > 1 else 0
        wrong = float(digits[:at] + digits[at + 1 : at + 2] + digits[at] + digits[at + 2 :])
    return wrong if wrong != value else None


@dataclass
class Score:
    """What a method saw: hits and misses by typo, alarms on clean values."""

    hits: Counter[str] = field(default_factory=Counter)
    typos: Counter[str] = field(default_factory=Counter)
    alarms: int = 0
    clean: int = 0
    wide_swaps: int = 0
    wide_hits: int = 0
    after: int = 0
    after_alarms: int = 0

    @property
    def recall(self) -> float:
        return self.hits.total() / self.typos.total()

    def precision(self) -> float:
        seen = self.hits.total() + self.alarms
        return self.hits.total() / seen if seen else 0.0

    @property
    def f1(self) -> float:
        both = self.precision() + self.recall
        return 2 * self.precision() * self.recall / both if both else 0.0

    @property
    def false_alarms(self) -> float:
        return self.alarms / self.clean


def run(series: int, seed: int) -> dict[str, Score]:
    """Each checked month is seen once clean; one in three is seen once more with a typo."""
    rng = random.Random(seed)
    scores = {name: Score() for name in METHODS}
    for _ in range(series):
        values = make_series(rng)
        for at in range(len(values) - CHECKED, len(values)):
            past, value = values[:at], values[at]
            typo = rng.choice(TYPOS) if rng.random() < 1 / 3 else ""
            wrong = spoil(typo, value, past[-1], rng) if typo else None
            for name, is_odd in METHODS.items():
                score = scores[name]
                score.clean += 1
                score.alarms += is_odd(past, value)
                if wrong is not None:
                    score.typos[typo] += 1
                    score.hits[typo] += (is_hit := is_odd(past, wrong))
                    if typo == "swapped digits" and abs(wrong - value) >= 0.1 * value:
                        score.wide_swaps += 1
                        score.wide_hits += is_hit
                    if is_hit and at + 1 < len(values):
                        score.after += 1
                        score.after_alarms += is_odd([*past, wrong], values[at + 1])
    return scores


def table(scores: dict[str, Score]) -> str:
    head = f"{'method':<16}{'precision':>10}{'recall':>8}{'F1':>7}{'false alarms':>14}" + "".join(
        f"{typo:>16}" for typo in (*TYPOS, "swapped ≥ 10 %", "month after")
    )
    rows = [head]
    for name, score in scores.items():
        by_typo = "".join(f"{score.hits[typo] / score.typos[typo]:>16.1%}" for typo in TYPOS)
        by_typo += f"{score.wide_hits / score.wide_swaps:>16.1%}{score.after_alarms / max(score.after, 1):>16.1%}"
        rows.append(
            f"{name:<16}{score.precision():>10.1%}{score.recall:>8.1%}{score.f1:>7.3f}{score.false_alarms:>14.2%}{by_typo}"
        )
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20261125)
    asked = parser.parse_args()
    print(f"{asked.series} series, seed {asked.seed}")
    print(table(run(asked.series, asked.seed)))


if __name__ == "__main__":
    main()
