"""What may stand in a section's options, per kind: names, types, and references to figures.

The same description checks options, names their fields on the editing page, and says which are references.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from reports import icons
from reports.figures import check_reference
from reports.opinions import UnknownOpinion, read_opinion
from reports.placeholders import check_text
from reports.references import UnknownFigure


@dataclass(frozen=True)
class Leaf:
    """One field of the editing page: `path` is where its value stands in the options (cards.0.title)."""

    path: str
    label: str
    value: str
    node: Node


@dataclass(frozen=True)
class Node:
    """A part of the options; `label` is what staff read."""

    label: str

    def check(self, value: Any, until: date | None = None) -> None:
        """Raises ValidationError with a Japanese message; `until` is the last day a report's figures may be of."""
        if not isinstance(value, str):
            raise ValidationError(f"{self.label}は文字で入力してください。", code="options")

    def leaves(self, value: Any, path: str, trail: str) -> Iterator[Leaf]:
        yield Leaf(path, f"{trail}{self.label}", value if isinstance(value, str) else "", self)


class Text(Node):
    """Words, with placeholders."""

    def check(self, value: Any, until: date | None = None) -> None:
        super().check(value, until)
        check_text(value, until)


class FigureReference(Node):
    """The code of a figure: the page prints its value, its time and its marks."""

    def check(self, value: Any, until: date | None = None) -> None:
        super().check(value, until)
        try:
            check_reference(value, until)
        except UnknownFigure as error:
            raise ValidationError(f"{self.label}：{error}", code="options") from error


class SurveyReference(Node):
    """A survey's question."""

    def check(self, value: Any, until: date | None = None) -> None:
        super().check(value, until)
        try:
            read_opinion(value, until)
        except UnknownOpinion as error:
            raise ValidationError(f"{self.label}：{error}", code="options") from error


@dataclass(frozen=True)
class Choice(Node):
    """One of a few words."""

    choices: tuple[tuple[str, str], ...]

    def check(self, value: Any, until: date | None = None) -> None:
        if value not in dict(self.choices):
            # The back office writes the names, the editing page the words: each finds its own.
            names = "、".join(f"{name}（{word}）" for name, word in self.choices)
            raise ValidationError(f"{self.label}は次から選んでください：{names}", code="options")


@dataclass(frozen=True)
class Many(Node):
    """A list."""

    item: Node

    def check(self, value: Any, until: date | None = None) -> None:
        if not isinstance(value, list):
            raise ValidationError(f"{self.label}は一覧（[ ]）で入力してください。", code="options")
        for each in value:
            self.item.check(each, until)

    def leaves(self, value: Any, path: str, trail: str) -> Iterator[Leaf]:
        single = not isinstance(self.item, Fields | Many)
        for number, each in enumerate(value if isinstance(value, list) else []):
            inner = f"{trail}{self.label}{number + 1} " if not single else f"{trail}{number + 1} "
            yield from self.item.leaves(each, f"{path}.{number}", inner)


@dataclass(frozen=True)
class Fields(Node):
    """An object with some of these fields and no others."""

    fields: dict[str, Node]

    def check(self, value: Any, until: date | None = None) -> None:
        if not isinstance(value, dict):
            raise ValidationError(f"{self.label}は {{ }} で入力してください。", code="options")
        if unknown := [name for name in value if name not in self.fields]:
            known = "、".join(self.fields) or "なし"
            raise ValidationError(f"「{unknown[0]}」という設定はありません。使えるもの：{known}", code="options")
        problems: list[str] = []
        for name, each in value.items():
            try:
                self.fields[name].check(each, until)
            except ValidationError as error:
                problems += error.messages
        if problems:
            raise ValidationError(problems, code="options")

    def leaves(self, value: Any, path: str, trail: str) -> Iterator[Leaf]:
        for name, node in self.fields.items():
            if isinstance(value, dict) and name in value:
                yield from node.leaves(value[name], f"{path}.{name}".lstrip("."), trail)


