"""指標の担当票: who looks after what, and the card of one figure."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import Request, entry_reader_only, reform_office_only
from accounts.models import Department
from japan.fiscal import month_start
from japan.wareki import month_label
from kpis.models import Kpi, OwnerCard
from kpis.owners.forms import OwnerCardForm
from kpis.owners.ownership import may_edit_card, owned, possible_owners, seen_departments
from kpis.registration.forms import RegistrarForm
from kpis.registration.registrars import figures_of


@entry_reader_only
@require_GET
def cards(request: Request) -> HttpResponse:
    """The figures of the departments a person sees; ?missing=1 only those nobody looks after."""
    listed = owned(request.access.on, seen_departments(request.access))
    missing = [each for each in listed if not each.has_owner]
    only = bool(request.GET.get("missing"))
    context = {"listed": missing if only else listed, "missing": len(missing), "total": len(listed), "only": only}
    return render(request, "owners/list.html", context)


@reform_office_only
@require_http_methods(["GET", "HEAD", "POST"])
def registrars(request: Request) -> HttpResponse:
    """Which office registers which figure for everybody, and choosing one from a month on: first shown, then done."""
    today = request.access.on
    form = RegistrarForm(request.POST if request.method == "POST" else None, today=today)
    if request.method == "POST" and (answer := _choose(request, form)) is not None:
        return answer
    context = {"figures": figures_of(month_start(today)), "form": form}
    return render(request, "owners/registrars.html", context, status=422 if form.is_bound else 200)


def _choose(request: Request, form: RegistrarForm) -> HttpResponse | None:
    """None where something has to be mended first."""
    if form.is_confirmed:
        changed = form.perform(request.access)
    else:
        preview = form.preview(request.access)
        if preview is not None and preview.series:
            return render(request, "owners/registrar_preview.html", {"preview": preview})
        changed = None if preview is None else 0
    if changed is None:
        return None
    said = form.cleaned_data
    whom = f"{said['registrar']}が一括登録する" if said["registrar"] else "各所属が報告する"
    done = f"{said['kpi']}を、{month_label(said['month'])}分から{whom}ようにしました（{changed}件の内訳）。"
    messages.success(request, done) if changed else messages.info(request, "変わるところはありませんでした。")
    return redirect("owners:registrars")


@entry_reader_only
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: Request, code: str, department_id: int) -> HttpResponse:
    """The card of a figure in a department."""
    if not may_edit_card(request.access, department_id):
        raise PermissionDenied
    kpi, department = get_object_or_404(Kpi, code=code), get_object_or_404(Department, pk=department_id)
    stored = OwnerCard.objects.select_related("owner__user", "owner__department", "deputy__user", "deputy__department")
    found = stored.filter(kpi=kpi, department=department).first()
    people = possible_owners(department, request.access.on)
    data = request.POST if request.method == "POST" else None
    form = OwnerCardForm(data, kpi=kpi, department=department, card=found, people=people)
    if request.method == "POST" and form.perform() is not None:
        messages.success(request, f"{kpi}の担当票を保存しました。")
        return redirect("owners:list")
    context = {"form": form, "kpi": kpi, "department": department, "card": found}
    return render(request, "owners/card.html", context, status=422 if form.errors else 200)
