"""The back office's pages for figures: values only through `record`, frozen kinds, and summaries asked for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts.back_office.access import follow_staff_flag
from jobs.models import Job
from kpis.models import Entry, Measurement, Revision, Rule, Target
from kpis.values.closed import close_month
from tests.kpis.reporting_world import draft
from tests.kpis.world import access, part, put

NO_ROWS = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}
NO_REVISIONS = {f"revisions-{name}": value for name, value in NO_ROWS.items()}
NO_PARTS = {f"{prefix}-{name}": value for prefix in ("series", "targets", "rules") for name, value in NO_ROWS.items()}
SAID = {"nature": "observed", "reason": "所管課の報告により登録"} | NO_REVISIONS
KPI = {
    "code": "friends",
    "name": "LINE友だち登録者数",
    "unit": "人",
    "decimals": "0",
    "ratio_decimals": "1",
    "scale": "one",
    "kind": "stock",
    "aggregation": "sum",
    "direction": "up",
    "frequency": "month",
    "as_of_rule": "month_end",
    "level_rule": "mean",
    "due_working_day": "10",
    "order": "1",
}


@pytest.fixture
def office(reform_office, signed_in):
    follow_staff_flag(reform_office)
    return signed_in(reform_office)


def asked_for() -> set[str]:
    """The subjects of the summaries asked for since the last call."""
    subjects = set(Job.objects.filter(kind="recompute_summaries").values_list("subject", flat=True))
    Job.objects.all().delete()
    return subjects


class TestValues:
    def add(self, office, world, **typed: str):
        form = {"series": str(part(world.friends).pk), "span": "month", "period": "2025-04-01", "seen_version": "0"}
        return office.post("/admin/kpis/measurement/add/", form | {"typed": "４万"} | SAID | typed)

    def correct(self, office, measurement, seen: int, **typed: str):
        url = f"/admin/kpis/measurement/{measurement.pk}/change/"
        return office.post(url, {"seen_version": str(seen), "typed": "41,000"} | SAID | typed)

    def test_a_new_value_is_read_as_japan_writes_it_and_leaves_a_revision(self, office, world, reform_office) -> None:
        assert self.add(office, world).status_code == 302
        [revision] = Revision.objects.all()
        assert (revision.value, revision.reason) == (Decimal(40_000), "所管課の報告により登録")
        assert (revision.actor, revision.post) == (reform_office, "構造改革・DX推進課 係長")

    def test_a_correction_leaves_a_second_revision(self, office, world) -> None:
        measurement = put(world.friends, "2025-04", 40_000)
        assert self.correct(office, measurement, seen=1).status_code == 302
        assert [r.value for r in measurement.revisions.all()] == [Decimal(41_000), Decimal(40_000)]

    @pytest.mark.parametrize(("ticked", "status", "count"), [({}, 200, 0), ({"is_told": "on"}, 302, 1)])
    def test_what_gives_away_something_withheld_is_told_and_ticked(self, office, world, ticked, status, count) -> None:
        put(world.copies, "2025-04", 1000)
        put(world.copies, "2025-04", 600, "a")
        withheld = {"series": str(part(world.copies, "b").pk), "typed": "", "missing_reason": "withheld"}
        answer = self.add(office, world, **withheld, **ticked)
        assert answer.status_code == status
        assert Measurement.objects.filter(series__code="b").count() == count
        if not ticked:
            [told, what] = answer.context["adminform"].form.errors["typed"]
            assert "全体の値（1,000枚）" in told
            assert "引き算で値が分かります" in told
            assert "引き算で分かることを確かめた" in what

    def test_a_correction_without_a_reason_is_refused(self, office, world) -> None:
        measurement = put(world.friends, "2025-04", 40_000)
        answer = self.correct(office, measurement, seen=1, reason="")
        assert "reason" in answer.context["adminform"].form.errors
        assert Revision.objects.count() == 1

    def test_a_newer_value_is_shown_and_not_overwritten_until_it_was_seen(self, office, world) -> None:
        measurement = put(world.friends, "2025-04", 40_000)
        put(world.friends, "2025-04", 45_000)
        answer = self.correct(office, measurement, seen=1, note="書きかけの注記")
        page = answer.content.decode()
        assert "いまの値は 45,000人（第2版）です" in page
        assert "41,000" in page
        assert "書きかけの注記" in page
        assert answer.context["adminform"].form["seen_version"].value() == "2"
        assert Measurement.objects.get().value == Decimal(45_000)
        assert self.correct(office, measurement, seen=2).status_code == 302
        assert Measurement.objects.get().value == Decimal(41_000)

    def test_a_period_that_has_a_value_is_refused_at_the_period(self, office, world) -> None:
        put(world.friends, "2025-04", 40_000)
        errors = self.add(office, world).context["adminform"].form.errors
        assert errors["period"] == ["この内訳のこの期間の値は登録済みです。訂正として入力してください。"]

    def test_a_blank_is_refused_and_zero_is_stored(self, office, world) -> None:
        assert "値が空です" in self.add(office, world, typed="").context["adminform"].form.errors["typed"][0]
        assert not Measurement.objects.exists()
        self.add(office, world, typed="0")
        assert Measurement.objects.get().value == 0

    def test_a_symbol_stores_its_reason(self, office, world) -> None:
        self.add(office, world, typed="－")
        assert Measurement.objects.get().missing_reason == "not_applicable"

    def test_a_day_within_the_period_is_refused_at_the_period(self, office, world) -> None:
        errors = self.add(office, world, period="2025-04-15").context["adminform"].form.errors
        assert "初日" in str(errors)
        assert not Measurement.objects.exists()

    def test_a_closed_month_takes_no_correction_and_says_so_at_the_value(self, office, world, reform_office) -> None:
        measurement = put(world.friends, "2025-04", 40_000)
        close_month(date(2025, 4, 1), access=access(reform_office))
        errors = self.correct(office, measurement, seen=1).context["adminform"].form.errors
        assert "令和7年4月分は確定しているため" in errors["typed"][0]
        assert Revision.objects.count() == 1

    def test_a_value_is_never_deleted(self, office, world) -> None:
        measurement = put(world.friends, "2025-04", 40_000)
        url = f"/admin/kpis/measurement/{measurement.pk}/delete/"
        assert office.post(url, {"post": "yes"}).status_code == 403

    def test_a_value_against_a_rule_is_refused_here_too(self, office, world) -> None:
        Rule.objects.create(kpi=world.friends, kind="range", maximum=10)
        response = self.add(office, world)
        assert "上限の10人を超えています" in response.content.decode()
        assert not Measurement.objects.exists()

    def test_a_stored_value_asks_for_the_summaries(self, office, world) -> None:
        self.add(office, world)
        assert asked_for() == {f"kpi:{world.friends.pk}"}


class TestDefinitions:
    def change(self, office, kpi, **typed: str):
        return office.post(f"/admin/kpis/kpi/{kpi.pk}/change/", KPI | NO_PARTS | typed)

    def test_the_kind_is_frozen_after_the_first_value_and_the_page_says_why(self, office, world) -> None:
        put(world.friends, "2025-04", 40_000)
        page = office.get(f"/admin/kpis/kpi/{world.friends.pk}/change/").content.decode()
        assert "「種類」と「内訳の合計」は変更できません" in page
        assert self.change(office, world.friends, kind="flow", aggregation="none").status_code == 302
        world.friends.refresh_from_db()
        assert (world.friends.kind, world.friends.aggregation) == ("stock", "sum")

    def test_the_kind_may_be_mended_before_the_first_value(self, office, world) -> None:
        self.change(office, world.friends, kind="flow")
        world.friends.refresh_from_db()
        assert world.friends.kind == "flow"

    def test_a_changed_baseline_asks_for_the_summaries(self, office, world) -> None:
        asked_for()
        baseline = {"baseline_value": "30000", "baseline_span": "month", "baseline_period": "2022-04-01"}
        assert self.change(office, world.friends, **baseline).status_code == 302
        assert asked_for() == {f"kpi:{world.friends.pk}"}

    def test_a_changed_part_of_a_ratio_asks_for_the_ratio_too(self, office, world) -> None:
        form = KPI | {"code": "online", "name": "オンライン申請件数", "unit": "件", "kind": "flow"} | NO_PARTS
        office.post(f"/admin/kpis/kpi/{world.online.pk}/change/", form)
        assert asked_for() == {f"kpi:{world.online.pk}", f"kpi:{world.rate.pk}"}

    def test_a_broken_rule_is_told_at_its_field(self, office, world) -> None:
        answer = self.change(office, world.friends, due_working_day="30")
        assert answer.context["adminform"].form.errors["due_working_day"] == [
            "回答期限は第1から第20開庁日で入力してください。"
        ]

    def test_a_new_target_asks_for_the_summaries_and_so_does_its_deletion(self, office, world, june) -> None:
        form = {"kpi": str(world.friends.pk), "fiscal_year": "2025", "value": "50000"}
        office.post("/admin/kpis/target/add/", form)
        assert asked_for() == {f"kpi:{world.friends.pk}"}
        office.post(f"/admin/kpis/target/{Target.objects.get().pk}/delete/", {"post": "yes"})
        assert asked_for() == {f"kpi:{world.friends.pk}"}

    def test_a_changed_reporter_asks_for_the_summaries(self, office, world, other_department) -> None:
        series = part(world.friends)
        reporting = series.reportings.get()
        rows = {"reportings-TOTAL_FORMS": "1", "reportings-INITIAL_FORMS": "1", "reportings-0-id": reporting.pk}
        row = {"reportings-0-series": series.pk, "reportings-0-department": other_department.pk}
        form = {"code": "total", "name": "全体", "kind": "total", "order": "1", "reportings-0-valid_from": "2019-04-01"}
        office.post(f"/admin/kpis/series/{series.pk}/change/", form | rows | row)
        assert series.reportings.get().department == other_department
        assert asked_for() == {f"kpi:{world.friends.pk}"}

    def test_what_is_under_way_goes_to_whoever_reports_it_now(self, office, world, editor, other_department) -> None:
        entry = draft(part(world.friends), editor, "1", date(2025, 5, 1))
        row = part(world.friends).reportings.get()
        form = {"department": str(row.department_id), "registrar": str(other_department.pk), "valid_from": "2019-04-01"}
        assert office.post(f"/admin/kpis/reporting/{row.pk}/change/", form).status_code == 302
        entry.refresh_from_db()
        assert entry.department == other_department
        assert entry.events.latest("pk").action == "reassigned"

    def test_a_closed_month_keeps_who_reported_it(self, office, world, reform_office, other_department) -> None:
        row = part(world.friends).reportings.get()
        close_month(date(2025, 4, 1), access=access(reform_office))
        url = f"/admin/kpis/reporting/{row.pk}/"
        form = {"department": str(row.department_id), "registrar": str(other_department.pk), "valid_from": "2019-04-01"}
        assert "令和7年4月分は確定しているため" in office.post(f"{url}change/", form).text
        later = {"department": str(row.department_id), "valid_from": "2025-05-01"}
        assert "だれが報告したかを変えられません" in office.post(f"{url}change/", later).text
        assert office.post(f"{url}delete/", {"post": "yes"}).status_code == 403
        series = part(world.friends)
        inline = {"reportings-TOTAL_FORMS": "1", "reportings-INITIAL_FORMS": "1", "reportings-0-id": row.pk}
        inline |= {"reportings-0-series": series.pk, "reportings-0-department": row.department_id}
        inline |= {"reportings-0-valid_from": "2019-04-01", "reportings-0-DELETE": "on"}
        form = {"code": "total", "name": "全体", "kind": "total", "order": "1"} | inline
        assert "だれが報告したかを変えられません" in office.post(f"/admin/kpis/series/{series.pk}/change/", form).text
        row.refresh_from_db()
        assert (row.registrar, row.valid_from) == (None, date(2019, 4, 1))
        ended = {"department": str(row.department_id), "valid_from": "2019-04-01", "valid_to": "2025-04-30"}
        assert office.post(f"{url}change/", ended).status_code == 302

    def test_a_kpi_is_not_deleted(self, office, world) -> None:
        assert office.post(f"/admin/kpis/kpi/{world.friends.pk}/delete/", {"post": "yes"}).status_code == 403


class TestReading:
    @pytest.mark.parametrize("model", ["entry", "revision", "summary"])
    def test_records_are_shown_and_never_added(self, office, world, model) -> None:
        put(world.friends, "2025-04", 40_000)
        assert office.get(f"/admin/kpis/{model}/").status_code == 200
        assert office.get(f"/admin/kpis/{model}/add/").status_code == 403

    def test_an_entry_is_shown_with_what_happened_and_takes_no_change(self, office, world, editor) -> None:
        april = date(2025, 4, 1)
        entry = Entry.objects.create(
            series=part(world.friends),
            department=world.department,
            period=april,
            author=editor,
            updated_at="2025-05-01T00:00Z",
        )
        url = f"/admin/kpis/entry/{entry.pk}/change/"
        assert office.get(url).status_code == 200
        assert office.post(url, {"state": "approved"}).status_code == 403

    @pytest.mark.parametrize(("model", "count"), [("measurement", 11), ("kpi", 9), ("entry", 11), ("revision", 10)])
    def test_the_lists_ask_as_much_for_many_as_for_few(
        self, office, world, editor, model, count, django_assert_num_queries
    ) -> None:
        for month in range(1, 7):
            put(world.friends, f"2025-0{month}", month)
            put(world.visits, f"2025-0{month}", month, "a")
            Entry.objects.create(
                series=part(world.friends), department=world.department, period=date(2025, month, 1),
                author=editor, updated_at="2025-07-01T00:00Z",
            )  # fmt: skip
        with django_assert_num_queries(count):
            office.get(f"/admin/kpis/{model}/")

    @pytest.mark.parametrize("who", ["editor", "approver", "viewer"])
    def test_others_see_none_of_it(self, who, request, world, signed_in) -> None:
        client = signed_in(request.getfixturevalue(who))
        for model in ("kpi", "measurement", "measurement/import", "measurement/export", "entry"):
            assert client.get(f"/admin/kpis/{model}/").status_code == 403
