"""A form that is sent after its session has ended: its text is kept, and its person is asked to sign in."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.views import csrf

from accounts.door.opened import COPY, FIELD, opened_by, with_kept
from accounts.models import KeptForm, User

#: Letters of all fields of a form.
MAX_LETTERS = 1_000_000
NOT_TYPED = frozenset({FIELD, COPY, "csrfmiddlewaretoken"})
#: Parts of the names of fields whose value nobody may read again.
SECRET = ("password", "secret")
#: In the session of somebody for whom text is kept: only they are asked, when they send a form, whether it was that text.
HAS_KEPT = "has_kept"
SIGN_IN_FIRST = "ログインの期限が切れています。別の画面でログインしてから、もう一度お試しください。"


class KeepFormMiddleware:
    """Stands before Django's LoginRequiredMiddleware, which would send the browser away without what it had sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        if request.user.is_authenticated:
            return _of_another(request)
        if request.headers.get("HX-Request") == "true":
            return _to_sign_in_by_htmx(request)
        if request.method == "POST" and (kept := keep(request)):
            return redirect_to_login(with_kept(kept.page, kept.key))
        return None


def _of_another(request: HttpRequest) -> HttpResponse | None:
    """A form that somebody else had opened in this browser is not sent in the name of who is signed in now."""
    match = request.resolver_match
    if request.method != "POST" or (match is not None and match.view_name == "logout"):
        return None
    opened = opened_by(request.POST.get(FIELD))
    if opened is None or opened.user_id == request.user.pk:
        return None
    keep(request)
    return render(request, "accounts/opened_by_another.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: signing in changes the token, so a page that was open meanwhile is refused once. Nothing is lost."""
    kept = keep(request) if request.method == "POST" else None
    if kept is None:
        return csrf.csrf_failure(request, reason)
    if not request.user.is_authenticated:
        return redirect_to_login(with_kept(kept.page, kept.key))
    if request.user.pk != kept.user_id:
        return render(request, "accounts/opened_by_another.html", status=403)
    return redirect(with_kept(kept.page, kept.key))


def keep(request: HttpRequest) -> KeptForm | None:
    """Keeps the text of the form, if it says who had opened it; None for anything else, or more than MAX_LETTERS."""
    opened = opened_by(request.POST.get(FIELD))
    if opened is None or not User.objects.filter(pk=opened.user_id, is_active=True).exists():
        return None
    fields = _typed(request.POST)
    if not any(value.strip() for _, value in fields):  # a button that says nothing, such as the one to sign out
        return None
    if sum(len(name) + len(value) for name, value in fields) > MAX_LETTERS:
        return None
    discarded = getattr(request, "discarded_files", [])
    sent = [file.name or "" for files in request.FILES.lists() for file in files[1]]
    files = [name for name in (*discarded, *sent) if name]
    request.was_kept = True  # type: ignore[attr-defined]  # read by drop_what_was_sent
    if request.user.is_authenticated:
        request.session[HAS_KEPT] = True
    with transaction.atomic():
        KeptForm.objects.sweep()
        # Sent twice, or once more from the page it was given back on: one copy is enough.
        KeptForm.objects.drop_same(opened.user_id, opened.page, request.path, fields, request.POST.get(COPY))
        KeptForm.objects.make_room(opened.user_id)
        return KeptForm.objects.create(
            user_id=opened.user_id, page=opened.page, action=request.path, fields=fields, files=files
        )


def drop_what_was_sent(request: HttpRequest, response: HttpResponseBase) -> None:
    """What was taken by the page need not be kept any longer: the copy it was filled from, and others that say the same."""
    is_taken = 300 <= response.status_code < 400 and not hasattr(request, "was_kept")
    if not is_taken or not request.user.is_authenticated:
        return
    copy = request.POST.get(COPY)
    if not copy and not request.session.get(HAS_KEPT):
        return
    if opened_by(request.POST.get(FIELD)) is not None:
        KeptForm.objects.drop_sent(request.user.pk, request.path, _typed(request.POST), copy)


def _typed(sent: MultiValueDict[str, str]) -> list[list[str]]:
    return [
        [name, value.replace("\0", "")]
        for name, values in sent.lists()
        for value in values
        if name not in NOT_TYPED and not any(part in name.lower() for part in SECRET)
    ]


def _to_sign_in_by_htmx(request: HttpRequest) -> HttpResponse:
    """A part of a page is no place for the page to sign in on: the browser opens it in full."""
    page = urlsplit(request.headers.get("HX-Current-URL", "/"))._replace(scheme="", netloc="").geturl()
    answer = HttpResponse(SIGN_IN_FIRST, status=401, content_type="text/plain; charset=utf-8")
    answer["HX-Redirect"] = redirect_to_login(page).headers["Location"]
    return answer
