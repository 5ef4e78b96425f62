"""Charts as SVG: well-formed, told in words first, gaps stay gaps, nothing by colour alone."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.pen import folded, text_width
from charts.specification import Chart, Line, Marker, Role
from charts.svg import before_after, donut, spark, to_svg
from tests.charts.conftest import amounts

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "\"><script>alert('x')</script>&amp; \x00\x0b\ud800"
SIZES = [(720, 320), (360, 280)]


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)


def words(drawing: str) -> list[str]:
    return [element.text or "" for element in parsed(drawing).iter(f"{SVG}text")]


def curve_of(drawing: str, colour: str = "#0017c1") -> str:
    """The path of a line."""
    return next(p.get("d", "") for p in parsed(drawing).iter(f"{SVG}path") if p.get("stroke") == colour)


def boxes(drawing: str) -> list[tuple[float, float, float, float]]:
    """Where each text stands: left, top, right, bottom."""
    found = []
    for element in parsed(drawing).iter(f"{SVG}text"):
        size, x, y = int(element.get("font-size", 0)), float(element.get("x", 0)), float(element.get("y", 0))
        wide = text_width(element.text or "", size)
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[element.get("text-anchor", "start")]
        found.append((left, y - size * 0.8, left + wide, y))
    return found


# --- Form ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_alternative_text_comes_first_and_names_the_picture(make_chart, width, height) -> None:
    root = parsed(to_svg(make_chart(1, 2), width=width, height=height))
    assert (root.tag, root.get("role"), root.get("aria-label")) == (f"{SVG}svg", "img", "登録者数の推移")
    assert (root[0].tag, root[0].text) == (f"{SVG}title", "登録者数の推移")


@pytest.mark.parametrize("kind", ["line", "bar"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_hostile_names_stay_text(make_chart, kind, width, height) -> None:
    chart = make_chart(
        1, 2, kind=kind, alt=HOSTILE, unit=HOSTILE, x=(HOSTILE, "b"), target=Decimal(2), target_label=HOSTILE,
        lines=(Line(HOSTILE, amounts(1, 2)),), markers=(Marker("b", HOSTILE),),
    )  # fmt: skip
    root = parsed(to_svg(chart, width=width, height=height))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg",
        "title",
        "text",
        "line",
        "path",
        "rect",
        "circle",
    }
    assert not any(name.startswith("on") or name == "style" for element in root.iter() for name in element.attrib)


def test_other_drawings_escape_what_they_are_given_too() -> None:
    for drawing in (
        spark(list(amounts(1, 2)), HOSTILE),
        donut(Decimal(50), HOSTILE, label=HOSTILE),
        before_after(Decimal(2), Decimal(1), HOSTILE, labels=(HOSTILE, "b"), texts=(HOSTILE, "1")),
    ):
        assert not list(parsed(drawing).iter(f"{SVG}script"))
        assert parsed(drawing)[0].tag == f"{SVG}title"


@given(
    st.lists(st.none() | st.decimals(-(10**9), 10**9, places=1), min_size=0, max_size=40),
    st.sampled_from(["line", "bar"]),
)
def test_whatever_the_values_are_the_drawing_is_well_formed(values, kind) -> None:
    chart = Chart("t", "a", tuple(map(str, range(len(values)))), (Line("n", tuple(values)),), kind=kind, unit="人")
    for width, height in SIZES:
        drawing = to_svg(chart, width=width, height=height)
        parsed(drawing)
        numbers = [
            e.get(name, "0") for e in parsed(drawing).iter() for name in ("x", "y", "width", "height", "x1", "y2")
        ]
        assert all(re.fullmatch(r"-?[0-9]+(\.[0-9])?", number) for number in numbers)
        assert drawing == to_svg(chart, width=width, height=height)


# --- Values --------------------------------------------------------------------------------------------------------
def test_a_gap_lifts_the_pen(make_chart) -> None:
    assert curve_of(to_svg(make_chart(1, 2, None, 4, 5))).count("M") == 2
    assert curve_of(to_svg(make_chart(1, 2, 3, 4, 5))).count("M") == 1


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_value_between_two_gaps_is_seen(make_chart, width, height) -> None:
    values = [5] * 60
    values[30] = values[32] = None
    without = [*values]
    without[31] = None

    def marks(given: list) -> int:
        return len(list(parsed(to_svg(make_chart(*given), width=width, height=height)).iter(f"{SVG}circle")))

    assert marks(values) == marks(without) + 1


def test_a_missing_bar_is_left_out_and_a_zero_is_drawn(make_chart) -> None:
    def bars(drawing: str) -> int:
        return sum(r.get("fill") == "#0017c1" for r in parsed(drawing).iter(f"{SVG}rect"))

    assert bars(to_svg(make_chart(5, None, 3, kind="bar"))) == bars(to_svg(make_chart(5, 0, 3, kind="bar"))) - 1


def test_bars_stand_on_zero_and_hang_from_it(make_chart) -> None:
    root = parsed(to_svg(make_chart(-10, 20, kind="bar")))
    down, up = [r for r in root.iter(f"{SVG}rect") if r.get("fill") == "#0017c1" and r.get("width") != "14"]
    zero = float(up.get("y", 0)) + float(up.get("height", 0))
    assert float(down.get("y", 0)) == pytest.approx(zero, abs=0.2)
    assert float(up.get("height", 0)) == pytest.approx(2 * float(down.get("height", 0)), abs=0.3)


def test_the_last_value_is_written_out_with_a_triangle_for_minus(make_chart) -> None:
    assert "▲12" in words(to_svg(make_chart(5, -12, None)))
    assert "23.5万" in words(to_svg(make_chart(100000, 235000, scale="man")))
    assert "20.5" in words(to_svg(make_chart("18.2", "20.5", unit="%", decimals=1)))


def test_a_single_point_is_a_mark_with_its_value(make_chart) -> None:
    drawing = to_svg(make_chart(40000))
    assert len(list(parsed(drawing).iter(f"{SVG}circle"))) == 1
    assert "40,000" in words(drawing)


@pytest.mark.parametrize("kind", ["line", "bar"])
def test_a_chart_without_values_says_so(make_chart, kind) -> None:
    assert "値がありません" in words(to_svg(make_chart(None, None, kind=kind)))
    assert "値がありません" not in words(to_svg(make_chart(None, 0, kind=kind)))


# --- Not by colour alone -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_lines_differ_in_dash_and_mark_and_carry_their_names(make_chart, width, height) -> None:
    lines = tuple(Line(role.value, amounts(1, 2, 3), role) for role in Role)
    drawing = to_svg(make_chart(1, 2, 3, lines=lines), width=width, height=height)
    dashes = {p.get("stroke-dasharray") for p in parsed(drawing).iter(f"{SVG}path") if p.get("stroke")}
    assert len(dashes) == 3
    assert {"primary", "comparison", "secondary"} <= set(words(drawing))
    root = parsed(drawing)
    assert list(root.iter(f"{SVG}circle"))
    assert [r for r in root.iter(f"{SVG}rect") if r.get("width") == "6"]
    assert [p for p in root.iter(f"{SVG}path") if p.get("fill") != "none"]


@pytest.mark.parametrize("kind", ["line", "bar"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_target_and_baseline_are_named_with_their_values(make_chart, kind, width, height) -> None:
    chart = make_chart(25000, 40000, kind=kind, target=Decimal(50000), baseline=Decimal(25000))
    assert {"目標 50,000人", "基準 25,000人"} <= set(words(to_svg(chart, width=width, height=height)))


# --- Room ----------------------------------------------------------------------------------------------------------
CROWDED = {
    "target": Decimal(40500), "baseline": Decimal(39800),
    "markers": (
        Marker("R6.8", "LINE公式アカウントで道路の損傷を通報できるサービスを市内全域で開始しました"), Marker("R6.9", "二つめ"), Marker("R6.8", "三つめ"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["line", "bar"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_text_leaves_the_picture(make_chart, kind, width, height) -> None:
    lines = (
        Line("オンライン申請件数", amounts(*[39000 + 90 * n for n in range(14)])),
        Line("前年同月の件数", amounts(*[40000] * 14), Role.COMPARISON),
    )
    drawing = to_svg(make_chart(*range(14), kind=kind, lines=lines, **CROWDED), width=width, height=height)
    full_height = float(parsed(drawing).get("viewBox", "").split()[3])
    for left, top, right, bottom in boxes(drawing):
        assert left >= -1
        assert right <= width + 1
        assert top >= 0
        assert bottom <= full_height


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_names_values_and_ticks_do_not_cover_each_other(make_chart, width, height) -> None:
    lines = (
        Line("今年度", amounts(*[39000 + 90 * n for n in range(14)])),
        Line("前年同月", amounts(*[40000] * 14), Role.COMPARISON),
    )
    found = boxes(to_svg(make_chart(*range(14), lines=lines, **CROWDED), width=width, height=height))
    for n, (left, top, right, bottom) in enumerate(found):
        for other in found[n + 1 :]:
            assert right <= other[0] + 1 or other[2] <= left + 1 or bottom <= other[1] + 1 or other[3] <= top + 1, (
                n,
                other,
            )


def test_milestones_are_numbered_on_the_axis_and_listed_below(make_chart) -> None:
    chart = make_chart(
        1, 2, 3, markers=(Marker("R6.5", "道路の通報"), Marker("H31.4", "範囲の外"), Marker("R6.5", "広報"))
    )
    found = words(to_svg(chart))
    assert {"1", "3", "1　R6.5　道路の通報", "3　R6.5　広報"} <= set(found)
    assert not any("範囲の外" in word for word in found)


def test_the_newest_month_always_has_its_label(make_chart) -> None:
    for width, height in SIZES:
        assert "R9.3" in words(to_svg(make_chart(*range(36)), width=width, height=height))


@given(st.text(max_size=80), st.integers(20, 300))
def test_folding_a_text_loses_nothing(content: str, width: int) -> None:
    lines = folded(content, width, 14)
    assert "".join(lines) == content
    assert all(text_width(line, 14) <= width or len(line) == 1 for line in lines)


# --- Small ones ----------------------------------------------------------------------------------------------------
def test_a_spark_ends_with_a_dot_lifts_at_gaps_and_is_nothing_without_values() -> None:
    drawing = spark(list(amounts(1, None, 3, 2, None)), "推移", width=240, height=48)
    assert curve_of(drawing).count("M") == 2
    assert len(list(parsed(drawing).iter(f"{SVG}circle"))) == 2
    assert spark([None, None], "推移") == ""
    assert spark([], "推移") == ""
    parsed(spark(list(amounts(3)), "推移"))
    parsed(spark(list(amounts(3, 3, 3)), "推移"))


def test_a_donut_draws_its_share_of_the_ring() -> None:
    ring = list(parsed(donut(Decimal("20.5"), "割合", label="20.5%")).iter(f"{SVG}circle"))[1]
    part, whole = map(float, ring.get("stroke-dasharray", "").split())
    assert part / whole == pytest.approx(0.205, abs=0.001)


def test_before_and_after_are_drawn_to_scale_with_both_values() -> None:
    drawing = before_after(Decimal(200), Decimal(150), "前後", labels=("前", "後"), texts=("200", "150"))
    before, after = (float(r.get("width", 0)) for r in parsed(drawing).iter(f"{SVG}rect"))
    assert after / before == pytest.approx(0.75, abs=0.01)
    assert words(drawing) == ["前", "200", "後", "150"]


def test_a_line_needs_a_value_for_each_label_and_a_known_kind(make_chart) -> None:
    with pytest.raises(ValueError, match="2 values for 3 labels"):
        make_chart(1, 2, 3, lines=(Line("a", amounts(1, 2)),))
    with pytest.raises(ValueError, match="unknown kind"):
        make_chart(1, kind="pie")
