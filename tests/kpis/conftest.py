"""The cast of KPIs."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tests.kpis.reporting_world import Month, make_month
from tests.kpis.world import World, make_world


@pytest.fixture
def world(department) -> World:
    """One KPI of each sort, reported by 情報政策課."""
    return make_world(department)


@pytest.fixture
def june() -> Iterator[None]:
    """It is 10 June 2025: May is the newest month to report, due on 13 June."""
    with time_machine.travel(datetime(2025, 6, 10, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo")), tick=True):
        yield


@pytest.fixture
def month(june, department) -> Month:
    """Three figures of 情報政策課 to report for May 2025."""
    return make_month(department)
