"""What is drawn on each page, from the snapshot alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from charts.svg import donut
from reports.drawing import SCENES, cloud, columns, people
from reports.drawing.cloud import rank_of
from reports.drawing.columns import Column

#: A figure shown as a count of small pictures has at most this many.
MOST_DOTS = 60
METHOD_ICONS = ("card", "touch", "code")


def illustrated(section: dict[str, Any]) -> dict[str, Any]:
    """The section with its drawings."""
    options, data = dict(section["options"]), section["data"]
    drawings: dict[str, Any] = {}
    match section["kind"]:
        case "population":
            options["figures"] = [_with_people(figure) for figure in options.get("figures", [])]
        case "figures":
            options["panels"] = [_panel(panel) for panel in options.get("panels", [])]
        case "hours":
            if figure := options.get("figure"):
                drawings["columns"] = _columns(figure, bubble="")
        case "cloud":
            drawings["cloud"] = _picture(cloud(data))
            drawings["names"] = [{**name, "rank": rank_of(name)} for name in data]
        case "survey":
            questions = data.get("questions", [])
            drawings["donuts"] = [{**q, "drawing": _donut(q["share"], q["percent"], q["wording"])} for q in questions]
    body = mark_safe(section["body"])  # noqa: S308  made by reports.markdown, which passes no HTML on
    return {**section, "options": options, "drawings": drawings, "body": body}


def _picture(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308  charts and drawings escape their text


def _with_people(figure: dict[str, Any]) -> dict[str, Any]:
    alt = f"{figure['when']}の{figure['name']}を、指数{figure['index']}の人数で表した図"
    return {**figure, "people": _picture(people(Decimal(figure["index_exact"] or 0), alt))}


def _panel(panel: dict[str, Any]) -> dict[str, Any]:
    extra: dict[str, Any] = {"is_scene": panel.get("art") in SCENES}
    if figure := panel.get("before_after"):
        extra["columns"] = _columns(figure, bubble=figure["ratio"]) if figure["baseline"] else ""
    if figure := panel.get("donut"):
        extra["ring"] = _donut(figure["exact"], figure["value"], figure["name"])
    if methods := panel.get("methods"):
        extra["methods"] = [
            {**method, "dots": range(min(int(Decimal(method["exact"])), MOST_DOTS)), "icon": METHOD_ICONS[n % 3]}
            for n, method in enumerate(methods)
        ]
    return {**panel, **extra}


def _columns(figure: dict[str, Any], *, bubble: str) -> SafeString:
    mark = ("（算出値）",) if figure["baseline_is_derived"] else ()
    before = Column(Decimal(figure["baseline_exact"]), figure["baseline"], (figure["baseline_wording"], *mark))
    marks = tuple(f"（{mark}）" for mark in figure["marks"][:1])
    after = Column(Decimal(figure["exact"]), figure["value"], (figure["when"], *marks))
    alt = (
        f"{figure['name']}の前後：{figure['baseline_wording']}は{figure['baseline']}、"
        f"{figure['when']}は{figure['value']}"
    )
    return _picture(columns(before, after, alt, bubble=bubble))


def _donut(share: str, label: str, name: str) -> SafeString:
    return _picture(donut(Decimal(share), f"{name}：{label}を表す円", label=label))


def table_of(figures: list[dict[str, Any]], opinions: list[dict[str, Any]]) -> dict[str, Any]:
    """The list of figures: each once, however often the report names it.

    `source` is the one most of them share, `others` the figures that have another.
    """
    rows = {(f["code"], f["series_name"], f["period"]): f for f in figures}
    sources = [each["source"] for each in (*rows.values(), *opinions)]
    usual = max(sources, key=sources.count, default="")
    others = [f for f in rows.values() if f["source"] != usual]
    others += [{"name": o["wording"], "source": o["source"]} for o in opinions if o["source"] != usual]
    return {"rows": list(rows.values()), "source": usual, "others": others}
