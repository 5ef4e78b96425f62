"""The unit of a KPI, normalised wherever it is saved."""

from __future__ import annotations

from typing import Any

from django.db import models

from japan.units import normalise_unit


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
