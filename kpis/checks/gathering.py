"""Gathers in few queries what the checks need for a department's month or a whole file, and puts the checks together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q

from japan.fiscal import add_months
from japan.periods import Span
from kpis.checks.anomaly import Doubt, Past
from kpis.checks.finding import ANSWER, DISCLOSED, HARD, SOFT, Finding, Unanswered, needs_answer
from kpis.checks.longer_periods import NAMES, Division, divisions_with, parts_of, reach_of
from kpis.checks.rules import Figures, at_most_text, broken
from kpis.claims import can_be_read_off, total_can_be_read_off, year_can_be_read_off
from kpis.models import Entry, Kpi, Measurement, Series
from kpis.models.checking import Rule
from kpis.models.value import GREATEST, Missing
from kpis.values.wording import exact

if TYPE_CHECKING:
    from kpis.values.statement import Statement


class Place(Protocol):
    """Where a value belongs: a Slot of kpis.entries, an Entry, a Change of kpis.values.recording."""

    series_id: int
    period: date
    span: str


P = TypeVar("P", bound=Hashable)
#: What anybody can work out, said from whichever side it comes about, and what to do about it.
_REMEDY = "ほかの内訳をもう1件非公開にするか、全体の値を非公開にしてください。"
DISCLOSURE = f"全体の値（{{total}}）が公表されているため、非公開がこの1件だけでは、引き算で値が分かります。{_REMEDY}"
BY_TOTAL = (
    f"非公開の内訳が{{part}}の1件だけのため、全体の値（{{total}}）を公表すると、引き算でその値が分かります。{_REMEDY}"
)
BY_PART = f"非公開の内訳が{{part}}の1件だけになり、全体の値（{{total}}）からの引き算でその値が分かります。{_REMEDY}"
OF_TOTAL = "内訳の値がすべて公表されているため、全体の値だけを非公開にしても、足し算で分かります。内訳も1件以上を非公開にしてください。"
BY_LAST_PART = "全体の値は非公開ですが、これで内訳の値がすべて公表され、足し算で全体の値が分かります。内訳も1件以上を非公開にしてください。"
OF_LONGER = (
    "{whole}の値（{total}）が公表されているため、非公開が{part}分だけでは、引き算で値が分かります。"
    "{others}を非公開にするか、{span}の値を非公開にしてください。"
)
_Key = tuple[int, str, date]
#: A value, or the reason for its absence.
_Said = tuple[Decimal | None, str]
_MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.FISCAL_YEAR: 12, Span.CALENDAR_YEAR: 12}
#: Years of history read for the anomaly check.
_YEARS_READ = 8


def findings_for(
    places: Sequence[P], statements: Sequence[Statement], *, doubted: Collection[P] | None = None
) -> dict[P, list[Finding]]:
    """What the checks say of each place whose statement gives them something to say; a few queries for any number.

    Only of the places in `doubted` (None: of all) it is asked whether they are unlike their past; rules hold for all.

    `places` have series_id, span and period (Slot, Entry, Change); the statements belong to them in order. What is
    stated here counts before what is stored, so that figures of one file or month are held against each other.
    """
    if len(places) != len(statements):
        raise ValueError("each place needs its statement")
    stated = {_key(place): statement for place, statement in zip(places, statements, strict=True)}
    world = _World(stated)
    found = {place: world.findings(_key(place), is_doubted=doubted is None or place in doubted) for place in places}
    return {place: findings for place, findings in found.items() if findings}


def refuse_unanswered(place: P, statement: Statement) -> None:
    """Raises Unanswered (a ValidationError) where a rule is broken, or a doubt has neither reason nor tick."""
    refuse(findings_for([place], [statement]).get(place, []), statement)


def refuse(findings: Sequence[Finding], statement: Statement) -> None:
    """The same for findings that are at hand."""
    stopped = [finding.message for finding in findings if finding.severity == HARD]
    if not stopped and needs_answer(findings, statement):
        stopped = [*(finding.message for finding in findings), ANSWER]
    if stopped:
        raise Unanswered([ValidationError(message, code="checks") for message in stopped])


def _key(place: object) -> _Key:
    return place.series_id, str(place.span), place.period  # type: ignore[attr-defined]


class _World:
    """Everything read: the series, their rules, the figures they are held against, and their past."""

    def __init__(self, stated: dict[_Key, Statement]) -> None:
        self._stated = stated
        ids = {series_id for series_id, _, _ in stated}
        # The parts beside a published total say whether what is withheld can be read off.
        totals = Series.objects.filter(kind=Series.Kind.TOTAL, kpi__series__in=ids).values("kpi")
        rows = Series.objects.filter(Q(pk__in=ids) | Q(kpi__in=totals)).select_related("kpi")
        listed = {series.pk: series for series in rows}
        own = {pk: series for pk, series in listed.items() if pk in ids}
        self._beside = {pk: series for pk, series in listed.items() if pk not in ids}
        kpis = {series.kpi_id for series in own.values()}
        self._rules: dict[int, list[Rule]] = defaultdict(list)
        for rule in Rule.objects.filter(kpi__in=kpis).select_related("other"):
            self._rules[rule.kpi_id].append(rule)
        self._ratios = list(
            Kpi.objects.filter(Q(numerator__in=kpis) | Q(denominator__in=kpis), unit="%").select_related(
                "numerator", "denominator"
            )
        )
        withheld = {
            own[key[0]].kpi_id
            for key, said in stated.items()
            if said.missing_reason == Missing.WITHHELD and key[0] in own
        }
        partners = self._partners(kpis, withheld)
        self._series = self._beside | own | partners
        self._beside = {pk: one for pk, one in self._beside.items() if pk not in partners}
        self._of_kpi: dict[int, dict[str, Series]] = defaultdict(dict)
        for series in self._series.values():
            self._of_kpi[series.kpi_id][series.code] = series
        self._read_figures()
        self._pasts: dict[tuple[int, str], Past] = {}

    def _partners(self, kpis: Collection[int], withheld: Collection[int]) -> dict[int, Series]:
        """The series of other KPIs a rule or a ratio names, and the other parts of a KPI with a published total or of
        which something is withheld."""
        rules = [rule for held in self._rules.values() for rule in held]
        wanted = {rule.other_id for rule in rules if rule.other_id}
        wanted |= {rule.kpi_id for rule in rules if rule.kind == Rule.Kind.PARTS} | set(withheld)
        for ratio in self._ratios:
            wanted |= {part for part in (ratio.numerator_id, ratio.denominator_id) if part}
        if not wanted:
            return {}
        return {series.pk: series for series in Series.objects.filter(kpi__in=wanted).select_related("kpi")}

    def _read_figures(self) -> None:
        periods = {period for _, _, period in self._stated}
        self._withheld: set[_Key] = set()
        self._was_withheld: set[_Key] = set()
        self._values: dict[_Key, Decimal | None] = {}
        self._approved: dict[_Key, Decimal | None] = {}
        if not periods:
            return
        first = add_months(min(periods), -12 * _YEARS_READ)
        whole = [pk for pk in self._series if pk not in self._beside]
        within = Q(series__in=whole, period__gte=first, period__lte=max(periods))
        within |= Q(series__in=self._beside, period__in=periods)
        approved, said = self._said(within)
        self._approved = {key: value for key, (value, _) in approved.items()}
        self._was_withheld = {key for key, (_, reason) in approved.items() if reason == Missing.WITHHELD}
        self._values = {key: value for key, (value, _) in said.items()}
        self._withheld = {key for key, (_, reason) in said.items() if reason == Missing.WITHHELD}

    def _said(self, within: Q) -> tuple[dict[_Key, _Said], dict[_Key, _Said]]:
        """What is approved; and the same where what waits, and what is stated here, counts before it."""
        columns = ("series_id", "span", "period", "value", "missing_reason")
        waiting = Entry.objects.stated().filter(within)
        approved: dict[_Key, _Said] = {
            (pk, span, day): (value, reason)
            for pk, span, day, value, reason in Measurement.objects.observed().filter(within).values_list(*columns)
        }
        said = approved | {
            (pk, span, day): (value, reason) for pk, span, day, value, reason in waiting.values_list(*columns)
        }
        return approved, said | {key: (each.value, each.missing_reason) for key, each in self._stated.items()}

    def _of_longer(self, series: Series, key: _Key) -> list[Finding]:
        """A year or quarter that is stated beside its months (a year beside its quarters) gives away a single one that is
        withheld, from whichever side it comes about. The shorter ones are read only where a longer one is stated."""
        if series.kpi.kind != Kpi.Kind.FLOW or series.kpi.frequency == Kpi.Frequency.FISCAL_YEAR:
            return []
        span = Span(key[1])
        is_new = key in self._withheld or key in self._was_withheld or self._approved.get(key) is None
        return [
            found
            for each in divisions_with(span, key[2])
            if each.part != span or is_new
            if (found := self._of_division(series, each)) is not None
        ]

    def _of_division(self, series: Series, division: Division) -> Finding | None:
        whole = division.whole
        total = self._values.get((series.pk, whole.span.value, whole.start))
        if total is None:
            return None
        parts = parts_of(division, series.months_of_life(whole))
        said = [self._beside_longer.get((series.pk, each.span.value, each.start), (None, "")) for each in parts]
        withheld = [each for each, (_, reason) in zip(parts, said, strict=True) if reason == Missing.WITHHELD]
        known = sum(value is not None for value, _ in said)
        if not year_can_be_read_off(total, len(parts), known, len(withheld)):
            return None
        words = {"whole": whole.label, "total": exact(series.kpi, total), "part": withheld[0].label}
        return _disclosed(OF_LONGER, **words, others=NAMES[division.part][0], span=NAMES[whole.span][1])

    @cached_property
    def _beside_longer(self) -> dict[_Key, _Said]:
        """What is stored, waits or is stated of the months and quarters of all years concerned."""
        first, after = reach_of([period for _, _, period in self._stated])
        ids = {series_id for series_id, _, _ in self._stated}
        spans = (Span.MONTH, Span.QUARTER)
        within = Q(series__in=ids, span__in=spans, period__gte=first, period__lt=after)
        return self._said(within)[1]

    def findings(self, key: _Key, *, is_doubted: bool = True) -> list[Finding]:
        value = self._stated[key].value
        series = self._series.get(key[0])
        if series is not None and self._stated[key].missing_reason == Missing.WITHHELD:
            return self._of_withholding(series, key) + self._of_longer(series, key)
        if value is None or series is None:
            return []
        findings = list(self._of_rules(series, key, value)) + list(self._of_ratios(series, key, value))
        if self._approved.get(key) == value:  # an approved value has been answered for
            return [finding for finding in findings if finding.severity == HARD]
        findings += self._of_publishing(series, key, value)
        findings += self._of_longer(series, key)
        if is_doubted:
            doubt = self._past(series, key).doubt(_number(key), float(value))
            if doubt is not None:
                findings.append(_words(series.kpi, value, doubt, self._before(key)))
        return findings

    def _of_withholding(self, series: Series, key: _Key) -> list[Finding]:
        """What is withheld here may be read off from what is published beside it."""
        total, parts = self._breakdown(series, key)
        if series.kind == Series.Kind.TOTAL:
            known = sum(self._values.get(part) is not None for part in parts)
            return [_disclosed(OF_TOTAL)] if total_can_be_read_off(len(parts), known) else []
        stated = None if total is None else self._values.get(total)
        withheld = [part for part in parts if part in self._withheld]
        if stated is None or not can_be_read_off(stated, len(parts), len(withheld)):
            return []
        return [_disclosed(DISCLOSURE, total=exact(series.kpi, stated))]

    def _of_publishing(self, series: Series, key: _Key, value: Decimal) -> list[Finding]:
        """What is published here may give away what is withheld beside it: a total its single withheld part, a part that
        was withheld the last one that still is, and the last part a withheld total."""
        total, parts = self._breakdown(series, key)
        withheld = [part for part in parts if part in self._withheld]
        stated = None if total is None else self._values.get(total)
        if total is not None and total in self._withheld and key != total:
            known = sum(self._values.get(part) is not None for part in parts)
            is_new = self._approved.get(key) is None
            return [_disclosed(BY_LAST_PART)] if is_new and total_can_be_read_off(len(parts), known) else []
        if stated is None or not can_be_read_off(stated, len(parts), len(withheld)):
            return []
        if key != total and key not in self._was_withheld:
            return []
        words = BY_TOTAL if key == total else BY_PART
        return [_disclosed(words, part=f"「{self._series[withheld[0][0]].name}」", total=exact(series.kpi, stated))]

    def _breakdown(self, series: Series, key: _Key) -> tuple[_Key | None, list[_Key]]:
        """Where the published total of a period is stated, and where its living parts are."""
        living = [one for one in self._of_kpi[series.kpi_id].values() if _lives(one, key[2])]
        places = {one.pk: (one.pk, key[1], key[2]) for one in living}
        total = next((places[one.pk] for one in living if one.kind == Series.Kind.TOTAL), None)
        return total, [places[one.pk] for one in living if one.kind != Series.Kind.TOTAL]

    def _of_rules(self, series: Series, key: _Key, value: Decimal) -> Iterable[Finding]:
        for rule in self._rules.get(series.kpi_id, []):
            parts, total = self._parts(series, key) if rule.kind == Rule.Kind.PARTS else (None, None)
            other = self._other(rule.other_id, series, key) if rule.other_id else None
            finding = broken(rule, series.kpi, Figures(value, self._before(key), other, parts, total))
            if finding is not None:
                yield finding

    def _of_ratios(self, series: Series, key: _Key, value: Decimal) -> Iterable[Finding]:
        """A share cannot be more than 100 %: the numerator is at most the denominator, from whichever side it is
        entered, unless a rule says how the two belong together."""
        for ratio in self._ratios:
            numerator, denominator = ratio.numerator, ratio.denominator
            if numerator is None or denominator is None or self._is_ruled(numerator.pk, denominator.pk):
                continue
            above, below = value, value
            if series.kpi_id == numerator.pk:
                found = self._other(denominator.pk, series, key)
                below = above if found is None else found
            elif series.kpi_id == denominator.pk:
                found = self._other(numerator.pk, series, key)
                above = below if found is None else found
            if above > below:
                yield Finding(HARD, "ratio", at_most_text(numerator, above, denominator, below))

    def _is_ruled(self, kpi_id: int, other_id: int) -> bool:
        return any(rule.other_id == other_id for rule in self._rules.get(kpi_id, []))

    def _other(self, kpi_id: int, series: Series, key: _Key) -> Decimal | None:
        """The figure of another KPI for the same part and period; the total stands for the total."""
        held = self._of_kpi.get(kpi_id, {})
        match = held.get(series.code)
        if match is None and series.kind == Series.Kind.TOTAL:
            match = next((one for one in held.values() if one.kind == Series.Kind.TOTAL), None)
        return self._values.get((match.pk, key[1], key[2])) if match else None

    def _parts(self, series: Series, key: _Key) -> tuple[list[Decimal] | None, Decimal | None]:
        """The values of all parts of the period and the published total; None while one is not known."""
        total, parts = None, []
        for one in self._of_kpi[series.kpi_id].values():
            value = self._values.get((one.pk, key[1], key[2]))
            if one.kind == Series.Kind.TOTAL:
                total = value
            elif _lives(one, key[2]):
                parts.append(value)
        known = [value for value in parts if value is not None]
        return (known if parts and len(known) == len(parts) else None), total

    def _before(self, key: _Key) -> Decimal | None:
        return self._values.get((key[0], key[1], add_months(key[2], -_MONTHS[Span(key[1])])))

    def _past(self, series: Series, key: _Key) -> Past:
        place = key[0], key[1]
        if not self._pasts:
            held: dict[tuple[int, str], dict[int, float]] = defaultdict(dict)
            for one, value in self._values.items():
                if value is not None:
                    held[one[:2]][_number(one)] = float(value)
            self._held = held
        if place not in self._pasts:
            season = 12 // _MONTHS[Span(key[1])]
            self._pasts[place] = Past(self._held[place], season=season, is_flow=series.kpi.kind == Kpi.Kind.FLOW)
        return self._pasts[place]


def _disclosed(words: str, **names: str) -> Finding:
    return Finding(SOFT, DISCLOSED, words.format(**names))


def _lives(series: Series, day: date) -> bool:
    return (series.starts_on is None or series.starts_on <= day) and (series.ends_on is None or series.ends_on >= day)


def _number(key: _Key) -> int:
    """Which period it is, counted in periods of its length."""
    return (key[2].year * 12 + key[2].month - 1) // _MONTHS[Span(key[1])]


def _inside(limit: float, kpi: Kpi, rounding: str) -> Decimal:
    """A limit of what is expected, rounded into it: a value that is doubted never stands in the range that is told."""
    bounded = max(
        min(Decimal(str(limit)), GREATEST), -GREATEST
    )  # a series that explodes leads to expect more than fits
    return bounded.quantize(Decimal(1).scaleb(-kpi.decimals), rounding)


def _words(kpi: Kpi, value: Decimal, doubt: Doubt, previous: Decimal | None) -> Finding:
    low, high = _inside(doubt.low, kpi, ROUND_CEILING), _inside(doubt.high, kpi, ROUND_FLOOR)
    usual = f"これまでの同じ月や最近の動きからは{exact(kpi, low)}から{exact(kpi, high)}くらいの見込みです。"
    odd = {
        "factor": f"{exact(kpi, value)}は桁が1つ違うかもしれません。{usual}",
        "swapped": f"{exact(kpi, value)}は隣どうしの数字が入れ替わっているかもしれません。{usual}",
        "negative": f"{exact(kpi, value)}はマイナスの値です。負の印（▲など）が正しいか、前からの増減の数ではないか見てください。{usual}",
        "sign": f"{exact(kpi, value)}はプラスとマイナスが逆かもしれません。{usual}",
        "repeated": f"{exact(kpi, value)}は前の期とまったく同じ値です。前の期の値のままになっていないか見てください。",
        "unusual": f"{exact(kpi, value)}はいつもと違う値です。{usual}",
    }[doubt.code]
    if doubt.code != "repeated" and previous is not None:
        odd += f"前の期は{exact(kpi, previous)}でした。"
    return Finding(SOFT, doubt.code, odd, (low, high))
