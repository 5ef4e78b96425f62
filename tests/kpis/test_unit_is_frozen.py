"""The size of a unit stays once values are stored: 円 never becomes 千円, which would multiply what is stored."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from kpis.models import Kpi
from tests.kpis.world import make_kpi, put


@pytest.mark.parametrize(("old", "new"), [("円", "千円"), ("千円", "円"), ("千円", "百万円"), ("人", "%"), ("%", "‰")])
def test_another_size_is_refused_once_there_are_values(db, old, new) -> None:
    kpi = make_kpi("money", "金額", old, "stock")
    Kpi(**{**_fields(kpi), "unit": new}).clean()  # no value yet
    put(kpi, "2025-05", 4)
    with pytest.raises(ValidationError) as refused:
        Kpi(**{**_fields(kpi), "unit": new}).clean()
    [sentence] = refused.value.message_dict["unit"]
    assert f"単位を「{old}」から「{new}」に変えられません" in sentence


@pytest.mark.parametrize(("old", "new"), [("人", "名"), ("人", "件"), ("%", "％"), ("千円", "千人")])
def test_another_name_of_the_same_size_is_taken(db, old, new) -> None:
    kpi = make_kpi("money", "金額", old, "stock")
    put(kpi, "2025-05", 4)
    Kpi(**{**_fields(kpi), "unit": new}).clean()


def _fields(kpi: Kpi) -> dict[str, object]:
    stored = Kpi.objects.get(pk=kpi.pk)
    return {field.attname: getattr(stored, field.attname) for field in Kpi._meta.concrete_fields}
