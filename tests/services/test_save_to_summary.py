"""Ten editors at once, with PostgreSQL, Redis and a worker: every summary follows, and none is wrong."""

from __future__ import annotations

import pytest

from benchmarks.save_to_summary import differences, run

pytestmark = pytest.mark.django_db(transaction=True)


def test_ten_editors_at_once_and_every_summary_follows(worker):
    assert len(run(editors=10, saves=2)) == 20
    assert differences() == 0
