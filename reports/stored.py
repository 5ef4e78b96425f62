"""The files of published editions, for the audit of stored files."""

from __future__ import annotations

from collections.abc import Iterator

from kpis.summaries.audit.files import StoredFile, keeps_files
from reports.models import Edition


@keeps_files
def edition_files() -> Iterator[StoredFile]:
    """HTML and PDF of every complete edition."""
    for edition in Edition.objects.newest():
        for kind in ("html", "pdf"):
            yield StoredFile(
                f"公表版「{edition}」の{kind.upper()}", getattr(edition, kind), getattr(edition, f"{kind}_sha256")
            )
