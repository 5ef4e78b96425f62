"""Entering a department's month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Request, entry_reader_only
from accounts.managers import valid_on
from accounts.models import Department
from japan.dates import DateError, parse_month
from japan.fiscal import add_months, month_start
from japan.wareki import month_label
from kpis import entries as acts
from kpis.forms import SlotForm
from kpis.models import Entry, Series
from kpis.progress import month_status, months_of
from kpis.reading import read_statement, understood_text
from kpis.sheet import Slot, sheet_of

EDITABLE = {"", Entry.State.DRAFT, Entry.State.RETURNED}


@dataclass
class Line:
    """A line of the page: the slot, its form while it may be edited, and what went wrong on saving it."""

    slot: Slot
    form: SlotForm | None
    conflict: acts.EntryConflict | None = None


@entry_reader_only
@require_GET
def month_list(request: Request) -> HttpResponse:
    """The months of my departments (all of them for the reform office) with how far each is."""
    departments = _visible_departments(request)
    this_month = month_start(timezone.localdate())
    months = months_of(this_month, 12)
    return render(
        request,
        "entries/list.html",
        {"statuses": month_status(departments, months), "months": months, "departments": departments},
    )


@entry_reader_only
def month(request: Request, department_code: str, month: str) -> HttpResponse:
    """A department's month as a form: saving keeps what is right, and shows what is not beside what was typed."""
    start = _month(month)
    department = _department(department_code, start)
    if not request.access.may_see_entries(department.pk):
        raise PermissionDenied
    may_enter = request.access.may_enter(department.pk)
    if request.method == "POST":
        if not may_enter:
            raise PermissionDenied
        return _post(request, department, start)
    correcting = request.GET.get("correct", "")
    lines = [_line(slot, may_enter, correcting) for slot in sheet_of(department, start)]
    return _page(request, department, start, lines)


def _line(slot: Slot, may_enter: bool, correcting: str) -> Line:
    corrected = slot.state == Entry.State.APPROVED and str(slot.series.pk) == correcting
    editable = may_enter and (slot.state in EDITABLE or corrected)
    return Line(slot, SlotForm(slot) if editable else None)


def _post(request: Request, department: Department, start: date) -> HttpResponse:
    lines = []
    for slot in sheet_of(department, start):
        sent = f"s{slot.series.pk}-seen_version" in request.POST
        lines.append(Line(slot, SlotForm(slot, request.POST) if sent else None))
    handing_in = request.POST.get("action") == "submit"
    saved = _save(request, department, lines)
    blanks = [line for line in lines if handing_in and _is_blank(line)]
    for line in blanks:
        assert line.form is not None
        line.form.add_error("typed", "空欄です。値を入力するか、値なしの理由を選んでください。")
    broken = [line for line in lines if line.conflict or (line.form and line.form.errors)]
    if handing_in and not broken:
        count = _hand_in(request, department, start)
        messages.success(request, f"{count}件を課長へ提出しました。")
        return redirect("entries:month", department.code, f"{start:%Y-%m}")
    if saved:
        messages.success(request, f"{saved}件を一時保存しました。")
    if broken:
        what = "提出していません。" if handing_in else ""
        messages.error(request, f"{len(broken)}件を確かめてください。{what}赤い表示の欄に直し方があります。")
        return _page(request, department, start, lines, status=422)
    if not saved:
        messages.info(request, "変わったところはありません。")
    return redirect("entries:month", department.code, f"{start:%Y-%m}")


def _save(request: Request, department: Department, lines: list[Line]) -> int:
    """Saves each right and changed line as a draft, by itself: one wrong line holds nobody else's work up."""
    saved = 0
    for line in lines:
        form = line.form
        if form is None or not form.is_valid() or not _is_news(line):
            continue
        slot = line.slot
        try:
            slot.entry = acts.save_draft(
                acts.Slot(slot.series.pk, slot.period.start, slot.period.span.value),
                form.statement,
                access=request.access,
                department_id=department.pk,
                typed=form.cleaned_data["typed"],
                comment=form.cleaned_data["comment"],
                seen_version=form.cleaned_data["seen_version"],
                seen_measurement=form.cleaned_data["seen_measurement"],
            )
            saved += 1
        except acts.EntryConflict as conflict:
            line.conflict = conflict
        except ValidationError as error:
            form.add_error("typed", error)
    return saved


