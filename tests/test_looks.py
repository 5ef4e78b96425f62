"""The rules of docs/looks.md."""

import re
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from accounts.access import Access

ROOT = Path(settings.BASE_DIR)
CSS = ROOT / "static/css"
TEMPLATES = ROOT / "templates"
# The report's edition is a file of its own with its own sheets inside.
PAGES = [path for path in TEMPLATES.rglob("*.html") if "edition" not in path.parts]


def colours() -> dict[str, str]:
    root = (CSS / "tokens.css").read_text()
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", root))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("surface", ["page", "card", "blue-tint", "bad-tint"])
@pytest.mark.parametrize("text", ["ink", "caption", "blue", "blue-dark", "bad"])
def test_text_keeps_its_contrast_on_every_surface(text: str, surface: str) -> None:
    assert contrast(colours()[text], colours()[surface]) >= 4.5


@pytest.mark.parametrize(("line", "surface"), [("line-strong", "page"), ("blue-graphic", "card"), ("warning", "page")])
def test_borders_that_mean_something_keep_three_to_one(line: str, surface: str) -> None:
    assert contrast(colours()[line], colours()[surface]) >= 3


@pytest.mark.parametrize("sheet", ["tokens", "base", "components", "pages"])
def test_nothing_on_a_screen_is_smaller_than_14_px(sheet: str) -> None:
    text = (CSS / f"{sheet}.css").read_text()
    sizes = re.findall(r"(?:--size-[a-z0-9]+|font-size): ([0-9.]+)rem", text)
    assert not re.search(r"font-size: [0-9.]+(px|pt|%)", text)
    assert all(float(size) >= 0.875 for size in sizes)


@pytest.mark.parametrize("sheet", sorted(CSS.glob("*.css")), ids=lambda path: path.stem)
def test_every_sheet_lives_in_its_own_layer_and_reaches_nowhere_else(sheet: Path) -> None:
    text = sheet.read_text()
    assert f"@layer {sheet.stem} {{" in text
    assert text.count("{") == text.count("}")
    assert not re.search(r"@import|url\([\"']?(https?:)?//", text)


def test_pages_carry_no_inline_style_and_no_inline_script() -> None:
    for path in PAGES:
        text = path.read_text()
        assert not re.search(r"<[a-z][^>]*\sstyle=", text), path
        assert not re.search(r"<style\b|<[a-z][^>]*\son[a-z]+=", text), path
        for attributes in re.findall(r"<script([^>]*)>", text):
            assert "src=" in attributes or "application/json" in attributes, path


def test_every_icon_named_in_a_template_is_drawn() -> None:
    sprite = ElementTree.parse(ROOT / "static/img/icons.svg").getroot()
    drawn = {symbol.get("id") for symbol in sprite}
    named = set()
    for path in PAGES:
        named |= set(re.findall(r'components/icon\.html"\s+with\s+name="([a-z0-9-]+)"', path.read_text()))
    assert named
    assert named <= drawn


def test_every_component_is_documented() -> None:
    told = (ROOT / "docs/looks.md").read_text()
    for path in (TEMPLATES / "components").glob("*.html"):
        assert f"`{path.stem}`" in told, path.name


def test_a_card_with_one_observation_says_nothing_of_a_change() -> None:
    card = {"title": "市公式LINE友達数", "number": "40,000", "unit": "人", "marks_of": SimpleNamespace(is_rounded=True)}
    html = render_to_string("components/kpi_card.html", {"card": card})
    assert "40,000" in html
    assert "概数" in html
    assert "kpi-card__change" not in html
    assert "<progress" not in html


def test_a_card_without_a_value_says_why() -> None:
    html = render_to_string(
        "components/kpi_card.html", {"card": {"title": "キャッシュレス利用率", "missing": "集計中"}}
    )
    assert "集計中" in html
    assert "kpi-card__number" not in html


def test_a_meter_at_zero_is_drawn() -> None:
    card = {"title": "コピー出力枚数", "number": "312", "unit": "万枚", "progress": "進捗率 ▲20.0%", "meter": 0}
    assert 'value="0"' in render_to_string("components/kpi_card.html", {"card": card})


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("", "未入力"),
        ("draft", "作成中"),
        ("submitted", "課長確認待ち"),
        ("returned", "差戻し"),
        ("approved", "回答済"),
        ("void", "対象なし"),
    ],
)
def test_a_state_is_a_shape_and_a_word(code: str, word: str) -> None:
    html = render_to_string("components/state.html", {"code": code})
    assert word in html
    assert "icons.svg#" in html


def test_paging_keeps_what_else_the_address_says() -> None:
    request = RequestFactory().get("/jobs/", {"state": "failed", "page": "2"})
    page = Paginator(range(100), 20).page(2)
    html = render_to_string("components/pagination.html", {"page": page}, request=request)
    assert "state=failed" in html
    assert "page=3" in html
    assert "2／5ページ" in html


def test_error_pages_stand_without_anything_that_could_fail() -> None:
    for name in ("500.html", "403_csrf.html"):
        html = render_to_string(name)
        assert "<h1>" in html
        assert "{%" not in (TEMPLATES / name).read_text()


class TestNavigation:
    """Who is offered which page. Addresses alone decide nothing: each page asks again."""

    @pytest.fixture
    def offered(self, rf):
        def offered(user) -> str:
            request = rf.get("/")
            request.user = user
            request.access = Access(user, timezone.localdate())
            return render_to_string("components/site_nav.html", {"access": request.access}, request=request)

        return offered

    def test_an_editor_is_offered_entering_and_neither_approving_nor_administering(self, offered, editor) -> None:
        html = offered(editor)
        assert "回答する" in html
        assert "確認する" not in html
        assert "管理" not in html

    def test_a_chief_is_offered_approving_and_the_state_of_entries(self, offered, approver) -> None:
        html = offered(approver)
        assert "確認する" in html
        assert "回答状況" in html

    def test_the_reform_office_is_offered_the_back_office(self, offered, reform_office) -> None:
        assert "管理" in offered(reform_office)

    def test_a_viewer_is_offered_what_everyone_may_read(self, offered, viewer) -> None:
        html = offered(viewer)
        assert "改革の全体像" in html
        assert "回答" not in html
