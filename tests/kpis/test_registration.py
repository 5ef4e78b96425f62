"""一括登録: one office enters for everybody; the departments see, confirm or remark, and are asked for nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from kpis.completeness import newest_due, status_of
from kpis.entries import approve
from kpis.models import Acknowledgement, Kpi, Measurement, Reporting
from kpis.progress import month_status
from kpis.registration import registered_for
from kpis.sheet import sheet_of
from tests.conftest import make_department, person
from tests.kpis.reporting_world import MONTH, URL, report, send, typed
from tests.kpis.world import access, make_kpi, open_entry, part

pytestmark = pytest.mark.usefixtures("june")


@pytest.fixture
def registrar(division):
    """広報課 registers the friends of everybody."""
    return make_department(division, "1030", "広報課", "広報", 13)


@pytest.fixture
def friends(department, other_department, registrar) -> Kpi:
    kpi = make_kpi("friends", "LINE友だち登録者数", "人", "stock", parts=("joho", "shimin"), registrar=registrar)
    kpi.series.update(kind="department")
    report(part(kpi, "joho"), department)
    report(part(kpi, "shimin"), other_department)
    return kpi


@pytest.fixture
def clerk(registrar):
    return person("E030", "広報 夏子", "editor", registrar, "主任")


@pytest.fixture
def chief(registrar):
    return person("A030", "広報 冬男", "approver", registrar, "課長")


@pytest.fixture
def registered(friends, clerk, chief, client) -> Measurement:
    """100 friends of 情報政策課, entered on the registrar's own page and approved by its chief."""
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    series = part(friends, "joho")
    send(client, f"submit-{series.pk}", "/entries/1030/2025-05/", **typed(series, "100"))
    return approve(open_entry(series, "2025-05"), access=access(chief))


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


class TestTheDepartment:
    @pytest.fixture
    def client(self, client, editor):
        return client

    def signed_in(self, client, user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
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


def test_what_is_registered_for_nobody_else_asks_one_query(client, editor, department, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert registered_for(department, date(2025, 5, 1)) == []
