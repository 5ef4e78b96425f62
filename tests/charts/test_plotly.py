"""The same chart for plotly: plain JSON, floats, gaps as null."""

import json
from decimal import Decimal

from charts.plotly import to_plotly
from charts.specification import Line, Marker, Role
from tests.charts.conftest import amounts


def test_a_figure_is_plain_json_with_numbers_as_numbers_and_gaps_as_null(make_chart) -> None:
    figure = json.loads(json.dumps(to_plotly(make_chart("1.5", None, -3)), allow_nan=False))
    [trace] = figure["data"]
    assert trace["y"] == [1.5, None, -3]
    assert trace["connectgaps"] is False
    assert len(trace["x"]) == len(trace["text"]) == 3


def test_what_the_reader_sees_is_written_the_japanese_way(make_chart) -> None:
    chart = make_chart(None, -1234, lines=(Line("今年度", amounts(None, -1234), marks=("", "架空値（見本）")),))
    assert to_plotly(chart)["data"][0]["text"] == ["R6.4 値なし", "R6.5 ▲1,234人（架空値（見本））"]


def test_lines_differ_in_dash_and_symbol(make_chart) -> None:
    data = to_plotly(make_chart(1, lines=tuple(Line(role.value, amounts(1), role) for role in Role)))["data"]
    assert len({trace["line"]["dash"] for trace in data}) == len({trace["marker"]["symbol"] for trace in data}) == 3


def test_a_bar_chart_has_bars_with_a_comparison_that_differs_in_grey_too(make_chart) -> None:
    lines = (Line("今年度", amounts(1)), Line("前年", amounts(2), Role.COMPARISON))
    data = to_plotly(make_chart(1, kind="bar", lines=lines))["data"]
    assert [trace["type"] for trace in data] == ["bar", "bar"]
    assert data[0]["marker"]["color"] != data[1]["marker"]["color"]


def test_target_and_baseline_are_lines_with_words(make_chart) -> None:
    layout = to_plotly(make_chart(25000, target=Decimal(50000), baseline=Decimal(25000)))["layout"]
    levels = [shape for shape in layout["shapes"] if shape["y0"] == shape["y1"]]
    assert [shape["y0"] for shape in levels] == [50000.0, 25000.0]
    assert len({shape["line"]["dash"] for shape in levels}) == 2
    written = [note["text"] for note in layout["annotations"]]
    assert any("目標 50,000人" in text for text in written)
    assert any("基準 25,000人" in text for text in written)


def test_a_milestone_stands_at_its_month_and_one_beyond_the_axis_nowhere(make_chart) -> None:
    chart = make_chart(1, 2, markers=(Marker("R6.5", "道路の通報"), Marker("H31.4", "範囲の外")))
    layout = to_plotly(chart)["layout"]
    assert [shape["x0"] for shape in layout["shapes"] if shape["x0"] == shape["x1"]] == [1]
    assert "道路の通報" in json.dumps(layout, ensure_ascii=False)
    assert "範囲の外" not in json.dumps(layout, ensure_ascii=False)


def test_an_axis_from_zero_and_a_chart_without_values(make_chart) -> None:
    for chart in (make_chart(5, 7), make_chart(None, None), make_chart()):
        layout = to_plotly(chart)["layout"]
        low = layout["yaxis"].get("range", [0])[0]
        assert layout["yaxis"].get("rangemode") == "tozero" or low == 0
        json.dumps(layout, allow_nan=False)
