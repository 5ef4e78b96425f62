"""The scripts: their syntax, and that set-up does nothing when there is nothing to do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.conf import settings

from tests.chosen import ELSEWHERE, LEFT_OUT, LONG, OF_ONE_WORLD

ROOT = settings.BASE_DIR
SHELL_SCRIPTS = ["script/setup", "script/server", "script/test", "script/lock", "script/package-index"]


@pytest.mark.parametrize("script", SHELL_SCRIPTS)
def test_the_script_is_valid_posix_shell(script):
    shell = shutil.which("dash") or "sh"
    assert subprocess.run([shell, "-n", ROOT / script], check=False).returncode == 0


@pytest.mark.parametrize("script", [*SHELL_SCRIPTS[:4], "script/answers", "script/subjects", ".ci/run", "manage.py"])
def test_the_script_can_be_started(script):
    assert os.access(ROOT / script, os.X_OK)


@pytest.mark.parametrize("script", ["script/setup", "script/test"])
def test_an_unknown_option_is_refused_before_anything_is_done(script):
    answer = subprocess.run([ROOT / script, "--unknown"], capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert answer.stderr.startswith("usage:")


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("Count what is asked", ""),
        ("Count what is asked\n\nAs the law says.", ""),
        ("C" * 73, "73 characters"),
        ("count what is asked", "capital letter"),
        ("Count what is asked.", "full stop"),
        ("Count what is asked\nas the law says", "no blank line"),
    ],
)
def test_a_subject_that_is_no_line_of_a_table_of_contents_is_told(message, words, tmp_path):
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", tmp_path, "-c", "user.name=a", "-c", "user.email=a@b", *arguments], check=True)

    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "Begin")
    git("commit", "-q", "--allow-empty", "-m", message)
    told = subprocess.run(
        [ROOT / "script/subjects", "HEAD~1..HEAD"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert told.returncode == bool(words)
    assert words in told.stdout


def test_every_file_that_is_chosen_by_its_name_exists():
    """One that was renamed would run in all places, and last."""
    named = {*LONG, *LEFT_OUT, *(name.partition("::")[0] for name in ELSEWHERE), *set().union(*OF_ONE_WORLD.values())}
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_a_second_set_up_is_silent_and_needs_neither_network_nor_apt():
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "UV_DEFAULT_INDEX": "http://127.0.0.1:9/", "UV_OFFLINE": "1"}
    answer = subprocess.run(
        [ROOT / "script/setup", "--test"], capture_output=True, text=True, check=False, env=os.environ | nowhere
    )
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


TOOLS = ["openssl", "sh", "sed", "grep", "find", "head", "cat", "tr", "env", "dirname"]


@pytest.fixture
def bare_machine(tmp_path) -> Path:
    """A PATH on which redis-server and poppler's programs are missing, and on which everyone is root."""
    for tool in TOOLS:
        (tmp_path / tool).symlink_to(shutil.which(tool))
    _program(tmp_path / "id", "echo 0")
    _program(tmp_path / "chromium", "echo Chromium 1")
    return tmp_path


def _program(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def _set_up(machine: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", ROOT / "script/setup", "--test"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": str(machine), "HOME": str(machine)},
    )


def test_what_is_missing_is_installed_in_one_call(bare_machine):
    calls = bare_machine / "calls"
    appear = " && ".join(
        f"cp {bare_machine}/chromium {bare_machine}/{name}" for name in ("redis-server", "pdftotext", "pdftoppm")
    )
    (bare_machine / "cp").symlink_to(shutil.which("cp"))
    _program(bare_machine / "apt-get", f'echo "$*" >>{calls}; case "$*" in *install*) {appear} ;; esac')

    answer = _set_up(bare_machine)

    assert answer.returncode == 0, answer.stderr
    update, install = calls.read_text().splitlines()
    assert update.split()[-1] == "update"
    assert install.endswith(" redis-server poppler-utils")


def test_without_apt_one_line_in_each_language_names_what_to_install(bare_machine):
    answer = _set_up(bare_machine)
    assert answer.returncode == 1
    assert [line.split(": ")[1] for line in answer.stderr.splitlines()] == ["redis-server poppler-utils"] * 2


@pytest.mark.parametrize("name", ["setup", "app", "test"])
def test_the_lock_holds_hashes_and_no_address(name):
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    pinned = re.findall(r"^[\w.\[\],-]+==", text, flags=re.MULTILINE)
    assert pinned
    assert text.count("\n    --hash=sha256:") >= len(pinned)
    assert "://" not in text
    assert " @ " not in text


@pytest.mark.parametrize("name", ["setup", "app", "test"])
def test_the_lock_holds_every_package_that_is_asked_for(name):
    asked = (ROOT / f"requirements/{name}.in").read_text(encoding="utf-8").splitlines()
    names = [re.split(r"[\[<>=~]", line)[0].strip() for line in asked if line and not line.startswith(("#", "-"))]
    locked = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8").lower()
    assert [name for name in names if f"\n{name.lower()}==" not in f"\n{locked}"] == []


def test_import_linter_knows_every_package():
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = configuration["tool"]["importlinter"]["contracts"][0]["layers"]
    assert set(layers) == {file.parent.name for file in ROOT.glob("*/__init__.py")} - {"tests"}
    assert set(layers) <= set(configuration["tool"]["mypy"]["files"])
