"""A department says what it finds of the values another office registered for it (一括登録), and the office answers."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import Request, entry_reader_only
from accounts.ids import is_id
from kpis.registration.confirmations import acknowledge
from kpis.registration.confirmations import take_back as take_back_words
from kpis.registration.remarks import answer_remarks
from kpis.values.addresses import department_or_404, month_or_404

NEWER = "{}件は、表示したあとに値が更新されました。または、ほかの人が先に回答しました。いまの内容を確かめてください。"


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


@entry_reader_only
@require_POST
def take_back(request: Request, department_code: str, month: str) -> HttpResponse:
    """取り消す: what was said of one value, or of all that were confirmed with one press."""
    start = month_or_404(month)
    department = department_or_404(department_code, start)
    words = {int(text) for text in request.POST.getlist("word") if is_id(text)}
    try:
        count, other = take_back_words(department, start, words=words, access=request.access)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        if count:
            messages.success(request, f"回答{count}件を取り消しました。もう一度、内容を確かめて回答してください。")
        if other:
            messages.warning(request, NEWER.format(other))
    return redirect("entries:month", department_code, f"{start:%Y-%m}")


@entry_reader_only
@require_POST
def answer(request: Request, department_code: str, month: str) -> HttpResponse:
    """The office that registers the values answers what the departments remarked."""
    start = month_or_404(month)
    registrar = department_or_404(department_code, start)
    answered, other = answer_remarks(registrar, start, answers=_numbered(request, "answer-"), access=request.access)
    if answered:
        messages.success(request, f"気付いた点{answered}件に回答しました。")
    elif not other:
        messages.info(request, "回答を書いてから押してください。")
    if other:
        messages.warning(
            request,
            f"{other}件は、表示したあとに所属が取り消したか、ほかの人が先に対応しました。いまの内容を確かめてください。",
        )
    return redirect("entries:month", department_code, f"{start:%Y-%m}")


def _numbered(request: Request, prefix: str) -> dict[int, str]:
    found = {name.removeprefix(prefix): str(text) for name, text in request.POST.items() if name.startswith(prefix)}
    return {int(number): text for number, text in found.items() if is_id(number)}
