"""Every address that can be read in a city (the second one, or the sample), with arguments that name what is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Protocol

from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Case, QuerySet, When
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.access import Access
from accounts.models import Assignment, Department, Deputy, Handover, User
from initiatives.models import Initiative, ProgressRecord
from inquiries.models import Inquiry, Recipient
from japan.fiscal import add_months, fiscal_year_of, month_start
from jobs.models import Job
from kpis.entries.evidence import attach
from kpis.imports import look_through, reading_of, receive
from kpis.models import Closing, Entry, Evidence, ImportedFile, Kpi, OwnerCard, Reporting, Series
from reports.models import Edition, Report, Section
from surveys.models import Survey

ROLES = ("reform_office", "editor", "approver", "viewer")


class City(Protocol):
    """A built city: its sign-ins by role, and its day."""

    @property
    def people(self) -> dict[str, User]: ...
    @property
    def today(self) -> date: ...


def department_of(city: City) -> Department:
    """The sign-ins' own."""
    posts = Assignment.objects.in_force(city.today).filter(user=city.people["editor"])
    department = posts.exclude(department=None).earliest("department__order").department
    assert department is not None
    return department


def own_series(city: City) -> Series:
    """The first that this department reports each month."""
    found = Reporting.objects.in_force(last_month(city)).filter(department=department_of(city), registrar=None)
    return found.filter(series__kpi__frequency="month").earliest("series__kpi__order").series


def own_first(city: City, rows: QuerySet[Any]) -> QuerySet[Any]:
    """What belongs to the sign-ins' department before the rest: they may open it."""
    is_own = Case(When(department=department_of(city), then=0), default=1)
    return rows.annotate(place=is_own).order_by("place", "pk")


def last_month(city: City) -> date:
    return add_months(month_start(city.today), -1)


def hand_in_papers(city: City) -> None:
    """What an address can name and nobody brought yet: a file that is being read, and an evidence."""
    department, kpi, month = department_of(city), own_series(city).kpi, last_month(city)
    who = Access(city.people["editor"], city.today)
    text = f"年月,{kpi.name}\r\n{month:%Y/%m},801\r\n"
    file = receive(text.encode("cp932"), "a.csv", access=who, department=department)
    look_through(file, reading_of(file, access=who), access=who)
    attach(SimpleUploadedFile("a.pdf", b"%PDF-1.7"), kpi=kpi, department=department, month=month, access=who)


def addresses(city: City) -> dict[str, list[dict[str, Any]]]:
    """The name of an address → what may stand in it; [{}] where nothing does."""
    year, newest = fiscal_year_of(last_month(city)), last_month(city)
    months = [f"{add_months(newest, -back):%Y-%m}" for back in range(5)]
    closed = [f"{closing.month:%Y-%m}" for closing in Closing.objects.all()]
    codes = [{"code": code} for code in Kpi.objects.values_list("code", flat=True)]
    reporting = Department.objects.filter(reportings__valid_to=None, reportings__isnull=False).distinct()
    departments = [department_of(city).code, *reporting.values_list("code", flat=True)[:6]]
    own = [{"department_code": code, "month": month} for code in departments for month in months[:2]]
    years = [{"department_code": code, "fiscal_year": one} for code in departments for one in (year - 1, year)]
    volume = {"volume": Report.objects.get().volume}
    editions = [volume | {"number": edition.number} for edition in Edition.objects.all()]
    series = own_series(city).pk
    numbers: dict[str, Any] = {
        "entries:detail": own_first(city, Entry.objects.open()),
        "entries:evidence": Evidence.objects.all(),
        "approvals:decide": own_first(city, Entry.objects.filter(state="submitted")),
        "imports:reading": ImportedFile.objects.all(),
        "imports:preview": ImportedFile.objects.all(),
        "imports:original": ImportedFile.objects.all(),
        "handover:prepare": Assignment.objects.filter(role="editor")[:3],
        "handover:paper": Handover.objects.all(),
        "inquiries:detail": Inquiry.objects.all(),
        "inquiries:recipient": own_first(city, Recipient.objects.exclude(inquiry__kind="progress"))[:8],
        "jobs:detail": Job.objects.all()[:2],
        "jobs:status": Job.objects.all()[:2],
        "deputies:cancel": Deputy.objects.none(),
    }
    found: dict[str, list[dict[str, Any]]] = {
        name: [{"pk": pk} for pk in rows.values_list("pk", flat=True)] for name, rows in numbers.items()
    }
    return found | {
        "kpis:detail": codes,
        "kpis:data": codes,
        "entries:month": own,
        "entries:year": years,
        "entries:understand": [{"series_id": series}],
        "entries:panel": [{"series_id": series, "period": months[0]}],
        "imports:template": years,
        "owners:card": [
            {"code": card.kpi.code, "department_id": card.department_id} for card in OwnerCard.objects.all()[:5]
        ],
        "closing:year": [{"fiscal_year": year}],
        "closing:targets": [{"fiscal_year": year}],
        "closing:month": [{"month": month} for month in {*months, *closed}],
        "initiatives:detail": [{"code": code} for code in Initiative.objects.values_list("code", flat=True)],
        "initiatives:progress": [
            {"code": row.initiative.code, "fiscal_year": row.fiscal_year, "quarter": row.quarter}
            for row in own_first(city, ProgressRecord.objects.select_related("initiative"))
        ],
        "surveys:detail": [{"code": code} for code in Survey.objects.values_list("code", flat=True)],
        "surveys:data": [{"code": code} for code in Survey.objects.values_list("code", flat=True)],
        "reports:detail": [volume],
        "reports:edit": [volume],
        "reports:draft": [volume],
        "reports:section_edit": [volume | {"pk": pk} for pk in Section.objects.values_list("pk", flat=True)],
        "reports:edition_html": editions,
        "reports:edition_view": editions,
        "reports:edition_pdf": editions,
    }


def back_office() -> Iterator[str]:
    """The pages of each table: its list, a new row, the first row with its history, its imports and exports."""
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.first()
        for page in ("changelist", "add", "import", "export"):
            try:
                yield reverse(f"{base}_{page}")
            except NoReverseMatch:
                continue
        for page in ("change", "history") if row is not None else ():
            yield reverse(f"{base}_{page}", args=[row.pk])
    yield reverse("admin:index")


def read_by(client: Client, url: str) -> HttpResponse | None:
    """What a person gets, read to its end; None where it is not theirs to read."""
    response = client.get(url)
    return response if response.status_code in (200, 286) else None


def text_of(response: HttpResponse) -> str:
    """The words of a page or file; a typeset file has none that can be read this way."""
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    for encoding in ("utf-8", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""
