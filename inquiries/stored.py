"""The files of answers, for downloads and for the audit of stored files."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models.fields.files import FieldFile

from inquiries.models import AnswerEvent, Recipient
from kpis.summaries.audit.files import StoredFile, keeps_files


def stored_file(kept: Recipient | AnswerEvent) -> FieldFile:
    """The file of an answer, as it is or as it was when something happened to it."""
    if isinstance(kept, Recipient):
        return kept.file
    field = Recipient._meta.get_field("file")
    return FieldFile(kept.recipient, field, kept.file)


@keeps_files
def answer_files() -> Iterator[StoredFile]:
    """Of each answer, and of every earlier state of it."""
    for answer in Recipient.objects.exclude(file="").order_by("pk").iterator(1000):
        yield StoredFile(f"照会の回答 {answer.pk} の添付", answer.file, answer.file_sha256)
    told = set()
    events = AnswerEvent.objects.exclude(file="").select_related("recipient").order_by("pk")
    for event in events.iterator(1000):
        if (event.file, event.file_sha256) not in told and event.file != event.recipient.file.name:
            told.add((event.file, event.file_sha256))
            yield StoredFile(f"照会の回答の経過 {event.pk} の添付", stored_file(event), event.file_sha256)
