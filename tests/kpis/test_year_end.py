"""年度更新: each point of the checklist is open or done as the data says; targets are copied, changed and confirmed."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import Assignment, Department
from kpis.closing.targets_of_year import target_lines
from kpis.models import Kpi, Reporting, Series, Target
from kpis.values.closed import close_month
from tests.conftest import LONG_AGO, person
from tests.kpis.reporting_world import Month
from tests.kpis.world import access, part, put

Role = Assignment.Role
URL = "/closing/year/2025/"
TARGETS, FIGURES, POSTS, PEOPLE, MONTHS, MARCH = range(6)
LAST = date(2025, 3, 31)


@pytest.fixture
def client(signed_in, reform_office):
    return signed_in(reform_office)


def item(client, place: int):
    return client.get(URL).context["items"][place]


def open_points(client, place: int) -> list[str]:
    return [finding.text for finding in item(client, place).open]


def target(reported: Month, value: str = "40000", **more) -> Target:
    return Target.objects.create(kpi=reported.friends.kpi, value=value, **{"fiscal_year": 2024, **more})


class TestTargets:
    def test_months_stand_in_the_order_of_the_fiscal_year(self, month):
        for number in (1, 3, 4, 12):
            target(month, month=number)
        target(month)
        assert [line.last.month for line in target_lines(2025)] == [None, 4, 12, 1, 3]

    def test_last_years_target_waits_until_this_years_exists(self, client, month):
        target(month)
        assert open_points(client, TARGETS) == ["LINE友だち登録者数：目標値が未確認です。"]
        target(month, fiscal_year=2025)
        assert item(client, TARGETS).is_done

    def test_a_kpi_that_has_ended_needs_none(self, client, month):
        target(month)
        Kpi.objects.filter(pk=month.friends.kpi_id).update(ends_on=LAST)
        assert item(client, TARGETS).is_done

    def test_copied_and_changed_they_are_confirmed(self, client, month):
        yearly, monthly = target(month, note="計画"), target(month, "39000", month=9)
        page = client.get(f"{URL}targets/")
        assert page.context["form"][f"t{yearly.pk}"].value() == "40,000"
        client.post(f"{URL}targets/", {f"t{yearly.pk}": "４．５万", f"t{monthly.pk}": "39,000"})
        stored = Target.objects.filter(fiscal_year=2025).order_by("pk").values_list("month", "value", "note")
        assert list(stored) == [(None, 45_000, "計画"), (9, 39_000, "")]
        assert item(client, TARGETS).is_done

    def test_an_empty_one_is_left_for_later(self, client, month):
        yearly = target(month)
        client.post(f"{URL}targets/", {f"t{yearly.pk}": ""})
        assert Target.objects.count() == 1
        assert not item(client, TARGETS).is_done

    @pytest.mark.parametrize(("typed", "message"), [("多め", "数"), ("－", "数値を入力してください")])
    def test_what_is_no_number_is_refused_at_its_field_and_nothing_stored(self, client, month, typed, message):
        yearly, monthly = target(month), target(month, "39000", month=9)
        response = client.post(f"{URL}targets/", {f"t{yearly.pk}": typed, f"t{monthly.pk}": "39000"})
        assert response.status_code == 422
        assert message in response.context["form"].errors[f"t{yearly.pk}"][0]
        assert Target.objects.filter(fiscal_year=2025).count() == 0

    def test_a_confirmed_one_cannot_be_stored_twice(self, client, month):
        yearly = target(month)
        target(month, "41000", fiscal_year=2025)
        client.post(f"{URL}targets/", {f"t{yearly.pk}": "50000"})
        assert Target.objects.get(fiscal_year=2025).value == 41_000


class TestFigures:
    def test_a_series_nobody_reports_any_more_is_open(self, client, month):
        Reporting.objects.filter(series=month.friends).update(valid_to=LAST)
        assert open_points(client, FIGURES) == ["LINE友だち登録者数：令和7年4月分を報告する所属がありません。"]

    def test_a_series_that_ended_needs_no_reporter_and_is_told_of(self, client, month):
        Reporting.objects.filter(series=month.friends).update(valid_to=LAST)
        Series.objects.filter(pk=month.friends.pk).update(ends_on=LAST)
        figures = item(client, FIGURES)
        assert figures.is_done
        assert [note.text for note in figures.notes] == ["前年度で終わり：LINE友だち登録者数"]

    def test_a_series_that_begins_needs_somebody_to_report_it(self, client, month):
        Series.objects.create(
            kpi=month.hours.kpi, code="new", name="新施設", kind=Series.Kind.TYPE, starts_on=date(2025, 4, 1)
        )
        figures = item(client, FIGURES)
        assert [finding.text for finding in figures.open] == [
            "削減時間（新施設）：令和7年4月分を報告する所属がありません。"
        ]
        assert [note.text for note in figures.notes] == ["新年度から：削減時間（新施設）"]


class TestPeople:
    def test_a_post_that_ends_on_31_march_waits_for_its_successor(self, client, month, editor, department):
        Assignment.objects.filter(user=editor).update(valid_to=LAST)
        assert open_points(client, POSTS) == ["情報政策課 主査（入力 花子）：後任がいません。"]
        Assignment.objects.create(
            user=person("E003", "後任", Role.VIEWER),
            department=department,
            role=Role.EDITOR,
            valid_from=date(2025, 4, 1),
        )
        assert item(client, POSTS).is_done

    def test_a_post_of_a_department_that_ends_needs_no_successor(self, client, month, editor, department):
        Assignment.objects.filter(user=editor).update(valid_to=LAST)
        Department.objects.filter(pk=department.pk).update(valid_to=LAST)
        assert item(client, POSTS).is_done

    def test_a_department_that_reports_needs_both_an_editor_and_a_chief(self, client, month, editor, department):
        assert open_points(client, PEOPLE) == ["情報政策課：令和7(2025)年4月1日時点の確認者（所属長）がいません。"]
        person("A002", "課長", Role.APPROVER, department)
        assert item(client, PEOPLE).is_done

    def test_somebody_who_can_no_longer_sign_in_is_nobody(self, client, month, editor, approver):
        assert item(client, PEOPLE).is_done
        approver.is_active = False
        approver.save()
        assert not item(client, PEOPLE).is_done


class TestMonths:
    def test_the_old_years_months_are_open_until_each_is_closed(self, client, month, reform_office):
        assert len(open_points(client, MONTHS)) == 12
        for n in range(12):
            close_month(date(2024 + (n + 3) // 12, (n + 3) % 12 + 1, 1), access=access(reform_office))
        assert item(client, MONTHS).is_done

    def test_a_month_still_running_says_that_it_has_not_ended(self, client, month):
        texts = [f.text for f in client.get("/closing/year/2026/").context["items"][MONTHS].open]
        assert texts[1:3] == [
            "令和7(2025)年5月分：確定していません。",
            "令和7(2025)年6月分：まだ終わっていません。",
        ]

    def test_march_of_a_department_that_is_gone_is_reported_in_april_by_somebody(
        self, client, month, department, editor, approver
    ):
        assert item(client, MARCH).is_done
        Department.objects.filter(pk=department.pk).update(valid_to=LAST)
        Assignment.objects.filter(user=approver).update(valid_to=LAST)
        assert open_points(client, MARCH) == [
            "情報政策課：令和7年3月分が残っています（未入力3件）。",
            "情報政策課：令和7(2025)年6月10日時点の確認者（所属長）がいません。",
        ]
        for series in (month.friends, month.hours, month.growth):
            put(series.kpi, "2025-03", 1)
        assert item(client, MARCH).is_done

    def test_march_that_is_closed_is_asked_of_nobody(self, client, month, department, reform_office):
        Department.objects.filter(pk=department.pk).update(valid_to=LAST)
        close_month(date(2025, 3, 1), access=access(reform_office))
        assert item(client, MARCH).is_done


@pytest.mark.parametrize("year", ["1989", "2200", "99999"])
@pytest.mark.parametrize("page", ["", "targets/"])
def test_years_of_another_age_are_not_found(client, june, year, page):
    assert client.get(f"/closing/year/{year}/{page}").status_code == 404


def test_the_checklist_is_read_by_its_links(client, month):
    target(month)
    html = client.get(URL).content.decode()
    assert 'href="/closing/year/2025/targets/"' in html
    assert "6項目のうち" in html


def test_what_is_in_order_costs_no_query_per_department(client, month, editor, approver, django_assert_num_queries):
    assert part(month.friends.kpi).reportings.get().valid_from == LONG_AGO
    with django_assert_num_queries(19):
        client.get(URL)
