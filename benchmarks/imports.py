"""Fifty thousand values out of one file, through preview and saving, against django-import-export and a bare COPY.

    python -m tests.servers python -m benchmarks.imports [--rows 50000]

The file is CP932 with months in 令和, thousands with commas and negative numbers with ▲. Three times it is taken over:
all values new, all unchanged, all changed. Parsing (bytes to values) is timed apart from preview and saving. On the
same server, in the same run: django-import-export's own path (dry run with diffs, then the import) with the values
parsed already, and a bare COPY of the same rows into the tables of values and history. What counts are the ratios:
machines are noisy. Each part runs in a process of its own, whose greatest memory is told (VmHWM).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

SERIES = 500
FIRST = date(2017, 1, 1)
PARTS = ("import_export", "ours", "copy")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--part", choices=PARTS)
    options = parser.parse_args()
    if options.part:
        print(json.dumps(part(options.part, options.rows)))
        return
    found = {name: run_part(name, options.rows) for name in PARTS}
    print(report(found, options.rows))


def run_part(name: str, rows: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.imports", "--part", name, "--rows", str(rows)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
    return json.loads(answer.stdout.splitlines()[-1])


def part(name: str, rows: int) -> dict[str, float]:
    """Prepares an empty database of its own and measures one way."""
    set_up(f"bench_{name}")
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    make_world(rows)
    timings = {"import_export": through_import_export, "ours": through_ours, "copy": through_copy}[name](rows)
    return timings | {"memory_mb": greatest_memory()}


def set_up(name: str) -> None:
    """A database `name` on the server of DATABASE_URL, and Django on it."""
    import psycopg

    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = address.replace("/postgres?", f"/{name}?")
    os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark")
    os.environ["DJANGO_SETTINGS_MODULE"] = "reform.settings"
    import django

    django.setup()


def make_world(rows: int) -> None:
    """The figures the file is about, the person who takes it over."""
    from accounts.models import Assignment, User
    from kpis.models import Kpi, Series

    count = min(SERIES, rows)
    kpis = Kpi.objects.bulk_create(
        Kpi(code=f"k{n}", name=f"指標{n:04}", unit="件", kind="flow", order=n) for n in range(count)
    )
    Series.objects.bulk_create(Series(kpi=kpi, code="total", name="全体") for kpi in kpis)
    user = User.objects.create_user("R1", "only-for-the-benchmark", name="取込 花子")
    Assignment.objects.create(user=user, role=Assignment.Role.REFORM_OFFICE, valid_from=date(2015, 4, 1))


def months(count: int) -> Iterator[date]:
    for n in range(count):
        year, month = divmod(FIRST.year * 12 + FIRST.month - 1 + n, 12)
        yield date(year, month + 1, 1)


def amounts(rows: int, add: int = 0) -> Iterator[tuple[int, date, int]]:
    """(number of the series, month, value), every seventh below zero."""
    count = min(SERIES, rows)
    for month in months(rows // count):
        for n in range(count):
            value = 10_000 + n * 7 + month.month * 11 + add
            yield n, month, -value if n % 7 == 3 else value


def file_of(rows: int, add: int = 0) -> bytes:
    from japan.wareki import write_year

    lines = ["対象月,指標,件数"]
    for n, month, value in amounts(rows, add):
        shown = f"▲{-value:,}" if value < 0 else f"{value:,}"
        lines.append(f'{write_year(month)}年{month.month}月,指標{n:04},"{shown}"')
    return "\r\n".join(lines).encode("cp932")


# --- the three ways ----------------------------------------------------------------------------------------------
def through_ours(rows: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, add in (("new", 0), ("same", 0), ("changed", 5)):
        found |= {f"{name}_{step}": seconds for step, seconds in take_over(file_of(rows, add), name).items()}
    return found


def take_over(data: bytes, expected: str) -> dict[str, float]:
    """The seconds of parsing, preview and saving; checks that every value went the way it was expected to."""
    from accounts.access import Access
    from accounts.models import User
    from kpis.imports import apply_file, reading_of, receive
    from kpis.imports.mapping import layout_of
    from kpis.imports.matching import by_code, series_for
    from kpis.imports.periods import PeriodReader
    from kpis.imports.places import places_of
    from kpis.imports.previewing import preview
    from kpis.imports.reading import read_values

    access = Access(User.objects.get(), date(2026, 6, 10))
    seconds: dict[str, float] = {}
    with timed(seconds, "parse"):
        file = receive(data, "件数.csv", access=access, department=None, records=True)
        reading = reading_of(file, access=access)
        layout = layout_of(reading.found.table, reading.mapping, file.name)
        series = by_code(series_for(access, None))
        places = places_of(reading.found.table, layout)
        result = read_values(places, reading.mapping, series, periods=PeriodReader(reading.mapping, date(2026, 5, 1)))
    with timed(seconds, "preview"):
        counts = preview(file, result.values, result.refused, access=access)
    with timed(seconds, "save"):
        apply_file(file, access=access, note="測定", is_confirmed=True)
    rows = data.count(b"\r\n")
    if counts.get(expected) != rows or counts.get("refused"):
        raise SystemExit(f"expected {rows} {expected}, found {counts}")
    return seconds


def through_import_export(rows: int) -> dict[str, float]:
    """The library's usual way with a preview: a dry run with diffs, then the import; history is not even kept."""
    import tablib
    from import_export import resources

    from kpis.models import Measurement, Series

    class Plain(resources.ModelResource):
        class Meta:
            model = Measurement
            import_id_fields = ("series", "span", "period")
            fields = ("series", "span", "period", "value", "updated_at")
            skip_unchanged = True
            report_skipped = True
            use_transactions = True

    ids = list(Series.objects.order_by("pk").values_list("pk", flat=True))
    found: dict[str, float] = {}
    for name, add in (("new", 0), ("same", 0), ("changed", 5)):
        data = tablib.Dataset(headers=["series", "span", "period", "value", "updated_at"])
        for n, month, value in amounts(rows, add):
            data.append([ids[n], "month", month.isoformat(), str(Decimal(value)), "2026-06-10 00:00:00"])
        with timed(found, name):
            Plain().import_data(data, dry_run=True, raise_errors=True)
            Plain().import_data(data, dry_run=False, raise_errors=True)
    return found


