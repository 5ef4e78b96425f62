"""Every table that can be downloaded goes through the one guard against cells that Excel would run.

Which texts the guard takes for formulas is held by tests/japan/test_csv_files.py; here it takes all of them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kpis.models import Revision
from kpis.values.recording import record
from tests.kpis.world import change, put
from tests.test_access import NAMES
from tests.town import client_of

XLSX = "spreadsheetml"
#: Who may make a table of cells: each asks japan.csv_files.runs_in_excel.
WRITERS = {"japan/csv_files.py", "kpis/imports/template.py", "accounts/back_office/files.py"}
_MAKES_A_TABLE = re.compile(r"csv\.(?:writer|DictWriter)\(|import Workbook|openpyxl\.Workbook|\.export\(\"(?:csv|xlsx)")
_NO_TEXT = re.compile(r"-?[0-9.,:T+\-]*(?:True|False)?")
TABLES = {
    "closing:changes_data",
    "closing:definitions_data",
    "closing:reopenings_data",
    "imports:template",
    "initiatives:data",
    "initiatives:progress_data",
    "kpis:data",
    "surveys:data",
}


def test_a_table_is_written_in_three_places_alone():
    root = Path(settings.BASE_DIR)
    apps = {path.parent for path in root.glob("*/__init__.py")} - {root / "tests", root / "benchmarks"}
    files = [path for app in apps for path in app.rglob("*.py")]
    found = {path.relative_to(root).as_posix() for path in files if _MAKES_A_TABLE.search(path.read_text())}
    assert found == WRITERS


@pytest.fixture
def everything_runs(monkeypatch):
    for module in ("japan.csv_files", "kpis.imports.template", "accounts.back_office.files"):
        monkeypatch.setattr(f"{module}.runs_in_excel", lambda text: True)


def unguarded(content: bytes, kind: str) -> list[str]:
    """The texts of a table that Excel would be free to run."""
    if XLSX not in kind:
        cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
        return [cell for cell in cells if not cell.startswith("'") and not _NO_TEXT.fullmatch(cell)]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    texts = [cell for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)]
    assert not any(cell.data_type == "f" for cell in texts)
    return [cell.value for cell in texts if not cell.quotePrefix and not cell.value.startswith("'")]


def test_every_table_that_a_page_gives_is_guarded(town, everything_runs):
    office = client_of(town, "reform_office")
    given = set()
    for name in NAMES:
        response = office.get(reverse(name, kwargs=town.arguments.get(name)), {"for": "excel"})
        kind = response.get("Content-Type", "")
        if "csv" in kind:
            assert response.content.startswith(b"\xef\xbb\xbf"), f"{name} is not written for Excel"
        if "csv" in kind or XLSX in kind:
            given.add(name)
            assert not [text for text in unguarded(response.content, kind) if not _is_our_own(text)], name
    assert given == TABLES


def _is_our_own(text: str) -> bool:
    """Codes (letters, digits, - and _), periods and the words of a choice, as the template to fill in holds them."""
    return bool(re.fullmatch(r"[A-Za-z0-9_\-]+|該当なし|集計中|非公開|導入前", text))


def exports(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from exports(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern) and (pattern.name or "").endswith("_export"):
            yield f"{namespace}{pattern.name}"


EXPORTS = sorted(set(exports(get_resolver())))


@pytest.mark.parametrize("name", EXPORTS)
def test_every_table_of_the_back_office_is_guarded(town, everything_runs, name):
    office = client_of(town, "reform_office")
    for number in ("0", "1"):
        response = office.post(reverse(name), {"format": number, "resource": "0"})
        assert response.status_code == 200
        kind = response["Content-Type"]
        assert "csv" in kind or XLSX in kind, response.content[:300]
        assert unguarded(response.content, kind) == []


def test_what_was_withheld_stands_in_no_table_for_those_who_do_not_report_it(town):
    kpi = town.month.friends.kpi
    put(kpi, "2025-03", 61_307)
    withheld = change(kpi, "2025-03", None, missing_reason="withheld")
    record([withheld], actor=None, post="", reason="試験", kind=Revision.Kind.CORRECTION)
    for who in ("viewer", "other_editor"):
        reader = client_of(town, who)
        for name in TABLES - {"imports:template"}:
            response = reader.get(reverse(name, kwargs=town.arguments.get(name)), {"fiscal_year": "2024"})
            text = response.content.decode()
            assert response.status_code == 200, name
            assert "61307" not in text.replace(",", ""), f"{name} for {who}"
    own = client_of(town, "editor").get(reverse("closing:changes_data")).content.decode()
    assert "61307" in own
