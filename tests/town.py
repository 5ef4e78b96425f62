"""Everyone there is and one of everything that an address can name, to try who may do what."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, override_settings
from django.urls import resolve, reverse
from django.utils import timezone

from accounts.back_office.access import follow_staff_flag
from accounts.models import Assignment, Department, Deputy, Handover, User
from approvals.models import Action
from initiatives.models import Initiative
from inquiries.answering import ANSWERS
from inquiries.models import AnswerEvent, Inquiry, Recipient
from jobs.models import Job
from kpis.entries.evidence import attach
from kpis.imports import look_through, reading_of, receive
from kpis.models import Entry, Evidence, ImportedFile, Reopening
from kpis.values.closed import close_month, reopen
from reports.models import Edition, Report, Section
from surveys.models import Survey
from tests.built_once import built_once
from tests.kpis.reporting_world import MONTH, Month, draft, fields_of, handed_in, make_month
from tests.kpis.world import access

WHO = ["anonymous", "editor", "other_editor", "approver", "reform_office", "viewer", "nobody"]


@dataclass
class Town:
    """One of everything that an address can name."""

    media: Path
    people: dict[str, User]
    month: Month
    draft: Entry
    submitted: Entry
    evidence: Evidence
    job: Job
    report: Report
    section: Section
    reopening: Reopening
    asked: Recipient | None = None
    file: ImportedFile | None = None
    arguments: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Who is signed in, by which session.
    sessions: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def shared_town(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Town]:
    """The town, built once for all tests of a process; it is 10 June 2025 while they run."""
    media = tmp_path_factory.getbasetemp() / "town"
    quick = override_settings(MEDIA_ROOT=media, PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    logging.disable(logging.WARNING)  # each of the many refusals would be written with its traceback
    june = time_machine.travel(datetime(2025, 6, 10, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo")), tick=True)
    with june, quick, django_db_blocker.unblock(), built_once("town", lambda: make_town(media)) as town:
        yield town
    logging.disable(logging.NOTSET)


@pytest.fixture
def town(shared_town, settings, db) -> Town:
    """The shared town; what a test writes is undone."""
    settings.MEDIA_ROOT = shared_town.media
    return shared_town


def make_people() -> dict[str, User]:
    """One person of each kind in the table; 情報政策課 and 市民課 in 総合政策部."""
    from tests.conftest import make_department, make_division, person

    division = make_division()
    own, other = make_department(division), make_department(division, "1020", "市民課", "市民", 12)
    office = person("R001", "改革 一郎", "reform_office", None, "構造改革・DX推進課 係長")
    office.is_staff = True
    office.save()
    follow_staff_flag(office)
    return {
        "editor": person("E001", "入力 花子", "editor", own, "主査"),
        "other_editor": person("E002", "別課 次郎", "editor", other, "主事"),
        "approver": person("A001", "課長 太郎", "approver", own, "課長"),
        "reform_office": office,
        "viewer": person("V001", "閲覧 みどり", "viewer", None, "部長"),
        "nobody": User.objects.create_user("N001", "pass-word-123", name="無任 三郎"),
    }


def make_town(media: Path) -> Town:
    people = make_people()
    editor, reform_office = people["editor"], people["reform_office"]
    department = Department.objects.get(code="1010")
    month = make_month(department)
    report = Report.objects.create(
        volume=7,
        title="レポート",
        first_fiscal_year=2024,
        last_fiscal_year=2024,
        as_of=MONTH,
        issuer="市",
        contact="課",
    )
    town = Town(
        media=media,
        people=people,
        month=month,
        draft=draft(month.friends, editor, "40000"),
        submitted=handed_in(month.hours, editor, "235000"),
        evidence=attach(
            SimpleUploadedFile("a.pdf", b"%PDF-1.7"),
            kpi=month.friends.kpi,
            department=department,
            month=MONTH,
            access=access(editor),
        ),
        job=Job.objects.create(kind="試験", owner=reform_office, state="failed", finished_at=timezone.now()),
        report=report,
        reopening=_reopened(department, reform_office),
        section=Section.objects.create(report=report, order=1, kind="closing", title="おわりに", body="本文"),
    )
    Initiative.objects.create(code="line", title="LINE", department=department)
    Survey.objects.create(code="staff", name="職員", conducted_on=MONTH)
    town.asked = _inquire(department)
    ANSWERS.note([town.asked], Action.WITHDRAWN, access(editor), post="")
    _stand_in(people)
    _hand_over(people)
    town.file = _hand_in_a_file(department, editor)
    _publish(report)
    town.arguments = _arguments(town)
    town.sent = _sent(town)
    for who in town.people:  # now: what signs in within a test is undone with it
        client_of(town, who)
    return town


def _inquire(department: Department) -> Recipient:
    inquiry = Inquiry.objects.create(
        kind="one_off", title="照会", text="依頼", contact="課", due_on=MONTH, issued_at=timezone.now()
    )
    asked = Recipient(inquiry=inquiry, department=department, file_name="回答.pdf")
    asked.file_sha256 = sha256(b"%PDF-1.7").hexdigest()
    asked.file.save("answer.pdf", ContentFile(b"%PDF-1.7"), save=True)
    return asked


def _hand_in_a_file(department: Department, editor: User) -> ImportedFile:
    """A file of the department that is ready to be taken over."""
    who = access(editor)
    file = receive("年月,増減率\r\nR7.5,5.1\r\n".encode("cp932"), "a.csv", access=who, department=department)
    look_through(file, reading_of(file, access=who), access=who)
    return file


def _stand_in(people: dict[str, User]) -> None:
    """The chief will be away in July."""
    post = Assignment.objects.get(user=people["approver"])
    days = {"valid_from": date(2025, 7, 1), "valid_to": date(2025, 7, 5)}
    Deputy.objects.create(principal=post, deputy=people["viewer"], reason="出張", **days)


def _hand_over(people: dict[str, User]) -> None:
    """The editor handed over to a colleague who came."""
    giver = Assignment.objects.get(user=people["editor"])
    colleague = User.objects.create_user("E003", "pass-word-123", name="後任 葉子")
    taker = Assignment.objects.create(
        user=colleague, department=giver.department, role="editor", valid_from=date(2025, 7, 1)
    )
    Handover.objects.create(giver=giver, taker=taker, made_by=people["editor"], at=timezone.now())


def _reopened(department: Department, reform_office: User) -> Reopening:
    """April is closed, and open again for the department."""
    april, who = date(2025, 4, 1), access(reform_office)
    close_month(april, access=who)
    return reopen(april, department, reason="転記の誤り", until=date(2025, 6, 20), access=who)


def _publish(report: Report) -> None:
    edition = Edition(report=report, number=1, snapshot={}, created_at=timezone.now())
    for kind in ("html", "pdf"):
        getattr(edition, kind).save(f"edition.{kind}", ContentFile(b"edition"), save=False)
        setattr(edition, f"{kind}_sha256", sha256(b"edition").hexdigest())
    edition.save()


def _arguments(town: Town) -> dict[str, dict[str, Any]]:
    """What stands in the address, by its name."""
    volume = {"volume": town.report.volume}
    edition = volume | {"number": 1}
    cell = {"series_id": town.month.friends.pk, "period": "2025-05"}
    return {
        "kpis:detail": {"code": "friends"},
        "kpis:data": {"code": "friends"},
        "entries:detail": {"pk": town.draft.pk},
        "entries:withdraw": {"pk": town.submitted.pk},
        "entries:discard": {"pk": town.draft.pk},
        "entries:understand": {"series_id": town.month.friends.pk},
        "entries:month": {"department_code": "1010", "month": "2025-05"},
        "entries:confirm": {"department_code": "1010", "month": "2025-05"},
        "entries:take_back": {"department_code": "1010", "month": "2025-05"},
        "entries:answer": {"department_code": "1010", "month": "2025-05"},
        "entries:cells": {"department_code": "1010", "month": "2025-05"},
        "entries:year": {"department_code": "1010", "fiscal_year": 2025},
        "entries:year_cells": {"department_code": "1010", "fiscal_year": 2025},
        "entries:panel": cell,
        "entries:evidence_add": cell,
        "entries:evidence": {"pk": town.evidence.pk},
        "entries:evidence_remove": {"pk": town.evidence.pk},
        "approvals:decide": {"pk": town.submitted.pk},
        **{
            f"imports:{name}": {"pk": town.file and town.file.pk}
            for name in ("reading", "preview", "answer", "cancel", "other_way", "original")
        },
        "imports:template": {"department_code": "1010", "fiscal_year": 2025},
        "handover:prepare": {"pk": Assignment.objects.get(user=town.people["editor"]).pk},
        "handover:paper": {"pk": Handover.objects.get().pk},
        "owners:card": {"code": "friends", "department_id": town.month.friends.reportings.get().department_id},
        "deputies:cancel": {"pk": Deputy.objects.get().pk},
        "inquiries:detail": {"pk": town.asked and town.asked.inquiry_id},
        "inquiries:recipient": {"pk": town.asked and town.asked.pk},
        "inquiries:file": {"pk": town.asked and town.asked.pk},
        "inquiries:event_file": {"pk": AnswerEvent.objects.get().pk},
        "closing:end": {"pk": town.reopening.pk},
        "closing:year": {"fiscal_year": 2025},
        "closing:targets": {"fiscal_year": 2025},
        "closing:month": {"month": "2025-05"},
        "closing:close": {"month": "2025-05"},
        "closing:final": {"month": "2025-04"},
        "closing:reopen": {"month": "2025-04"},
        "initiatives:detail": {"code": "line"},
        "initiatives:progress": {"code": "line", "fiscal_year": 2024, "quarter": 4},
        "surveys:detail": {"code": "staff"},
        "surveys:data": {"code": "staff"},
        "reports:detail": volume,
        "reports:edit": volume,
        "reports:draft": volume,
        "reports:export": volume,
        "reports:section_edit": volume | {"pk": town.section.pk},
        "reports:edition_html": edition,
        "reports:edition_view": edition,
        "reports:edition_pdf": edition,
        "jobs:detail": {"pk": town.job.pk},
        "jobs:status": {"pk": town.job.pk},
        "jobs:retry": {"pk": town.job.pk},
    }


def _sent(town: Town) -> dict[str, dict[str, Any]]:
    """What a form sends when everything in it is right, by the name of its address; other addresses get nothing."""
    page = client_of(town, "editor").get(reverse("entries:month", kwargs=town.arguments["entries:month"]))
    volume = {
        "volume": 7, "title": "題名", "first_fiscal_year": 2024, "last_fiscal_year": 2024, "as_of": "2025-05-31",
        "issuer": "市", "contact": "課",
    }  # fmt: skip
    secret = {"old_password": "pass-word-123", "new_password1": "kaki-to-kuri-77", "new_password2": "kaki-to-kuri-77"}
    return {
        "login": {"username": "E001", "password": "pass-word-123"},
        "password_change": secret,
        "entries:month": {**fields_of(page), f"s{town.month.growth.pk}-typed": "5.1", "action": "submit"},
        "entries:cells": fields_of(page),
        "entries:panel": {"comment": "速報です", "seen_version": town.draft.version},
        "entries:evidence_remove": {"cell": f"{town.month.friends.pk}/2025-05"},
        "approvals:list": {"entry": f"{town.submitted.pk}:{town.submitted.version}"},
        "approvals:decide": {"action": "approve", "seen_version": town.submitted.version},
        "deputies:list": {
            "post": Assignment.objects.get(user=town.people["approver"]).pk,
            "deputy": town.people["viewer"].pk,
            "first": "2025-06-12",
            "last": "2025-06-13",
            "reason": "休暇",
        },
        "inquiries:create": {"title": "題", "text": "依頼", "contact": "課", "working_days": "5", "everyone": "on"},
        "inquiries:detail": {"action": "reply", "reply": "お知らせ"},
        "inquiries:recipient": {"action": "question", "question": "質問"},
        "initiatives:progress": {"action": "save", "seen_version": 0, "results": "窓口を増やした。"},
        "closing:close": {"final-confirmed": "on"},
        "closing:reopen": {
            "reopen-department": town.reopening.department_id,
            "reopen-reason": "誤り",
            "reopen-until": "2025-06-30",
            "reopen-replaces": "on",
        },
        "reports:create": volume | {"volume": 8},
        "reports:edit": volume,
        "reports:section_edit": {"title": "題", "lead": "", "body": "本文", "seen_version": town.section.version},
    }


def client_of(town: Town, who: str) -> Client:
    """A browser in which the person is signed in: once for all, for what a request does to the session is undone."""
    client = Client()
    if who in town.people:
        if who not in town.sessions:
            signing_in = Client()
            signing_in.force_login(town.people[who], backend="accounts.leaving.PostBackend")
            town.sessions[who] = signing_in.cookies[settings.SESSION_COOKIE_NAME].value
        client.cookies[settings.SESSION_COOKIE_NAME] = town.sessions[who]
    return client


def outcome(client: Client, method: str, url: str, sent: dict[str, Any] | None = None) -> str:
    """What the person gets, as the table writes it; whatever was done is undone."""
    with transaction.atomic():
        response = getattr(client, method.lower())(url, sent or {})
        if response.streaming:
            # Read to its end: closing it by hand would close the database's connection too.
            for _ in response.streaming_content:  # type: ignore[attr-defined]
                pass
        transaction.set_rollback(True)
    if response.status_code != 302:
        return str(response.status_code)
    target = resolve(response.url.partition("?")[0]).view_name
    asked = target in ("login", "admin:login") and "?next=" in response.url
    return "sign-in" if asked else f">{target}"
