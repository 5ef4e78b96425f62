"""load_demo adds invented months up to last month, marks every one of them, and leaves what is published alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from accounts.access import Access
from accounts.models import Assignment, Department, User
from initiatives.models import ProgressRecord
from japan.fiscal import add_months, fiscal_months
from kpis.entries.sheet import sheet_of
from kpis.models import Entry, EntryEvent, Measurement, Reporting, Revision, Summary, Target
from kpis.owners.ownership import owned
from reform.demo.loading import load_sample
from reform.demo.organisation import SIGN_INS
from reports.models import Report
from reports.snapshot import take
from tests.reform.conftest import TODAY, all_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample")]

LAST = date(2026, 4, 1)


def test_all_it_adds_is_synthetic_and_no_published_value_is_touched() -> None:
    published = Measurement.objects.filter(revisions__reason="構造改革レポート vol.5 から登録")

    assert published.count() == 15
    assert not published.filter(is_synthetic=True).exists()
    assert not published.exclude(version=1).exists()
    assert not Measurement.objects.exclude(pk__in=published).filter(is_synthetic=False).exists()
    assert not Entry.objects.filter(is_synthetic=False).exists()
    assert not Target.objects.filter(is_synthetic=False).exists()


def test_the_published_year_stands_beside_the_sum_of_its_months() -> None:
    year = Summary.objects.get(kpi__code="online-applications", span="fiscal_year", period=date(2024, 4, 1))
    march = Summary.objects.get(kpi__code="copies", span="month", period=date(2025, 3, 1))

    assert (year.value, year.parts_total, year.is_synthetic, year.basis) == (60_000, 60_000, False, "published")
    assert (march.value, march.parts_total, march.is_synthetic) == (3_000_000, 3_000_000, False)


def test_a_year_with_invented_months_carries_the_mark() -> None:
    assert Summary.objects.get(kpi__code="copies", span="fiscal_year", period=date(2023, 4, 1)).is_synthetic
    assert Summary.objects.get(kpi__code="cashless-rate", span="fiscal_year", period=date(2024, 4, 1)).is_synthetic


def test_months_before_an_introduction_have_a_reason_and_no_value() -> None:
    chat = Measurement.objects.filter(series__kpi__code="business-chat", missing_reason="before_start")

    assert list(chat.order_by("period").values_list("period", flat=True)) == fiscal_months(2022)[:6]
    assert not Measurement.objects.filter(value=0).exists()


def test_the_eighteen_divisions_stand_in_official_order_with_their_sections() -> None:
    names = list(Department.objects.filter(parent=None).in_official_order().values_list("name", flat=True))

    assert len(names) == 18
    assert (names[0], names[3], names[-1]) == ("総合政策部", "財政部", "消防本部")
    assert Department.objects.get(code="0102").parent.name == "総合政策部"
    assert not Department.objects.filter(furigana="").exists()


def test_the_digital_sections_last_month_shows_every_state() -> None:
    sheet = sheet_of(Department.objects.get(code="0103"), LAST)

    assert {slot.kpi.code: slot.state for slot in sheet} == {
        "line-friends": "",
        "smartphone-services": "submitted",
        "business-chat": "returned",
        "cashless-counters": "draft",
    }
    returned = next(slot for slot in sheet if slot.state == "returned")
    assert "2倍" in returned.return_reason


def test_most_departments_are_approved_and_some_of_last_month_is_missing() -> None:
    row = Summary.objects.get(kpi__code="copies", span="month", period=LAST)

    assert (row.reported, row.expected) == (14, 18)
    assert Entry.objects.filter(period=LAST, state="approved").count() > 20
    assert Summary.objects.get(kpi__code="copies", span="month", period=date(2026, 3, 1)).is_complete


def test_the_last_three_months_came_through_entries_and_their_events() -> None:
    approved = Entry.objects.filter(state="approved")

    assert set(approved.filter(span="month").values_list("period", flat=True)) == {
        add_months(LAST, -n) for n in range(3)
    }
    assert not approved.filter(decided_by=F("author")).exists()
    for entry in approved.prefetch_related("events"):
        actions = [event.action for event in entry.events.all()]
        assert actions[-2:] == ["submitted", "approved"]
        assert entry.submitted_at <= entry.decided_at <= timezone.now()
    assert EntryEvent.objects.filter(action="returned").exclude(reason="").count() == 2


def test_yearly_hours_are_reported_with_march() -> None:
    entry = Entry.objects.get(series__kpi__code="working-hours")

    assert (entry.span, entry.period, entry.value, entry.state) == (
        "fiscal_year",
        date(2025, 4, 1),
        4_897_000,
        "approved",
    )


def test_a_value_was_corrected_and_its_first_version_is_kept() -> None:
    revised = Measurement.objects.get(version=2)

    assert "訂正" in Revision.objects.get(measurement=revised, version=2).reason
    assert Revision.objects.get(measurement=revised, version=1).value == revised.value + 9_000


def test_three_kpis_have_targets_and_one_is_better_when_lower() -> None:
    codes = {target.kpi.code: target.kpi.direction for target in Target.objects.select_related("kpi")}
    month = Summary.objects.get(kpi__code="copies", span="month", period=date(2026, 3, 1))

    assert codes == {"line-friends": "up", "online-application-rate": "up", "copies": "down"}
    assert abs(month.achievement - month.target_value / month.value) < Decimal("0.000001")


def test_the_four_sign_ins_work_and_hold_their_roles() -> None:
    users = {person.role: User.objects.get(employee_number=person.number) for person in SIGN_INS}

    assert all(users[person.role].check_password(person.password) for person in SIGN_INS)
    editor, approver, office, viewer = (
        Access(users[role], TODAY) for role in ("editor", "approver", "reform_office", "viewer")
    )
    digital = Department.objects.get(code="0103").pk
    assert editor.may_enter(digital)
    assert approver.may_approve(digital)
    assert office.is_reform_office
    assert viewer.is_viewer


def test_the_reform_office_may_use_the_whole_back_office_without_being_superuser() -> None:
    office = User.objects.get(employee_number="100003")

    assert office.is_staff
    assert not office.is_superuser
    assert office.has_perms(
        [
            "kpis.change_kpi",
            "accounts.add_department",
            "initiatives.delete_milestone",
            "surveys.change_survey",
            "reports.view_report",
            "jobs.view_job",
        ]
    )


def test_everybody_elses_password_is_unusable() -> None:
    printed = [person.number for person in SIGN_INS]

    others = User.objects.exclude(employee_number__in=printed)
    assert others.count() == 38
    assert not any(user.has_usable_password() for user in others)


def test_every_reported_series_has_an_editor_and_an_approver() -> None:
    departments = set(Reporting.objects.values_list("department_id", flat=True))
    posts = Assignment.objects.in_force(TODAY)

    assert departments == set(posts.filter(role="editor").values_list("department_id", flat=True))
    assert departments == set(posts.filter(role="approver").values_list("department_id", flat=True))


def test_most_figures_have_an_owner_and_a_few_are_flagged() -> None:
    listed = owned(TODAY)
    flagged = [each for each in listed if not each.has_owner]
    assert 0 < len(flagged) < len(listed) / 4


def test_a_second_run_changes_no_row(sample) -> None:
    before = all_rows()

    assert sample["実績値"] > 1500
    assert set(load_sample(TODAY).values()) == {0}
    assert all_rows() == before


def test_what_people_did_since_is_left_alone() -> None:
    Entry.objects.filter(state="draft").update(state="discarded")
    Target.objects.filter(kpi__code="line-friends", fiscal_year=2025).update(value=1)
    User.objects.filter(employee_number="100001").update(name="佐藤 みさき", password="another")
    Assignment.objects.filter(role="editor").update(valid_to=date(2026, 4, 30))
    before = all_rows()

    load_sample(TODAY)

    assert all_rows() == before


def test_a_month_later_the_next_month_is_added() -> None:
    load_sample(date(2026, 6, 10))

    assert Entry.objects.filter(period=date(2026, 5, 1), state="approved").exists()
    filled = Measurement.objects.get(series__kpi__code="line-friends", period=LAST)
    assert filled.is_synthetic


def test_vol5_still_prints_published_figures_only() -> None:
    figures = take(Report.objects.get(volume=5))["figures"]

    assert {"40,000人", "239,322件", "60,000件", "300万枚", "6.4%", "498.5万時間"} <= {f["value"] for f in figures}
    assert [f["reference"] for f in figures if "架空値" in f["marks"]] == []


def test_summaries_of_the_sample_stand_up_to_the_audit() -> None:
    out = StringIO()
    call_command("audit_summaries", stdout=out)

    assert "違いはありません" in out.getvalue()


def test_a_department_reports_on_three_initiatives_each_at_another_step() -> None:
    states = dict(ProgressRecord.objects.values_list("initiative__code", "state"))
    assert states == {"no-writing-counter": "approved", "logo-chat": "submitted", "online-procedures": "draft"}
    assert set(ProgressRecord.objects.values_list("fiscal_year", "quarter")) == {(2025, 4)}
    assert all(record.results.startswith("（見本）") for record in ProgressRecord.objects.all())
    assert not ProgressRecord.objects.exclude(initiative__department=F("department")).exists()
