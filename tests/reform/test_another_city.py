"""What is made for one city is never added to the data of another."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from accounts.loading import OUR_APPS
from accounts.models import Department
from kpis.models import Kpi


def rows() -> dict[str, int]:
    models = [model for app in OUR_APPS for model in apps.get_app_config(app).get_models()]
    return {model._meta.label: model._base_manager.count() for model in models}


def refused(command: str) -> str:
    before = rows()
    with pytest.raises(CommandError) as error:
        call_command(command, verbosity=0)
    assert rows() == before
    return str(error.value)


@pytest.mark.parametrize("command", ["load_vol5", "load_demo"])
def test_departments_of_another_city_are_left_alone(db: None, command: str) -> None:
    Department.objects.create(code="1", name="港湾課", short_name="港湾", order=1, valid_from=date(2020, 4, 1))
    assert "ほかの市のデータがあります。" in refused(command)


@pytest.mark.parametrize("command", ["load_vol5", "load_demo"])
def test_figures_of_another_city_are_left_alone(db: None, command: str) -> None:
    Kpi.objects.create(code="of-another-city", name="来館者数", unit="人", kind="flow")
    assert "ほかの市のデータがあります。" in refused(command)


@pytest.mark.parametrize("command", ["load_vol5", "load_demo"])
def test_the_second_city_stays_as_it_is(second_city: Any, command: str) -> None:
    assert "ほかの市のデータがあります" in refused(command)
