"""The security log of a day, read back: one JSON object a line, whole numbers and addresses, no password, no forged line."""

from __future__ import annotations

import json
import logging
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from accounts.back_office.access import follow_staff_flag
from accounts.security_log import MAX_LETTERS, JsonLines, SecurityFile, note
from tests.kpis.world import make_kpi

PASSWORD = "pass-word-123"
Lines = Callable[[], list[dict[str, str]]]


@pytest.fixture
def log_file(tmp_path) -> Path:
    return tmp_path / "logs" / "security.jsonl"


@pytest.fixture
def lines(log_file) -> Iterator[Lines]:
    handler = SecurityFile(str(log_file), delay=True)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("security")
    logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in log_file.read_text("utf-8").split("\n") if line]
    logger.removeHandler(handler)
    handler.close()


def sign_in(client, number: str, password: str = PASSWORD):
    return client.post("/login/", {"username": number, "password": password}, REMOTE_ADDR="10.1.2.3")


def test_a_day_at_the_door_is_read_back(client, editor, lines) -> None:
    sign_in(client, "E001", "wrong-secret-word")
    sign_in(client, "E001")
    client.post("/logout/")
    told = [(line["event"], line.get("number"), line.get("tried")) for line in lines()]
    assert told == [("sign_in_failed", None, "E001"), ("sign_in", "E001", None), ("sign_out", "E001", None)]
    assert {line["address"] for line in lines()[:2]} == {"10.1.2.3"}
    assert len({line["request"] for line in lines()}) == 3
    assert all(line["at"].endswith("+09:00") for line in lines())


def test_who_signs_out_in_the_back_office_is_noted_too(signed_in, reform_office, lines) -> None:
    follow_staff_flag(reform_office)
    assert signed_in(reform_office).post("/admin/logout/").headers["Location"] == "/login/"
    assert [line["event"] for line in lines()] == ["sign_out"]


def test_no_password_is_written(client, editor, lines, log_file) -> None:
    sign_in(client, "E001", "wrong-secret-word")
    sign_in(client, "E001")
    assert not [word for word in ("wrong-secret-word", PASSWORD) if word in log_file.read_text("utf-8")]


def test_a_locked_door_is_told_apart_from_a_wrong_password(client, editor, lines) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        sign_in(client, "E001", "wrong-secret-word")
    events = [line["event"] for line in lines()]
    assert events[0] == "sign_in_failed"
    assert events[-1] == "sign_in_locked"


@pytest.mark.parametrize("forged", ['E001\n{"event": "sign_in"}', "E001\r\nx", "E001\u2028x", "E001\x85x", "E" * 9_999])
def test_what_was_sent_as_a_number_forges_no_line(client, db, lines, log_file, forged) -> None:
    sign_in(client, forged)
    [line] = log_file.read_text("utf-8").splitlines()
    assert json.loads(line)["event"] == "sign_in_failed"
    assert len(json.loads(line)["tried"]) <= MAX_LETTERS


def test_every_file_that_leaves_is_noted_with_who_took_it(signed_in, viewer, lines) -> None:
    kpi = make_kpi("friends", "LINEの友だち", "人", "stock")
    signed_in(viewer).get(f"/kpis/{kpi.code}/data.csv")
    [line] = [line for line in lines() if line["event"] == "export"]
    assert (line["number"], line["path"]) == (viewer.employee_number, "/kpis/friends/data.csv")
    assert ".csv" in line["file"]


def test_only_its_owner_reads_the_file(lines, log_file) -> None:
    note("sign_in")
    assert stat.S_IMODE(log_file.stat().st_mode) == 0o600


def test_a_rotated_file_is_begun_anew(lines, log_file) -> None:
    note("sign_in")
    log_file.rename(log_file.with_suffix(".1"))
    note("sign_out")
    assert [line["event"] for line in lines()] == ["sign_out"]
    assert stat.S_IMODE(log_file.stat().st_mode) == 0o600
