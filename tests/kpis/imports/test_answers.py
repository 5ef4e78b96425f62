"""The checks' questions about a file are answered value by value, or once for those without an answer of their own."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse

from kpis.imports import answering, apply_file
from kpis.models import Entry, ImportedFile, Rule
from tests.kpis.imports.conftest import csv, sealed
from tests.kpis.world import access

APRIL, MAY = date(2025, 4, 1), date(2025, 5, 1)
TWO_DOUBTS = csv("年月,LINE友だち登録者数", "R7.3,90", "R7.4,110", "R7.5,120")


@pytest.fixture
def file(imported, world) -> ImportedFile:
    """Two values above what is usual, one below it."""
    Rule.objects.create(kpi=world.friends, kind="range", severity="soft", maximum=105)
    return imported(TWO_DOUBTS)


def line(file: ImportedFile, month: date) -> int:
    return file.lines.get(period=month).pk


def entries() -> dict[date, tuple[str, bool]]:
    return {e.period: (e.change_reason, e.is_confirmed) for e in Entry.objects.all()}


def test_each_value_keeps_its_own_answer(file, editor):
    answering.keep(file, {line(file, APRIL): "event", line(file, MAY): "confirmed"})
    apply_file(file, access=access(editor))
    assert entries() == {date(2025, 3, 1): ("", False), APRIL: ("event", False), MAY: ("", True)}


def test_the_answer_for_the_file_is_that_of_values_without_one(file, editor):
    answering.keep(file, {line(file, APRIL): "event"})
    with pytest.raises(ValidationError, match="いつもと違う値"):
        apply_file(file, access=access(editor))
    apply_file(file, access=access(editor), change_reason="system")
    assert (entries()[APRIL], entries()[MAY]) == (("event", False), ("system", False))


def test_an_answer_can_be_taken_back(file):
    answering.keep(file, {line(file, APRIL): "event"})
    answering.keep(file, {line(file, APRIL): ""})
    assert answering.unanswered(file).count() == 2


def test_a_value_nobody_asked_about_takes_no_answer(file):
    answering.keep(file, {line(file, date(2025, 3, 1)): "event"})
    assert file.lines.get(period=date(2025, 3, 1)).change_reason == ""


def test_lines_of_another_file_are_not_answered_with_it(file, imported):
    other = imported(TWO_DOUBTS, "ほか.csv")
    answering.keep(file, {line(other, APRIL): "event"})
    assert not other.lines.exclude(change_reason="").exists()


def test_after_taking_over_the_answers_stand(file, editor):
    answering.keep(file, {line(file, APRIL): "event", line(file, MAY): "event"})
    apply_file(file, access=access(editor))
    answering.keep(file, {line(file, APRIL): "system"})
    assert file.lines.get(period=APRIL).change_reason == "event"


def test_what_is_no_answer_is_passed_over():
    data = QueryDict("answer-1=event&answer-2=nonsense&answer-x=event&answer-%C2%B2=event&note=a&answer-3=")
    assert answering.sent(data) == {1: "event", 3: ""}


class TestPage:
    @pytest.fixture
    def page(self, client, editor, file):
        client.force_login(editor, backend="accounts.leaving.PostBackend")
        return lambda **data: client.post(reverse("imports:preview", args=[file.pk]), sealed(file, **data))

    def test_answers_are_sent_with_the_file(self, page, file):
        page(**{f"answer-{line(file, APRIL)}": "event", f"answer-{line(file, MAY)}": "confirmed", "note": ""})
        assert (entries()[APRIL], entries()[MAY]) == (("event", False), ("", True))

    def test_they_can_be_kept_before_and_stand_in_the_list(self, page, file, client):
        answer = page(**{f"answer-{line(file, APRIL)}": "event", "action": "answer", "note": "広報紙で周知"})
        assert answer.status_code == 200
        assert not Entry.objects.exists()
        shown = answer.text
        assert 'value="広報紙で周知"' in shown  # what was typed below stays
        assert "値はまだ何も変わっていません" in shown
        assert '<option value="event" selected>' in shown

    def test_what_was_answered_stays_when_something_else_is_missing(self, page, file):
        answer = page(**{f"answer-{line(file, APRIL)}": "event"})
        assert answer.status_code == 422
        assert '<option value="event" selected>' in answer.text
        assert not Entry.objects.exists()
