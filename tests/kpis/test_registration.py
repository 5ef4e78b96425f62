"""一括登録: one office enters for everybody; the departments see, confirm or remark, and are asked for nothing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from kpis.dashboards.completeness import newest_due, status_of
from kpis.entries import approve
from kpis.entries.progress import month_status
from kpis.entries.sheet import sheet_of
from kpis.models import Acknowledgement, Kpi, Measurement, OwnerCard, Reporting
from kpis.owners.ownership import owned
from kpis.registration.values import registered_for, to_confirm
from tests.kpis.reporting_world import MONTH, URL, report, send, typed
from tests.kpis.world import TODAY, access, make_kpi, open_entry, part

pytestmark = pytest.mark.usefixtures("june")


@pytest.fixture
def friends(department, other_department, registrar) -> Kpi:
    kpi = make_kpi("friends", "LINE友だち登録者数", "人", "stock", parts=("joho", "shimin"))
    kpi.series.update(kind="department")
    report(part(kpi, "joho"), department)
    report(part(kpi, "shimin"), other_department)
    Reporting.objects.update(registrar=registrar)
    return kpi


@pytest.fixture
def registered(friends, clerk, chief, client) -> Measurement:
    """100 friends of 情報政策課, entered on the registrar's own page and approved by its chief."""
    client.force_login(clerk, backend="accounts.leaving.PostBackend")
    series = part(friends, "joho")
    send(client, f"submit-{series.pk}", "/entries/1030/2025-05/", **typed(series, "100"))
    approve(open_entry(series, "2025-05"), access=access(chief))
    return series.measurements.get()


def test_all_parts_stand_on_the_sheet_of_the_office_that_registers_and_on_no_other(friends, department, registrar):
    assert [slot.series.code for slot in sheet_of(registrar, MONTH)] == ["joho", "shimin"]
    assert sheet_of(department, MONTH) == []
    assert [status.department for status in month_status([department, registrar], [MONTH])] == [registrar]


def test_only_the_office_that_registers_counts_as_answering(friends, registrar, registered):
    due = newest_due(friends, MONTH)
    status = status_of([due], Reporting.objects.of_kpis([friends.pk]), set())
    assert (status.answered, status.missing) == ([], [registrar])


def test_it_is_entered_on_its_page_and_decided_by_its_own_chief(registered):
    assert registered.value == Decimal(100)
    assert registered.revisions.get().post == "広報課 主任"


class TestItsCard:
    """Who looks after the figure is asked of the office that registers it, and of nobody else."""

    def test_only_the_office_that_registers_is_asked_who_looks_after_it(self, friends, department, registrar):
        assert [(each.kpi, each.department) for each in owned(TODAY)] == [(friends, registrar)]
        assert [each.department for each in owned(TODAY, [registrar.pk])] == [registrar]
        assert owned(TODAY, [department.pk]) == []

    def test_its_card_stands_in_the_panel(self, friends, registrar, clerk, signed_in):
        card = OwnerCard.objects.create(
            kpi=friends, department=registrar, counted_where="管理画面", updated_at=datetime(2025, 6, 1, tzinfo=UTC)
        )
        client = signed_in(clerk)
        assert [each.card for each in client.get(reverse("owners:list")).context["listed"]] == [card]
        address = reverse("entries:panel", args=[part(friends, "joho").pk, "2025-05"])
        assert "管理画面" in client.get(address).text


