"""Parts of a page that would print nothing: an empty box, 「」, a panel without a figure. Each is named with what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reports.options import PANEL, Fields, Many, Node, schema_of

#: What each kind of page is made of; without it the page says nothing.
MADE_OF: dict[str, tuple[str, ...]] = {
    "message": ("past", "now", "future", "cards"),
    "population": ("figures",),
    "challenges": ("cards",),
    "goals": ("groups",),
    "vision": ("vision", "changes", "resources", "missions", "slogan"),
    "figures": ("panels",),
    "facilities": ("cards",),
    "hours": ("figure",),
    "survey": ("questions",),
}
#: Kinds whose words stand in the body.
NEEDS_BODY = {"message", "closing"}
#: Kinds that print what the office has registered → where that is done.
REGISTERED = {
    "pillars": "改革の柱を管理画面で登録してください。",
    "timeline": "対象期間の主な実施事項を取組の画面で登録してください。",
    "cloud": "取組の一覧図に出す名称を管理画面で登録してください。",
}
#: What a list of figures says where no page of the report has one.
NO_FIGURES = "ほかのページに数値がないため、一覧が空になります。数値を載せるか、このページを消してください。"
#: One of these makes a panel; the rest goes with it.
_SHOWS = ("stats", "before_after", "donut", "phone", "methods")
#: A title or a name that is there is not blank; a text may be left out beside a title.
_NAMING = ("title", "name")
_HOLLOW = re.compile(r"「\s*」|『\s*』|（\s*）|[：:]\s*。")


def empty_parts(kind: str, options: dict[str, Any], body: str) -> list[str]:
    """What is empty in a page's settings, as Japanese sentences that say what to do."""
    schema = schema_of(kind)
    said = [
        f"「{schema.fields[name].label}」が空です。入力してください。"
        for name in MADE_OF.get(kind, ())
        if _is_blank(options.get(name))
    ]
    if kind in NEEDS_BODY and not body.strip():
        said.append("「本文」が空です。入力してください。")
    return [*said, *_within(schema, options, "")]


def unregistered(kind: str, data: Any) -> str:
    """Where to register what a page prints, where there is nothing; else nothing."""
    found = data
    if kind == "timeline":
        found = [year for year in data or [] if year["entries"]]
    return REGISTERED[kind] if kind in REGISTERED and not found else ""


def hollow(text: str) -> str:
    """The first pair of brackets, or end of a sentence, that has nothing in it; nothing where all hold something."""
    match = _HOLLOW.search(text)
    return match[0] if match else ""


def _within(node: Node, value: Any, trail: str) -> Iterator[str]:
    match node:
        case Fields():
            for name, each in value.items() if isinstance(value, dict) else ():
                yield from _within(node.fields[name], each, trail)
        case Many():
            for number, each in enumerate(value if isinstance(value, list) else [], start=1):
                where = f"{trail}{node.label}{number}"
                problem = _of_item(node.item, each)
                if problem:
                    yield f"「{where}」{problem}"
                else:
                    yield from _within(node.item, each, f"{where} ")


def _of_item(node: Node, value: Any) -> str:
    """What is wrong with one of a list; nothing where it prints something."""
    if _is_blank(value):
        return "が空です。入力するか、この項目を消してください。"
    if node is PANEL and all(_is_blank(value.get(name)) for name in _SHOWS):
        return "に数値がありません。指標を選ぶか、この枠を消してください。"
    if not isinstance(node, Fields):
        return ""
    for name in _NAMING:
        if name in value and _is_blank(value[name]) and node is not PANEL:
            return f"の「{node.fields[name].label}」が空です。入力するか、この項目を消してください。"
    is_named = any(name in node.fields for name in ("title", "figure"))
    if "text" in node.fields and not is_named and _is_blank(value.get("text")):
        return "の文が空です。入力するか、この項目を消してください。"
    return ""


def _is_blank(value: Any) -> bool:
    """Nothing to print: no words, or a list or an object of nothing but such. A picture alone says nothing."""
    if isinstance(value, dict):
        return all(_is_blank(each) for name, each in value.items() if name not in ("icon", "show"))
    if isinstance(value, list):
        return all(_is_blank(each) for each in value)
    return not str(value or "").strip()
