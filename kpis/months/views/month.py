"""Entering a department's month."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Request, entry_reader_only
from accounts.ids import is_id
from japan.fiscal import add_months, fiscal_year_of, month_start
from japan.missing import MissingReason
from kpis import entries as acts
from kpis.entries.progress import departments_of, month_status, months_of
from kpis.models import Entry, Reporting, Series
from kpis.months.bulk_fill import fill_not_applicable, fill_unchanged, take_back, unchangeable, untouched
from kpis.months.forms import MonthFilter
from kpis.months.month import MonthForm
from kpis.registration.confirmations import changeable, last_press, may_answer
from kpis.registration.reassigned_entries import department_read, moved_away
from kpis.registration.values import registered_for, replies_to, to_confirm
from kpis.values.addresses import department_or_404, month_or_404
from kpis.values.closed import closed_on
from kpis.values.reading import read_statement, understood_text

MONTHS = 12
#: What a button of the month fills in, and the words for it.
FILLING = {
    "unchanged": (fill_unchanged, "に前月と同じ値を入れ、一時保存しました。"),
    "none": (fill_not_applicable, "を「該当なし」として一時保存しました。"),
}


@entry_reader_only
@require_GET
def month_list(request: Request) -> HttpResponse:
    """The months of my departments (all of them for the reform office) with how far each is."""
    today = timezone.localdate()
    departments = departments_of(request.access)
    months = months_of(month_start(today), MONTHS)
    chosen = MonthFilter(request.GET, departments=departments, months=months)
    statuses = month_status(chosen.departments, chosen.months, closed_on(chosen.months, today))
    rows = chosen.rows(statuses, today)
    context = {
        "rows": rows,
        "filter": chosen,
        "departments": departments,
        "is_asked": any(request.GET.values()),
        "to_confirm": to_confirm(chosen.departments, chosen.months) if request.access.is_editor else [],
    }
    return render(request, "entries/list.html", context)


@entry_reader_only
def month(request: Request, department_code: str, month: str) -> HttpResponse:
    """A department's month as a form: saving keeps what is right, and shows what is not beside what was typed."""
    start = month_or_404(month)
    department = department_or_404(department_code, start)
    if not request.access.may_see_entries(department):
        raise PermissionDenied
    today = timezone.localdate()
    if request.method != "POST":
        correcting = request.GET.get("correct", "")
        return _page(request, MonthForm(department, start, access=request.access, today=today, correcting=correcting))
    form = MonthForm(department, start, access=request.access, today=today, data=request.POST)
    if not form.may_enter or not form.is_open:
        raise PermissionDenied
    return _act_on_month(request, form)


def _act_on_month(request: Request, form: MonthForm) -> HttpResponse:
    """Saves what was typed, whatever was pressed; then hands in or withdraws all lines or the one that was meant."""
    action, _, series = request.POST.get("action", "save").partition("-")
    series_id = int(series) if is_id(series) else None
    form.save()
    if action in (*FILLING, "taking_back") and not form.broken:
        _fill(request, form, action)
    elif action == "submit" and (count := form.hand_in(series_id)):
        messages.success(request, f"{count}件を確認者へ提出しました。")
    elif action == "withdraw" and (count := form.withdraw(series_id)):
        messages.success(request, f"{count}件を引き戻しました。直してから、もう一度提出してください。")
    elif form.saved:
        messages.success(request, f"{form.saved}件を一時保存しました。")
    elif not form.broken:
        nothing = {"submit": "提出する回答がありません。", "withdraw": "引き戻せる回答がありません。"}
        messages.info(request, nothing.get(action, "変わったところはありません。"))
    if form.broken:
        return _page(request, form, status=422)
    return redirect("entries:month", form.department.code, f"{form.month:%Y-%m}")


def _fill(request: Request, form: MonthForm, action: str) -> None:
    """Many lines at once, or the same taken back; the page that follows offers to take it back."""
    if action == "taking_back":
        pairs = (pair.partition(".") for pair in request.POST.getlist("filled"))
        seen = {int(pk): int(version) for pk, _, version in pairs if is_id(pk) and is_id(version)}
        count = take_back(seen, access=request.access)
        messages.success(request, f"{count}件を取り消しました。")
        return
    fill, done = FILLING[action]
    try:
        with transaction.atomic():
            filled = fill(form)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return
    except acts.Conflict as conflict:
        messages.error(request, str(conflict))
        return
    if filled:
        versions = [f"{entry.pk}.{entry.version}" for entry in filled]
        request.session["filled"] = {"month": str(form.month), "words": f"{len(filled)}件{done}", "versions": versions}
    else:
        messages.info(request, "あてはまる欄がありません。すでに入力した欄は変えません。")


