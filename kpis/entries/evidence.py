"""根拠資料: papers attached to a KPI's month. Checked by content, kept outside the web root, never deleted."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import ProhibitNullCharactersValidator
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Assignment, Department
from japan.file_kinds import FileRefused, kind_of
from japan.periods import Span
from japan.wareki import month_short
from kpis.models import Entry, Evidence, Kpi, Measurement, Reporting
from kpis.models.value import Missing
from kpis.values.closed import locks_of

if TYPE_CHECKING:
    from accounts.access import Access

NAME_LENGTH = 200
NOTE_LENGTH = 200


def attach(
    upload: UploadedFile, *, kpi: Kpi, department: Department, month: date, access: Access, note: str = ""
) -> Evidence:
    """Keeps a paper with a KPI's month. Raises ValidationError for a file that is not taken, PermissionDenied."""
    if not access.may_enter(department.pk):
        raise PermissionDenied
    limit = settings.EVIDENCE_MAX_MB
    if (upload.size or 0) > limit * 1024 * 1024:
        raise ValidationError(
            f"ファイルが大きすぎます（{limit}MBまで）。必要なページだけにして添付してください。", code="size"
        )
    if len(note) > NOTE_LENGTH:
        raise ValidationError(f"説明は{NOTE_LENGTH}字以内で入力してください。", code="length")
    ProhibitNullCharactersValidator()(note)  # PostgreSQL stores none
    _refuse_closed(department, month, access, "添付できません")
    content, name = upload.read(), shown_name(upload.name or "")
    try:
        kind = kind_of(content, name)
    except FileRefused as refused:
        raise ValidationError(str(refused), code="kind") from refused
    evidence = Evidence(
        kpi=kpi,
        department=department,
        month=month,
        name=name,
        content_type=kind.content_type,
        size=len(content),
        sha256=sha256(content).hexdigest(),
        note=note.strip(),
        uploaded_by=access.user,  # type: ignore[misc]
        uploaded_post=access.post_in(department.pk, Assignment.Role.EDITOR),
        uploaded_at=timezone.now(),
    )
    with transaction.atomic():  # the file goes when its row does not come
        # What people call it never becomes a path.
        evidence.file.save(f"{uuid4().hex}{kind.suffixes[0]}", ContentFile(content), save=True)
    return evidence


def is_closed(department: Department, month: date, access: Access) -> bool:
    lock = locks_of(department.pk, [month], access.on).get(month)
    return lock is not None and lock.is_locked


def _refuse_closed(department: Department, month: date, access: Access, what: str) -> None:
    """A closed month keeps its papers: the department has to be let in again."""
    if is_closed(department, month, access):
        raise ValidationError(
            f"{month_short(month)}分は確定しているため、資料を{what}。"
            "必要があるときは、取りまとめ課へ確定解除を依頼してください。",
            code="closed",
        )


def shown_name(name: str) -> str:
    """The last part of a name as people see it, without what could change how it reads (control and bidi marks)."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip(" .")
    stem, dot, suffix = clean.rpartition(".")
    return f"{stem[: NAME_LENGTH - len(suffix) - 1]}{dot}{suffix}" if dot else clean[:NAME_LENGTH]


def take_back(evidence: Evidence, *, access: Access) -> bool:
    """取下げ: no longer shown; the file and who attached it stay on record. False when it was taken back already."""
    if not access.may_enter(evidence.department_id):
        raise PermissionDenied
    _refuse_closed(evidence.department, evidence.month, access, "取り下げられません")
    removed = {
        "removed_by": access.user,
        "removed_post": access.post_in(evidence.department_id, Assignment.Role.EDITOR),
        "removed_at": timezone.now(),
    }
    return bool(Evidence.objects.filter(pk=evidence.pk, removed_at=None).update(**removed))


def listed(kpi: Kpi, departments: Iterable[Department], month: date) -> list[Evidence]:
    """The papers of a KPI's month, oldest first, with those that were taken back: those of the department a value is
    about, and of the office that registers it for everybody."""
    found = Evidence.objects.filter(kpi=kpi, department__in=departments, month=month)
    return list(found.select_related("uploaded_by", "removed_by").order_by("uploaded_at", "pk"))


def of_entry(entry: Entry) -> list[Evidence]:
    """The papers to read before an entry is decided: those of its department, and of the one its value is about."""
    mine = Q(department=entry.department_id) | Q(department__reportings__series=entry.series_id)
    shown = Evidence.objects.filter(mine, kpi=entry.series.kpi_id, month=entry.reported_with, removed_at=None)
    return list(shown.select_related("uploaded_by").order_by("uploaded_at", "pk").distinct())


def with_papers(entries: Collection[Entry]) -> set[int]:
    """Which of the entries have papers, by id (one query)."""
    if not entries:
        return set()
    rows = set(
        Evidence.objects.filter(
            kpi__in={entry.series.kpi_id for entry in entries},
            month__in={entry.reported_with for entry in entries},
            removed_at=None,
        ).values_list("kpi", "month", "department", "department__reportings__series")
    )
    own = {row[:3] for row in rows}
    about = {(row[0], row[1], row[3]) for row in rows}
    return {
        entry.pk
        for entry in entries
        if (entry.series.kpi_id, entry.reported_with, entry.department_id) in own
        or (entry.series.kpi_id, entry.reported_with, entry.series_id) in about
    }


def may_see(access: Access, evidence: Evidence) -> bool:
    """Those who may see what is reported; once a value counts, everybody who may see it: all who are signed in. A paper
    of a value that is withheld (非公開) stays with the former."""
    if access.may_see_entries(evidence.department):
        return True
    if not access.assignments:
        return False
    rows = Reporting.objects.in_force(evidence.month).filter(series__kpi=evidence.kpi_id).select_related("registrar")
    own = list(rows.filter(Q(department=evidence.department_id) | Q(registrar=evidence.department_id)))
    # What a department attached before another office came to register its value: that office decides about it.
    if any(access.may_see_entries(row.registrar) for row in own if row.registrar):
        return True
    reported = Measurement.objects.filter(
        series__in=[row.series_id for row in own], period=evidence.month, span=Span.MONTH
    )
    return reported.exists() and not reported.filter(missing_reason=Missing.WITHHELD).exists()