def through_copy(rows: int) -> dict[str, float]:
    """The least that could be done: the rows into both tables, nothing looked at."""
    from django.db import connection, transaction

    from kpis.models import Series

    ids = list(Series.objects.order_by("pk").values_list("pk", flat=True))
    now, none = "2026-06-10 00:00:00+00", "\\N"
    values, history = [], []
    for number, (n, month, value) in enumerate(amounts(rows), start=1):
        said = f"{value}\t\tobserved\tf\tf\tf\tf\t{none}\t\t\tf\t\t"
        values.append(f"{number}\tmonth\t{month}\t{said}\t1\t{now}\t{ids[n]}\t{none}\n")
        history.append(f"month\t{month}\t{said}\t1\tfirst\t取込 花子\t\t取込み\t{now}\t{number}\t{none}\t{none}\n")
    said_columns = (
        "value, missing_reason, nature, is_derived, is_rounded, is_provisional, is_synthetic, as_of, as_of_wording, "
        "change_reason, is_confirmed, note, source"
    )
    seconds: dict[str, float] = {}
    with timed(seconds, "copy"), transaction.atomic(), connection.cursor() as cursor:
        into = f"COPY kpis_measurement (id, span, period, {said_columns}, version, updated_at, series_id, imported_file_id)"
        with cursor.copy(f"{into} FROM STDIN") as copy:
            copy.write("".join(values))
        columns = "version, kind, actor_name, post, reason, at, measurement_id, actor_id, imported_file_id"
        with cursor.copy(f"COPY kpis_revision (span, period, {said_columns}, {columns}) FROM STDIN") as copy:
            copy.write("".join(history))
    return seconds


# --- measuring ------------------------------------------------------------------------------------------------------
@contextmanager
def timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - started


def greatest_memory() -> float:
    """In MB (10**6 bytes), of this process alone."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1_000_000


def report(found: dict[str, dict[str, float]], rows: int) -> str:
    ours, theirs, copy = found["ours"], found["import_export"], found["copy"]["copy"]
    lines = [
        f"{rows:,} values, PostgreSQL",
        "",
        "              parse  preview   save   import-export  ratio   save / COPY",
    ]
    for name in ("new", "same", "changed"):
        parse, look, save = (ours[f"{name}_{step}"] for step in ("parse", "preview", "save"))
        ratio = theirs[name] / (look + save)
        lines.append(
            f"  {name:8} {parse:8.2f} {look:8.2f} {save:7.2f} {theirs[name]:13.1f} {ratio:8.1f} {save / copy:12.1f}"
        )
    lines += ["", f"COPY into both tables: {copy:.2f} s", f"greatest memory: {ours['memory_mb']:.0f} MB"]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
