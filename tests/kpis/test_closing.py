"""確定: a closed month changes by no way in, a re-opening lets one department's values change, and history says how."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from kpis.entries import approve, submit
from kpis.models import Entry, Measurement, Reopening, Reporting, Revision
from kpis.values.closed import MonthIsClosed, check_open, close_month, end_reopening, locks_of, month_of, reopen
from kpis.values.recording import record
from kpis.values.statement import Slot
from tests.kpis.reporting_world import MONTH, draft, handed_in
from tests.kpis.world import TODAY, access, change, make_kpi, put

Kind = Revision.Kind
UNTIL = date(2025, 6, 20)


def close(user, when: date = MONTH) -> None:
    close_month(when, access=access(user))


def let_in(user, department, when: date = MONTH, until: date = UNTIL) -> Reopening:
    return reopen(when, department, reason="集計の誤り", until=until, access=access(user))


def kinds() -> list[str]:
    return list(Revision.objects.order_by("pk").values_list("kind", flat=True))


class TestClosing:
    def test_only_the_reform_office_closes_a_month(self, month, approver, viewer):
        for user in (approver, viewer):
            with pytest.raises(PermissionDenied):
                close(user)

    @pytest.mark.parametrize("when", [date(2025, 6, 1), date(2025, 7, 1), date(2025, 5, 2)])
    def test_a_month_that_has_not_ended_or_no_first_day_is_not_closed(self, month, reform_office, when):
        with pytest.raises(ValidationError, match="終わっていない月"):
            close(reform_office, when)

    def test_a_month_is_closed_once(self, month, reform_office):
        close(reform_office)
        with pytest.raises(ValidationError, match="令和7年5月分は確定済み"):
            close(reform_office)

    def test_the_post_of_who_closed_is_kept(self, month, reform_office):
        closing = close_month(MONTH, access=access(reform_office), note=" 全所属回答 ")
        assert (closing.closed_post, closing.note) == ("構造改革・DX推進課 係長", "全所属回答")


class TestTheLock:
    def test_a_first_value_and_a_change_are_refused_with_the_way_out(self, month, reform_office):
        put(month.friends.kpi, "2025-05", 1)
        close(reform_office)
        for series, value in ((month.friends, 2), (month.hours, 3)):
            with pytest.raises(MonthIsClosed, match="取りまとめ課へ確定解除を依頼"):
                put(series.kpi, "2025-05", value)
        assert Measurement.objects.get().value == 1

    def test_the_same_value_again_is_no_change_and_not_refused(self, month, reform_office):
        put(month.friends.kpi, "2025-05", 1)
        close(reform_office)
        put(month.friends.kpi, "2025-05", 1)
        assert kinds() == [Kind.FIRST]

    def test_one_value_of_a_closed_month_refuses_the_whole_batch(self, month, reform_office):
        close(reform_office)
        changes = [change(month.friends.kpi, when, 5) for when in ("2025-04", "2025-05")]
        with pytest.raises(MonthIsClosed) as refused:
            record(changes, actor=None, post="", reason="試験")
        assert refused.value.months == (MONTH,)
        assert not Measurement.objects.exists()

    def test_other_months_stay_open(self, month, reform_office):
        close(reform_office)
        assert put(month.friends.kpi, "2025-04", 5).value == 5

    @pytest.mark.parametrize(
        ("when", "closed_with"),
        [
            ("FY2024", date(2025, 3, 1)),
            ("2024-Q4", date(2025, 3, 1)),
            ("2025-Q1", date(2025, 6, 1)),
            ("2024", date(2024, 12, 1)),
        ],
    )
    def test_a_longer_period_is_closed_with_its_last_month(self, world, reform_office, when, closed_with):
        written = put(world.friends, when, 7)
        assert month_of(written) == closed_with
        close_month(closed_with, access=access(reform_office, date(2025, 7, 1)))
        with pytest.raises(MonthIsClosed):
            put(world.friends, when, 8)

    def test_a_draft_begun_before_can_be_neither_handed_in_nor_approved(self, month, editor, approver, reform_office):
        begun = draft(month.friends, editor, "5")
        waiting = handed_in(month.hours, editor, "6")
        close(reform_office)
        with pytest.raises(MonthIsClosed):
            submit(begun, access=access(editor))
        with pytest.raises(MonthIsClosed):
            approve(waiting, access=access(approver))
        waiting.refresh_from_db()
        assert waiting.state == Entry.State.SUBMITTED
        assert not Measurement.objects.exists()

    def test_nothing_can_be_typed(self, month, editor, reform_office):
        close(reform_office)
        with pytest.raises(MonthIsClosed):
            draft(month.friends, editor, "5")
        assert not Entry.objects.exists()


class TestReopening:
    def test_it_needs_a_closed_month_a_reason_and_an_end_that_is_not_past(self, month, department, reform_office):
        who = access(reform_office)
        with pytest.raises(ValidationError, match="確定していない"):
            reopen(MONTH, department, reason="誤り", until=UNTIL, access=who)
        close(reform_office)
        with pytest.raises(ValidationError, match="理由を入力"):
            reopen(MONTH, department, reason="　", until=UNTIL, access=who)
        with pytest.raises(ValidationError, match="今日以後"):
            reopen(MONTH, department, reason="誤り", until=TODAY - timedelta(days=1), access=who)

    def test_only_the_reform_office_opens_and_ends(self, month, department, reform_office, approver):
        close(reform_office)
        reopening = let_in(reform_office, department)
        with pytest.raises(PermissionDenied):
            let_in(approver, department)
        with pytest.raises(PermissionDenied):
            end_reopening(reopening, access=access(approver))

    def test_the_departments_values_change_as_corrections_and_nobody_elses(
        self, month, department, other_department, reform_office
    ):
        put(month.friends.kpi, "2025-05", 1)
        Reporting.objects.filter(series=month.hours).update(department=other_department)
        close(reform_office)
        let_in(reform_office, department)
        put(month.friends.kpi, "2025-05", 2)
        with pytest.raises(MonthIsClosed):
            put(month.hours.kpi, "2025-05", 2)
        assert kinds() == [Kind.FIRST, Kind.CORRECTION]

    def test_its_last_day_counts_and_the_day_after_does_not(self, month, department, reform_office):
        close(reform_office)
        let_in(reform_office, department)
        slot = Slot(month.friends.pk, MONTH)
        assert check_open([slot], UNTIL) == {MONTH}
        with pytest.raises(MonthIsClosed):
            check_open([slot], UNTIL + timedelta(days=1))

    def test_ended_early_it_lets_nothing_through(self, month, department, reform_office):
        close(reform_office)
        reopening = let_in(reform_office, department)
        assert end_reopening(reopening, access=access(reform_office)) is True
        assert end_reopening(reopening, access=access(reform_office)) is False
        with pytest.raises(MonthIsClosed):
            put(month.friends.kpi, "2025-05", 2)

    def test_a_second_one_is_refused_with_the_day_until_which_it_is_open(
        self, month, department, other_department, reform_office
    ):
        close(reform_office)
        first = let_in(reform_office, department)
        with pytest.raises(ValidationError, match=r"情報政策課の令和7年5月分は、令和7\(2025\)年6月20日まで"):
            let_in(reform_office, department, until=UNTIL + timedelta(days=7))
        let_in(reform_office, other_department)
        end_reopening(first, access=access(reform_office))
        assert let_in(reform_office, department).ended_at is None

    def test_one_that_is_over_is_no_obstacle(self, month, department, reform_office):
        close(reform_office)
        let_in(reform_office, department)
        later = access(reform_office, UNTIL + timedelta(days=1))
        until = UNTIL + timedelta(days=7)
        assert reopen(MONTH, department, reason="誤り", until=until, access=later).until == until

    def test_it_can_be_replaced_and_the_first_stays_in_the_record(self, month, department, reform_office):
        close(reform_office)
        first = let_in(reform_office, department)
        until = UNTIL + timedelta(days=7)
        second = reopen(MONTH, department, reason="調査中", until=until, access=access(reform_office), replaces=True)
        first.refresh_from_db()
        assert (first.until, first.reason, first.ended_at is None) == (UNTIL, "集計の誤り", False)
        assert list(Reopening.objects.in_force(TODAY)) == [second]

    def test_a_month_says_which_lock_it_has(self, month, department, other_department, reform_office):
        close(reform_office)
        reopening = let_in(reform_office, department)
        assert locks_of(department.pk, [MONTH], TODAY)[MONTH].reopening == reopening
        assert locks_of(other_department.pk, [MONTH], TODAY)[MONTH].is_locked
        assert locks_of(department.pk, [date(2025, 4, 1)], TODAY) == {}

    def test_who_reported_in_that_month_is_asked_not_who_reports_now(
        self, month, department, other_department, reform_office
    ):
        Reporting.objects.filter(series=month.friends).update(valid_to=date(2025, 5, 31))
        Reporting.objects.create(series=month.friends, department=other_department, valid_from=date(2025, 6, 1))
        close(reform_office)
        let_in(reform_office, other_department)
        with pytest.raises(MonthIsClosed):
            put(month.friends.kpi, "2025-05", 2)
        let_in(reform_office, department)
        assert put(month.friends.kpi, "2025-05", 2).value == 2

    def test_what_nobody_reports_follows_the_department_in_charge(self, department, june, reform_office):
        kpi = make_kpi("published", "公表値", "人", "stock", department=department)
        close(reform_office)
        with pytest.raises(MonthIsClosed):
            put(kpi, "2025-05", 2)
        let_in(reform_office, department)
        assert put(kpi, "2025-05", 2).value == 2

    def test_what_no_department_is_in_charge_of_says_what_to_do(self, department, june, reform_office):
        kpi = make_kpi("published", "公表値", "人", "stock")
        close(reform_office)
        let_in(reform_office, department)
        with pytest.raises(MonthIsClosed, match="所管所属を登録"):
            put(kpi, "2025-05", 2)

    def test_the_office_that_registers_for_everybody_may_be_let_in(
        self, month, department, other_department, reform_office
    ):
        month.friends.reportings.update(registrar=other_department)
        close(reform_office)
        let_in(reform_office, other_department)
        assert put(month.friends.kpi, "2025-05", 2).value == 2


class TestKinds:
    def entry(self, series, editor, approver, **more) -> Revision:
        approve(handed_in(series, editor, "9", **more), access=access(approver))
        return Revision.objects.latest("pk")

    def test_a_correction_needs_its_reason_in_the_comment(self, month, department, editor, reform_office):
        put(month.friends.kpi, "2025-05", 1)
        close(reform_office)
        let_in(reform_office, department)
        with pytest.raises(ValidationError, match="理由を、コメントに"):
            handed_in(month.friends, editor, "2")

    def test_the_clerk_says_correction_or_restatement(self, month, department, editor, approver, reform_office):
        put(month.friends.kpi, "2025-05", 1)
        put(month.growth.kpi, "2025-05", 1)
        close(reform_office)
        let_in(reform_office, department)
        plain = self.entry(month.friends, editor, approver, comment="転記の誤り")
        asked = self.entry(month.growth, editor, approver, comment="算式の変更", change_kind="restatement")
        assert (plain.kind, asked.kind) == (Kind.CORRECTION, Kind.RESTATEMENT)
        assert asked.reason.startswith("遡及改定（情報政策課 課長が承認）：算式の変更")

    def test_what_was_missing_is_told_from_a_first_value_and_needs_a_reason_too(
        self, month, department, editor, approver, reform_office
    ):
        close(reform_office)
        let_in(reform_office, department)
        with pytest.raises(ValidationError, match="確定した月に値を加える理由を、コメントに"):
            handed_in(month.hours, editor, "2")
        assert self.entry(month.friends, editor, approver, comment="報告もれ").kind == Kind.ADDITION

    def test_the_same_value_without_its_mark_is_final(self, month):
        put(month.friends.kpi, "2025-05", 1, is_provisional=True)
        put(month.friends.kpi, "2025-05", 1)
        put(month.friends.kpi, "2025-05", Decimal("2"))
        assert kinds() == [Kind.FIRST, Kind.FINAL, Kind.CHANGE]
