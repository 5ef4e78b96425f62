"""What a figure and its parts are called, and what may stand beside such a name without meaning another figure. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from japan.units import fold_width, split_unit
from sheets import plain, timeless

#: What parts the words of a label, and does not make it another one.
_BETWEEN = re.compile(r"[\s/・·:,、。()\[\]{}<>「」『』【】〔〕\-_＝=|]+")
#: Words beside a name that leave it the same figure. Whatever is not here (前年比, 目標, 累計, 女性, うち …) makes it another.
#: A longer word stands before one it begins with: each is tried once, so that no label takes long.
_SAME_FIGURE = (
    "実績値?|数値|値|公式|市全体|市全域|全市|本市|市|町|村|全庁|庁内|全体|当月分?|今月分?|月間|月別|月次|毎月|月分"
    "|時期|[0-9]{1,2}日|末|現在|時点|単位|※[0-9]*|注[0-9]*|(?<![0-9])[0-9]{1,2}(?![0-9%])"
)
#: Words over numbers that say they are no results: of a target, of a plan, of another year, of a comparison.
_NO_RESULT = re.compile(
    "目標|計画値|計画数|予算|見込|予測|推計|累計|前年|前月|前回|対比|比較|増減|増加|減少|構成比|達成率|進捗率|指数"
)
_SUM_OF_PARTS = "合計|総計|全件"
_ONLY_SAME = re.compile(f"(?>{_SAME_FIGURE})*+")
_ONLY_SAME_OR_SUM = re.compile(f"(?>{_SAME_FIGURE}|{_SUM_OF_PARTS})*+")
#: Nouns that say what is counted, by the unit they are counted in; the longest first.
_COUNTED = {
    "人": ("登録者数", "利用者数", "来場者数", "参加者数", "会員数", "者数", "人数", "数"),
    "件": ("件数", "数"),
    "枚": ("枚数", "数"),
    "回": ("回数", "数"),
    "台": ("台数", "数"),
    "世帯": ("世帯数", "数"),
    "か所": ("か所数", "箇所数", "数"),
    "時間": ("時間数", "時間"),
    "円": ("金額", "額"),
    "%": ("割合", "率"),
}


def key(text: str) -> str:
    """A name for comparing: one width, small letters, without spaces, brackets and other marks between its words."""
    return _BETWEEN.sub("", plain(text))


def dateless(text: str) -> str:
    """The key of a label whose years and months do not count: 試験件数（令和7年4月分） is of the same figure as 試験件数."""
    return key(timeless(text))


@dataclass(frozen=True, slots=True)
class Name:
    """One of the names of a series. `is_bare` says a part without its figure: a department's name means many things;
    `is_stem` says the figure without the noun of what is counted."""

    code: str
    kpi: str  # key of the figure's name
    unit: str
    is_bare: bool = False
    is_total: bool = True
    is_stem: bool = False


@dataclass
class Names:
    """The names of all series that a file may be about, found by their keys."""

    by_key: dict[str, list[Name]] = field(default_factory=dict)
    #: Keys of the figures' own names.
    figures: set[str] = field(default_factory=set)
    lengths: tuple[int, ...] = ()

    @classmethod
    def of(cls, names: Iterable[tuple[str, Name]]) -> Names:
        found = cls()
        for text, name in names:
            held = found.by_key.setdefault(key(text), [])
            if name not in held:
                held.append(name)
            found.figures.add(name.kpi)
        found.by_key.pop("", None)
        found.lengths = tuple(sorted({len(each) for each in found.by_key if len(each) > 1}, reverse=True))
        return found

    def within(self, label: str) -> Iterator[tuple[str, str, str, list[Name]]]:
        """Every name within the key of a label, with what stands before and after it; the longest names first."""
        for length in self.lengths:
            for start in range(len(label) - length + 1):
                word = label[start : start + length]
                if found := self.by_key.get(word):
                    yield word, label[:start], label[start + length :], found


def means_the_same(rest: str, name: Name) -> bool:
    """Whether what stands beside a name leaves it the same figure: nothing, its unit, 実績, 当月 and the like.

    A multiple of the unit (千円) is never passed over here: written_units.split_label takes it off, and reads it."""
    if name.is_bare:
        rest = rest.replace(name.kpi, "", 1)
    if _is_of_the_same(rest, name.is_total):
        return True
    without, unit = split_unit(rest, name.unit.casefold())
    return bool(unit) and _is_of_the_same(without, name.is_total)


@lru_cache(maxsize=8_192)
def _is_of_the_same(rest: str, is_total: bool) -> bool:
    words = _ONLY_SAME_OR_SUM if is_total else _ONLY_SAME
    return len(rest) <= 60 and words.fullmatch(rest) is not None


def counts_in(heading: str, name: Name) -> bool:
    """Whether a heading over the numbers says no more than what is counted: 件数 or 実績 over a figure in 件."""
    rest = heading.replace(name.kpi, "", 1)
    nouns = _COUNTED.get(_canonical(name.unit), ())
    return any(means_the_same(rest.replace(noun, "", 1), name) for noun in ("", *nouns))


def no_result_in(text: str, figures: Iterable[str] = ()) -> str:
    """A word that says the numbers under a heading or title are no results (目標, 前年比 …); "" where there is none. A
    figure may have the word in its own name: those of `figures` do not count."""
    rest = key(text)
    for figure in figures:
        rest = rest.replace(figure, "")
    match = _NO_RESULT.search(rest)
    return match[0] if match else ""


def stem(text: str, unit: str) -> str:
    """A name without the noun that says what is counted: オンライン申請 of オンライン申請件数. "" where nothing is left."""
    for noun in _COUNTED.get(_canonical(unit), ()):
        if text.endswith(noun) and len(text) - len(noun) > 1:
            return text.removesuffix(noun)
    return ""


def _canonical(unit: str) -> str:
    return next((known for known in _COUNTED if split_unit(fold_width(unit), known)[1]), unit)


def names_another(texts: Iterable[str], name: Name, figures: set[str]) -> bool:
    """Whether texts around a table name another figure and not this one."""
    joined = [key(text) for text in texts]
    if any(name.kpi in text for text in joined):
        return False
    return any(len(other) > 1 and other in text for text in joined for other in figures - {name.kpi})
