"""Opening the page on which a person says what each label of a file is: seconds, megabytes and queries.

    python -m benchmarks.import_page [--rows 1741] [--figures 131]

A workbook of as many rows as a statistics office's yearbook has, each with a label of its own and a fiscal year's months
across, is handed in by the office that may choose among all figures. A tenth of the labels name a figure, with 実績 or
a unit behind it; the others are like one (…前年比, 女性…) or like none. Measured are the first opening, the answer of
somebody who changed nothing, and the preview. The database is a SQLite file of its own, thrown away afterwards.

Measured on two shared cores (November 2026):

                                    a select for each label     one list for all
    1,741 rows, 131 figures         6.6 s   11.6 MB             0.5 to 1.2 s   0.3 MB
    1,741 rows, 1,741 figures         not measured              0.9 s          0.5 MB
"""

from __future__ import annotations

import argparse
import io
import os
import tempfile
import time
from datetime import date
from pathlib import Path

OTHER = ("{name}前年比", "女性{name}", "{name}目標", "{name}累計", "部署{n:04}の記録", "区分{n:04}／{n}番の内訳")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_741)
    parser.add_argument("--figures", type=int, default=131)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        set_up(Path(folder))
        make_world(options.figures)
        measure(options.rows, options.figures)


def set_up(folder: Path) -> None:
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'bench.sqlite3'}"
    os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark")
    os.environ["MEDIA_ROOT"] = str(folder)
    os.environ["ALLOWED_HOSTS"] = "testserver"
    os.environ["DJANGO_SETTINGS_MODULE"] = "reform.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def name_of(number: int) -> str:
    return f"窓口{number:03}の利用件数"


def make_world(figures: int) -> None:
    from accounts.models import Assignment, User
    from kpis.models import Kpi, Series

    kpis = Kpi.objects.bulk_create(
        Kpi(code=f"k{n}", name=name_of(n), unit="件", kind="flow", order=n) for n in range(figures)
    )
    Series.objects.bulk_create(Series(kpi=kpi, code="total", name="全体") for kpi in kpis)
    user = User.objects.create_user("R1", "only-for-the-benchmark", name="取込 花子")
    Assignment.objects.create(user=user, role=Assignment.Role.REFORM_OFFICE, valid_from=date(2015, 4, 1))


def workbook(rows: int, figures: int) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["令和6年度 窓口の実績"])
    sheet.append([])
    sheet.append(["区分", *[f"{month}月" for month in (*range(4, 13), 1, 2, 3)]])
    for number in range(rows):
        figure, turn = divmod(number, 10)
        if turn == 0 and figure < figures:
            label = f"{name_of(figure)}{('', '（件）', '（実績）')[figure % 3]}"
        else:
            label = OTHER[number % len(OTHER)].format(name=name_of(number % figures), n=number)
        sheet.append([label, *range(1_000 + number, 1_012 + number)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def measure(rows: int, figures: int) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment

    from accounts.models import User
    from jobs.dispatch import wait_for_thread

    client = Client()
    client.force_login(User.objects.get(), backend="accounts.leaving.PostBackend")
    upload = SimpleUploadedFile("実績.xlsx", workbook(rows, figures))
    began = time.perf_counter()
    answer = client.post("/imports/", {"file": upload, "target": "record"})
    print(f"handing in  {time.perf_counter() - began:6.2f} s  → {answer['Location']}")
    client.get(answer["Location"])  # templates are compiled once for a process
    began = time.perf_counter()
    queries: list[str] = []
    with connection.execute_wrapper(lambda execute, sql, *rest: queries.append(sql) or execute(sql, *rest)):
        page = client.get(answer["Location"])
    seconds, size = time.perf_counter() - began, len(page.content) / 1e6
    setup_test_environment()  # pages tell what they were made from; not while they are timed
    page = client.get(answer["Location"])
    named = sum(bool(code) for code in page.context["reading"].mapping.series.values())
    print(f"opening     {seconds:6.2f} s  {size:.2f} MB  {len(queries)} queries  {named} of {rows} labels proposed")
    sent = {field.html_name: field.value() for field in page.context["form"] if field.value() not in (None, "", [])}
    began = time.perf_counter()
    answer = client.post(answer["Location"], sent)
    print(f"answering   {time.perf_counter() - began:6.2f} s  → {answer.status_code} {answer.get('Location')}")
    wait_for_thread()


if __name__ == "__main__":
    main()
