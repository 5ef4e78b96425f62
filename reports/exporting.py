"""Makes an edition: the snapshot is written down first, and both files are made from what was written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from kpis.models import Kpi
from kpis.summaries.freshness import not_settled
from kpis.summaries.recompute import recompute
from reports import rendering, snapshot
from reports.fonts import FontMissing
from reports.models import Edition, Report
from reports.moment import Overtaken, at_one_moment
from reports.pdf import Complaint
from reports.snapshot import SnapshotError

if TYPE_CHECKING:
    from accounts.models import User

#: The background work's kind.
KIND = "export_edition"


class ExportError(Exception):
    """An edition that could not be made; the message is a Japanese sentence for the person who asked."""


def export(
    report: Report,
    *,
    asked_at: datetime,
    author: User | None,
    post: str,
    say: Callable[[int, str], None] = lambda percent, step: None,
) -> Edition:
    """The edition asked for at a moment. Safe to run twice: the second run finishes the first one's edition.

    `say` hears how far it is (percent, Japanese step). Raises ExportError; then no edition remains.
    """
    say(5, "数値を集めています")
    edition = _begun(report, asked_at, author, post)
    if edition.is_complete:
        return edition
    try:
        created = timezone.localdate(edition.created_at).isoformat()
        files = rendering.render(edition.snapshot, created=created, say=say)
    except (SnapshotError, Complaint, FontMissing) as error:
        # Nothing was published: the next try reads the figures anew.
        edition.delete()
        raise ExportError(_explained(error)) from error
    say(95, "保存しています")
    return _finished(edition, files)


def _begun(report: Report, asked_at: datetime, author: User | None, post: str) -> Edition:
    """The edition with its snapshot and without files: the one of an earlier run, or a new one."""
    begun = report.editions.filter(created_at=asked_at).first()
    if begun is not None:
        return begun
    # A recomputation may still wait in the queue, or have failed: what is published is computed here, a KPI at a time,
    # so that nobody's approval waits for all of them.
    for kpi_id in Kpi.objects.order_by("pk").values_list("pk", flat=True):
        recompute(kpi_id)
    try:
        return at_one_moment(partial(_written_down, report, asked_at, author, post))
    except Overtaken as error:
        raise ExportError(
            "数値を集めている間に、ほかの方の承認や登録が続けて入りました。少し待ってから、もう一度作成してください。"
        ) from error
    except SnapshotError as error:
        raise ExportError(str(error)) from error


def _written_down(report: Report, asked_at: datetime, author: User | None, post: str) -> Edition:
    # One export of a report at a time takes the next number.
    report = Report.objects.select_for_update().get(pk=report.pk)
    begun = report.editions.filter(created_at=asked_at).first()
    if begun is not None:
        return begun
    for kpi_id in not_settled():
        recompute(kpi_id)
    content = snapshot.take(report)
    last = report.editions.aggregate(last=Max("number"))["last"] or 0
    return Edition.objects.create(
        report=report,
        number=last + 1,
        snapshot=content,
        snapshot_sha256=snapshot.checksum(content),
        created_at=asked_at,
        created_by=author,
        created_post=post,
    )


def _finished(edition: Edition, files: rendering.Files) -> Edition:
    """Stores the files under names that hold their checksums, so that no file is ever written over."""
    sums = {"html": hashlib.sha256(files.html).hexdigest(), "pdf": hashlib.sha256(files.pdf).hexdigest()}
    stem = f"vol{edition.report.volume}-{edition.number}"
    with transaction.atomic():
        for kind, data in (("html", files.html), ("pdf", files.pdf)):
            _store(getattr(edition, kind), f"{stem}-{sums[kind][:16]}.{kind}", data)
            setattr(edition, f"{kind}_sha256", sums[kind])
        # A twin that was faster has filled the row: an edition is written once.
        done = Edition.objects.filter(pk=edition.pk, pdf_sha256="").update(
            html=edition.html.name, html_sha256=sums["html"], pdf=edition.pdf.name, pdf_sha256=sums["pdf"]
        )
    if not done:
        edition.refresh_from_db()
    return edition


def _store(file: FieldFile, name: str, data: bytes) -> None:
    """Writes a file, unless a run that was killed after writing it has left the very same one."""
    path = file.field.generate_filename(file.instance, name)
    if file.storage.exists(path):
        with file.storage.open(path, "rb") as left:
            if left.read() == data:
                file.name = path
                return
    file.save(name, ContentFile(data), save=False)


def _explained(error: Exception) -> str:
    if isinstance(error, Complaint):
        return f"PDFの組版で問題が見つかったため、公表版を作成しませんでした。管理者に伝えてください：{error}"
    return str(error)
