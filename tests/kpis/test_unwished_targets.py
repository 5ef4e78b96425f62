"""A target on the unwished side of the baseline is saved, and who saves it is told in a sentence, wherever that is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.back_office.access import follow_staff_flag
from kpis.models import Kpi, Target
from kpis.values.unwished_targets import warnings_of
from tests.kpis.test_admin import KPI, NO_PARTS
from tests.kpis.test_resources import confirm, preview
from tests.kpis.world import make_kpi

TARGETS = "/admin/kpis/target/"
BASE = {"baseline_value": Decimal(100), "baseline_span": "month"}
SENTENCE = (
    "LINE友だち登録者数の目標値90人（令和7(2025)年度）は、基準値100人より大きくありません。増えるほどよい指標では、"
    "この目標への進捗率は表示されません。目標値、基準値、望ましい方向を確かめてください。"
)


@pytest.fixture
def office(reform_office, signed_in):
    follow_staff_flag(reform_office)
    return signed_in(reform_office)


@pytest.fixture
def friends(world) -> Kpi:
    Kpi.objects.filter(pk=world.friends.pk).update(**BASE)
    world.friends.refresh_from_db()
    return world.friends


def told(response) -> list[str]:
    """What the next page says in yellow."""
    return [str(each) for each in response.context["messages"] if each.level_tag == "warning"]


@pytest.mark.parametrize(
    ("direction", "value", "beyond"),
    [
        ("up", 90, "大きく"),
        ("up", 100, "大きく"),
        ("up", 101, ""),
        ("down", 110, "小さく"),
        ("down", 100, "小さく"),
        ("down", 99, ""),
        ("none", 90, ""),
    ],
)
def test_a_target_that_is_not_beyond_the_baseline_is_told(db, direction, value, beyond) -> None:
    kpi = make_kpi("k", "件数", "件", "stock", direction=direction, **BASE)
    said = warnings_of([Target(kpi=kpi, fiscal_year=2025, month=5, value=Decimal(value))])
    assert bool(said) is bool(beyond)
    assert all(f"基準値100件より{beyond}ありません" in sentence and "令和7(2025)年5月" in sentence for sentence in said)


def test_without_a_baseline_nothing_is_told(db) -> None:
    kpi = make_kpi("k", "件数", "件", "stock", direction="up")
    assert warnings_of([Target(kpi=kpi, fiscal_year=2025, value=Decimal(1))]) == []


def test_where_the_target_is_saved(office, friends) -> None:
    form = {"kpi": str(friends.pk), "fiscal_year": "2025", "value": "90"}
    assert told(office.post("/admin/kpis/target/add/", form, follow=True)) == [SENTENCE]
    assert Target.objects.get().value == 90


def test_where_the_figure_with_its_targets_is_saved(office, friends) -> None:
    Target.objects.create(kpi=friends, fiscal_year=2025, value=110)
    change = {"baseline_value": "120", "baseline_span": "month"}
    answer = office.post(f"/admin/kpis/kpi/{friends.pk}/change/", KPI | change | NO_PARTS, follow=True)
    assert [sentence for sentence in told(answer) if "目標値110人" in sentence and "基準値120人" in sentence]


def test_where_last_years_targets_are_taken_over(office, friends) -> None:
    old = Target.objects.create(kpi=friends, fiscal_year=2024, value=110)
    answer = office.post("/closing/year/2025/targets/", {f"t{old.pk}": "90"}, follow=True)
    assert told(answer) == [SENTENCE]
    assert Target.objects.get(fiscal_year=2025).value == 90


def test_where_a_table_of_targets_is_imported(office, friends) -> None:
    rows = "指標コード,年度,月,目標値\nfriends,2025,,90\nfriends,2026,,150\n"
    answer = confirm(office, preview(office, rows, url=TARGETS), TARGETS)
    assert told(answer) == [SENTENCE]
    assert Target.objects.count() == 2
