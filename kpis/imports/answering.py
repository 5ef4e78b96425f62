"""What a clerk answers to the checks, value by value: a 増減理由 or 確認済（入力誤りなし）."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from accounts.ids import is_id
from kpis.models import ImportedFile, ImportLine
from kpis.models.value import ChangeReason

if TYPE_CHECKING:
    from django.http import QueryDict

PREFIX = "answer-"
CONFIRMED = "confirmed"
_KNOWN = {"", CONFIRMED, *ChangeReason.values}


def sent(data: QueryDict) -> dict[int, str]:
    """The answers of a page by the line's id: a reason, "confirmed", or "" for that of the whole file."""
    found = {key.removeprefix(PREFIX): str(value) for key, value in data.items() if key.startswith(PREFIX)}
    return {int(key): value for key, value in found.items() if is_id(key) and value in _KNOWN}


def keep(file: ImportedFile, answers: Mapping[int, str]) -> None:
    """Keeps the answers with the lines they are about; a file that is taken over keeps those it was taken over with."""
    by_answer: dict[str, list[int]] = defaultdict(list)
    for pk, answer in answers.items():
        by_answer[answer].append(pk)
    with transaction.atomic():
        held = ImportedFile.objects.select_for_update().filter(pk=file.pk, state=ImportedFile.State.PREVIEWED)
        if not by_answer or not held.exists():
            return
        for answer, ids in by_answer.items():
            is_confirmed = answer == CONFIRMED
            asked_of(file).filter(pk__in=ids).update(
                is_confirmed=is_confirmed, change_reason="" if is_confirmed else answer
            )


def asked_of(file: ImportedFile) -> QuerySet[ImportLine]:
    """The lines that would change a value and that a check asks about."""
    return file.lines.filter(outcome__in=[ImportLine.Outcome.NEW, ImportLine.Outcome.CHANGED]).exclude(message="")


def unanswered(file: ImportedFile) -> QuerySet[ImportLine]:
    return asked_of(file).filter(change_reason="", is_confirmed=False)
