"""The file as it was handed in is given back only while it is that file."""

from __future__ import annotations

from pathlib import Path

from django.urls import reverse

from tests.town import client_of


def ask(town):
    return client_of(town, "reform_office").get(reverse("imports:original", args=[town.file.pk]))


def test_the_file_comes_back_as_it_was(town):
    answer = ask(town)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == Path(town.file.file.path).read_bytes()


def test_a_file_that_was_changed_on_the_disk_is_not_given_out(town):
    stored = Path(town.file.file.path)
    before = stored.read_bytes()
    try:
        stored.write_bytes(before + b"x")
        answer = ask(town)
    finally:
        stored.write_bytes(before)
    assert answer.status_code == 500
    assert "登録したときのものと異なります" in answer.content.decode()
