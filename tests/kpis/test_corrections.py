"""訂正・遡及改定の一覧: everything that changed after closing, old and new, by whom and why, to read and to take along."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from kpis.entries import approve
from kpis.models import DefinitionChange, Reopening, Reporting
from kpis.values.closed import close_month, reopen
from kpis.values.recording import record
from tests.kpis.reporting_world import MONTH, handed_in, report
from tests.kpis.world import access, change, make_kpi, part, put

URL = "/closing/changes/"


@pytest.fixture
def client(signed_in, viewer):
    return signed_in(viewer)


@pytest.fixture
def corrected(month, department, editor, approver, reform_office):
    """May was closed with 40,000 friends; a correction made it 41,000, a restatement gave the growth another figure."""
    put(month.friends.kpi, "2025-05", 40_000)
    put(month.growth.kpi, "2025-05", "1.5")
    close_month(MONTH, access=access(reform_office))
    reopen(MONTH, department, reason="誤り", until=date(2025, 6, 20), access=access(reform_office))
    first = handed_in(month.friends, editor, "41000", comment="転記の誤り")
    second = handed_in(month.growth, editor, "1.4", comment="算式の変更", change_kind="restatement")
    for entry in (first, second):
        approve(entry, access=access(approver))
    return month


def lines(client, **asked) -> list[tuple[str, str, str]]:
    return [(line.kind_word, line.old, line.new) for line in client.get(URL, asked).context["lines"]]


def test_everybody_signed_in_reads_old_value_new_value_reason_and_who(client, corrected):
    assert lines(client) == [("遡及改定", "1.5%", "1.4%"), ("訂正", "40,000人", "41,000人")]
    html = client.get(URL).content.decode()
    assert "訂正（情報政策課 課長が承認）：転記の誤り" in html
    assert "情報政策課 主査" in html
    assert "入力 花子" in html


def test_every_reopening_is_listed_also_when_it_is_over(client, corrected, department, other_department):
    html = client.get(URL).content.decode()
    assert "確定解除の一覧" in html
    assert "改革 一郎" in html
    Reopening.objects.update(ended_at=timezone.now())
    [over] = client.get(URL).context["reopenings"]
    assert (over.department, over.reason) == (department, "誤り")
    assert "に終了" in client.get(URL).content.decode()
    assert list(client.get(URL, {"department": department.pk}).context["reopenings"]) == [over]
    assert list(client.get(URL, {"year": 2024}).context["reopenings"]) in ([], [over])


def test_the_office_that_registers_for_everybody_finds_its_changes_and_its_reopenings(
    client, corrected, other_department, reform_office
):
    assert lines(client, department=str(other_department.pk)) == lines(client)  # no choice yet: not asked for
    corrected.friends.reportings.update(registrar=other_department)
    reopen(MONTH, other_department, reason="一括分", until=date(2025, 6, 20), access=access(reform_office))
    asked = {"department": str(other_department.pk)}
    assert lines(client, **asked) == [("訂正", "40,000人", "41,000人")]
    assert [each.reason for each in client.get(URL, asked).context["reopenings"]] == ["一括分"]


def test_a_quarter_is_of_whoever_reports_its_last_month(client, month, department, other_department):
    quarterly = make_kpi("quarterly", "四半期の指標", "件", "flow", frequency="quarter")
    report(part(quarterly), department)
    put(quarterly, "2025-Q1", 1)
    record([change(quarterly, "2025-Q1", 2)], actor=None, post="", reason="誤り", kind="correction")
    part(quarterly).reportings.update(valid_to=date(2025, 5, 31))
    Reporting.objects.create(series=part(quarterly), department=other_department, valid_from=date(2025, 6, 1))
    page = client.get(URL, {"department": other_department.pk}).context
    assert [(line.department, line.new) for line in page["lines"]] == [("市民課", "2件")]
    assert lines(client, department=str(department.pk)) == []


def test_every_reopening_is_in_its_file_and_the_page_says_how_many_it_leaves_out(
    client, corrected, other_department, reform_office, monkeypatch
):
    reopen(MONTH, other_department, reason="転記", until=date(2025, 6, 21), access=access(reform_office))
    monkeypatch.setattr("kpis.closing.views.closing.REOPENINGS", 1)
    assert "このほかに1件あります" in client.get(URL).content.decode()
    [header, *rows] = client.get("/closing/reopenings.csv").content.decode().splitlines()
    assert header.startswith("解除した日時,対象月,所属")
    assert ",2025-05,市民課,2025-06-21,,転記," in rows[0]
    assert ",2025-05,情報政策課,2025-06-20,,誤り," in rows[1]


def test_changes_of_definitions_beyond_the_page_are_counted(client, corrected, month, reform_office, monkeypatch):
    kpi = month.friends.kpi
    for n in range(3):
        DefinitionChange.objects.create(
            kpi=kpi, kind="correction", subject="kpi", about=kpi.name, changes=[["注記", "", str(n)]], reason="誤り",
            actor=reform_office, actor_name=reform_office.name, post="課長", at=timezone.now(),
        )  # fmt: skip
    monkeypatch.setattr("kpis.closing.views.closing.REOPENINGS", 1)
    assert "このほかに2件あります。すべてはCSVで見られます。" in client.get(URL).content.decode()


def test_what_stood_there_before_a_value_was_withheld_is_for_those_who_report_it(
    client, signed_in, corrected, editor, reform_office
):
    put(corrected.friends.kpi, "2025-05", None, missing_reason="withheld")
    assert ("訂正", "非公開にした値", "非公開") in lines(client)
    for shown in (client.get(URL).content.decode(), client.get("/closing/changes.csv").content.decode()):
        assert "41,000" not in shown
        assert "41000" not in shown
    for person in (editor, reform_office):
        assert ("訂正", "41,000人", "非公開") in lines(signed_in(person))


def test_first_values_and_changes_before_closing_are_not_in_it(client, month):
    put(month.friends.kpi, "2025-05", 1)
    put(month.friends.kpi, "2025-05", 2)
    assert lines(client) == []
    assert "確定した後に変わった値はありません" in client.get(URL).content.decode()


def test_a_value_that_was_missing_when_its_month_was_closed_is_in_it(
    client, month, department, editor, approver, reform_office
):
    close_month(MONTH, access=access(reform_office))
    reopen(MONTH, department, reason="報告もれ", until=date(2025, 6, 20), access=access(reform_office))
    approve(handed_in(month.friends, editor, "41000", comment="担当者の不在"), access=access(approver))
    assert lines(client) == [("確定後の登録", "", "41,000人")]
    assert "担当者の不在" in client.get(URL).content.decode()
    assert ",確定後の登録,friends," in client.get("/closing/changes.csv").content.decode()


def test_a_provisional_value_made_final_shows_its_mark_before(client, month):
    put(month.friends.kpi, "2025-05", 7, is_provisional=True)
    put(month.friends.kpi, "2025-05", 7)
    assert lines(client) == [("確定値への変更", "7人", "7人")]
    assert "速報値" in client.get(URL).content.decode()


def test_it_is_narrowed_by_fiscal_year_kpi_and_department(client, corrected, other_department):
    other = make_kpi("other", "別の指標", "件", "flow")
    report(part(other), other_department)
    put(other, "2024-05", 1)
    record([change(other, "2024-05", 2)], actor=None, post="", reason="誤り", kind="correction")
    assert len(lines(client)) == 3
    assert lines(client, year="2024") == [("訂正", "1件", "2件")]
    assert lines(client, kpi="friends") == [("訂正", "40,000人", "41,000人")]
    assert lines(client, department=str(other_department.pk)) == [("訂正", "1件", "2件")]
    assert lines(client, year="2024", kpi="friends") == []


@pytest.mark.parametrize("asked", [{"year": "x"}, {"kpi": "nothing"}, {"department": "999"}, {"page": "99"}])
def test_what_is_no_choice_is_not_asked_for(client, corrected, asked):
    assert len(lines(client, **asked)) == 2


def test_the_file_holds_what_the_page_shows_and_excel_gets_its_mark(client, corrected):
    plain = client.get("/closing/changes.csv", {"kpi": "friends"})
    excel = client.get("/closing/changes.csv", {"kpi": "friends", "for": "excel"})
    [header, row] = plain.content.decode().splitlines()
    assert header.startswith("日時,種類,指標コード")
    assert ",訂正,friends,LINE友だち登録者数,total,2025-05,情報政策課,40000,,41000,,人," in row
    assert excel.content.startswith(b"\xef\xbb\xbf")
    assert "excel" in excel["Content-Disposition"]


def test_a_long_list_has_pages(client, month):
    put(month.friends.kpi, "2025-05", 0)
    for value in range(1, 52):
        record([change(month.friends.kpi, "2025-05", value)], actor=None, post="", reason="誤り", kind="correction")
    assert len(lines(client)) == 50
    assert lines(client, page="2") == [("訂正", "0人", "1人")]


def test_it_costs_twelve_queries(client, corrected, django_assert_num_queries):
    with django_assert_num_queries(12):
        client.get(URL)
