"""Forms whose messages stand at the field they speak of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import F, Q
from django.forms.fields import InvalidJSONInput

from japan.file_names import names_a_file

#: A source is printed beside the figures.
FILE_AS_SOURCE = (
    "出典には、ファイルの名前や保存場所ではなく、担当の所属か公表物の名前を入れてください"
    "（読む人に表示されます。例：令和6年度決算）。"
)


class JsonField(forms.JSONField):
    """Refuses in a sentence also what Python's reader gives up on: a number of 5,000 digits, a thousand brackets."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise ValidationError("JSONとして読めません。書き方を確かめてください。", code="invalid") from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return InvalidJSONInput(data)


class BackOfficeForm(forms.ModelForm):
    """Shows the message of a broken constraint at the field to mend; Django shows it above the form."""

    def clean(self) -> Any:
        cleaned = super().clean()
        if "source" in self.fields and names_a_file(self.cleaned_data.get("source") or ""):
            self.add_error("source", ValidationError(FILE_AS_SOURCE, code="file"))
        return cleaned

    def _update_errors(self, errors: ValidationError) -> None:
        if hasattr(errors, "error_dict"):
            staying = []
            for error in errors.error_dict.pop(NON_FIELD_ERRORS, []):
                field = self._field_of(error)
                errors.error_dict.setdefault(field, []).append(error) if field else staying.append(error)
            if staying:
                errors.error_dict[NON_FIELD_ERRORS] = staying
        super()._update_errors(errors)  # type: ignore[misc]  # django-stubs does not know it

    def _field_of(self, error: ValidationError) -> str:
        """The field of the form that a constraint with this message speaks of; "" when there is none."""
        for constraint in self._meta.model._meta.constraints:
            if constraint.violation_error_message in error.messages:
                shown = [name for name in _columns(constraint) if name in self.fields]
                return shown[0] if shown else ""
        return ""


def _columns(constraint: models.BaseConstraint) -> list[str]:
    """Its columns, the one a person would change first."""
    if isinstance(constraint, models.UniqueConstraint):
        return list(reversed(constraint.fields))
    if isinstance(constraint, models.CheckConstraint):
        return list(_names(constraint.condition))
    return []


def _names(condition: Any) -> Iterator[str]:
    if isinstance(condition, Q):
        for child in condition.children:
            yield from _names(child)
    elif isinstance(condition, tuple):
        name, value = condition
        yield name.split("__")[0]
        if isinstance(value, F):
            yield value.name  # type: ignore[attr-defined]  # django-stubs does not know it
