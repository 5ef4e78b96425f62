"""Takes files that were spoiled at random as far as the preview and the taking over: nothing half done may be left.

    python -m benchmarks.fuzz_imports             2,000 files, on a database of its own (SQLite in a temporary folder)
    python -m benchmarks.fuzz_imports 150 --seed 7
    python -m benchmarks.fuzz_imports --served    four hostile files at once to gunicorn

Every label of every table is read as the same figure, so that as much as possible is compared and refused. What may
come out: a refusal in a sentence, or a preview whose values are all there or not at all once it is taken over. Then
small files that unfold to much (benchmarks.hostile_files) are read as an upload is, each with what it cost.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import date

from benchmarks import hostile_files, hostile_uploads
from benchmarks.fuzz_uploads import originals, peak_memory, spoiled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, nargs="?", default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--served", action="store_true")
    options = parser.parse_args()
    if options.served:
        return hostile_uploads.main()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "DATABASE_URL": f"sqlite:///{folder}/fuzz.sqlite3",
            "MEDIA_ROOT": f"{folder}/media",
            "REDIS_URL": "",
            "DJANGO_SETTINGS_MODULE": "reform.settings",
        }
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        make_world()
        started = time.perf_counter()
        ended, problems = run(options.count, options.seed)
    for kind in ("csv", "xlsx", "xls", "ods"):
        told = ", ".join(f"{count} {word}" for (of, word), count in sorted(ended.items()) if of == kind)
        print(f"{kind:5} {told}")
    print(
        f"{time.perf_counter() - started:.0f} s; most memory {peak_memory() / 1e6:.0f} MB; anything else: {len(problems)}"
    )
    for problem in problems:
        print(f"  {problem}")
    hostile_files.main()
    sys.exit(1 if problems else 0)


def make_world() -> None:
    """One figure, and the person of 取りまとめ課 who takes the files over."""
    from accounts.models import Assignment, User
    from kpis.models import Kpi, Series

    kpi = Kpi.objects.create(code="fuzz", name="件数", unit="件", kind="flow", decimals=6)
    Series.objects.create(kpi=kpi, code="total", name="全体")
    user = User.objects.create_user("R1", "only-for-the-benchmark", name="取込 花子")
    Assignment.objects.create(user=user, role=Assignment.Role.REFORM_OFFICE, valid_from=date(2015, 4, 1))


def run(count: int, seed: int = 0) -> tuple[Counter[tuple[str, str]], list[str]]:
    """How the files ended by kind and word, and what ended in no permitted way."""
    ended: Counter[tuple[str, str]] = Counter()
    problems: list[str] = []
    sources = originals()
    for number in range(seed, seed + count):
        kind, data = spoiled(number, sources)
        try:
            ended[kind, outcome_of(number, kind, data)] += 1
        except Exception as error:
            problems.append(f"number {number} ({kind}): {type(error).__name__}: {error}"[:200])
    return ended, problems


def outcome_of(number: int, kind: str, data: bytes) -> str:
    """Takes a file as far as it goes. Raises where something half done is left."""
    from django.core.exceptions import ValidationError

    from accounts.access import Access
    from accounts.models import User
    from kpis.imports import apply_file, look_through, reading_of, receive
    from kpis.models import ImportedFile, Measurement, Revision

    access = Access(User.objects.get(employee_number="R1"), date(2026, 6, 10))
    before = (ImportedFile.objects.count(), Measurement.objects.count(), Revision.objects.count())
    try:
        file = receive(data, f"令和6年度_{number}.{kind}", access=access, department=None, records=True)
    except ValidationError:
        if (ImportedFile.objects.count(), Measurement.objects.count(), Revision.objects.count()) != before:
            raise RuntimeError("a refused file left something behind") from None
        return "refused"
    reading = reading_of(file, access=access)
    series = dict.fromkeys(reading.labels, "fuzz/total")
    said = replace(reading.mapping, series=series, month=date(2024, 4, 1), fiscal_year=2024, repeats="last")
    try:
        counts = look_through(file, reading_of(file, access=access, mapping=said), access=access)
    except ValidationError:
        return "not readable"
    news = counts.get("new", 0) + counts.get("changed", 0)
    try:
        taken = apply_file(file, access=access, note="測定", is_confirmed=True)
    except ValidationError:
        taken = 0
        if not counts.get("refused"):
            raise
    if Revision.objects.count() - before[2] != taken or taken not in (0, news):
        raise RuntimeError(f"{news} values were to be taken over, {taken} were")
    return "taken over" if taken else "previewed"


if __name__ == "__main__":
    main()
