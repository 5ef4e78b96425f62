"""一括登録する所属: the reform office chooses who registers a figure for everybody, and from which month on."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import Assignment
from accounts.reorganising import Heirs
from approvals.models import Action
from kpis.entries import ENTRIES, approve
from kpis.entries.reorganising import follow
from kpis.entries.sheet import sheet_of
from kpis.models import Entry, Kpi, Reporting
from kpis.registration.choosing import preview_of, register_from
from kpis.registration.reassigned_entries import moved_away
from kpis.registration.values import registered_for
from kpis.values.closed import close_month
from tests.conftest import make_department, person
from tests.kpis.reporting_world import MONTH, draft, handed_in, report
from tests.kpis.world import access, make_kpi, part, put

pytestmark = pytest.mark.usefixtures("june")

APRIL, JUNE, JULY = date(2025, 4, 1), date(2025, 6, 1), date(2025, 7, 1)


@pytest.fixture
def office(registrar, clerk, chief):
    """広報課 with somebody who enters and somebody who approves."""
    return registrar


@pytest.fixture
def own(department, other_department) -> Kpi:
    """A figure that two departments report themselves."""
    kpi = make_kpi("chat", "チャット件数", "件", "flow", parts=("joho", "shimin"))
    report(part(kpi, "joho"), department)
    report(part(kpi, "shimin"), other_department)
    return kpi


def test_from_a_month_on_the_office_has_all_lines_and_the_past_stays(own, department, office, reform_office):
    assert register_from(own, office, JUNE, access=access(reform_office)) == 2
    assert [slot.series.code for slot in sheet_of(office, JUNE)] == ["joho", "shimin"]
    assert sheet_of(department, JUNE) == sheet_of(office, MONTH) == []
    assert [slot.series.code for slot in sheet_of(department, MONTH)] == ["joho"]
    assert register_from(own, office, JUNE, access=access(reform_office)) == 0


def test_taken_back_the_departments_report_again(own, department, office, reform_office):
    register_from(own, office, MONTH, access=access(reform_office))
    register_from(own, None, JUNE, access=access(reform_office))
    assert [slot.series.code for slot in sheet_of(office, MONTH)] == ["joho", "shimin"]
    assert [slot.series.code for slot in sheet_of(department, JUNE)] == ["joho"]


def test_what_was_begun_goes_on_at_the_office_and_its_chief_decides(
    own, editor, approver, office, chief, reform_office
):
    entry = handed_in(part(own, "joho"), editor, "7", MONTH)
    earlier = handed_in(part(own, "joho"), editor, "6", APRIL)
    register_from(own, office, MONTH, access=access(reform_office))
    entry.refresh_from_db()
    earlier.refresh_from_db()
    assert (entry.department, earlier.department.name) == (office, "情報政策課")
    assert entry.events.filter(action="reassigned", actor=reform_office).count() == 1
    assert approve(entry, access=access(chief)).value == 7


def test_a_closed_month_keeps_its_people(own, office, reform_office):
    close_month(MONTH, access=access(reform_office))
    with pytest.raises(ValidationError, match="確定しています"):
        register_from(own, office, MONTH, access=access(reform_office))
    assert register_from(own, office, JUNE, access=access(reform_office)) == 2


def test_nobody_else_chooses(own, office, editor, approver):
    for who in (editor, approver):
        with pytest.raises(PermissionDenied):
            register_from(own, office, MONTH, access=access(who))


def test_a_reorganisation_of_the_office_keeps_its_past(own, office, reform_office):
    register_from(own, office, APRIL, access=access(reform_office))
    new = make_department(office.parent, "1031", "情報発信課", "発信", 14)
    follow(Heirs({office.pk: [new]}), JUNE, {}, access(reform_office))
    assert [slot.series.code for slot in sheet_of(office, MONTH)] == ["joho", "shimin"]
    assert [slot.series.code for slot in sheet_of(new, JUNE)] == ["joho", "shimin"]
    assert sheet_of(office, JUNE) == sheet_of(new, MONTH) == []


class TestWhatWasBegun:
    """Its author and the department it is about go on reading it, and are told where it is."""

    @pytest.fixture
    def moved(self, own, office, editor, reform_office) -> Entry:
        entry = draft(part(own, "joho"), editor, "7", MONTH)
        register_from(own, office, MONTH, access=access(reform_office))
        return entry

    def test_the_author_and_the_department_read_it_and_change_nothing(self, moved, editor, approver, signed_in):
        for who in (editor, approver):
            client = signed_in(who)
            page = client.get(f"/entries/{moved.pk}/")
            assert "この回答は広報課が引き継ぎました" in page.text
            assert "/entries/1010/2025-05/" in page.text
            assert "/entries/1030/" not in page.text  # a page they may not open
            assert (page.context["may_discard"], page.context["may_withdraw"]) == (False, False)
            assert client.post(f"/entries/{moved.pk}/discard/").status_code == 403

    def test_the_author_reads_it_from_another_department_too(self, moved, editor, other_department, signed_in):
        editor.assignments.update(department=other_department)
        page = signed_in(editor).get(f"/entries/{moved.pk}/")
        assert page.status_code == 200
        assert "分の回答を開く" not in page.text

    def test_nobody_else_does(self, moved, other_editor, signed_in):
        assert signed_in(other_editor).get(f"/entries/{moved.pk}/").status_code == 403

    def test_the_month_says_who_handed_it_over_and_when(self, moved, approver, signed_in):
        page = signed_in(approver).get("/entries/1010/2025-05/").text
        assert "手続き中だった回答1件は、登録する所属へ引き継がれました" in page
        assert "広報課へ" in page
        assert "令和7年6月10日 10:00　構造改革・DX推進課 係長 改革 一郎" in page

    def test_the_authors_home_says_so_and_asks_for_nothing(self, moved, editor, clerk, signed_in):
        page = signed_in(editor).get("/")
        assert "引き継がれた回答" in page.text
        assert f'href="/entries/{moved.pk}/"' in page.text
        assert page.context["home"].unfinished == []
        assert "引き継がれた回答" not in signed_in(clerk).get("/").text

    def test_given_back_it_is_theirs_again(self, moved, own, editor, reform_office, signed_in):
        register_from(own, None, MONTH, access=access(reform_office))
        assert signed_in(editor).get("/").context["home"].handed_over == []
        assert "引き継がれました" not in signed_in(editor).get("/entries/1010/2025-05/").text

    def test_a_handover_between_people_of_the_office_is_nothing_to_tell(self, moved, department, clerk):
        moved.refresh_from_db()
        ENTRIES.note([moved], Action.HANDED_OVER, access(clerk), reason="広報 夏子から広報 秋子へ事務引継")
        [event] = moved_away(registered_for(department, MONTH), department)
        assert event.actor_name == "改革 一郎"


class TestFromWhichMonth:
    """Who answered for a value that counts stays as it was."""

    def refused(self, *args, reform_office) -> str:
        with pytest.raises(ValidationError) as refusal:
            register_from(*args, access=access(reform_office))
        assert not Reporting.objects.filter(registrar__isnull=False).exists()
        return " ".join(refusal.value.messages)

    def test_after_the_newest_value_a_department_reported_itself(self, own, office, department, editor, reform_office):
        put(own, "2025-05", 7, "joho")
        said = self.refused(own, office, APRIL, reform_office=reform_office)
        assert "令和7(2025)年5月分まで、いまの所属が登録した値があります。令和7(2025)年6月分か" in said
        assert register_from(own, office, JUNE, access=access(reform_office)) == 2
        assert registered_for(department, MONTH) == []  # it never reads that the office registered what it reported

    def test_the_value_of_a_year_counts_in_its_last_month(self, department, office, reform_office):
        yearly = make_kpi("hours", "業務時間", "時間", "flow", frequency="fiscal_year")
        report(part(yearly), department)
        put(yearly, "FY2024", 900)
        assert "令和7(2025)年4月分か" in self.refused(yearly, office, date(2025, 3, 1), reform_office=reform_office)
        assert register_from(yearly, office, APRIL, access=access(reform_office)) == 1

    def test_what_is_projected_of_years_to_come_is_no_value_yet(self, own, office, reform_office):
        put(own, "2026-05", 7, "joho", nature="projected")
        assert register_from(own, office, MONTH, access=access(reform_office)) == 2

    def test_what_the_office_registered_stays_registered_by_it(self, own, office, reform_office):
        register_from(own, office, APRIL, access=access(reform_office))
        put(own, "2025-04", 7, "joho")
        with pytest.raises(ValidationError, match="5月分か"):
            register_from(own, None, APRIL, access=access(reform_office))
        assert register_from(own, None, MONTH, access=access(reform_office)) == 2

    @pytest.mark.parametrize(
        ("month", "words"),
        [
            (date(1, 1, 1), "報告は平成31(2019)年4月分から始まります"),
            (date(2026, 7, 1), "1年より先の月は選べません"),
        ],
    )
    def test_neither_before_reporting_began_nor_far_ahead(self, own, office, reform_office, month, words):
        assert words in self.refused(own, office, month, reform_office=reform_office)

    def test_one_value_of_long_ago_tells_the_same_of_the_deep_past(self, own, office, reform_office):
        put(own, "2025-03", 7, "joho")
        assert "令和7(2025)年4月分か" in self.refused(own, office, date(1926, 1, 1), reform_office=reform_office)


class TestByWhom:
    def refused(self, own, registrar, reform_office, first=JUNE) -> str:
        with pytest.raises(ValidationError) as refusal:
            register_from(own, registrar, first, access=access(reform_office))
        return " ".join(refusal.value.messages)

    def test_an_office_where_nobody_enters(self, own, registrar, chief, reform_office):
        said = self.refused(own, registrar, reform_office)
        assert "広報課には、令和7(2025)年6月分の値の入力担当者がいません" in said
        assert "「担当割当」で登録するか、別の所属を選んでください" in said

    def test_an_office_where_nobody_else_approves(self, own, registrar, clerk, reform_office):
        wanted = "入力担当者のほかに、確認者（所属長）がいません"
        assert wanted in self.refused(own, registrar, reform_office)
        both = Assignment.objects.create(user=clerk, department=registrar, role="approver", valid_from=APRIL)
        assert wanted in self.refused(own, registrar, reform_office)  # nobody approves what they entered themselves
        person("E031", "広報 秋子", "editor", registrar)
        assert register_from(own, registrar, JUNE, access=access(reform_office)) == 2
        assert both.is_in_force(JUNE)

    def test_whose_post_ends_before_the_month_begins(self, own, office, clerk, reform_office):
        clerk.assignments.update(valid_to=date(2025, 6, 30))
        assert "入力担当者がいません" in self.refused(own, office, reform_office, first=JULY)
        assert register_from(own, office, JUNE, access=access(reform_office)) == 2

    def test_the_departments_themselves_are_not_asked_about(self, own, office, clerk, reform_office):
        register_from(own, office, MONTH, access=access(reform_office))
        clerk.assignments.all().delete()
        assert register_from(own, None, JUNE, access=access(reform_office)) == 2


class TestThePage:
    ADDRESS = "/owners/registrars/"

    def sent(self, own, office, month="令和7年6月") -> dict:
        return {"kpi": own.pk, "registrar": office.pk if office else "", "month": month}

    def confirmed(self, client, sent):
        """Shown first, then done."""
        seen = client.post(self.ADDRESS, sent).context["preview"].seen
        return client.post(self.ADDRESS, sent | {"seen": seen}, follow=True)

    def test_it_shows_what_would_change_before_anything_does(
        self, own, office, editor, other_editor, reform_office, signed_in
    ):
        draft(part(own, "joho"), editor, "7", MONTH)
        handed_in(part(own, "shimin"), other_editor, "8", MONTH)
        client = signed_in(reform_office)
        page = client.post(self.ADDRESS, self.sent(own, office, "2025-05"))
        shown = page.context["preview"]
        assert [(move.source.name, move.target, move.drafts, move.submitted) for move in shown.moves] == [
            ("情報政策課", office, 1, 0),
            ("市民課", office, 0, 1),
        ]
        assert "2所属（2件の内訳）：情報政策課、市民課" in page.text
        assert "手続き中の2件が移ります" in page.text
        assert not Reporting.objects.filter(registrar=office).exists()
        assert not Entry.objects.filter(department=office).exists()

    def test_confirmed_it_is_done_and_listed(self, own, office, reform_office, signed_in):
        client = signed_in(reform_office)
        assert "各所属が報告" in client.get(self.ADDRESS).text
        said = self.confirmed(client, self.sent(own, office)).text
        assert "チャット件数を、令和7(2025)年6月分から広報課が一括登録するようにしました（2件の内訳）。" in said
        assert "令和7(2025)年6月分から</span>" in said
        again = client.post(self.ADDRESS, self.sent(own, office), follow=True)
        assert "変わるところはありませんでした。" in again.text

    def test_the_choice_of_somebody_else_in_between_is_not_written_over(
        self, own, office, department, reform_office, signed_in
    ):
        client = signed_in(reform_office)
        seen = preview_of(own, office, JUNE, access=access(reform_office)).seen
        person("A002", "課長 次郎", "approver", department)
        person("E003", "入力 三郎", "editor", department)
        register_from(own, department, JUNE, access=access(reform_office))
        answer = client.post(self.ADDRESS, self.sent(own, office) | {"seen": seen})
        assert answer.status_code == 422
        assert "ほかの人がこの指標を登録する所属を変えました" in answer.text
        assert not Reporting.objects.filter(registrar=office).exists()

    def test_it_says_from_when_until_when_and_what_comes_next(self, own, office, reform_office, signed_in):
        register_from(own, office, MONTH, access=access(reform_office))
        register_from(own, None, JULY, access=access(reform_office))
        [figure] = signed_in(reform_office).get(self.ADDRESS).context["figures"]
        assert [(stretch.name, stretch.months) for stretch in figure.stretches] == [
            ("広報課", "令和7(2025)年5月分から令和7(2025)年6月分まで"),
            ("各所属が報告", "令和7(2025)年7月分から"),
        ]

    def test_what_goes_on_without_a_break_is_told_once(self, own, office, department, reform_office, signed_in):
        register_from(own, office, MONTH, access=access(reform_office))
        follow(
            Heirs({department.pk: [make_department(department.parent, "1011", "情報課", "情報", 15)]}),
            JULY,
            {},
            access(reform_office),
        )
        [figure] = signed_in(reform_office).get(self.ADDRESS).context["figures"]
        assert [stretch.months for stretch in figure.stretches] == ["令和7(2025)年5月分から"]

    @pytest.mark.parametrize(
        ("month", "words"), [("", "いつの月分から変えるかを入力してください"), ("いつか", "いつか")]
    )
    def test_a_month_it_cannot_read_has_a_sentence_of_its_own(
        self, own, office, reform_office, signed_in, month, words
    ):
        answer = signed_in(reform_office).post(self.ADDRESS, self.sent(own, office, month))
        assert answer.status_code == 422
        assert any(words in error for error in answer.context["form"].errors["month"])

    def test_an_office_without_people_is_told_beside_the_office(self, own, registrar, reform_office, signed_in):
        answer = signed_in(reform_office).post(self.ADDRESS, self.sent(own, registrar))
        assert "入力担当者がいません" in " ".join(answer.context["form"].errors["registrar"])

    @pytest.mark.parametrize("more", [0, 5])
    def test_many_lines_are_looked_at_in_the_same_queries(
        self, own, office, department, editor, reform_office, more, django_assert_num_queries
    ):
        for number in range(more):
            series = own.series.create(code=f"more-{number}", name=f"内訳{number}", kind="type", order=9 + number)
            report(series, department)
            draft(series, editor, "7", MONTH)
        draft(part(own, "joho"), editor, "7", MONTH)
        with django_assert_num_queries(8):
            preview_of(own, office, MONTH, access=access(reform_office))
