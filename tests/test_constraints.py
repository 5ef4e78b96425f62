"""Every named constraint of our apps refuses what it should: with a Japanese sentence, and in the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, DataError, IntegrityError, models, transaction
from django.test import override_settings
from django.utils import timezone

from accounts.loading import OUR_APPS
from accounts.models import (
    AccountNotice,
    Assignment,
    ClosedDay,
    Department,
    Deputy,
    Handover,
    Route,
    RouteStep,
    RouteUse,
    Succession,
    User,
)
from initiatives.models import (
    FormerCharge,
    Initiative,
    Milestone,
    Pillar,
    PillarName,
    ProgressEvent,
    ProgressRecord,
)
from inquiries.models import AnswerEvent, Extension, Inquiry, Message, Recipient, Reminder
from jobs.models import Job, Sweep
from kpis.models import (
    Acknowledgement,
    Closing,
    DefinitionChange,
    Entry,
    EntryEvent,
    Evidence,
    ImportedFile,
    ImportLine,
    ImportMapping,
    Kpi,
    OwnerCard,
    RemarkAnswer,
    Reopening,
    Rule,
    Target,
)
from reports.models import Edition, Report, Section
from surveys.models import Question, Result, Survey
from tests.conftest import person
from tests.kpis.world import World, make_world, part, put, summary

APRIL, MAY = date(2025, 4, 1), date(2025, 5, 1)
DAY = date(2025, 4, 15)
LONG_AGO = date(2019, 4, 1)
HUGE = Decimal(10) ** 15
TOO_EXACT = Decimal("12345678901.23456")  # 16 significant digits


@dataclass
class Cast:
    """One valid row of each model, for a case to spoil or to copy."""

    world: World
    editor: User
    approver: User
    other: Department

    def __post_init__(self) -> None:
        now = timezone.now()
        self.succession = Succession.objects.create(
            predecessor=self.department, successor=self.other, date=APRIL, kind="merge"
        )
        self.pillar = Pillar.objects.create(code="service", order=1, icon="service")
        self.pillar_name = PillarName.objects.create(pillar=self.pillar, name="市民サービス", valid_from=LONG_AGO)
        self.initiative = Initiative.objects.create(code="line", title="LINE")
        self.milestone = Milestone.objects.create(initiative=self.initiative, wording="開始", fiscal_year=2024)
        self.kpi = self.world.friends
        self.series = part(self.kpi)
        self.measurement = put(self.kpi, "2025-04", 40_000)
        self.summary = summary(self.kpi, "2025-04")
        self.entry = Entry.objects.create(
            series=self.series, department=self.department, period=MAY, author=self.editor, updated_at=now
        )
        self.event = EntryEvent.objects.create(entry=self.entry, action="saved", actor=self.editor, at=now)
        self.target = Target.objects.create(kpi=self.kpi, fiscal_year=2025, value=50_000)
        self.month_target = Target.objects.create(kpi=self.kpi, fiscal_year=2025, month=4, value=41_000)
        self.survey = Survey.objects.create(code="staff", name="職員", conducted_on=APRIL, asked=10, answered=9)
        self.question = Question.objects.create(survey=self.survey, code="q1", wording="便利か")
        self.result = Result.objects.create(question=self.question, label="はい", count=5)
        self.job = Job.objects.create(kind="試験")
        self.report = Report.objects.create(
            volume=6,
            title="レポート",
            first_fiscal_year=2022,
            last_fiscal_year=2024,
            as_of=MAY,
            issuer="市",
            contact="課",
        )
        self.section = Section.objects.create(report=self.report, order=1, kind="cover", title="表紙")
        self.edition = Edition.objects.create(report=self.report, number=1, snapshot={}, created_at=now)
        self.add_a_month_of_work()

    def add_a_month_of_work(self) -> None:
        now = timezone.now()
        self.closed_day = ClosedDay.objects.create(day=DAY, name="臨時の閉庁日")
        self.route = Route.objects.create(name="2段階")
        self.step = RouteStep.objects.create(route=self.route, order=1, role="checker")
        self.route_use = RouteUse.objects.create(department=self.department, subject="measurement", route=self.route)
        self.everybody = RouteUse.objects.create(subject="measurement", route=self.route)
        self.deputy = Deputy.objects.create(
            principal=post(self.approver), deputy=self.editor, valid_from=APRIL, valid_to=MAY, reason="出張"
        )
        self.definition = DefinitionChange.objects.create(
            kpi=self.world.friends, subject="target", about="令和6(2024)年度の目標値", changes=[], kind="change", at=now
        )
        self.notice = AccountNotice.objects.create(
            user=self.editor, text="担当が変わりました。", made_by="取りまとめ", at=now
        )
        self.handover = Handover.objects.create(
            giver=post(self.approver), taker=post(self.editor), made_by=self.editor, at=now
        )
        self.record = ProgressRecord.objects.create(
            initiative=self.initiative,
            department=self.department,
            fiscal_year=2025,
            quarter=1,
            author=self.editor,
            updated_at=now,
        )
        self.former_charge = FormerCharge.objects.create(
            initiative=self.initiative, department=self.other, until=date(2025, 3, 31)
        )
        self.record_event = ProgressEvent.objects.create(record=self.record, action="saved", actor=self.editor, at=now)
        self.rule = Rule.objects.create(kpi=self.kpi, kind="range", minimum=0, maximum=10)
        self.closing = Closing.objects.create(month=APRIL, closed_at=now)
        self.reopening = Reopening.objects.create(
            month=APRIL,
            department=self.department,
            reason="誤り",
            opened_on=DAY,
            until=DAY,
            opened_at=now,
            opened_by=self.editor,
        )
        self.evidence = Evidence.objects.create(
            kpi=self.kpi, department=self.department, month=APRIL, file="a.pdf", size=1, uploaded_by=self.editor, uploaded_at=now,
            name="a.pdf", content_type="application/pdf", sha256="0",
        )  # fmt: skip
        self.card = OwnerCard.objects.create(
            kpi=self.kpi,
            department=self.department,
            owner=post(self.editor),
            deputy=post(self.approver),
            updated_at=now,
        )
        self.acknowledgement = Acknowledgement.objects.create(
            measurement=self.measurement, measurement_version=1, department=self.department, user=self.editor, at=now
        )
        self.remark_answer = RemarkAnswer.objects.create(
            remark=self.acknowledgement, text="窓口分も入っています。", user=self.editor, at=now
        )
        self.mapping = ImportMapping.objects.create(
            name="月報", signature="0", reading={"month": 1}, updated_by=self.editor, updated_at=now
        )
        self.imported = ImportedFile.objects.create(file="a.csv", name="a.csv", sha256="0", size=1, uploaded_at=now)
        self.line = ImportLine.objects.create(
            imported_file=self.imported, series=self.series, period=APRIL, value=1, outcome="new"
        )
        self.inquiry = Inquiry.objects.create(
            kind="monthly", title="4月分", text="お願いします", contact="内線1", month=APRIL, due_on=MAY
        )
        self.recipient = Recipient.objects.create(inquiry=self.inquiry, department=self.department)
        self.answer_event = AnswerEvent.objects.create(
            recipient=self.recipient, action="saved", actor=self.editor, at=now
        )
        self.message = Message.objects.create(inquiry=self.inquiry, text="いつまで", author=self.editor, at=now)
        self.extension = Extension.objects.create(
            inquiry=self.inquiry, recipient=self.recipient, until=MAY, reason="大雨", asked_by=self.editor, asked_at=now
        )
        self.reminder = Reminder.objects.create(user=self.editor, day=DAY, subject="お願い", body="お願いします")

    @property
    def department(self) -> Department:
        return self.world.department


def spoil(row: models.Model, **fields: Any) -> models.Model:
    """A copy of the stored row with other fields: the cast is shared by all cases."""
    changed = copy(row)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def twin(row: models.Model, **fields: Any) -> models.Model:
    """A second row that says the same, with other fields."""
    second = type(row)._default_manager.get(pk=row.pk)
    second.pk = None
    second._state.adding = True
    return spoil(second, **fields)


Case = Callable[[Cast], models.Model]

CASES: dict[str, list[Case]] = {
    "user_has_employee_number": [lambda c: spoil(c.editor, employee_number="")],
    "user_has_name": [lambda c: spoil(c.editor, name="")],
    "department_code_once_per_start": [lambda c: twin(c.department, valid_to=MAY)],
    "department_code_open_once": [lambda c: twin(c.department, valid_from=APRIL)],
    "department_ends_after_it_begins": [lambda c: spoil(c.department, valid_to=LONG_AGO - timedelta(days=1))],
    "department_name_and_parent_never_change": [
        lambda c: spoil(c.department, name="デジタル課"),
        lambda c: spoil(c.department, parent=c.other),
    ],
    "department_code_once_a_day": [lambda c: twin(c.department, valid_from=LONG_AGO - timedelta(days=9), valid_to=MAY)],
    "department_is_not_its_own_parent": [lambda c: spoil(c.department, parent=c.department)],
    "department_has_code_and_names": [
        lambda c: spoil(c.department, code=""),
        lambda c: spoil(c.department, name=""),
        lambda c: spoil(c.department, short_name=""),
    ],
    "succession_once_per_date": [lambda c: twin(c.succession)],
    "succession_one_finishes_its_work": [
        lambda c: twin(c.succession, date=MAY),
    ],
    "succession_joins_two_departments": [lambda c: spoil(c.succession, successor=c.department)],
    "succession_kind_is_known": [lambda c: spoil(c.succession, kind="?")],
    "assignment_department_fits_role": [
        lambda c: spoil(post(c.editor), department=None),
        lambda c: spoil(post(c.approver), department=None),
        lambda c: spoil(post(c.editor), role="reform_office"),
        lambda c: spoil(post(c.editor), role="viewer"),
        lambda c: spoil(post(c.editor), role="?"),
    ],
    "assignment_ends_after_it_begins": [lambda c: spoil(post(c.editor), valid_to=LONG_AGO - timedelta(days=1))],
    "assignment_in_department_once": [lambda c: twin(post(c.editor), title="別")],
    "assignment_without_department_once": [lambda c: twin(viewer_post(c.editor), title="別")],
    "pillar_icon_is_known": [lambda c: spoil(c.pillar, icon="?")],
    "pillar_name_once_per_start": [lambda c: twin(c.pillar_name, name="別")],
    "pillar_name_ends_after_it_begins": [lambda c: spoil(c.pillar_name, valid_to=LONG_AGO - timedelta(days=1))],
    "former_charge_once_per_day": [lambda c: twin(c.former_charge)],
    "initiative_status_is_known": [lambda c: spoil(c.initiative, status="?")],
    "milestone_once_per_year": [lambda c: twin(c.milestone)],
    "milestone_month_is_1_to_12": [lambda c: spoil(c.milestone, month=0), lambda c: spoil(c.milestone, month=13)],
    "milestone_ends_after_it_begins": [lambda c: spoil(c.milestone, until_fiscal_year=2023)],
    "milestone_year_is_western": [lambda c: spoil(c.milestone, fiscal_year=6)],
    "kpi_kind_is_known": [lambda c: spoil(c.world.hours, kind="?")],
    "kpi_choices_are_known": [
        lambda c: spoil(c.world.hours, aggregation="?"),
        lambda c: spoil(c.world.hours, direction="?"),
        lambda c: spoil(c.world.hours, scale="?"),
        lambda c: spoil(c.world.hours, frequency="?"),
        lambda c: spoil(c.world.hours, as_of_rule="?"),
    ],
    "kpi_kind_is_frozen_after_first_value": [
        lambda c: spoil(Kpi.objects.get(pk=c.kpi.pk), kind="flow"),
        lambda c: spoil(Kpi.objects.get(pk=c.kpi.pk), aggregation="none"),
    ],
    "kpi_ratio_without_parts_is_not_added_up": [
        lambda c: spoil(c.world.satisfaction, aggregation="sum", frozen_aggregation=""),
        lambda c: spoil(c.world.rate, numerator=None, denominator=None),
    ],
    "kpi_ratio_names_both_parts": [
        lambda c: spoil(c.world.rate, numerator=None),
        lambda c: spoil(c.world.rate, denominator=None),
        lambda c: spoil(c.world.hours, numerator=c.world.online, denominator=c.world.applications),
    ],
    "kpi_ratio_parts_differ": [
        lambda c: spoil(c.world.rate, numerator=c.world.applications),
        lambda c: spoil(c.world.rate, numerator=c.world.rate),
        lambda c: spoil(c.world.rate, denominator=c.world.rate),
    ],
    "kpi_decimals_at_most_6": [lambda c: spoil(c.kpi, decimals=7), lambda c: spoil(c.kpi, ratio_decimals=7)],
    "kpi_ends_after_it_begins": [lambda c: spoil(c.world.hours, starts_on=MAY, ends_on=APRIL)],
    "kpi_baseline_period_has_value": [
        lambda c: spoil(c.world.hours, baseline_span="month"),
        lambda c: spoil(c.world.hours, baseline_is_derived=True),
        lambda c: spoil(c.world.hours, baseline_span="month", baseline_period=APRIL),
    ],
    "kpi_baseline_has_span": [
        lambda c: spoil(c.world.hours, baseline_value=5),
        lambda c: spoil(c.world.hours, baseline_value=5, baseline_span="?"),
    ],
    "kpi_baseline_period_is_first_day": [
        lambda c: spoil(c.world.hours, baseline_value=5, baseline_span="month", baseline_period=DAY),
        lambda c: spoil(c.world.hours, baseline_value=5, baseline_span="fiscal_year", baseline_period=MAY),
    ],
    "kpi_due_day_is_1_to_20": [lambda c: spoil(c.kpi, due_working_day=0), lambda c: spoil(c.kpi, due_working_day=21)],
    "kpi_successor_needs_end": [lambda c: spoil(c.world.hours, successor=c.world.online)],
    "series_code_once_per_kpi": [lambda c: twin(c.series, kind="type")],
    "series_total_once_per_kpi": [lambda c: twin(c.series, code="other")],
    "series_kind_is_known": [lambda c: spoil(c.series, kind="?")],
    "series_ends_after_it_begins": [lambda c: spoil(c.series, starts_on=MAY, ends_on=APRIL)],
    "reporting_once_per_start": [lambda c: twin(c.series.reportings.get(), valid_to=MAY)],
    "reporting_open_once": [lambda c: twin(c.series.reportings.get(), valid_from=APRIL)],
    "reporting_ends_after_it_begins": [
        lambda c: spoil(c.series.reportings.get(), valid_to=LONG_AGO - timedelta(days=1))
    ],
    "reporting_starts_on_first_day": [lambda c: spoil(c.series.reportings.get(), valid_from=DAY)],
    "entry_open_once_per_period": [
        lambda c: twin(c.entry),
        lambda c: twin(c.entry, state="submitted", value=1),
        lambda c: twin(c.entry, state="returned"),
    ],
    "entry_is_not_value_and_reason": [lambda c: spoil(c.entry, value=1, missing_reason="pending")],
    "entry_submitted_has_value_or_reason": [
        lambda c: spoil(c.entry, state="submitted"),
        lambda c: spoil(c.entry, state="approved", decided_by=c.approver),
    ],
    "entry_reason_and_nature_are_known": [
        lambda c: spoil(c.entry, missing_reason="?"),
        lambda c: spoil(c.entry, nature="?"),
        lambda c: spoil(c.entry, change_reason="?"),
        lambda c: spoil(c.entry, change_kind="?"),
    ],
    "entry_state_is_known": [lambda c: spoil(c.entry, state="?", value=1)],
    "entry_not_approved_by_author": [
        lambda c: spoil(c.entry, state="approved", value=1, decided_by=c.editor),
        lambda c: spoil(c.entry, state="approved", value=1),
    ],
    "entry_period_is_first_day": [
        lambda c: spoil(c.entry, period=DAY),
        lambda c: spoil(c.entry, span="quarter"),
        lambda c: spoil(c.entry, span="?"),
    ],
    "entry_value_within_15_digits": [
        lambda c: spoil(c.entry, value=HUGE),
        lambda c: spoil(c.entry, value=-HUGE),
        lambda c: spoil(c.entry, value=-TOO_EXACT),
    ],
    "entry_return_has_reason": [lambda c: spoil(c.event, action="returned")],
    "entry_event_action_is_known": [lambda c: spoil(c.event, action="?")],
    "measurement_once_per_period": [lambda c: twin(c.measurement)],
    "measurement_is_value_or_reason": [
        lambda c: spoil(c.measurement, value=None),
        lambda c: spoil(c.measurement, missing_reason="pending"),
        lambda c: spoil(c.measurement, value=None, missing_reason="?"),
    ],
    "measurement_nature_is_known": [lambda c: spoil(c.measurement, nature="?")],
    "measurement_period_is_first_day": [
        lambda c: spoil(c.measurement, period=DAY),
        lambda c: spoil(c.measurement, span="quarter", period=MAY),
        lambda c: spoil(c.measurement, span="fiscal_year", period=MAY),
        lambda c: spoil(c.measurement, span="calendar_year"),
    ],
    "measurement_value_within_15_digits": [
        lambda c: spoil(c.measurement, value=HUGE),
        lambda c: spoil(c.measurement, value=TOO_EXACT),
    ],
    "measurement_version_from_1": [lambda c: spoil(c.measurement, version=0)],
    "revision_once_per_version": [lambda c: twin(c.measurement.revisions.get())],
    "revision_has_reason": [lambda c: spoil(c.measurement.revisions.get(), reason="")],
    "summary_once_per_period": [lambda c: twin(c.summary)],
    "summary_reported_at_most_expected": [lambda c: spoil(c.summary, reported=2)],
    "summary_period_is_first_day": [lambda c: spoil(c.summary, period=DAY)],
    "target_once_per_year": [lambda c: twin(c.target)],
    "target_once_per_month": [lambda c: twin(c.month_target)],
    "target_month_is_1_to_12": [lambda c: spoil(c.target, month=0), lambda c: spoil(c.target, month=13)],
    "target_year_is_western": [lambda c: spoil(c.target, fiscal_year=7)],
    "survey_answered_at_most_asked": [lambda c: spoil(c.survey, answered=11)],
    "question_code_once_per_survey": [lambda c: twin(c.question)],
    "question_is_answered_by_somebody": [lambda c: spoil(c.question, answered=0)],
    "result_label_once_per_question": [lambda c: twin(c.result)],
    "result_is_count_or_percent": [lambda c: spoil(c.result, percent=5), lambda c: spoil(c.result, count=None)],
    "result_percent_is_0_to_100": [
        lambda c: spoil(c.result, count=None, percent=Decimal("100.01")),
        lambda c: spoil(c.result, count=None, percent=-1),
    ],
    "job_percent_is_0_to_100": [lambda c: spoil(c.job, percent=101)],
    "job_runs_at_most_3": [lambda c: spoil(c.job, runs=4)],
    "job_state_is_known": [lambda c: spoil(c.job, state="?")],
    "job_ended_has_time": [
        lambda c: spoil(c.job, state="done"),
        lambda c: spoil(c.job, finished_at=timezone.now()),
    ],
    "sweep_is_one": [lambda c: Sweep(pk=2)],
    "report_period_ends_after_it_begins": [lambda c: spoil(c.report, last_fiscal_year=2021)],
    "report_volume_from_1": [lambda c: spoil(c.report, volume=0)],
    "section_order_once_per_report": [lambda c: twin(c.section)],
    "section_kind_is_known": [lambda c: spoil(c.section, kind="?")],
    "edition_number_once_per_report": [lambda c: twin(c.edition)],
    "edition_files_have_checksums": [lambda c: spoil(c.edition, pdf="editions/a.pdf")],
    "assignment_kind_is_known": [lambda c: spoil(post(c.editor), kind="?")],
    "closed_day_has_name": [lambda c: spoil(c.closed_day, name="")],
    "route_step_order_once": [lambda c: twin(c.step, role="approver")],
    "route_step_role_once": [lambda c: twin(c.step, order=2)],
    "route_step_is_1_to_4": [lambda c: spoil(c.step, order=0), lambda c: spoil(c.step, order=5)],
    "route_step_role_approves": [lambda c: spoil(c.step, role="editor")],
    "route_use_once_per_department": [lambda c: twin(c.route_use)],
    "route_use_default_once": [lambda c: twin(c.everybody)],
    "route_use_subject_is_known": [lambda c: spoil(c.route_use, subject="?")],
    "deputy_ends_after_it_begins": [lambda c: spoil(c.deputy, valid_to=LONG_AGO)],
    "deputy_once_per_start": [lambda c: twin(c.deputy)],
    "deputy_stays_used": [lambda c: spoil(used_deputy(c), is_used=False)],
    "account_notice_says_what_and_who": [lambda c: spoil(c.notice, text=""), lambda c: spoil(c.notice, made_by="")],
    "handover_never_changes": [lambda c: spoil(c.handover, note="書き足し")],
    "entry_event_never_changes": [lambda c: spoil(c.event, reason="書き足し")],
    "progress_event_never_changes": [lambda c: spoil(c.record_event, reason="書き足し")],
    "definition_change_is_known": [
        lambda c: twin(c.definition, kind="?"),
        lambda c: twin(c.definition, subject="?"),
    ],
    "definition_change_has_reason": [lambda c: twin(c.definition, kind="correction")],
    "definition_change_never_changes": [lambda c: spoil(c.definition, reason="書き足し")],
    "revision_never_changes": [lambda c: spoil(c.measurement.revisions.get(), value=1)],
    "edition_snapshot_never_changes": [
        lambda c: spoil(c.edition, snapshot={"value": 1}),
        lambda c: spoil(c.edition, snapshot_sha256="0"),
    ],
    "edition_never_changes_once_complete": [lambda c: spoil(finished_edition(c), created_post="別の課")],
    "reporting_one_department_a_month": [
        lambda c: twin(c.series.reportings.get(), department=c.other, valid_from=date(2018, 4, 1), valid_to=MAY)
    ],
    "kpi_ratio_is_not_of_a_ratio": [
        lambda c: spoil(c.kpi, kind="ratio", numerator=a_ratio(c), denominator=c.world.online),
        lambda c: spoil(a_ratio(c).numerator, kind="ratio"),
    ],
    "kpi_baseline_within_15_digits": [
        lambda c: spoil(c.kpi, baseline_value=Decimal("1234567890.123456"), baseline_span="month")
    ],
    "target_value_within_15_digits": [lambda c: spoil(c.target, value=TOO_EXACT)],
    "handover_joins_two_posts": [lambda c: spoil(c.handover, taker=c.handover.giver)],
    "progress_once_per_quarter": [lambda c: twin(c.record)],
    "progress_quarter_is_1_to_4": [lambda c: spoil(c.record, quarter=0), lambda c: spoil(c.record, quarter=5)],
    "progress_year_is_western": [lambda c: spoil(c.record, fiscal_year=7)],
    "progress_state_is_known": [lambda c: spoil(c.record, state="?", status="done")],
    "progress_submitted_has_status": [lambda c: spoil(c.record, state="submitted")],
    "progress_status_is_known": [lambda c: spoil(c.record, status="unknown")],
    "progress_not_approved_by_author": [
        lambda c: spoil(c.record, state="approved", status="done"),
        lambda c: spoil(c.record, state="approved", status="done", decided_by=c.editor),
    ],
    "progress_event_action_is_known": [lambda c: spoil(c.record_event, action="?")],
    "progress_return_has_reason": [lambda c: spoil(c.record_event, action="returned")],
    "revision_kind_is_known": [lambda c: spoil(c.measurement.revisions.get(), kind="?")],
    "rule_choices_are_known": [lambda c: spoil(c.rule, severity="?"), lambda c: spoil(c.rule, kind="?")],
    "rule_range_has_limit": [lambda c: spoil(c.rule, minimum=None, maximum=None)],
    "rule_minimum_at_most_maximum": [lambda c: spoil(c.rule, minimum=11)],
    "rule_other_kpi_fits_kind": [
        lambda c: spoil(c.rule, kind="at_most"),
        lambda c: spoil(c.rule, other=c.world.online),
    ],
    "rule_compares_two_kpis": [lambda c: spoil(c.rule, kind="equals", other=c.kpi)],
    "rule_change_has_width": [lambda c: spoil(c.rule, kind="change", minimum=None, maximum=0)],
    "rule_minimum_within_15_digits": [lambda c: spoil(c.rule, minimum=-TOO_EXACT)],
    "rule_maximum_within_15_digits": [lambda c: spoil(c.rule, maximum=TOO_EXACT)],
    "rule_tolerance_within_15_digits": [lambda c: spoil(c.rule, tolerance=TOO_EXACT)],
    "rule_tolerance_not_negative": [lambda c: spoil(c.rule, tolerance=-1)],
    "closing_month_is_first_day": [lambda c: spoil(c.closing, month=DAY)],
    "reopening_month_is_first_day": [lambda c: spoil(c.reopening, month=DAY)],
    "reopening_has_reason": [lambda c: spoil(c.reopening, reason="")],
    "reopening_ends_after_it_begins": [lambda c: spoil(c.reopening, until=APRIL)],
    "evidence_month_is_first_day": [lambda c: twin(c.evidence, month=DAY)],
    "evidence_removed_at_a_time": [lambda c: spoil(c.evidence, removed_by=c.editor)],
    "evidence_changes_when_taken_back_only": [
        lambda c: spoil(c.evidence, note="書き足し"),
        lambda c: spoil(c.evidence, department=c.other),
        lambda c: spoil(c.evidence, sha256="1"),
    ],
    "owner_card_once": [lambda c: twin(c.card)],
    "owner_card_deputy_differs": [lambda c: spoil(c.card, deputy=c.card.owner)],
    "acknowledgement_remark_has_words": [lambda c: spoil(c.acknowledgement, is_right=False)],
    "acknowledgement_taken_back_has_no_remark": [
        lambda c: twin(c.acknowledgement, is_taken_back=True, is_right=False, comment="違う"),
        lambda c: twin(c.acknowledgement, is_taken_back=True, comment="違う"),
    ],
    "acknowledgement_never_changes": [lambda c: spoil(c.acknowledgement, comment="書き足し")],
    "remark_answer_has_words": [lambda c: twin(c.remark_answer, text="")],
    "remark_answer_never_changes": [lambda c: spoil(c.remark_answer, text="書き直し")],
    "import_mapping_has_name": [lambda c: spoil(c.mapping, name="")],
    "imported_file_state_is_known": [lambda c: spoil(c.imported, state="?")],
    "imported_file_of_a_department_is_reported": [
        lambda c: spoil(c.imported, department=c.department, way="record"),
        lambda c: spoil(c.imported, way="?"),
    ],
    "imported_file_applied_has_time": [lambda c: spoil(c.imported, state="applied")],
    "import_line_outcome_is_known": [lambda c: spoil(c.line, outcome="?")],
    "import_line_has_series": [lambda c: spoil(c.line, series=None)],
    "import_line_once_per_period": [lambda c: twin(c.line)],
    "inquiry_regular_once_per_month": [lambda c: twin(c.inquiry)],
    "inquiry_month_fits_kind": [
        lambda c: spoil(c.inquiry, kind="one_off"),
        lambda c: spoil(c.inquiry, month=None),
        lambda c: spoil(c.inquiry, month=DAY),
    ],
    "answer_return_has_reason": [lambda c: spoil(c.answer_event, action="returned")],
    "answer_event_action_is_known": [lambda c: spoil(c.answer_event, action="?")],
    "answer_event_never_changes": [lambda c: spoil(c.answer_event, reason="書き足し")],
    "recipient_once_per_inquiry": [lambda c: twin(c.recipient)],
    "recipient_state_is_known": [lambda c: spoil(c.recipient, state="?")],
    "recipient_not_approved_by_author": [
        lambda c: spoil(c.recipient, state="answered", author=c.editor, decided_by=c.editor)
    ],
    "recipient_file_has_checksum": [
        lambda c: spoil(c.recipient, file="a.pdf"),
        lambda c: spoil(c.recipient, file_sha256="0"),
    ],
    "answer_event_file_has_checksum": [
        lambda c: twin(c.answer_event, file="a.pdf"),
        lambda c: twin(c.answer_event, file_sha256="0"),
    ],
    "message_has_text": [lambda c: spoil(c.message, text="")],
    "extension_has_reason": [lambda c: spoil(c.extension, reason="")],
    "extension_state_is_known": [lambda c: spoil(c.extension, state="?")],
    "extension_asked_once": [lambda c: twin(c.extension)],
    "reminder_once_a_day": [lambda c: twin(c.reminder)],
}


#: Rules that only a deletion asks: a row that is kept.
KEPT = {
    "closing_is_kept": lambda c: c.closing,
    "reopening_is_kept": lambda c: c.reopening,
    "measurement_is_kept": lambda c: c.measurement,
    "entry_is_kept": lambda c: c.entry,
    "evidence_is_kept": lambda c: c.evidence,
    "progress_is_kept": lambda c: c.record,
    "recipient_is_kept": lambda c: c.recipient,
    "message_is_kept": lambda c: c.message,
    "extension_is_kept": lambda c: c.extension,
    "deputy_is_kept_once_used": lambda c: spoil(c.deputy, is_used=True),
}  # fmt: skip


def used_deputy(cast: Cast) -> Deputy:
    days = {"valid_from": DAY, "valid_to": DAY}
    return Deputy.objects.create(principal=post(cast.approver), deputy=cast.editor, reason="出張", is_used=True, **days)


def finished_edition(cast: Cast) -> Edition:
    files = {"html": "a.html", "html_sha256": "0", "pdf": "a.pdf", "pdf_sha256": "0"}
    return Edition.objects.create(report=cast.report, number=2, snapshot={}, created_at=timezone.now(), **files)


def a_ratio(cast: Cast) -> Kpi:
    """An existing ratio of two KPIs without values."""
    parts = [Kpi.objects.create(code=f"part-{n}", name=f"部分{n}", unit="件", kind="flow") for n in "ab"]
    return Kpi.objects.create(
        code="of-parts", name="割合", unit="%", kind="ratio", numerator=parts[0], denominator=parts[1]
    )


def post(user: User) -> Assignment:
    return user.assignments.get(department__isnull=False)


def viewer_post(user: User) -> Assignment:
    return Assignment.objects.create(user=user, role="viewer", valid_from=APRIL)


def our_constraints() -> dict[str, models.BaseConstraint]:
    found = [c for app in OUR_APPS for model in apps.get_app_config(app).get_models() for c in model._meta.constraints]
    return {constraint.name: constraint for constraint in found}


@pytest.fixture(scope="module")
def shared_cast(django_db_setup, django_db_blocker) -> Iterator[Cast]:
    """Made once: some two hundred cases each spoil a copy."""
    quick = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with quick, django_db_blocker.unblock(), transaction.atomic():
        names = (("1010", "情報政策課", "情政"), ("1020", "市民課", "市民"))
        own, other = (
            Department.objects.create(code=code, name=name, short_name=short, order=11, valid_from=LONG_AGO)
            for code, name, short in names
        )
        editor = person("E001", "入力 花子", Assignment.Role.EDITOR, own, "主査")
        approver = person("A001", "課長 太郎", Assignment.Role.APPROVER, own, "課長")
        yield Cast(make_world(own), editor, approver, other)
        transaction.set_rollback(True)


@pytest.fixture
def cast(shared_cast, db) -> Cast:
    """The shared cast; what a case writes is undone."""
    return shared_cast


def test_every_constraint_of_our_apps_has_a_case():
    assert sorted([*CASES, *KEPT]) == sorted(our_constraints())


@pytest.mark.parametrize("name", KEPT)
def test_a_row_that_is_kept_changes_and_is_not_deleted(cast, name):
    row = KEPT[name](cast)
    row.validate_constraints()
    row.save()
    rule = our_constraints()[name]
    model = type(row)
    for rows in (model.objects.filter(pk=row.pk), model.objects.all()):
        with pytest.raises(IntegrityError, match=f"{name}: {rule.violation_error_message}"), transaction.atomic():
            rows._raw_delete("default")
    assert model.objects.filter(pk=row.pk).exists()


def test_every_constraint_tells_the_clerk_in_japanese_what_is_wrong():
    messages = {name: str(constraint.violation_error_message) for name, constraint in our_constraints().items()}
    assert [name for name, text in messages.items() if not re.search(r"[ぁ-ん].*。$", text) or "制約" in text] == []


@pytest.mark.parametrize(
    ("name", "case"),
    [(name, case) for name, cases in CASES.items() for case in cases],
    ids=[f"{name}-{n}" for name, cases in CASES.items() for n in range(len(cases))],
)
def test_a_broken_rule_is_refused_with_its_sentence_and_by_the_database(cast, name, case):
    row = case(cast)
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(ValidationError) as refused:
        row.validate_constraints()
    assert str(our_constraints()[name].violation_error_message) in refused.value.messages
    # PostgreSQL names the first broken rule in the alphabet, and a column too narrow for the value goes before them all.
    broken = [n for n, rule in our_constraints().items() if str(rule.violation_error_message) in refused.value.messages]
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        row.save()
    if isinstance(error.value, IntegrityError) and isinstance(our_constraints()[name], models.CheckConstraint):
        assert any(n in str(error.value) for n in broken)
    else:
        assert isinstance(error.value, (IntegrityError, DataError))
