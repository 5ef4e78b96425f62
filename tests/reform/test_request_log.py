"""What the log says of a request: a number that the failure's page shows too, and refusals in one line."""

from __future__ import annotations

import logging
import re
from importlib import import_module

import pytest
from django.test import Client

from reform.request_log import NumberedLines

NUMBER = re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}")


@pytest.fixture(autouse=True)
def _numbered(caplog):
    """Lines pass the filter of the console before they are looked at."""
    caplog.handler.addFilter(numbered := NumberedLines())
    yield
    caplog.handler.removeFilter(numbered)


def test_the_number_on_the_page_of_a_failure_is_in_the_log(caplog, editor, monkeypatch) -> None:
    monkeypatch.setattr(import_module("reform.views.home"), "home_of", lambda *_: 1 / 0)
    client = Client(raise_request_exception=False)
    client.force_login(editor)
    page = client.get("/")
    assert page.status_code == 500
    [number] = NUMBER.findall(page.content.decode())
    [line] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert number in line.getMessage()
    assert line.exc_info is not None


@pytest.mark.parametrize(("address", "status"), [("/closing/", 403), ("/kpis/nothing-of-this-name/", 404)])
def test_a_refusal_is_one_line_without_a_traceback(caplog, signed_in, editor, address, status) -> None:
    assert signed_in(editor).get(address).status_code == status
    [line] = [record for record in caplog.records if getattr(record, "status_code", 0) == status]
    assert line.exc_info is None
    assert NUMBER.search(line.getMessage())


def test_each_request_has_a_number_of_its_own(caplog, signed_in, editor) -> None:
    client = signed_in(editor)
    for _ in range(2):
        client.get("/closing/", headers={"x-request-id": "CHOSEN"})
    numbers = {NUMBER.search(record.getMessage())[0] for record in caplog.records if hasattr(record, "status_code")}
    assert len(numbers) == 2
