"""What is drawn on each page, from the snapshot alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from charts.svg import donut
from japan.units import is_percentage
from reports.drawing import SCENES, cloud, columns, lettering, people, share_bar
from reports.drawing.cloud import TooManyNames, rank_of
from reports.drawing.columns import Column

#: A figure shown as a count of small pictures has at most this many.
MOST_DOTS = 60
WHOLE = 100
#: So many problems of one drawing are named.
SAID = 3
METHOD_ICONS = ("card", "touch", "code")


class CannotDraw(ValueError):
    """A drawing whose words do not fit; the Japanese message says which."""


def illustrated(section: dict[str, Any], report: dict[str, Any]) -> dict[str, Any]:
    """The section with its drawings. Raises CannotDraw."""
    options, data = dict(section["options"]), section["data"]
    drawings: dict[str, Any] = {}
    match section["kind"]:
        case "population":
            options["figures"] = [_with_people(figure) for figure in options.get("figures", [])]
            drawings["bases"] = _bases(options["figures"])
        case "figures":
            options["panels"] = [_panel(panel) for panel in options.get("panels", [])]
        case "hours":
            if (figure := options.get("figure")) and figure["baseline"]:
                drawings["columns"] = _columns(figure, bubble="")
        case "timeline":
            entries = [entry for year in data or [] for entry in year["entries"]]
            drawings["has_bold"] = any(entry["bold"] for entry in entries)
            drawings["later"] = sum(year.get("later", 0) for year in data or [])
            drawings["lacks_month"] = any(not entry["month"] and not entry["until"] for entry in entries)
        case "cloud":
            drawings["has_bold"] = any(name["bold"] for name in data)
            drawings["cloud"] = _cloud(data, report["period"])
            drawings["names"] = [{**name, "rank": rank_of(name)} for name in data]
        case "survey":
            questions = data.get("questions", [])
            drawings["donuts"] = [_opinion(question) for question in questions]
    body = mark_safe(section["body"])  # noqa: S308  made by reports.markdown, which passes no HTML on
    return {**section, "options": options, "drawings": drawings, "body": body}


def _picture(svg: str) -> SafeString:
    """The drawing, or nothing. Raises CannotDraw where its words are cut or lie over one another."""
    if svg and (problems := lettering.overruns(svg)):
        more = f"（ほか{len(problems) - SAID}か所）" if len(problems) > SAID else ""
        raise CannotDraw(f"{'、'.join(problems[:SAID])}{more}")
    return mark_safe(svg)  # noqa: S308  charts and drawings escape their text


def _cloud(names: list[dict[str, Any]], period: str) -> SafeString:
    try:
        return _picture(cloud(names, period))
    except TooManyNames as error:
        raise CannotDraw(f"取組の名称{len(names)}件は図に収まりません") from error


def _with_people(figure: dict[str, Any]) -> dict[str, Any]:
    if not figure["index_exact"]:
        return {**figure, "people": ""}
    marks = _bracket(figure["marks"])
    alt = f"{figure['when']}の{figure['name']}を、指数{figure['index']}の人数で表した図{marks}"
    return {**figure, "people": _picture(people(Decimal(figure["index_exact"]), alt))}


def _bases(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of which time the index is 100, once for each KPI: the baseline that is really used."""
    bases: dict[str, dict[str, Any]] = {}
    for figure in figures:
        if not figure["index"]:
            continue
        base = bases.setdefault(figure["code"], {"name": figure["name"], "when": figure["baseline_wording"]})
        base["is_computed"] = base.get("is_computed", False) or "index" not in figure["printed"]
        base["has_people"] = base.get("has_people", False) or bool(figure["people"])
    return list(bases.values())


def _panel(panel: dict[str, Any]) -> dict[str, Any]:
    extra: dict[str, Any] = {"is_scene": panel.get("art") in SCENES}
    if figure := panel.get("before_after"):
        extra["columns"] = _columns(figure, bubble=figure["ratio"]) if figure["baseline"] else ""
    if figure := panel.get("donut"):
        share = figure["value"].removesuffix(figure["extent"])
        # A ring is a hundred per cent: of 65 places or 50‰ it would show something else.
        exact = figure["exact"] if is_percentage(figure["unit"]) else ""
        extra["ring"] = _donut(exact, share, figure["name"], figure["marks"], figure["extent"])
    if methods := panel.get("methods"):
        extra["methods"] = [
            {**method, "dots": range(_dots(method["exact"])), "icon": METHOD_ICONS[n % 3]}
            for n, method in enumerate(methods)
        ]
    return {**panel, **extra}


def _dots(exact: str) -> int:
    """How many small pictures stand for a number; none for a number that they cannot show."""
    number = Decimal(exact or 0)
    return int(number) if number == number.to_integral_value() and 0 < number <= MOST_DOTS else 0


def _columns(figure: dict[str, Any], *, bubble: str) -> SafeString:
    """The baseline and the figure, each with its marks, in words too; `bubble` is what lies between them."""
    of_base, of_figure = _bracket(["算出値"] if figure["baseline_is_derived"] else []), _bracket(figure["marks"])
    before = Column(
        Decimal(figure["baseline_exact"]), figure["baseline"], (figure["baseline_wording"], *filter(None, [of_base]))
    )
    after = Column(Decimal(figure["exact"]), figure["value"], (figure["when"], *filter(None, [of_figure])))
    alt = (
        f"{figure['name']}の前後：{figure['baseline_wording']}は{figure['baseline']}{of_base}、"
        f"{figure['when']}は{figure['value']}{of_figure}"
    )
    return _picture(columns(before, after, alt, bubble=bubble))


def _bracket(marks: list[str]) -> str:
    """（概数・速報値）; "" without marks."""
    return f"（{'・'.join(marks)}）" if marks else ""


def _donut(share: str, label: str, name: str, marks: list[str], extent: str = "") -> SafeString:
    """A share as a ring; nothing where there is none, or one that no ring can show. `extent` is how much of its period
    it holds."""
    if not share or not 0 <= Decimal(share) <= WHOLE:
        return mark_safe("")
    return _picture(donut(Decimal(share), f"{name}：{label}{extent}を表す円{_bracket(marks)}", label=label))


def _opinion(question: dict[str, Any]) -> dict[str, Any]:
    """A question with its ring and its bar, which name the choices that they show."""
    name = f"{question['wording']}：{question['choices']}" if question["choices"] else question["wording"]
    drawing = _donut(question["share"], question["share_text"], name, question["marks"])
    bar = share_bar(Decimal(question["share"]), question["percent"] + _bracket(question["marks"]))
    return {**question, "drawing": drawing, "bar": _picture(bar)}


def table_of(figures: list[dict[str, Any]], opinions: list[dict[str, Any]]) -> dict[str, Any]:
    """The list of figures: each once, however often the report names it.

    `source` is the one most of them share, `others` the figures that have another.
    """
    rows = {(f["code"], f["series_name"], f["period"]): f for f in figures}
    sources = [each["source"] for each in (*rows.values(), *opinions) if each["source"]]
    usual = max(sources, key=sources.count, default="")
    others = [f for f in rows.values() if f["source"] not in ("", usual)]
    others += [{"name": o["wording"], "source": o["source"]} for o in opinions if o["source"] not in ("", usual)]
    return {"rows": list(rows.values()), "source": usual, "others": others}
