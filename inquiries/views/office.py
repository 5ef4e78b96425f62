"""What the reform office does."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import Request, reform_office_only
from inquiries.following import FollowUp
from inquiries.forms import OneOffForm
from inquiries.issuing import issue
from inquiries.models import Inquiry, Reminder

REMINDER_DAYS = 31


@reform_office_only
def create(request: Request) -> HttpResponse:
    """A one-off inquiry, issued at once."""
    form = OneOffForm(request.POST or None, today=timezone.localdate())
    if form.is_valid():
        departments = list(form.cleaned_data["departments"])
        inquiry = issue(form.request, departments, access=request.access)
        messages.success(request, f"{len(departments)}所属に照会しました。")
        return redirect("inquiries:detail", inquiry.pk)
    return render(request, "inquiries/create.html", {"form": form}, status=422 if form.is_bound else 200)


@reform_office_only
def detail(request: Request, pk: int) -> HttpResponse:
    """Who has answered and who has not, questions, requests for more time."""
    inquiry = get_object_or_404(Inquiry.objects.issued(), pk=pk)
    page = FollowUp(inquiry, request.access, timezone.localdate(), request.build_absolute_uri)
    if request.method == "POST":
        try:
            if done := page.act(request.POST):
                messages.success(request, done)
                return redirect("inquiries:detail", pk)
        except ValidationError as error:
            page.problem = " ".join(error.messages)
    return render(request, "inquiries/detail.html", {"page": page}, status=422 if page.is_refused else 200)


@reform_office_only
@require_GET
def reminders(request: Request) -> HttpResponse:
    """The mails of the last month: to whom, when, what, or why not."""
    since = timezone.localdate() - timedelta(days=REMINDER_DAYS)
    sent = Reminder.objects.filter(day__gte=since).select_related("user").order_by("-day", "user__employee_number")
    return render(
        request,
        "inquiries/reminders.html",
        {"reminders": sent, "days": REMINDER_DAYS, "mail_is_set": settings.MAIL_IS_SET},
    )
