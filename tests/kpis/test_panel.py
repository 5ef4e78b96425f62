"""The panel of a cell: two years, meaning, counting, comment, papers and history, as a page and as a part of the grid."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Assignment
from japan.periods import Period
from kpis.models import Entry, OwnerCard
from kpis.months.panel import panel_of, save_comment
from tests.conftest import person
from tests.kpis.reporting_world import draft, handed_in
from tests.kpis.world import access, open_entry, put, put_months


@pytest.fixture
def client(signed_in, editor):
    return signed_in(editor)


def url_of(series, period="2025-05"):
    return reverse("entries:panel", args=[series.pk, period])


def test_whoever_gathers_the_reports_of_the_division_opens_month_year_and_panel_alike(signed_in, month, division):
    client = signed_in(person("C001", "部 まとめ", "coordinator", division, "主幹"))
    pages = [
        url_of(month.friends),
        reverse("entries:month", args=["1010", "2025-05"]),
        reverse("entries:year", args=["1010", 2025]),
    ]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]


class TestShowing:
    def test_the_last_two_years_are_drawn_and_stand_in_a_table_with_gaps_and_marks(self, client, month):
        put_months(month.friends.kpi, "2023-06", 100, None, 120)
        put(month.friends.kpi, "2025-04", 400, is_provisional=True)
        html = client.get(url_of(month.friends)).content.decode()
        assert 'role="img" aria-label="LINE友だち登録者数の令和5(2023)年6月から' in html
        assert html.count("記録なし") == 21
        assert "速報値" in html

    def test_one_value_makes_no_chart_and_the_panel_says_so(self, client, month):
        put(month.friends.kpi, "2025-04", 400)
        assert "グラフにできる値がまだありません" in client.get(url_of(month.friends)).content.decode()

    def test_it_tells_where_the_figure_is_counted_and_what_went_wrong(self, client, month, department, editor):
        OwnerCard.objects.create(
            kpi=month.friends.kpi,
            department=department,
            owner=editor.assignments.get(),
            counted_where="LINEの管理画面",
            source_file="友だち数.xlsx",
            pitfalls="月末が休日のときは翌開庁日に数える。",
            updated_at=timezone.now(),
        )
        html = client.get(url_of(month.friends)).content.decode()
        for words in ("LINEの管理画面", "友だち数.xlsx", "翌開庁日に数える", "入力 花子"):
            assert words in html

    def test_without_a_card_or_a_definition_it_says_so(self, client, month):
        html = client.get(url_of(month.friends)).content.decode()
        assert "定義未公表" in html
        assert "担当票" in html

    def test_the_history_has_every_version_with_reason_and_what_happened_to_the_entry(self, client, month, editor):
        put(month.friends.kpi, "2025-05", 400)
        put(month.friends.kpi, "2025-05", 410)
        draft(month.friends, editor, "420", typed="420")
        html = client.get(url_of(month.friends)).content.decode()
        for words in ("400人", "410人", "理由：試験", "一時保存", "420"):
            assert words in html

    def test_as_a_part_it_comes_without_the_page_around_it(self, client, month):
        html = client.get(url_of(month.friends), {"part": "1"}).content.decode()
        assert "<html" not in html
        assert "data-cell-panel" in html

    @pytest.mark.parametrize("period", ["2025-13", "gestern", "2025-05-01"])
    def test_an_address_of_no_period_is_not_found(self, client, month, period):
        assert client.get(url_of(month.friends, period)).status_code == 404

    def test_a_period_that_nobody_reports_is_not_found(self, client, month):
        assert client.get(url_of(month.friends, "2010-01")).status_code == 404

    def test_another_department_is_refused_and_the_chief_reads_without_fields(
        self, signed_in, month, other_editor, approver
    ):
        assert signed_in(other_editor).get(url_of(month.friends)).status_code == 403
        html = signed_in(approver).get(url_of(month.friends)).content.decode()
        assert "data-panel-form" not in html

    def test_it_takes_the_same_queries_however_much_happened(self, client, month, editor, django_assert_num_queries):
        put_months(month.friends.kpi, "2024-01", *range(12))
        for number in range(5):
            draft(month.friends, editor, str(number))
        with django_assert_num_queries(12):
            client.get(url_of(month.friends))


class TestComment:
    def test_a_comment_is_kept_with_the_value_as_it_is(self, client, month, editor):
        draft(month.friends, editor, "5", typed="５")
        client.post(url_of(month.friends), {"comment": "速報です", "seen_version": "1"})
        entry = open_entry(month.friends, "2025-05")
        assert (entry.comment, entry.value, entry.typed) == ("速報です", 5, "５")

    def test_beside_the_grid_the_part_comes_back(self, client, month):
        sent = {"comment": "速報です", "seen_version": "0", "part": "1"}
        assert client.post(url_of(month.friends), sent).url.endswith("?part=1")

    def test_a_comment_with_a_letter_that_no_database_keeps_is_refused(self, client, month):
        client.post(url_of(month.friends), {"comment": "速報\x00", "seen_version": "0"})
        assert not Entry.objects.filter(comment__startswith="速報").exists()

    def test_the_notice_says_that_comments_are_public_documents(self, client, month):
        assert "情報公開の対象" in client.get(url_of(month.friends)).content.decode()

    def test_a_newer_version_is_not_overwritten(self, client, month, editor, department):
        draft(month.friends, editor, "5")
        colleague = person("E009", "同僚 三郎", Assignment.Role.EDITOR, department, "主任")
        draft(month.friends, colleague, "6", comment="直しました")
        html = client.post(
            url_of(month.friends), {"comment": "速報です", "seen_version": "1"}, follow=True
        ).content.decode()
        assert "ほかの人が更新しました" in html
        assert open_entry(month.friends, "2025-05").comment == "直しました"

    def test_what_is_handed_in_takes_no_comment(self, client, month, editor):
        handed_in(month.friends, editor, "5")
        response = client.post(url_of(month.friends), {"comment": "x", "seen_version": "2"})
        assert response.status_code == 403
        assert Entry.objects.get().comment == ""


@pytest.mark.parametrize(
    ("ticked", "nature", "is_derived"),
    [((), "observed", False), (("is_estimated",), "estimated", False), (("is_derived",), "observed", True)],
)
def test_every_mark_of_a_value_can_be_changed_where_it_is_entered(month, editor, ticked, nature, is_derived):
    draft(month.friends, editor, "41000")
    Entry.objects.update(nature="estimated", is_synthetic=True)
    panel = panel_of(month.friends, Period.from_iso("2025-05"), access(editor))
    entry = save_comment(panel, "", ticked, panel.open_entry.version, access(editor))
    assert (entry.nature, entry.is_derived, entry.is_synthetic) == (nature, is_derived, False)