def _is_news(line: Line) -> bool:
    form = line.form
    assert form is not None
    if line.slot.entry is None and form.statement.is_blank and not form.cleaned_data["comment"]:
        return False
    return form.says_something_new


def _is_blank(line: Line) -> bool:
    return line.form is not None and line.form.is_valid() and line.form.statement.is_blank


def _hand_in(request: Request, department: Department, start: date) -> int:
    """Submits every draft and returned entry of the sheet, all or none."""
    open_slots = [slot for slot in sheet_of(department, start) if slot.entry and slot.entry.state in EDITABLE]
    with transaction.atomic():
        for slot in open_slots:
            assert slot.entry is not None
            acts.submit(slot.entry, access=request.access)
    return len(open_slots)


def _page(request: Request, department: Department, start: date, lines: list[Line], status: int = 200) -> HttpResponse:
    states = [line.slot.state for line in lines]
    context = {
        "department": department,
        "month": start,
        "month_label": month_label(start),
        "previous_month": add_months(start, -1),
        "next_month": add_months(start, 1),
        "has_next": add_months(start, 1) <= month_start(timezone.localdate()),
        "lines": lines,
        "answered": sum(line.slot.is_answered for line in lines),
        "submitted": states.count(Entry.State.SUBMITTED),
        "can_save": any(line.form for line in lines),
        "due": min((line.slot.due for line in lines), default=None),
    }
    return render(request, "entries/month.html", context, status=status)


@entry_reader_only
@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    """One entry and everything that happened to it."""
    entry = get_object_or_404(Entry.objects.select_related("series__kpi", "department", "author"), pk=pk)
    if not request.access.may_see_entries(entry.department_id):
        raise PermissionDenied
    return render(
        request,
        "entries/detail.html",
        {
            "entry": entry,
            "events": entry.events.order_by("-at", "-id"),
            "understood": understood_text(entry.series.kpi, acts.Statement(entry.value, entry.missing_reason)),
            "may_withdraw": entry.state == Entry.State.SUBMITTED and request.access.may_enter(entry.department_id),
            "month": date(entry.dated_period.end.year, entry.dated_period.end.month, 1),
        },
    )


@entry_reader_only
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    """引戻し of one submitted entry."""
    return _act(request, pk, acts.withdraw, "引き戻しました。直してから、もう一度提出してください。")


@entry_reader_only
@require_POST
def discard(request: Request, pk: int) -> HttpResponse:
    """取消し of a draft or returned entry."""
    return _act(request, pk, acts.discard, "回答を取り消しました。")


def _act(request: Request, pk: int, act: object, done: str) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.select_related("department"), pk=pk)
    try:
        act(entry, access=request.access)  # type: ignore[operator]
        messages.success(request, f"{entry.series}：{done}")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    end = entry.dated_period.end
    return redirect("entries:month", entry.department.code, f"{end:%Y-%m}")


@entry_reader_only
@require_GET
def understand(request: Request, series_id: int) -> HttpResponse:
    """How a typed value would be understood, as a line of text under its field; nothing is saved."""
    series = get_object_or_404(Series.objects.select_related("kpi"), pk=series_id)
    prefix = f"s{series_id}"
    typed, reason = request.GET.get(f"{prefix}-typed", ""), request.GET.get(f"{prefix}-missing_reason", "")
    try:
        statement = read_statement(series.kpi, typed[:100], reason)
    except ValidationError as error:
        return render(request, "entries/_understood.html", {"error": " ".join(error.messages)})
    return render(request, "entries/_understood.html", {"understood": understood_text(series.kpi, statement)})


def _month(text: str) -> date:
    try:
        return parse_month(text)
    except DateError as error:
        raise Http404(str(error)) from error


def _department(code: str, start: date) -> Department:
    """The department of this code as it stood in the month; else its newest row, for a deep link of later."""
    rows = Department.objects.filter(code=code)
    found = rows.filter(valid_on(start)).first() or rows.order_by("-valid_from").first()
    if found is None:
        raise Http404("所属が見つかりません。")
    return found


def _visible_departments(request: Request) -> list[Department]:
    access = request.access
    departments = Department.objects.in_official_order()
    if not access.is_reform_office:
        departments = departments.filter(pk__in=access.editor_department_ids | access.approver_department_ids)
    return list(departments.filter(reportings__isnull=False).distinct())