class TestTheDepartment:
    @pytest.fixture
    def client(self, client, editor):
        return client

    def signed_in(self, client, user):
        client.force_login(user, backend="accounts.leaving.PostBackend")
        return client

    def confirm(self, client, measurement, **sent):
        url = reverse("entries:confirm", args=["1010", "2025-05"])
        return client.post(url, {f"seen-{measurement.pk}": measurement.version, **sent}, follow=True)

    def test_it_sees_the_value_and_cannot_type_in_it(self, client, registered, editor):
        page = self.signed_in(client, editor).get(URL)
        assert [each.measurement for each in page.context["registered"]] == [registered]
        assert "広報課" in page.text
        assert "data-cell" not in page.text

    def test_one_press_confirms_what_is_shown(self, client, registered, editor):
        page = self.confirm(self.signed_in(client, editor), registered)
        said = Acknowledgement.objects.get()
        assert (said.is_right, said.post, said.measurement_version) == (True, "情報政策課 主査", 1)
        assert "確認済" in page.text

    def test_a_remark_reaches_the_office_that_registers(self, client, registered, editor, clerk):
        self.confirm(self.signed_in(client, editor), registered, **{f"remark-{registered.pk}": "窓口分が入っていない"})
        page = self.signed_in(client, clerk).get("/entries/1030/2025-05/")
        assert [each.said.comment if each.said else "" for each in page.context["replies"]] == [
            "窓口分が入っていない",
            "",
        ]
        assert "窓口分が入っていない" in page.text

    def test_a_newer_value_is_not_confirmed_unseen(self, client, registered, editor):
        Measurement.objects.filter(pk=registered.pk).update(version=2)
        page = self.confirm(self.signed_in(client, editor), registered)
        assert not Acknowledgement.objects.exists()
        assert "値が更新されました" in page.text

    def test_a_corrected_value_is_asked_about_again(self, client, registered, editor):
        self.confirm(self.signed_in(client, editor), registered)
        Measurement.objects.filter(pk=registered.pk).update(version=2)
        [each] = self.signed_in(client, editor).get(URL).context["registered"]
        assert each.waits

    def test_another_department_cannot_answer_for_it(self, client, registered, other_editor):
        assert self.confirm(self.signed_in(client, other_editor), registered).status_code == 403


def test_on_a_narrow_screen_value_and_answer_stand_together_on_a_card(registered, editor, clerk, signed_in):
    """Cells of a card name themselves; a table scrolled sideways would hide what is confirmed, or where to object."""
    shown = {
        (editor, URL, "registered"): ["登録された値", "登録する所属", "この所属の回答"],
        (clerk, "/entries/1030/2025-05/", "replies"): ["指標", "値", "回答"],
    }
    for (who, url, name), labels in shown.items():
        [table] = re.findall(
            rf'aria-labelledby="{name}">\s*(<table class="[^"]*status-table.*?</table>)',
            signed_in(who).get(url).text,
            re.S,
        )
        row = table.split("<tr", 2)[2].partition("</tr>")[0]
        assert re.findall('data-label="(.*?)"', row) == labels
        assert row.count("<td") == len(labels)


def test_what_is_registered_for_nobody_else_asks_one_query(client, editor, department, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert registered_for(department, date(2025, 5, 1)) == []


class TestTheWayThere:
    """A department that has only registered values to confirm finds them."""

    def test_the_home_page_the_list_and_the_month_lead_to_it(self, registered, editor, signed_in):
        client = signed_in(editor)
        home = client.get("/").content.decode()
        assert "情報政策課　令和7(2025)年5月分の1件を確かめる" in home
        assert "いま行うことはありません" not in home
        listed = client.get(reverse("entries:list")).content.decode()
        assert "5月分の1件を確かめる" in listed
        assert "条件に合う月はありません" not in listed
        page = client.get(URL).content.decode()
        assert "ほかの所属が一括登録する値を、下で確かめてください" in page
        assert "取りまとめ課に連絡してください" not in page

    def test_once_confirmed_it_is_gone(self, registered, editor, signed_in):
        client = signed_in(editor)
        sent = {f"seen-{registered.pk}": registered.version}
        client.post(reverse("entries:confirm", args=["1010", "2025-05"]), sent)
        assert "を確かめる" not in client.get("/").content.decode()

    def test_many_months_ask_no_more_of_the_database(self, registered, department, django_assert_max_num_queries):
        months = [MONTH.replace(month=number) for number in (2, 3, 4, 5)]
        with django_assert_max_num_queries(3):  # who registers, values, what was said
            assert [(each.month, each.count) for each in to_confirm([department], months)] == [(MONTH, 1)]
