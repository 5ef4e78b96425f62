"""What was assumed to read a file, and where each of it comes from: the file, last time, or what somebody chose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from japan.wareki import fiscal_year_label, month_label
from kpis.imports.amounts import FINER
from kpis.imports.formats import BY_FORMAT
from kpis.imports.mapping import AS_OFS, DAY_ORDERS, REPEATS, SCALES, SHOWN_AS, TORN_PAIRS, UNREAD_AS, YEAR_KINDS
from kpis.imports.mapping import Mapping as Way
from kpis.models import ImportedFile, ImportMapping
from sheets import ERAS, Arrangement

if TYPE_CHECKING:
    from kpis.imports.remembering import Reading
    from kpis.imports.values import Value
    from kpis.imports.written_units import Unit

FROM_FILE, CHOSEN, PROPOSED = "ファイルから", "画面で選んだ", "初めの設定"
FROM_FORMAT = "セルの表示形式から"
#: The unit that a cell shows behind its number, with what it is multiplied by.
_SHOWN = re.compile(rf"{BY_FORMAT}[-0-9,.…]{{1,26}}(?P<unit>[^、]{{1,40}})")
_UNITS = 5


@dataclass(frozen=True)
class Assumed:
    """One thing: what it is about, how it was read, and where that comes from."""

    what: str
    how: str
    source: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)


#: Settings of the mapping that are told where they are not the plainest: field, what it is called, words by value.
_SETTINGS: tuple[tuple[str, str, dict[Any, str]], ...] = (
    ("year_kind", "年の種類", YEAR_KINDS),
    ("day_order", "日付の書き方", DAY_ORDERS),
    ("era", "元号のない年度の元号", ERAS),
    ("repeats", "同じ月の行が2つ以上あるとき", REPEATS),
    ("as_of", "1日付の値", AS_OFS),
    ("shown_as", "セルの数と表示が違うとき", SHOWN_AS),
    ("keeps_digits", "指標の桁より細かい値", {True: "そのままの桁で取り込む"}),
    ("skips_unread", "月として読めない行", {True: "取り込まない"}),
    ("takes_hidden", "表示されていない行・列", {True: "取り込む"}),
    ("ignores_unit", "指標の単位と合わない、ファイルの単位", {True: "読まない（数をそのまま指標の単位で取り込む）"}),
    ("unread_as", "読み取れない単位の値", UNREAD_AS),
    ("joins_torn", "桁区切りで分かれた数", {True: "つなげて取り込む"}),
    ("torn_pairs", "2つか1つか分からない数", TORN_PAIRS),
    ("keeps_year", "「前年度」などの名前の値", {True: "表と同じ年の値として読む"}),
    ("takes_rounded", "登録済みの値を丸めた値", {True: "ファイルの値に置き換える"}),
    ("stops_here", "続きの表", {True: "取り込まない"}),
    ("skips_future", "まだ終わっていない期間の値", {True: "取り込まない"}),
)


def assumptions(
    file: ImportedFile,
    reading: Reading,
    saved: ImportMapping | None,
    values: Sequence[Value],
    periods: Iterable[str],
    units: Mapping[str, Unit],
) -> list[Assumed]:
    """All of it in the order in which a table is read. `periods` are the remarks on how periods were understood, `units`
    those written for the labels."""
    origin = _Origin(file, reading, saved)
    return [
        *_arrangement(reading, origin),
        *_time(reading, origin),
        *_scale(reading, origin, units),
        *_settings(reading.mapping, origin),
        *_values(values, periods),
    ]


class _Origin:
    """Where a setting comes from."""

    def __init__(self, file: ImportedFile, reading: Reading, saved: ImportMapping | None) -> None:
        self.reading = reading
        is_earlier = saved is not None and saved.updated_at < file.uploaded_at
        self.name = saved.name if saved is not None and is_earlier else ""
        self.last = Way.from_json(saved.reading) if saved is not None and is_earlier else None

    def of(self, field: str) -> str:
        value = getattr(self.reading.mapping, field)
        if self.last is not None and getattr(self.last, field) == value:
            return f"前回の「{self.name}」から"
        return PROPOSED if getattr(self.reading.proposal, field) == value else CHOSEN

    def of_shape(self) -> str:
        """Where a shape comes from that the application would not propose."""
        is_last = self.last is not None and self.last.has_shape_of(self.reading.mapping)
        return f"前回の「{self.name}」から" if is_last else CHOSEN


def _arrangement(reading: Reading, origin: _Origin) -> Iterator[Assumed]:
    if len(reading.tables) > 1:
        yield Assumed("読んだ表", reading.found.label, f"ファイルの{len(reading.tables)}つの表から")
    for sentence in reading.explanations:
        yield Assumed("表の読み方", sentence, FROM_FILE)
    if not reading.mapping.has_shape_of(reading.proposal):
        code = reading.mapping.arrangement
        words = Arrangement(code).label if code else "月のない表（すべて同じ月の値）"
        columns = "、".join(f"「{name}」" for name in reading.mapping.value_columns[:_UNITS])
        yield Assumed("表の並び", f"{words}{f'、値の列は{columns}' if columns else ''}", origin.of_shape())


def _time(reading: Reading, origin: _Origin) -> Iterator[Assumed]:
    mapping = reading.mapping
    if mapping.fiscal_year:
        source = reading.year_source or CHOSEN
        is_calendar = mapping.year_kind == "calendar"
        words = f"{mapping.fiscal_year}年（暦年）" if is_calendar else fiscal_year_label(mapping.fiscal_year)
        yield Assumed("年のない月の年度", words, source)
    if mapping.month and not any(month_label(mapping.month) in sentence for sentence in reading.explanations):
        yield Assumed("全体の対象月", month_label(mapping.month), CHOSEN)


def _scale(reading: Reading, origin: _Origin, units: Mapping[str, Unit]) -> Iterator[Assumed]:
    mapping = reading.mapping
    shown = {unit.shown for label, unit in units.items() if mapping.series.get(label)}
    if mapping.scale == "one" and not shown:
        return
    words = "書かれているとおり（倍率なし）" if mapping.scale == "one" else SCALES[mapping.scale][1]
    source = f"ファイルの単位「{'」「'.join(sorted(shown))}」から" if shown else origin.of("scale")
    yield Assumed("数値の単位", words, source)


def _settings(mapping: Way, origin: _Origin) -> Iterator[Assumed]:
    plainest = Way()
    for field, what, words in _SETTINGS:
        value = getattr(mapping, field)
        if value != getattr(plainest, field):
            yield Assumed(what, words[value], origin.of(field))


def _values(values: Sequence[Value], periods: Iterable[str]) -> Iterator[Assumed]:
    if remarks := list(dict.fromkeys(periods)):
        more = f"など{len(remarks)}通り" if len(remarks) > 3 else ""
        yield Assumed("いつの値か", f"{'、'.join(remarks[:3])}{more}", FROM_FILE)
    units = Counter(match["unit"] for value in values if (match := _SHOWN.search(value.how)))
    for unit, count in units.most_common(_UNITS):
        yield Assumed("セルの表示形式", f"{count}件を、セルに表示されている単位「{unit}」で読みました", FROM_FORMAT)
    if len(units) > _UNITS:
        yield Assumed("セルの表示形式", f"ほかに{len(units) - _UNITS}通りの単位があります", FROM_FORMAT)
    if count := sum(f"（{FINER}" in value.how for value in values):
        yield Assumed(
            "細かい桁",
            f"{count}件を、指標の桁より細かいまま読みました（表示のときに丸めます）",
            "指標の桁数から",
        )
