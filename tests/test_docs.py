"""README and docs say what is true: their links, pictures, commands and settings exist."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from reform import env
from tests.test_compose import SERVICES
from tests.test_environment import OUTSIDE_THE_APPLICATION

ROOT = settings.BASE_DIR
DOCUMENTS = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")])
#: Names in capitals that are no settings of ours.
OTHER_NAMES = {
    "UPDATE_PICTURES",  # tests/e2e/test_pictures.py
    "WALK_CITIES",  # tests/e2e/test_every_page.py
}


def text_of(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def code_in(document: Path) -> list[str]:
    """What stands in backticks or indented as a block: what a reader would type or look for."""
    text = text_of(document)
    return re.findall(r"`([^`\n]+)`", text) + re.findall(r"^    (.+)$", text, flags=re.MULTILINE)


each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


@each_document
def test_every_link_and_picture_leads_to_a_file(document):
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text_of(document).replace("（", "%28").replace("）", "%29"))
    inside = [target.replace("%28", "（").replace("%29", "）") for target in targets if "://" not in target]
    assert [target for target in inside if not (document.parent / target).resolve().is_file()] == []


@each_document
def test_every_picture_says_in_words_what_it_shows(document):
    assert [alt for alt in re.findall(r"!\[(.*?)\]", text_of(document)) if len(alt) < 10] == []


@each_document
def test_every_command_exists(document):
    known = set(get_commands())
    named = {name for code in code_in(document) for name in re.findall(r"manage\.py ([a-z_0-9]+)", code)}
    assert named - known == set()
    scripts = {name for code in code_in(document) for name in re.findall(r"(?<![\w/])(script/[a-z-]+)", code)}
    assert [name for name in scripts if not (ROOT / name).is_file()] == []


@each_document
def test_every_setting_is_one(document):
    named = {
        "".join(pair)
        for code in code_in(document)
        for pair in re.findall(r"(?:^|\s)([A-Z][A-Z_]{3,})(?:$|=)|\$([A-Z_]{4,})", code)
    }
    of_the_proxy = set(SERVICES["proxy"]["environment"])
    assert named - env.NAMES - OUTSIDE_THE_APPLICATION - of_the_proxy - OTHER_NAMES == set()


@each_document
def test_every_path_in_the_repository_exists(document):
    named = {
        path
        for code in code_in(document)
        for path in re.findall(
            r"^((?:docs|tests|kpis|reports|reform|accounts|templates|static|fixtures|japan|charts)/[\w./]*)$", code
        )
    }
    assert [path for path in named if not (ROOT / path).exists()] == []


@each_document
def test_no_folder_of_one_machine_is_named(document):
    assert re.findall(r"(?<![\w.:/])/(?:work|home|root|Users|tmp)/\S*", text_of(document)) == []


def test_every_document_is_in_the_index():
    index = text_of(ROOT / "docs/README.md")
    unlisted = [path for path in (ROOT / "docs").rglob("*.md") if f"({path.relative_to(ROOT / 'docs')})" not in index]
    assert unlisted == [ROOT / "docs/README.md"]


def test_the_backup_that_the_docs_tell_is_a_whole_database(tmp_path):
    [line] = [code for code in code_in(ROOT / "docs/operations.md") if "sqlite3.connect" in code]
    script = re.search(r'-c "(.+)"', line)[1]
    (tmp_path / "var").mkdir()
    with closing(sqlite3.connect(tmp_path / "var/reform.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE kpi (name)")
        database.execute("INSERT INTO kpi VALUES ('友だち登録者数')")
        database.commit()  # now in the file beside it only
        subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)
    with closing(sqlite3.connect(tmp_path / "backup.sqlite3")) as copy:
        assert copy.execute("SELECT name FROM kpi").fetchall() == [("友だち登録者数",)]


def test_the_services_that_the_docs_name_are_those_of_compose():
    services = set(yaml.safe_load(text_of(ROOT / "docker-compose.yml"))["services"])
    named = set(re.findall(r"docker compose exec ([a-z]+)", text_of(ROOT / "docs/operations.md")))
    assert named
    assert named <= services


def test_both_readmes_name_the_two_commands():
    for name in ("README.md", "README.ja.md"):
        commands = re.findall(r"^    (script/\w+)", text_of(ROOT / name), flags=re.MULTILINE)
        assert commands == ["script/server", "script/test"]


_SHORT_NAME = re.compile(r"^- \*\*([a-z-]+)\*\* `(tests/[\w/]+\.py)`$", re.MULTILINE)
_NAMED = re.compile(r"`(tests/[\w/]+\.py)`|`((?:test_|Test)\w+)`|([a-z-]+)(?= `(?:test_|Test))")


def named_tests_in(text: str) -> list[tuple[str, str]]:
    """Each test of the tables with the file it is said to be in; a file without one stands with ""."""
    files, found, current = dict(_SHORT_NAME.findall(text)), [], ""
    for path, test, short in _NAMED.findall(text.partition("## The rules")[2]):
        current = path or files.get(short, "" if short else current)
        found.append((current, test))
    return found


def test_every_test_that_the_rules_name_is_in_its_file():
    named = named_tests_in(text_of(ROOT / "docs/rules.md"))
    assert len({test for _, test in named}) > 150
    assert [pair for pair in named if not pair[0] or not is_in(*pair)] == []


def is_in(path: str, test: str) -> bool:
    source = (ROOT / path).read_text(encoding="utf-8")
    return not test or re.search(rf"^\s*(?:def|class) {test}\b", source, re.MULTILINE) is not None


def test_every_rule_has_its_tests():
    rules = re.findall(r"^\| (\d+) \|.*\| (.*) \|$", text_of(ROOT / "docs/rules.md"), re.MULTILINE)
    assert [int(number) for number, _ in rules] == [*range(1, 18), 19]
    assert all("`test" in tests for _, tests in rules)


def test_the_licence_is_here_and_named():
    assert text_of(ROOT / "LICENSE").startswith("MIT License\n")
    assert "MIT" in text_of(ROOT / "README.md")
