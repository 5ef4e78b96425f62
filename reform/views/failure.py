"""The pages of a failure: of one that nobody foresaw, and of a database, disk or Redis that will be back."""

from __future__ import annotations

import logging
import sys

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader

from accounts.door.hashing import Busy
from jobs.trouble import Trouble, trouble_of
from reform.request_log import number_of
from reform.typed import typed_in

log = logging.getLogger(__name__)

#: Seconds after which trying again is worth while: PostgreSQL is back from a restart after a few.
RETRY_AFTER = 10

REASONS = {
    Trouble.DATABASE: "データベースにつながりません。再起動の途中かもしれません。10秒ほど待ってから、もう一度お試しください。",
    Trouble.BUSY: "ほかの処理がデータベースを使っているため、順番が来ませんでした。10秒ほど待ってから、もう一度お試しください。",
    Trouble.DISK: (
        "サーバーの保存領域（ディスク）がいっぱいか、書き込めない状態です。"
        "待っても直らないときは、取りまとめ課を通じてシステムの管理者に連絡してください。"
    ),
    Trouble.REDIS: "裏で動く処理の受付（Redis）につながりません。10秒ほど待ってから、もう一度お試しください。",
}
CROWDED = "パスワードの登録や確認が混み合っています。10秒ほど待ってから、もう一度お試しください。"


def server_error(request: HttpRequest) -> HttpResponse:
    """500 with the number under which the log tells what happened; 503 when what lies beneath the application is away."""
    error = sys.exc_info()[1]
    trouble = trouble_of(error)
    if trouble is not None:
        log.error("[%s] %s: %s", number_of(request), trouble.value, error)
        return unavailable(request, trouble)
    if isinstance(error, Busy):
        return _later(request, CROWDED)
    return HttpResponseServerError(loader.get_template("500.html").render({"number": number_of(request)}))


def unavailable(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """503: what is wrong in a sentence, and a button that sends again what was typed. Reads no database and no session."""
    return _later(request, REASONS[trouble])


def _later(request: HttpRequest, reason: str) -> HttpResponse:
    context = {
        "reason": reason,
        "number": number_of(request),
        "address": request.get_full_path(),
        "is_form": request.method == "POST",
        "typed": typed_in(request),
    }
    response = HttpResponse(loader.get_template("503.html").render(context), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response
