"""Pillars keep their names by date; milestones keep the time that was published and invent none."""

from __future__ import annotations

from datetime import date

import pytest

from initiatives.models import Initiative, Milestone, Pillar, PillarName


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
