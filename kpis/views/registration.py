"""A department answers to what another office registered for it (一括登録)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import Request, entry_reader_only
from kpis.registration import acknowledge
from kpis.views.addresses import department_or_404, is_id, month_or_404

NEWER = "{}件は、表示したあとに値が更新されました。いまの値を確かめてください。"


@entry_reader_only
@require_POST
def confirm(request: Request, department_code: str, month: str) -> HttpResponse:
    """確認しました for every value shown; one with a remark is answered by it."""
    start = month_or_404(month)
    department = department_or_404(department_code, start)
    seen = _numbered(request, "seen-")
    remarks = {pk: str(request.POST.get(f"remark-{pk}", "")) for pk in seen}
    versions = {pk: int(text) for pk, text in seen.items() if is_id(text)}
    answered, newer = acknowledge(department, start, seen=versions, remarks=remarks, access=request.access)
    if answered:
        messages.success(request, f"一括登録された値{answered}件に回答しました。")
    if newer:
        messages.warning(request, NEWER.format(newer))
    return redirect("entries:month", department_code, f"{start:%Y-%m}")


def _numbered(request: Request, prefix: str) -> dict[int, str]:
    found = {name.removeprefix(prefix): str(text) for name, text in request.POST.items() if name.startswith(prefix)}
    return {int(number): text for number, text in found.items() if is_id(number)}
