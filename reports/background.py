"""The report app's background work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse

from jobs.progress import Progress
from jobs.registry import JobError, handles
from reports.exporting import KIND, ExportError, export
from reports.models import Report


@handles(KIND, title="レポートの公表版の作成", repeatable=True)
def export_edition(
    progress: Progress, *, report_id: int, asked_at: str, author_id: int | None, post: str
) -> dict[str, Any]:
    """Makes the edition that somebody asked for; its result names the page to go on to."""
    report = Report.objects.filter(pk=report_id).first()
    if report is None:
        raise JobError("このレポートは削除されています。")
    author = get_user_model().objects.filter(pk=author_id).first() if author_id else None
    moment = datetime.fromisoformat(asked_at)
    try:
        edition = export(report, asked_at=moment, author=author, post=post, say=progress.report)
    except ExportError as error:
        raise JobError(str(error)) from error
    return {
        "edition": edition.pk,
        "number": edition.number,
        "url": reverse("reports:detail", args=[report.volume]),
        "link": f"{report} の公表版を見る",
    }
