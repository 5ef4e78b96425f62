"""Hands a chart to plotly: the same specification as the SVG, as plain JSON data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from charts.axis import axis_for, tick_text
from charts.specification import Chart, Line, Role
from charts.svg import AXIS, BLUE, CAPTION, COLOURS, GRID, INK
from japan.numbers import write_quantity

FONT = "Noto Sans JP, BIZ UDPGothic, sans-serif"
DASH = {Role.PRIMARY: "solid", Role.COMPARISON: "dash", Role.SECONDARY: "dot"}
SYMBOL = {Role.PRIMARY: "circle", Role.COMPARISON: "square-open", Role.SECONDARY: "diamond"}


def to_plotly(chart: Chart) -> dict[str, Any]:
    """`data`, `layout` and `config` for Plotly.newPlot. Decimals become floats: this is for the eye, not for sums."""
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for value, label, dash in (
        (chart.target, chart.target_label, "dash"),
        (chart.baseline, chart.baseline_label, "dot"),
    ):
        if value is not None:
            written = write_quantity(value, chart.unit, chart.decimals, chart.scale)
            shapes.append(_horizontal(float(value), dash))
            notes.append(
                {"xref": "paper", "x": 0, "y": float(value), "xanchor": "left", "yanchor": "bottom"}
                | {
                    "text": f"{label} {written}",
                    "showarrow": False,
                    "font": {"color": INK, "size": 14},
                    "bgcolor": "rgba(255,255,255,0.8)",
                }
            )
    for index, numbers in _numbers_by_place(chart).items():
        shapes.append(_vertical(index))
        notes.append(
            {"x": index, "yref": "paper", "y": 1, "yanchor": "bottom", "text": "・".join(map(str, numbers))}
            | {"showarrow": False, "bordercolor": INK, "borderpad": 2, "bgcolor": "#ffffff"}
            | {"hovertext": "<br>".join(f"{n} {chart.markers[n - 1].label}" for n in numbers)}
        )
    known = [value for line in chart.lines for value in line.values if value is not None]
    known += [value for value in (chart.target, chart.baseline) if value is not None]
    axis = axis_for(known)
    notes.append(
        {"xref": "paper", "x": 0, "yref": "paper", "y": 1, "xanchor": "right", "yanchor": "bottom", "yshift": 16}
        | {"text": f"（{chart.unit}）", "showarrow": False, "font": {"color": CAPTION, "size": 14}}
    )
    step = max(1, len(chart.x) // 8)
    ticks = list(range(len(chart.x) - 1, -1, -step))[::-1]
    layout: dict[str, Any] = {
        "font": {"family": FONT, "size": 14, "color": INK},
        "margin": {"l": 72, "r": 24, "t": 32, "b": 56},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "hovermode": "x unified",
        "showlegend": len(chart.lines) > 1,
        "legend": {"orientation": "h", "y": -0.18, "x": 0},
        "xaxis": {"tickvals": ticks, "ticktext": [chart.x[i] for i in ticks], "showgrid": False, "linecolor": AXIS}
        | {"zeroline": False},
        "yaxis": {"range": [float(axis.low), float(axis.high)], "gridcolor": GRID, "zerolinecolor": AXIS}
        | {
            "tickvals": [float(tick) for tick in axis.ticks],
            "ticktext": [tick_text(tick, chart.scale) for tick in axis.ticks],
        }
        | {"tickfont": {"color": CAPTION}},
        "separators": ".,",
        "shapes": shapes,
        "annotations": notes,
        "barmode": "group",
    }
    config = {"displaylogo": False, "responsive": True, "modeBarButtonsToRemove": ["lasso2d", "select2d"]}
    return {"data": [_trace(chart, line) for line in chart.lines], "layout": layout, "config": config}


def _numbers_by_place(chart: Chart) -> dict[int, list[int]]:
    """The numbers of the markers at each place of the axis: several may share a month."""
    places: dict[int, list[int]] = {}
    for number, marker in enumerate(chart.markers, start=1):
        if marker.x in chart.x:
            places.setdefault(chart.x.index(marker.x), []).append(number)
    return places


def _trace(chart: Chart, line: Line) -> dict[str, Any]:
    trace: dict[str, Any] = {
        "name": line.name,
        "x": list(range(len(chart.x))),
        "y": [None if value is None else float(value) for value in line.values],
        "text": [_hover(chart, line, index, value) for index, value in enumerate(line.values)],
        "hovertemplate": "%{text}<extra>%{fullData.name}</extra>",
    }
    colour = COLOURS[line.role]
    if chart.kind == "bar":
        return (
            trace
            | {
                "type": "bar",
                "marker": {"color": colour if line.role == Role.PRIMARY else "#ffffff"} | _outline(colour),
            }
            | {"textposition": "none"}
        )
    return trace | {
        "type": "scatter",
        "mode": "lines+markers",
        "connectgaps": False,
        "line": {"color": colour, "dash": DASH[line.role], "width": 3 if colour == BLUE else 2},
        "marker": {"symbol": SYMBOL[line.role], "size": 7, "color": colour},
    }


def _outline(colour: str) -> dict[str, Any]:
    return {"line": {"color": colour, "width": 1.5}}


def _hover(chart: Chart, line: Line, index: int, value: Decimal | None) -> str:
    if value is None:
        return f"{chart.x[index]} 値なし"
    written = line.text(index) or write_quantity(value, chart.unit, chart.decimals)
    mark = f"（{line.marks[index]}）" if line.marks and line.marks[index] else ""
    return f"{chart.x[index]} {written}{mark}"


def _horizontal(value: float, dash: str) -> dict[str, Any]:
    line = {"color": INK, "dash": dash, "width": 1.5}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value, "line": line}


def _vertical(index: int) -> dict[str, Any]:
    line = {"color": AXIS, "dash": "dot", "width": 1}
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": index, "x1": index, "line": line}