ICON = Choice("図柄", tuple(icons.NAMES.items()))
KICKER = Text("見出しの上の小見出し")
ITEM = Fields("項目", {"icon": ICON, "text": Text("文")})
CARD = Fields("", {"title": Text("見出し"), "text": Text("文"), "icon": ICON, "points": Many("項目", Text("項目"))})
SHOWN = (
    ("value", "値"),
    ("rate", "月・年を付けた量"),
    ("ratio", "倍率"),
    ("change", "差"),
    ("change_rate", "増減率"),
)
STAT = Fields(
    "",
    {
        "figure": FigureReference("指標"),
        "caption": Text("説明"),
        "show": Choice("表すもの", SHOWN),
        "note": Text("注"),
    },
)
PANEL = Fields(
    "",
    {
        "title": Text("見出し"),
        "icon": ICON,
        "stats": Many("数値", STAT),
        "before_after": FigureReference("前後を比べる棒の指標"),
        "donut": FigureReference("円で表す割合の指標"),
        "phone": FigureReference("電話の画面に出す指標"),
        "phone_title": Text("電話の画面の題"),
        "menu": Many("画面のメニュー", ITEM),
        "methods": Many("種類の指標", FigureReference("種類の指標")),
        "text": Text("文"),
        "art": Choice("大きな図柄", ICON.choices),
        "cards": Many("枠", CARD),
    },
)
OPTIONS: dict[str, dict[str, Node]] = {
    "cover": {"slogan": Text("合言葉")},
    "message": {
        "past_from": Text("これまでの期間の始まり（令和4年度。空のときは対象期間の始まり）"),
        "past": Text("これまでの期間の名"),
        "now": Text("いま"),
        "future_from": Text("これからの期間の始まり（令和7年度。空のときは対象期間の次の年度）"),
        "future": Text("これからの期間の名"),
        "cards": Many("枠", CARD),
    },
    "population": {"figures": Many("人口の指標", FigureReference("人口の指標"))},
    "challenges": {"cards": Many("課題", CARD), "conclusion": Text("まとめ")},
    "goals": {
        "groups": Many("目標", Fields("", {"title": Text("見出し"), "areas": Many("分野", ITEM)})),
        "conclusion": Text("まとめ"),
    },
    "vision": {
        "slogan": Text("合言葉"),
        "actors": Text("主役"),
        "vision": Text("ビジョン"),
        "missions": Many("ミッション", CARD),
        "changes": Many("変えるもの", Text("変えるもの")),
        "resources": Many("再配分するもの", Text("再配分するもの")),
    },
    "pillars": {},
    "timeline": {},
    "figures": {"panels": Many("枠", PANEL)},
    "facilities": {
        "cards": Many("段階", CARD),
        "pillar": Text("実施事項を並べる改革の柱（コード）"),
        "list_title": Text("一覧の見出し"),
    },
    "hours": {
        "figure": FigureReference("指標"),
        "causes_title": Text("見直したものの見出し"),
        "causes": Many("見直したもの", ITEM),
        "cards": Many("枠", CARD),
    },
    "cloud": {},
    "survey": {"questions": Many("設問", SurveyReference("設問"))},
    "closing": {"slogan": Text("合言葉")},
    "data": {},
    "colophon": {"rows": Many("行", Fields("", {"name": Text("名前"), "text": Text("文")}))},
}


def schema_of(kind: str) -> Fields:
    """What a section of this kind can be told. Raises ValidationError for an unknown kind."""
    if kind not in OPTIONS:
        raise ValidationError("ページの種類を選んでください。", code="kind")
    return Fields("設定", {"kicker": KICKER, **OPTIONS[kind]})


def check_options(kind: str, options: Any, until: date | None = None) -> None:
    """Raises ValidationError naming what a section of this kind does not know or cannot take."""
    schema_of(kind).check(options, until)


def leaves_of(kind: str, options: Any) -> list[Leaf]:
    """The fields of the editing page, in the order of the page."""
    return list(schema_of(kind).leaves(options, "", ""))


def with_leaf(options: Any, path: str, value: str) -> None:
    """Puts a value where a leaf's path points, in place."""
    *parents, last = path.split(".")
    for step in parents:
        options = options[int(step)] if isinstance(options, list) else options[step]
    if isinstance(options, list):
        options[int(last)] = value
    else:
        options[last] = value
