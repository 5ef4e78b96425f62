"""Pillars keep their names by date; milestones keep the time that was published and invent none."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from initiatives.models import Initiative, Milestone, Pillar, PillarName
from kpis.models import Kpi
from reports import rendering, snapshot
from reports.icons import ICONS
from reports.models import Report, Section
from tests.kpis.world import make_kpi


@pytest.fixture
def pillar(db) -> Pillar:
    pillar = Pillar.objects.create(code="service", order=1, icon="service", contents="窓口\n\n オンライン ")
    PillarName.objects.create(
        pillar=pillar, name="市民の利便性", valid_from=date(2022, 4, 1), valid_to=date(2024, 3, 31)
    )
    PillarName.objects.create(pillar=pillar, name="市民サービス", valid_from=date(2024, 4, 1))
    return pillar


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2024, 3, 31), "市民の利便性"),
        (date(2024, 4, 1), "市民サービス"),
        (date(2020, 1, 1), "市民の利便性"),
        (date(2030, 1, 1), "市民サービス"),
    ],
)
def test_a_pillar_bears_the_name_of_the_day(pillar, day, name):
    assert pillar.name_on(day) == name


def test_a_pillar_is_called_by_its_newest_name_or_by_its_code_without_one(pillar):
    assert str(pillar) == "市民サービス"
    assert str(Pillar(code="new", order=2, icon="work", pk=99)) == "new"


def test_a_pillars_contents_are_its_lines(pillar):
    assert pillar.content_lines == ["窓口", "オンライン"]


def test_names_come_with_pillars_in_two_queries(pillar, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert [p.name for p in Pillar.objects.with_names()] == ["市民サービス"]


@pytest.mark.parametrize(
    ("month", "until", "day", "text"),
    [
        (9, None, date(2022, 9, 1), "9月"),
        (1, None, date(2023, 1, 1), "1月"),
        (None, None, None, ""),
        (None, 2025, None, "〜2025"),
    ],
)
def test_a_milestone_has_the_date_that_was_published_and_no_other(month, until, day, text):
    milestone = Milestone(wording="開始", fiscal_year=2022, month=month, until_fiscal_year=until)
    assert (milestone.date_or_none, milestone.month_text) == (day, text)


def test_an_initiative_may_have_no_pillar_and_no_department(db):
    initiative = Initiative(code="line", title="LINE")
    initiative.full_clean()
    assert (initiative.pillar, initiative.department, initiative.get_status_display()) == (None, None, "公表なし")


class TestIcons:
    """The picture of a pillar is the one that was chosen, whatever its place, on the pages and in the report alike."""

    @pytest.fixture
    def pillars(self, db) -> list[Pillar]:
        """Six pillars whose pictures are in no order, two of them alike."""
        made = []
        for order, icon in enumerate(["people", "work", "service", "people", "finance", "facility"], start=1):
            pillar = Pillar.objects.create(code=f"p{order}", order=order, icon=icon)
            PillarName.objects.create(pillar=pillar, name=f"第{order}の柱", valid_from=date(2020, 4, 1))
            initiative = Initiative.objects.create(code=f"i{order}", title=f"取組{order}", pillar=pillar)
            Milestone.objects.create(initiative=initiative, fiscal_year=2024, month=5, wording=f"実施{order}")
            make_kpi(f"k{order}", f"指標{order}", "人", "stock")
            Kpi.objects.filter(code=f"k{order}").update(pillar=pillar)
            made.append(pillar)
        return made

    @pytest.mark.parametrize("page", ["overview", "initiatives:timeline"])
    def test_a_page_shows_the_chosen_one(self, pillars, viewer, signed_in, page):
        shown = re.findall(r"#(pillar-[a-z0-9]+)", signed_in(viewer).get(reverse(page)).content.decode())
        assert list(dict.fromkeys(shown)) == [
            "pillar-people",
            "pillar-work",
            "pillar-service",
            "pillar-finance",
            "pillar-facility",
        ]
        assert len(shown) == len(pillars)

    def test_the_report_shows_the_chosen_one(self, pillars):
        report = Report.objects.create(
            volume=1,
            title="題",
            first_fiscal_year=2024,
            last_fiscal_year=2024,
            as_of=date(2025, 5, 31),
            issuer="市",
            contact="課",
        )
        Section.objects.create(report=report, order=1, kind="pillars", title="柱")
        html = rendering.to_html(rendering.context_of(snapshot.take(report), "2025-06-01")).decode()
        assert re.findall(r'pillar-mark on-blue"><span class="icon i-([a-z]+)"', html) == [
            each.icon for each in pillars
        ]
        assert all(f".on-blue .i-{icon}{{" in html for icon in Pillar.Icon.values)

    def test_every_choice_is_drawn_for_pages_and_for_the_report(self):
        sprite = (settings.BASE_DIR / "static/img/icons.svg").read_text(encoding="utf-8")
        assert {f"pillar-{icon}" for icon in Pillar.Icon.values} == set(re.findall(r'id="(pillar-[^"]+)"', sprite))
        assert set(Pillar.Icon.values) <= set(ICONS)