def _filled(request: Request, form: MonthForm) -> dict[str, Any] | None:
    """What the press before filled in, once: the offer to take it back stands on the page right after it."""
    filled = request.session.get("filled")
    if filled is None or filled["month"] != str(form.month) or not form.can_edit:
        return None
    return request.session.pop("filled")


def _page(request: Request, form: MonthForm, status: int = 200) -> HttpResponse:
    form.check()
    next_month = add_months(form.month, 1)
    registers = Reporting.objects.in_force(form.month).filter(registrar=form.department).exists()
    replies = replies_to(form.department, form.month) if registers else []
    context = {
        "sheet": form,
        "department": form.department,
        "month": form.month,
        "previous_month": add_months(form.month, -1),
        "next_month": next_month if next_month < month_start(form.today) else None,
        "fiscal_year": fiscal_year_of(form.month),
        "filled": _filled(request, form),
        "unchangeable": len(unchangeable(form)),
        "untouched": len(untouched(form)),
        "replies": replies,
        "unanswered": sum(each.asks_for_answer for each in replies),
        "handing_in": request.POST.get("action", "").startswith("submit"),
        **_registered(request, form),
    }
    return render(request, "entries/month.html", context, status=status)


def _registered(request: Request, form: MonthForm) -> dict[str, Any]:
    """What another office registered for the department, and what may be said of it or taken back."""
    registered = registered_for(form.department, form.month)
    answers = may_answer(form.department, request.access)
    open_words = changeable(registered, request.access.on) if answers else []
    return {
        "registered": registered,
        "waiting": sum(each.waits for each in registered),
        "may_answer": answers,
        "changeable": {each.said for each in open_words},
        "last_press": last_press(open_words),
        "moved": moved_away(registered, form.department),
    }


@entry_reader_only
@require_GET
def detail(request: Request, pk: int) -> HttpResponse:
    """One entry and everything that happened to it."""
    entry = get_object_or_404(Entry.objects.with_names(), pk=pk)
    read_in = department_read(entry, request.access)
    if read_in is None and not entry.is_by(request.access.user):  # type: ignore[arg-type]  # signed in
        raise PermissionDenied
    may_enter = request.access.may_enter(entry.department_id)
    context = {
        "entry": entry,
        "events": entry.events.order_by("-at", "-id"),
        "understood": understood_text(entry.series.kpi, acts.Statement(entry.value, entry.missing_reason)),
        "may_withdraw": may_enter and entry.state == Entry.State.SUBMITTED,
        "may_discard": may_enter and entry.state in (Entry.State.DRAFT, Entry.State.RETURNED),
        "may_decide": entry.state == Entry.State.SUBMITTED and acts.authority_over(entry, request.access) is not None,
        "month": entry.reported_with,
        "read_in": read_in,
    }
    return render(request, "entries/detail.html", context)


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


def _act(request: Request, pk: int, act: Callable[..., Entry], done: str) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.with_names(), pk=pk)
    try:
        act(entry, access=request.access)
        messages.success(request, f"{entry.series}：{done}")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("entries:month", entry.department.code, f"{entry.reported_with:%Y-%m}")


@entry_reader_only
@require_GET
def understand(request: Request, series_id: int) -> HttpResponse:
    """How a typed value would be understood, as a line of text under its field; nothing is saved."""
    series = get_object_or_404(Series.objects.select_related("kpi"), pk=series_id)
    typed, reason = request.GET.get("typed", "")[:100], request.GET.get("missing_reason", "")
    is_typed_over = bool(typed.strip() and reason and request.GET.get("is_typed_over"))
    try:
        statement = read_statement(series.kpi, typed, "" if is_typed_over else reason)
    except ValidationError as error:
        return render(request, "entries/_understood.html", {"error": " ".join(error.messages)})
    replaced = MissingReason(reason).label if is_typed_over and reason in set(MissingReason) else ""
    context = {"understood": understood_text(series.kpi, statement), "replaced": replaced}
    return render(request, "entries/_understood.html", context)
