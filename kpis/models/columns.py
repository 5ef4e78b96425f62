"""What columns and rules are made of that Django does not have. Migrations name it by this module: it never moves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models

from japan.numbers import NumberError, check_digits
from japan.units import normalise_unit
from kpis.claims.published import read_published


class UnitField(models.CharField):
    """A unit in one spelling: ％ becomes %, full-width letters plain (japan.units.normalise_unit)."""

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        return normalise_unit(found) if isinstance(found, str) else found

    def get_prep_value(self, value: Any) -> Any:
        found = super().get_prep_value(value)
        return normalise_unit(found) if isinstance(found, str) else found

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class BaselineFirstDay(models.CheckConstraint):
    """A check that is asked only of a known period: PostgreSQL cannot take a day out of a bare NULL."""

    def validate(
        self, model: type[models.Model], instance: models.Model, exclude: Any = None, using: str = DEFAULT_DB_ALIAS
    ) -> None:
        if getattr(instance, "baseline_period", None) is not None:
            super().validate(model, instance, exclude=exclude, using=using)


def check_value_digits(value: Decimal) -> None:
    """Raises ValidationError where a value has more than 15 significant digits or 6 decimals."""
    try:
        check_digits(value)
    except NumberError as error:
        raise ValidationError(str(error), code="digits") from error


def check_published(text: str) -> None:
    """Raises ValidationError where a printed comparison cannot be read."""
    try:
        read_published(text)
    except ValueError as error:
        raise ValidationError(str(error), code="published") from error
