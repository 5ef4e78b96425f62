"""A day as people write it: 令和6年4月1日, R6.4.1, 2024/4/1, 2024年4月1日, in letters of any width."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from japan.dates import DateError, parse_date


class DayField(forms.DateField):
    """A date field that reads every form of a day; one that reads as two days is refused, with both."""

    def to_python(self, value: Any) -> date | None:
        """Raises ValidationError with the sentence of japan.dates."""
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        try:
            return parse_date(value)
        except DateError as error:
            raise ValidationError(str(error), code="invalid") from error
