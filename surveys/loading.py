"""Loads surveys from a data file: adds what is missing by natural key, overwrites nothing."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from surveys.models import Question, Result, Survey


@transaction.atomic
def load_surveys(rows: list[dict[str, Any]]) -> int:
    """Adds surveys with their questions and published percentages. Returns how many rows were new."""
    added = 0
    for row in rows:
        fields = ("name", "conducted_on", "conducted_wording", "population", "source")
        survey, new = Survey.objects.get_or_create(code=row["code"], defaults={name: row[name] for name in fields})
        added += new
        for order, (code, wording, percent) in enumerate(row["questions"], start=1):
            question, new = Question.objects.get_or_create(
                survey=survey, code=code, defaults={"wording": wording, "order": order}
            )
            added += new
            if new:
                Result.objects.create(question=question, label=wording, percent=percent, order=1)
    return added
