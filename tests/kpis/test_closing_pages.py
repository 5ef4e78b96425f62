"""The pages of closing months: what is open, closing with provisional values, opening again and ending that."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import Department
from kpis.models import Closing, Measurement, Reopening, Reporting, Revision
from kpis.values.closed import close_month, reopen
from tests.conftest import LONG_AGO
from tests.kpis.reporting_world import MONTH, handed_in, report
from tests.kpis.world import access, make_kpi, part, put

MAY = "/closing/2025-05/"


@pytest.fixture
def client(signed_in, reform_office):
    return signed_in(reform_office)


@pytest.fixture
def closed(month, reform_office) -> Closing:
    return close_month(MONTH, access=access(reform_office))


@pytest.fixture
def reopened(closed, department, reform_office) -> Reopening:
    until = date(2025, 6, 20)
    return reopen(MONTH, department, reason="転記の誤り", until=until, access=access(reform_office))


def text(response) -> str:
    return response.content.decode()


class TestTheList:
    def test_each_of_24_months_says_how_many_departments_answered_and_what_is_open(
        self, client, month, other_department
    ):
        report(part(make_kpi("other", "別の指標", "件", "flow")), other_department)
        put(month.friends.kpi, "2025-05", 1)
        for kpi in (month.friends.kpi, month.hours.kpi, month.growth.kpi):
            put(kpi, "2025-04", 1)
        rows = client.get("/closing/").context["rows"]
        assert (rows[0].month, len(rows)) == (MONTH, 24)
        assert [(row.answered, len(row.statuses), row.missing) for row in rows[:2]] == [(0, 2, 3), (1, 2, 1)]

    def test_a_closed_month_says_so_and_who_is_open_again_stands_above(self, client, reopened):
        html = text(client.get("/closing/"))
        assert "1所属を解除中" in html
        assert "理由：転記の誤り" in html
        assert "令和7(2025)年6月20日まで" in html

    @pytest.mark.parametrize("count", [1, 4])
    def test_it_costs_twelve_queries_however_many_departments(
        self, client, reopened, division, count, django_assert_num_queries
    ):
        for n in range(count):
            own = Department.objects.create(
                code=f"20{n}", name=f"第{n}課", short_name=f"{n}", parent=division, order=20 + n, valid_from=LONG_AGO
            )
            report(part(make_kpi(f"k{n}", f"指標{n}", "件", "flow")), own)
        with django_assert_num_queries(12):
            client.get("/closing/")


class TestTheMonth:
    def test_departments_stand_in_their_official_order_with_what_is_left(self, client, month, other_department, editor):
        report(part(make_kpi("other", "別の指標", "件", "flow")), other_department)
        Department.objects.filter(pk=other_department.pk).update(order=1)
        handed_in(month.friends, editor, "5")
        row = client.get(MAY).context["row"]
        assert [str(status.department) for status in row.statuses] == ["市民課", "情報政策課"]
        assert row.statuses[1].rest == "未入力2件、確認待ち1件"

    def test_what_is_unanswered_is_warned_of_before_closing(self, client, month):
        html = text(client.get(MAY))
        assert "1所属に、未回答の値が3件あります" in html
        assert "未回答の3件を残したまま、この月を確定する" in html

    def test_a_month_that_has_not_ended_offers_nothing(self, client, month):
        html = text(client.get("/closing/2025-06/"))
        assert "終わっていない月は確定できません" in html
        assert "<form" not in html.partition("<main")[2]

    @pytest.mark.parametrize("count", [1, 4])
    def test_it_costs_seventeen_queries_however_many_figures(
        self, client, reopened, department, count, django_assert_num_queries
    ):
        for n in range(count):
            report(part(make_kpi(f"k{n}", f"指標{n}", "件", "flow")), department)
        with django_assert_num_queries(17):  # three of them ask whose month can be opened again
            client.get(MAY)


class TestClosing:
    def test_it_asks_for_the_tick(self, client, month):
        response = client.post(f"{MAY}close/", {})
        assert response.status_code == 422
        assert "確認の欄に印を付けてください" in text(response)
        assert not Closing.objects.exists()

    def test_ticked_the_month_is_closed_with_its_note(self, client, month, reform_office):
        response = client.post(f"{MAY}close/", {"final-confirmed": "on", "final-note": "2課は後日"}, follow=True)
        closing = Closing.objects.get()
        assert (closing.month, closing.closed_by, closing.note) == (MONTH, reform_office, "2課は後日")
        assert "令和7(2025)年5月分を確定しました" in text(response)

    def test_a_month_closed_meanwhile_says_so(self, client, closed):
        response = client.post(f"{MAY}close/", {"final-confirmed": "on"})
        assert response.status_code == 422
        assert "令和7年5月分は確定済みです" in text(response)

    def test_a_month_that_has_not_ended_is_not_closed_by_its_address_either(self, client, month):
        response = client.post("/closing/2025-06/close/", {"final-confirmed": "on"})
        assert "終わっていない月は確定できません" in text(response)
        assert not Closing.objects.exists()


class TestProvisionalValues:
    def ticked(self, client, url: str = MAY) -> list[str]:
        return client.get(url).context["close"]["final"].value()

    def test_all_of_the_month_are_ticked_and_become_final_with_the_closing(self, client, month):
        put(month.friends.kpi, "2025-05", 5, is_provisional=True)
        put(month.hours.kpi, "2025-04", 5, is_provisional=True)
        boxes = self.ticked(client)
        client.post(f"{MAY}close/", {"final-confirmed": "on", "final-final": boxes})
        stored = Measurement.objects.get(series=month.friends)
        assert (stored.value, stored.is_provisional, stored.version) == (5, False, 2)
        revision = stored.revisions.get(version=2)
        assert (revision.kind, revision.reason) == (Revision.Kind.FINAL, "令和7年5月分の確定")
        assert revision.post == "構造改革・DX推進課 係長"
        assert Measurement.objects.get(series=month.hours).is_provisional

    def test_each_box_tells_the_value_with_its_other_marks(self, client, month):
        put(month.friends.kpi, "2025-05", 5, is_provisional=True, is_rounded=True)
        assert "LINE友だち登録者数　令和7(2025)年5月　5人（概数）" in text(client.get(MAY))

    def test_unticked_ones_stay_provisional(self, client, month):
        put(month.friends.kpi, "2025-05", 5, is_provisional=True)
        client.post(f"{MAY}close/", {"final-confirmed": "on"})
        assert Measurement.objects.get().is_provisional

    def test_longer_periods_that_end_with_the_month_are_among_them(self, client, month):
        put(month.friends.kpi, "2024-Q4", 1, is_provisional=True)
        put(month.friends.kpi, "FY2024", 2, is_provisional=True)
        put(month.friends.kpi, "2024", 3, is_provisional=True)
        assert len(self.ticked(client, "/closing/2025-03/")) == 2
        assert len(self.ticked(client, "/closing/2024-12/")) == 1

    @pytest.mark.parametrize(("day", "count"), [("2025-05-31", 0), ("2025-06-01", 1)])
    def test_marchs_are_not_ticked_while_the_accounts_are_open(self, client, month, time_machine, day, count):
        put(month.friends.kpi, "2025-03", 5, is_provisional=True)
        time_machine.move_to(f"{day}T10:00:00+09:00")
        assert len(self.ticked(client, "/closing/2025-03/")) == count

    def test_a_value_changed_since_it_was_shown_closes_nothing(self, client, month):
        put(month.friends.kpi, "2025-05", 5, is_provisional=True)
        boxes = self.ticked(client)
        put(month.friends.kpi, "2025-05", 6, is_provisional=True)
        response = client.post(f"{MAY}close/", {"final-confirmed": "on", "final-final": boxes})
        assert response.status_code == 422
        assert "表示したあとに値が変わりました" in text(response)
        assert not Closing.objects.exists()
        assert Measurement.objects.get().is_provisional

    def test_left_over_after_closing_they_need_the_department_opened_first(
        self, client, month, department, reform_office
    ):
        put(month.friends.kpi, "2025-05", 5, is_provisional=True)
        close_month(MONTH, access=access(reform_office))
        boxes = client.get(MAY).context["final"]["final"].value()
        refused = client.post(f"{MAY}final/", {"final-final": boxes})
        assert refused.status_code == 422
        assert "確定解除を依頼してください" in text(refused)
        reopen(MONTH, department, reason="決算", until=MONTH.replace(month=7), access=access(reform_office))
        client.post(f"{MAY}final/", {"final-final": boxes})
        assert not Measurement.objects.get().is_provisional


class TestOpeningAgain:
    def sent(self, own, **changed):
        usual = {"department": own.pk, "reason": "転記の誤り", "until": "2025-06-20"}
        return {f"reopen-{name}": value for name, value in (usual | changed).items()}

    def offered(self, client, url: str = MAY) -> list[str]:
        return [name for pk, name in client.get(url).context["reopen"].fields["department"].choices if pk]

    def test_who_registers_for_everybody_is_offered_and_not_whose_figures_those_are(
        self, client, month, department, other_department, reform_office
    ):
        month.friends.kpi.department = department
        month.friends.kpi.save()
        Reporting.objects.update(registrar=other_department)
        close_month(MONTH, access=access(reform_office))
        assert self.offered(client) == ["市民課"]

    def test_who_reports_once_a_year_is_offered_in_the_month_that_it_is_due_or_where_a_value_stands(
        self, client, closed, other_department, reform_office
    ):
        yearly = make_kpi("yearly", "年1回の件数", "件", "flow", frequency="fiscal_year")
        report(part(yearly), other_department)
        put(yearly, "2025-02", 1)
        for when in (date(2025, 2, 1), date(2025, 3, 1)):
            close_month(when, access=access(reform_office))
        assert self.offered(client) == ["情報政策課"]
        assert self.offered(client, "/closing/2025-03/") == ["情報政策課", "市民課"]
        assert self.offered(client, "/closing/2025-02/") == ["情報政策課", "市民課"]

    def test_who_is_in_charge_of_a_figure_nobody_reports_is_offered(self, client, closed, other_department):
        make_kpi("published", "公表値", "人", "stock", department=other_department)
        assert self.offered(client) == ["情報政策課", "市民課"]

    def test_one_department_is_let_in_until_the_day(self, client, closed, department):
        response = client.post(f"{MAY}reopen/", self.sent(department), follow=True)
        reopening = Reopening.objects.get()
        assert (reopening.department, reopening.until) == (department, date(2025, 6, 20))
        assert "情報政策課の令和7(2025)年5月分の確定を、令和7(2025)年6月20日まで解除しました" in text(response)

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"reason": ""}, "確定を解除する理由を入力してください"),
            ({"until": ""}, "解除の期限を入力してください"),
            ({"until": "2025-06-09"}, "期限は今日以後"),
            ({"until": "2205-06-30"}, "1年以内"),
            ({"department": ""}, "このフィールドは必須です"),
        ],
    )
    def test_without_a_department_a_reason_or_an_end_nothing_is_opened(
        self, client, closed, department, changed, message
    ):
        response = client.post(f"{MAY}reopen/", self.sent(department, **changed))
        assert response.status_code == 422
        assert message in text(response)
        assert not Reopening.objects.exists()

    def test_a_second_one_is_refused_and_may_replace_the_first_by_a_tick(self, client, reopened, department):
        longer = self.sent(department, until="2025-06-27", reason="調査中")
        refused = client.post(f"{MAY}reopen/", longer)
        assert refused.status_code == 422
        assert "令和7(2025)年6月20日まで確定を解除しています" in text(refused)
        assert "この理由と期限で解除し直す" in text(refused)
        client.post(f"{MAY}reopen/", {**longer, "reopen-replaces": "on"})
        [now] = Reopening.objects.in_force(date(2025, 6, 10))
        assert (now.until, now.reason) == (date(2025, 6, 27), "調査中")

    def test_where_nothing_is_open_again_there_is_nothing_to_replace(self, client, closed):
        assert "解除し直す" not in text(client.get(MAY))

    def test_an_open_month_needs_no_opening(self, client, month, department):
        response = client.post(f"{MAY}reopen/", self.sent(department))
        assert "確定していないため、解除の必要はありません" in text(response)

    def test_ended_early_it_is_gone_from_the_list(self, client, reopened):
        url = reverse("closing:end", args=[reopened.pk])
        assert "解除を終えました" in text(client.post(url, follow=True))
        assert "すでに終わっています" in text(client.post(url, follow=True))
        assert "解除中" not in text(client.get("/closing/"))
