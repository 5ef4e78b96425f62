"""From an approval to the summaries that managers see, with PostgreSQL, Redis and a real Celery worker.

    python -m tests.servers python -m benchmarks.save_to_summary [--editors 10] [--saves 10]

Ten editors at once: each types a value, hands it in, and its chief approves it, again and again, each for a figure of
their own. Measured is the time from the approval's commit until every summary of that figure says what its values give
(month and year), found by asking the database every 5 ms. The audit must agree at the end.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

LONG_AGO = date(2019, 4, 1)
TODAY = date(2026, 4, 10)
PATIENCE = 60.0
MONTHS = [date(2025, month, 1) for month in range(4, 13)] + [date(2026, month, 1) for month in (1, 2, 3)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--editors", type=int, default=10)
    parser.add_argument("--saves", type=int, default=10)
    options = parser.parse_args()
    from benchmarks.imports import set_up

    set_up("bench_latency")
    from django.core.management import call_command

    from tests.worker import celery_worker

    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder, celery_worker(Path(folder), Path(folder)):
        seconds = run(options.editors, options.saves)
    print(f"{options.editors} editors at once, {len(seconds)} approvals, {os.cpu_count()} cores")
    print(
        f"approval → summaries: median {median(seconds):.2f} s, p95 {percentile(seconds, 95):.2f} s, max {max(seconds):.2f} s"
    )
    wrong = differences()
    print(f"audit: {wrong} differences")
    sys.exit(1 if wrong else 0)


def percentile(values: list[float], percent: int) -> float:
    """The nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def run(editors: int, saves: int) -> list[float]:
    """The seconds of each approval; raises TimeoutError where summaries do not follow within PATIENCE."""
    from django.db import connections

    people = [make_editor(number) for number in range(editors)]
    begin = threading.Barrier(editors)

    def work(number: int) -> list[float]:
        try:
            begin.wait(30)
            return [save_and_wait(*people[number], number, step) for step in range(saves)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(editors) as pool:
        return [second for seconds in pool.map(work, range(editors)) for second in seconds]


def make_editor(number: int) -> tuple[int, int, int, int]:
    """A department with an editor, a chief and a monthly flow of its own: ids of series, department and both people."""
    from accounts.models import Assignment, Department, User
    from kpis.models import Kpi, Reporting, Series

    department = Department.objects.create(
        code=f"B{number:03}", name=f"第{number}課", short_name=f"{number}課", order=number, valid_from=LONG_AGO
    )
    kpi = Kpi.objects.create(code=f"bench{number}", name=f"件数{number}", unit="件", kind="flow", order=number)
    series = Series.objects.create(kpi=kpi, code="total", name="全体")
    Reporting.objects.create(series=series, department=department, valid_from=LONG_AGO)
    people = []
    for role in (Assignment.Role.EDITOR, Assignment.Role.APPROVER):
        user = User.objects.create_user(f"{role[:1]}{number}", "only-for-the-benchmark", name=f"職員{number}")
        Assignment.objects.create(user=user, department=department, role=role, valid_from=LONG_AGO)
        people.append(user.pk)
    return series.pk, department.pk, people[0], people[1]


def save_and_wait(series_id: int, department_id: int, editor_id: int, chief_id: int, number: int, step: int) -> float:
    from accounts.access import Access
    from accounts.models import User
    from kpis.entries import approve, save_draft, submit
    from kpis.values.statement import Slot, Statement

    month, value = MONTHS[step % len(MONTHS)], Decimal(1000 + 10 * number + step)
    editor, chief = (Access(User.objects.get(pk=pk), TODAY) for pk in (editor_id, chief_id))
    said = Statement(value=value, is_confirmed=True)
    entry = save_draft(Slot(series_id, month), said, access=editor, department_id=department_id)
    approve(submit(entry, access=editor), access=chief)
    started = time.perf_counter()
    while not summaries_follow(series_id, month, value):
        if time.perf_counter() - started > PATIENCE:
            raise TimeoutError(f"no summaries of series {series_id} within {PATIENCE} s")
        time.sleep(0.005)
    return time.perf_counter() - started


def summaries_follow(series_id: int, month: date, value: Decimal) -> bool:
    """Month and year say what the stored values give."""
    from django.db.models import Sum

    from kpis.models import Measurement, Series, Summary

    kpi_id = Series.objects.values_list("kpi", flat=True).get(pk=series_id)
    total = Measurement.objects.filter(series=series_id).aggregate(total=Sum("value"))["total"]
    found = dict(Summary.objects.filter(kpi=kpi_id, period__in=[month, date(2025, 4, 1)]).values_list("span", "value"))
    of_month = Summary.objects.filter(kpi=kpi_id, span="month", period=month).values_list("value", flat=True).first()
    return of_month == value and found.get("fiscal_year") == total


def differences() -> int:
    from kpis.models import Kpi
    from kpis.summaries.audit import audit

    return sum(len(list(audit(kpi))) for kpi in Kpi.objects.select_related("numerator", "denominator"))


if __name__ == "__main__":
    main()
