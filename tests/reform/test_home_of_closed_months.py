"""ホーム asks for nothing of a closed month: what is left over is told apart, and is asked for again while it is open."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import Assignment
from kpis.entries import send_back
from kpis.models import Reporting
from kpis.values.closed import close_month, reopen
from reform.home import Home, home_of
from tests.conftest import person
from tests.kpis.conftest import june, month  # noqa: F401  fixtures
from tests.kpis.reporting_world import MONTH, draft, handed_in, report
from tests.kpis.world import access, make_kpi, part

LEFT_OVER = "は確定しました。残っている差戻し1件、一時保存1件は、提出できません。"


@pytest.fixture
def begun(month, editor, approver) -> None:  # noqa: F811
    """May of 情報政策課: one value sent back, one draft, one blank."""
    Reporting.objects.update(valid_from=MONTH)
    send_back(handed_in(month.friends, editor, "5"), access=access(approver), reason="桁を確かめてください。")
    draft(month.hours, editor, "6")


@pytest.fixture
def closed(begun, reform_office) -> None:
    close_month(MONTH, access=access(reform_office))


@pytest.fixture
def reopened(closed, department, reform_office) -> None:
    reopen(MONTH, department, reason="未提出のため", until=date(2025, 6, 20), access=access(reform_office))


def home(user) -> Home:
    return home_of(user, access(user), timezone.localdate())


def test_a_closed_month_is_no_task_and_what_is_left_over_is_told_in_one_line(closed, editor, signed_in):
    mine = home(editor)
    assert (mine.months, mine.unfinished, mine.is_quiet) == ([], [], True)
    text = signed_in(editor).get("/").content.decode()
    assert LEFT_OVER in text
    assert "一時保存 1件（まだ提出していません）" not in text
    assert "いま行うことはありません" in text


def test_open_again_it_is_a_task_again(reopened, editor, signed_in):
    mine = home(editor)
    assert [status.month for status in mine.months] == [MONTH]
    assert [(len(group.returned), group.drafts) for group in mine.unfinished] == [(1, 1)]
    assert LEFT_OVER not in signed_in(editor).get("/").content.decode()


def test_open_again_for_one_department_it_stays_closed_for_the_other(reopened, other_department, other_editor):
    report(part(make_kpi("visits", "来庁者数", "人", "flow")), other_department)
    Reporting.objects.update(valid_from=MONTH)
    assert home(other_editor).months == []


def test_a_month_of_years_ago_that_is_open_again_is_asked_for(month, department, editor, reform_office):  # noqa: F811
    long_ago = date(2023, 5, 1)
    Reporting.objects.update(valid_to=date(2023, 5, 31))
    for when in (long_ago, date(2023, 4, 1)):
        close_month(when, access=access(reform_office))
    reopen(long_ago, department, reason="誤り", until=date(2025, 6, 20), access=access(reform_office))
    assert [status.month for status in home(editor).months] == [long_ago]


def test_a_department_with_nothing_to_enter_is_not_sent_to_mend_the_month(closed, other_department, reform_office):
    clerk = person("E009", "市民 三郎", Assignment.Role.EDITOR, other_department)
    reopen(MONTH, other_department, reason="誤り", until=date(2025, 6, 20), access=access(reform_office))
    assert home(clerk).reopened == []


def test_the_office_is_told_who_left_values_over_and_that_nothing_is_waited_for(closed, reform_office, signed_in):
    text = signed_in(reform_office).get("/").content.decode()
    assert "まだ提出されていない値があります" not in text
    assert "令和7(2025)年5月分は確定しました。提出されないまま残った値があります：情報政策課 3件" in text


def test_the_office_waits_again_for_the_department_it_let_in(reopened, reform_office):
    office = home(reform_office).office
    assert office is not None
    assert [status.department.name for status in office.silent] == ["情報政策課"]
    assert office.left_over == []
