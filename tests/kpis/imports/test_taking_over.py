"""A file is taken over whole or not at all, and never over somebody's newer value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Assignment, RouteUse
from kpis.entries import approve, send_back, submit, withdraw
from kpis.imports import Conflict, apply_file, cancel, receive
from kpis.models import Entry, ImportedFile, Kpi, Measurement, Revision, Rule
from kpis.summaries.audit import audit
from kpis.values.closed import close_month, reopen
from kpis.values.recording import record
from tests.accounts.test_routing import route
from tests.kpis.imports.conftest import csv, outcomes
from tests.kpis.reporting_world import draft, handed_in
from tests.kpis.world import access, change, open_entry, part, put

APRIL, MAY = date(2025, 4, 1), date(2025, 5, 1)
LAST_APRIL, LAST_MAY = date(2024, 4, 1), date(2024, 5, 1)
FRIENDS = csv("年月,LINE友だち登録者数", "R7.4,100", "R7.5,110")
OLD = csv("年月,LINE友だち登録者数", "R6.4,100", "R6.5,110")


class TestADepartmentsFile:
    def test_it_becomes_entries_handed_in_on_the_route_with_the_file_beside_them(self, imported, world, editor):
        file = imported(FRIENDS)
        assert apply_file(file, access=access(editor)) == 2
        entry = open_entry(part(world.friends), "2025-05")
        assert (entry.state, entry.value, entry.imported_file) == (Entry.State.SUBMITTED, Decimal(110), file)
        assert [event.action for event in entry.events.order_by("pk")] == ["saved", "submitted"]
        assert not Measurement.objects.exists()

    def test_once_approved_the_value_names_its_file(self, imported, world, editor, approver):
        file = imported(FRIENDS)
        apply_file(file, access=access(editor))
        approve(open_entry(part(world.friends), "2025-05"), access=access(approver))
        measurement = part(world.friends).measurements.get(period=date(2025, 5, 1))
        assert measurement.imported_file == file

    def test_the_same_file_again_changes_nothing(self, imported, editor):
        apply_file(imported(FRIENDS), access=access(editor))
        again = imported(FRIENDS)
        assert {outcome for _, outcome, _ in outcomes(again)} == {"same"}
        assert apply_file(again, access=access(editor)) == 0

    def test_the_same_as_a_draft_leaves_it_and_says_that_nobody_handed_it_in(self, imported, world, editor):
        draft(part(world.friends), editor, "110", MAY)
        file = imported(FRIENDS)
        assert [outcome for _, outcome, _ in outcomes(file)] == ["new", "same"]
        assert file.counts["unsent"] == 1

    def test_pressing_twice_is_refused(self, imported, editor):
        file = imported(FRIENDS)
        apply_file(file, access=access(editor))
        with pytest.raises(ValidationError, match="取込済"):
            apply_file(file, access=access(editor))

    def test_a_draft_is_replaced_and_a_submitted_entry_is_not(self, imported, world, editor):
        draft(part(world.friends), editor, "1", APRIL)
        handed_in(part(world.friends), editor, "2", MAY)
        file = imported(FRIENDS)
        assert [outcome for _, outcome, _ in outcomes(file)] == ["changed", "refused"]
        assert "引き戻して" in outcomes(file)[1][2]

    def test_what_another_department_reports_is_refused(self, imported, world, editor, other_department):
        part(world.friends).reportings.update(department=other_department)
        with pytest.raises(PermissionDenied):
            receive(FRIENDS, "a.csv", access=access(editor), department=other_department)

    def test_months_the_department_did_not_report_yet_are_refused(self, imported, world):
        part(world.friends).reportings.update(valid_from=MAY)
        assert [outcome for _, outcome, _ in outcomes(imported(FRIENDS))] == ["refused", "new"]


class TestAllOrNothing:
    def test_one_cell_that_cannot_be_taken_stops_the_file(self, imported, editor):
        file = imported(csv("年月,LINE友だち登録者数", "R7.3,90", "R7.4,100", "R7.5,たくさん"))
        with pytest.raises(ValidationError, match="取り込めない値"):
            apply_file(file, access=access(editor))
        assert not Entry.objects.exists()

    def test_an_entry_somebody_changed_since_the_preview_is_a_conflict(self, imported, world, editor):
        entry = draft(part(world.friends), editor, "1", APRIL)
        file = imported(FRIENDS)
        draft(part(world.friends), editor, "7", APRIL, seen_version=entry.version)
        with pytest.raises(Conflict) as conflict:
            apply_file(file, access=access(editor))
        assert [line.period for line in conflict.value.lines] == [APRIL]
        assert Entry.objects.count() == 1

    def test_an_entry_begun_since_the_preview_is_a_conflict_too(self, imported, world, editor):
        file = imported(FRIENDS)
        draft(part(world.friends), editor, "7", APRIL)
        with pytest.raises(Conflict):
            apply_file(file, access=access(editor))

    def test_a_value_approved_since_the_preview_is_a_conflict(self, imported, world, editor):
        file = imported(FRIENDS)
        put(world.friends, "2025-04", 99)
        with pytest.raises(Conflict):
            apply_file(file, access=access(editor))

    def test_a_file_given_up_cannot_be_taken_over(self, imported, editor):
        file = imported(FRIENDS)
        assert cancel(file, access=access(editor))
        with pytest.raises(ValidationError, match="先に"):
            apply_file(file, access=access(editor))


class TestChecks:
    def test_a_broken_rule_refuses_the_line(self, imported, world):
        Rule.objects.create(kpi=world.friends, kind="range", maximum=105)
        assert [outcome for _, outcome, _ in outcomes(imported(FRIENDS))] == ["new", "refused"]

    def test_a_doubt_is_answered_once_for_the_file_and_only_kept_where_it_was_asked(self, imported, world, editor):
        Rule.objects.create(kpi=world.friends, kind="range", severity="soft", maximum=105)
        file = imported(FRIENDS)
        assert file.counts["asked"] == 1
        with pytest.raises(ValidationError, match="増減理由"):
            apply_file(file, access=access(editor))
        apply_file(file, access=access(editor), change_reason="event")
        reasons = dict(Entry.objects.values_list("period", "change_reason"))
        assert reasons == {APRIL: "", MAY: "event"}


class TestWhatStays:
    def test_the_comment_of_a_draft_stays_where_the_file_brings_none(self, imported, world, editor):
        draft(part(world.friends), editor, "7", MAY, comment="市外を除く")
        apply_file(imported(FRIENDS), access=access(editor))
        entry = Entry.objects.get(period=MAY)
        assert (entry.value, entry.comment) == (110, "市外を除く")

    def test_day_and_marks_of_the_value_that_counts_go_on_with_its_correction(self, imported, world, editor):
        put(world.friends, "2025-04", 90, is_provisional=True, as_of=date(2025, 4, 15), is_synthetic=True)
        apply_file(imported(FRIENDS), access=access(editor), note="締切りのあとに届いた分")
        entry = Entry.objects.get(period=APRIL)
        assert (entry.value, entry.is_provisional, entry.as_of) == (100, True, date(2025, 4, 15))
        assert not entry.is_synthetic

    def test_what_was_approved_is_changed_with_a_reason_alone(self, imported, world, editor):
        put(world.friends, "2025-04", 90)
        file = imported(FRIENDS)
        with pytest.raises(ValidationError, match="承認された値を変えるものが1件"):
            apply_file(file, access=access(editor))
        assert not Entry.objects.exists()
        assert apply_file(file, access=access(editor), note="転記の誤り") == 2
        assert set(Entry.objects.values_list("comment", flat=True)) == {"転記の誤り"}

    @pytest.mark.parametrize(
        "held",
        [{"value": None, "missing_reason": "pending"}, {"value": 90, "nature": "projected"}],
        ids=["pending", "projected"],
    )
    def test_what_was_awaited_needs_none(self, imported, world, editor, held):
        put(world.friends, "2025-04", **held)
        assert apply_file(imported(FRIENDS), access=access(editor)) == 2


class TestTheOfficesFile:
    """取りまとめ課 has a file for several departments: each value goes on the route of whoever reports it."""

    @pytest.fixture
    def theirs(self, world, other_department):
        """Online applications, which 市民課 reports."""
        series = part(world.online)
        series.reportings.update(department=other_department)
        return series

    @pytest.fixture
    def office_file(self, imported, theirs, world, reform_office):
        data = csv(f"年月,{world.friends.name},{world.online.name}", "R7.4,100,7", "R7.5,110,8")
        return imported(data, user=reform_office, of=None)

    def test_each_department_s_chief_decides_and_the_office_never(
        self, office_file, world, department, other_department, approver, reform_office
    ):
        assert apply_file(office_file, access=access(reform_office)) == 4
        assert not Measurement.objects.exists()
        entries = Entry.objects.submitted()
        assert {(e.series.kpi, e.department) for e in entries} == {
            (world.friends, department),
            (world.online, other_department),
        }
        mine = open_entry(part(world.friends), "2025-05")
        assert (mine.author, mine.author_post) == (reform_office, "構造改革・DX推進課 係長")
        Assignment.objects.create(
            user=reform_office, department=department, role="approver", valid_from=date(2019, 4, 1)
        )
        with pytest.raises(ValidationError, match="自分が入力した"):
            approve(mine, access=access(reform_office))
        assert approve(mine, access=access(approver)).imported_file == office_file

    def test_its_route_is_each_departments_own(self, office_file, department, reform_office):
        steps = route("二段階", "checker", "approver")
        RouteUse.objects.create(department=department, subject="measurement", route=steps)
        apply_file(office_file, access=access(reform_office))
        routes = {(e.department.name, e.route and e.route.name) for e in Entry.objects.submitted()}
        assert routes == {("情報政策課", "二段階"), ("市民課", None)}

    def test_a_figure_one_office_registers_goes_to_that_office(self, imported, world, other_department, reform_office):
        part(world.friends).reportings.update(registrar=other_department)
        apply_file(imported(FRIENDS, user=reform_office, of=None), access=access(reform_office))
        assert {entry.department for entry in Entry.objects.submitted()} == {other_department}

    def test_a_department_does_not_bring_what_an_office_registers_for_it(self, imported, world, other_department):
        part(world.friends).reportings.update(registrar=other_department)
        assert {outcome for _, outcome, _ in outcomes(imported(FRIENDS))} == {"refused"}

    def test_a_preview_from_before_the_office_was_chosen_is_refused(self, imported, world, editor, other_department):
        file = imported(FRIENDS)
        part(world.friends).reportings.update(registrar=other_department)
        with pytest.raises(ValidationError, match="報告する所属が市民課に変わりました"):
            apply_file(file, access=access(editor))
        assert not Entry.objects.exists()

    def test_what_a_department_has_begun_is_left_to_it(self, imported, world, editor, reform_office):
        draft(part(world.friends), editor, "7", MAY, comment="市外を除く")
        said = outcomes(imported(FRIENDS, user=reform_office, of=None))
        assert [outcome for _, outcome, _ in said] == ["new", "refused"]
        assert "情報政策課が入力中の回答があります" in said[1][2]

    def test_what_was_returned_to_the_office_it_brings_again(
        self, imported, office_file, world, approver, reform_office
    ):
        apply_file(office_file, access=access(reform_office))
        entry = open_entry(part(world.friends), "2025-05")
        send_back(entry, access=access(approver), reason="桁を確かめて")
        again = imported(csv("年月,LINE友だち登録者数", "R7.3,1", "R7.5,120"), user=reform_office, of=None)
        assert apply_file(again, access=access(reform_office)) == 2
        entry.refresh_from_db()
        assert (entry.state, entry.value) == (Entry.State.SUBMITTED, 120)

    @pytest.mark.parametrize("count", [1, 6])
    def test_more_months_ask_no_more_of_the_database(
        self, count, imported, department, reform_office, django_assert_num_queries
    ):
        RouteUse.objects.create(
            department=department, subject="measurement", route=route("二段階", "checker", "approver")
        )
        rows = [f"R6.{month},{month}00" for month in range(4, 5 + count)]
        file = imported(csv("年月,LINE友だち登録者数", *rows), user=reform_office, of=None)
        who = access(reform_office)
        with django_assert_num_queries(21):
            apply_file(file, access=who)

    def test_months_nobody_reports_are_refused_with_what_to_do(self, imported, world, reform_office):
        part(world.friends).reportings.update(valid_from=MAY)
        [april, may] = outcomes(imported(FRIENDS, user=reform_office, of=None))
        assert (april[1], may[1]) == ("refused", "new")
        assert "実績値として直接登録する" in april[2]

    def test_recording_is_not_for_departments(self, editor, department):
        with pytest.raises(PermissionDenied):
            receive(FRIENDS, "a.csv", access=access(editor), department=department, records=True)


class TestRecording:
    """取りまとめ課 records values of more than a year ago at once."""

    @pytest.fixture
    def office_file(self, imported, reform_office):
        def take(data: bytes = OLD, **more) -> ImportedFile:
            return imported(data, user=reform_office, of=None, records=True, **more)

        return take

    @pytest.mark.parametrize("name", ["kpis:detail", "kpis:data"])
    def test_no_file_is_named_where_readers_look_for_the_source(
        self, office_file, world, reform_office, signed_in, name
    ):
        Kpi.objects.filter(pk=world.friends.pk).update(source="市の広報")
        apply_file(office_file(name="田中メモ.csv"), access=access(reform_office))
        assert set(Measurement.objects.values_list("source", flat=True)) == {""}
        client = signed_in(reform_office)
        data = client.get(reverse("kpis:data", args=[world.friends.code])).content.decode()
        assert "市の広報" in data
        assert "田中メモ" not in data
        page = client.get(reverse("kpis:detail", args=[world.friends.code]))
        assert page.context["card"].source == "市の広報"

    def test_values_are_recorded_with_their_history_and_the_file(self, office_file, world, reform_office):
        put(world.friends, "2024-04", 90)
        file = office_file()
        apply_file(file, access=access(reform_office), note="年次の点検")
        stored = Measurement.objects.filter(series=part(world.friends)).order_by("period")
        assert [(m.value, m.version, m.imported_file) for m in stored] == [(100, 2, file), (110, 1, file)]
        kinds = Revision.objects.filter(imported_file=file).order_by("period").values_list("kind", "value", "version")
        assert list(kinds) == [("change", 100, 2), ("first", 110, 1)]
        revision = Revision.objects.filter(imported_file=file).first()
        assert revision.reason == f"ファイルの取込み（{file.name}）：年次の点検"
        assert revision.actor == reform_office

    def test_the_summaries_follow_and_the_audit_agrees(self, office_file, world, reform_office, finish_jobs):
        with finish_jobs():
            apply_file(office_file(), access=access(reform_office))
        assert world.friends.summaries.get(period=LAST_MAY, span="month").value == 110
        assert list(audit(world.friends)) == []

    def test_the_kind_is_frozen_by_the_first_value(self, office_file, world, reform_office):
        apply_file(office_file(), access=access(reform_office))
        world.friends.refresh_from_db()
        assert world.friends.frozen_kind == "stock"

    def test_a_value_corrected_since_the_preview_is_a_conflict_and_nothing_is_saved(
        self, office_file, world, reform_office
    ):
        file = office_file()
        record([change(world.friends, "2024-05", 1)], actor=None, post="", reason="先に")
        with pytest.raises(Conflict):
            apply_file(file, access=access(reform_office))
        assert [m.value for m in Measurement.objects.all()] == [1]

    def test_what_a_department_is_reporting_is_left_to_it(self, office_file, world, editor):
        draft(part(world.friends), editor, "7", LAST_MAY)
        assert "回答中" in outcomes(office_file())[1][2]

    def test_what_a_department_has_come_to_report_since_the_preview_is_refused(self, office_file, world, reform_office):
        part(world.friends).reportings.update(valid_from=date(2025, 6, 1))
        file = office_file(FRIENDS)
        assert {outcome for _, outcome, _ in outcomes(file)} == {"new"}
        part(world.friends).reportings.update(valid_from=APRIL)
        with pytest.raises(ValidationError, match="各所属が報告する値になりました"):
            apply_file(file, access=access(reform_office))
        assert not Measurement.objects.exists()

    def test_a_closed_month_is_refused_and_once_open_again_it_is_a_correction(
        self, office_file, world, reform_office, department
    ):
        put(world.friends, "2024-04", 90)
        close_month(LAST_APRIL, access=access(reform_office))
        assert "確定している" in outcomes(office_file())[0][2]
        reopen(LAST_APRIL, department, reason="誤り", until=date(2025, 6, 30), access=access(reform_office))
        with pytest.raises(ValidationError, match="登録済みの実績値を変える理由"):
            apply_file(office_file(), access=access(reform_office))
        apply_file(office_file(), access=access(reform_office), note="転記誤り")
        revision = Revision.objects.get(period=LAST_APRIL, version=2)
        assert (revision.kind, "転記誤り" in revision.reason) == (Revision.Kind.CORRECTION, True)

    def test_what_was_missing_in_a_re_opened_month_needs_a_reason_and_is_told_from_a_first_value(
        self, office_file, reform_office, department
    ):
        close_month(LAST_APRIL, access=access(reform_office))
        reopen(LAST_APRIL, department, reason="報告もれ", until=date(2025, 6, 30), access=access(reform_office))
        with pytest.raises(ValidationError, match="確定した月に値を加える理由"):
            apply_file(office_file(), access=access(reform_office))
        apply_file(office_file(), access=access(reform_office), note="報告もれ")
        kinds = Revision.objects.order_by("period").values_list("kind", flat=True)
        assert list(kinds) == [Revision.Kind.ADDITION, Revision.Kind.FIRST]

    def test_day_marks_and_note_of_a_changed_value_stay_and_those_of_an_invented_one_go(
        self, office_file, world, reform_office
    ):
        day = date(2024, 4, 15)
        put(world.friends, "2024-04", 90, is_provisional=True, is_rounded=True, as_of=day, note="移転中を含む")
        put(world.friends, "2024-05", 80, is_synthetic=True)
        apply_file(office_file(), access=access(reform_office), note="転記誤り")
        april, may = Measurement.objects.filter(series=part(world.friends)).order_by("period")
        assert (april.value, april.is_provisional, april.is_rounded, april.as_of) == (100, True, True, day)
        assert april.note == "移転中を含む"
        assert (may.value, may.is_synthetic) == (110, False)
        kept = Revision.objects.get(measurement=april, version=2)
        assert (kept.is_provisional, kept.as_of, kept.note) == (True, day, "移転中を含む")

    def test_a_month_closed_between_preview_and_saving_is_refused(self, office_file, world, reform_office):
        file = office_file()
        close_month(LAST_APRIL, access=access(reform_office))
        with pytest.raises(ValidationError, match="確定している"):
            apply_file(file, access=access(reform_office))
        assert not Measurement.objects.exists()

    def test_what_departments_reported_of_the_last_twelve_months_goes_through_their_approval(self, office_file, world):
        put(world.friends, "2025-04", 90)
        [may, june] = outcomes(office_file(csv("年月,LINE友だち登録者数", "R6.5,1", "R6.6,2")))
        assert (may[1], june[1]) == ("new", "refused")
        assert "情報政策課が報告する値です" in june[2]
        assert "「各所属の回答として提出する」" in june[2]
        part(world.friends).reportings.update(valid_to=LAST_MAY)
        assert {outcome for _, outcome, _ in outcomes(office_file(FRIENDS))} == {"changed", "new"}

    def test_a_value_that_counts_is_not_changed_without_a_reason(self, office_file, world, reform_office):
        put(world.friends, "2024-04", 90)
        with pytest.raises(ValidationError, match="登録済みの実績値を変える理由"):
            apply_file(office_file(), access=access(reform_office))
        assert [m.value for m in Measurement.objects.all()] == [90]

    def test_an_entry_withdrawn_since_is_seen(self, imported, world, editor):
        entry = draft(part(world.friends), editor, "7", MAY)
        file = imported(FRIENDS)
        withdraw(submit(entry, access=access(editor)), access=access(editor))
        with pytest.raises(Conflict):
            apply_file(file, access=access(editor))
