"""A file says while it is being read: one whose process died over it is never read again.

Otherwise each opening of its page would end the next process. What can be foreseen (limits, a reader that dies) is
refused by sheets; this is for what cannot.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.core.exceptions import ValidationError
from django.utils import timezone

from jobs.processes import Fate, fate_of, own_name
from kpis.models import ImportedFile

DIED = (
    "このファイルは、読み取りの途中で処理が止まったため、もう開きません。"
    "Excelで開き、必要なシートの値だけを新しいブックに貼り付けて保存し、そのファイルを取り込んでください。"
)
#: No reading takes so long: what began before it and has not ended never will, on whatever machine it was.
_LONGEST = timedelta(minutes=5)

#: What is kept of a process's name; one cut off is that of an unknown process.
_NAME = 120

Rest = ParamSpec("Rest")
Result = TypeVar("Result")


class Unreadable(ValidationError):
    """A kept file that cannot be read, now or ever: the message says which, and what to do."""


def being_read(
    read: Callable[Concatenate[ImportedFile, Rest], Result],
) -> Callable[Concatenate[ImportedFile, Rest], Result]:
    """Marks the file for as long as the function works on it. Raises Unreadable for a file that ended a process."""

    @wraps(read)
    def marked(file: ImportedFile, *rest: Rest.args, **named: Rest.kwargs) -> Result:
        own = ImportedFile.objects.filter(pk=file.pk, reading_since=None, unreadable="").update(
            reading_since=timezone.now(), reading_by=_process()
        )
        if not own:
            _refuse_what_ended_a_process(file)
        try:
            return read(file, *rest, **named)
        finally:
            if own:  # not where another page reads the same file just now
                ImportedFile.objects.filter(pk=file.pk).update(reading_since=None, reading_by="")

    return marked


def _refuse_what_ended_a_process(file: ImportedFile) -> None:
    state = ImportedFile.objects.filter(pk=file.pk).values("reading_since", "reading_by", "unreadable").first()
    if state is None:
        return
    if state["reading_since"] and _has_died(state["reading_by"], timezone.now() - state["reading_since"]):
        ImportedFile.objects.filter(pk=file.pk).update(unreadable=DIED, reading_since=None, reading_by="")
        state["unreadable"] = DIED
    if state["unreadable"]:
        raise Unreadable(state["unreadable"], code="unreadable")


def _process() -> str:
    return own_name()[:_NAME]


def _has_died(process: str, age: timedelta) -> bool:
    """Whether the process that began to read is gone; of one on another machine only the time tells."""
    return age > _LONGEST or fate_of(process) is Fate.DEAD
