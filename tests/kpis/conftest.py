"""The cast of KPIs."""

import pytest

from tests.kpis.world import World, make_world


@pytest.fixture
def world(department) -> World:
    """One KPI of each sort, reported by 情報政策課."""
    return make_world(department)
