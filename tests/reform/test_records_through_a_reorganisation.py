"""進捗状況調書 of a quarter that ended before a 組織改正: the department that looked after the initiative answers it."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from accounts.access import Access
from accounts.models import Department, User
from approvals import queue
from initiatives import reporting
from initiatives.models import Initiative
from initiatives.quarters import Quarter, groups_of
from initiatives.reporting import RECORDS
from inquiries.listing import waiting_for
from inquiries.models import Inquiry
from inquiries.regular import make_due_inquiries
from inquiries.reminding import waiting_by_person
from inquiries.standing import standings_of
from tests.initiatives.test_deciding_records import WORDS
from tests.reform.test_reorganisation import carry_out, plan

Q4 = Quarter(2024, 4)
IN_MARCH, IN_APRIL, IN_JUNE, IN_JULY = date(2025, 3, 15), date(2025, 4, 10), date(2025, 6, 2), date(2025, 7, 1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2025-03-15 10:00 +0900", tick=False) as moved:
        yield moved


@pytest.fixture
def line(department) -> Initiative:
    return Initiative.objects.create(code="line", title="LINEの窓口", department=department, status="running")


@pytest.fixture
def office(reform_office, signed_in):
    """Signs the office in anew each time: a session does not last from March to April."""
    return lambda: signed_in(reform_office)


def on(clock, day: date) -> None:
    clock.move_to(f"{day:%Y-%m-%d} 10:00 +0900")


def asked(month: date) -> dict[str, str]:
    """Who is asked for the records of a quarter, and how far each is."""
    inquiry = Inquiry.objects.get(kind="progress", month=month)
    today = date(2025, 4, 10) if month.month == 3 else date(2025, 7, 10)
    return {each.department.name: each.label for each in standings_of(inquiry.recipients.in_official_order(), today)}


def renamed(office, department) -> Department:
    assert carry_out(office(), plan("rename", department, c1010="DX推進課")).status_code == 302
    return Department.objects.get(name="DX推進課")


@pytest.mark.parametrize("asked_before", [False, True])
def test_the_old_department_answers_the_quarter_it_looked_after_and_the_new_one_the_next(
    line, department, editor, approver, office, clock, asked_before
):
    """Known in March, or found out on 10 April when the records had been asked for already."""
    if asked_before:
        on(clock, IN_APRIL)
        make_due_inquiries(IN_APRIL)
    renamed(office, department)
    on(clock, IN_APRIL)
    make_due_inquiries(IN_APRIL)
    assert asked(date(2025, 3, 1)) == {"情報政策課": "期限が近い"}
    clerk = Access(editor, IN_APRIL)
    written = reporting.save(line_now(line), 2024, 4, WORDS, access=clerk, seen_version=0)
    sent = reporting.submit(written, access=clerk, seen_version=written.version)
    assert (sent.department, asked(date(2025, 3, 1))) == (department, {"情報政策課": "確認待ち"})
    reporting.approve(sent, access=Access(approver, IN_APRIL), seen_version=sent.version)
    assert asked(date(2025, 3, 1)) == {"情報政策課": "回答済"}
    on(clock, IN_JULY)
    make_due_inquiries(IN_JULY)
    assert asked(date(2025, 6, 1)) == {"DX推進課": "期限が近い"}


def line_now(line: Initiative) -> Initiative:
    return Initiative.objects.get(pk=line.pk)


def test_what_nobody_began_is_still_asked_for_and_seen(line, department, editor, reform_office, office, clock):
    on(clock, IN_APRIL)
    make_due_inquiries(IN_APRIL)
    renamed(office, department)
    [group] = groups_of(Q4, Access(reform_office, IN_APRIL))
    assert (group.department, group.missing) == (department, 1)
    [mine] = groups_of(Q4, Access(editor, IN_APRIL))
    assert mine.department == department
    assert asked(date(2025, 3, 1)) == {"情報政策課": "期限が近い"}


def test_when_the_old_departments_people_report_no_more_the_successors_go_on(
    line, department, editor, reform_office, office, clock
):
    renamed(office, department)
    on(clock, IN_APRIL)
    make_due_inquiries(IN_APRIL)
    on(clock, IN_JUNE)
    clerk = Access(editor, IN_JUNE)
    User.objects.filter(pk=editor.pk).update(email="editor@city.example.lg.jp")
    assert [(user, [s.department for s in late]) for user, late in waiting_by_person(IN_JUNE)] == [
        (editor, [department])
    ]
    assert [group.department for group in groups_of(Q4, clerk)] == [department]
    assert [standing.department for standing in waiting_for(clerk, IN_JUNE)] == [department]
    written = reporting.save(line_now(line), 2024, 4, WORDS, access=clerk, seen_version=0)
    reporting.submit(written, access=clerk, seen_version=written.version)
    assert asked(date(2025, 3, 1)) == {"情報政策課": "確認待ち"}
    event = written.events.latest("pk")
    assert event.post == "DX推進課 主査（旧情報政策課）"


def test_what_was_handed_in_before_is_decided_taken_back_and_corrected_by_the_successors(
    line, department, editor, approver, office, clock, signed_in
):
    on(clock, IN_APRIL)
    renamed(office, department)
    clerk = Access(editor, IN_APRIL)
    written = reporting.save(line_now(line), 2024, 4, WORDS, access=clerk, seen_version=0)
    sent = reporting.submit(written, access=clerk, seen_version=written.version)
    on(clock, IN_JUNE)
    taken = reporting.withdraw(sent, access=Access(editor, IN_JUNE), seen_version=sent.version)
    sent = reporting.submit(taken, access=Access(editor, IN_JUNE), seen_version=taken.version)
    chief = Access(approver, IN_JUNE)
    assert [waiting.report for waiting in queue.waiting_for(RECORDS, chief)] == [sent]
    approved = reporting.approve(sent, access=chief, seen_version=sent.version)
    page = signed_in(editor).get("/initiatives/line/progress/2024-4/").content.decode()
    assert 'page-header__kicker">情報政策課' in page
    assert "訂正する" in page
    again = reporting.reopen(approved, access=Access(editor, IN_JUNE), reason="訂正", seen_version=approved.version)
    assert again.state == "draft"


def test_a_record_under_way_follows_its_initiative_through_a_split(line, department, editor, office, clock):
    on(clock, IN_JULY)
    written = reporting.save(line, 2025, 1, WORDS, access=Access(editor, IN_JULY), seen_version=0)
    form = plan("split", department, c1011="一課", c1012="二課") | {"on": "2025-06-01"}
    carry_out(office(), form, **{f"initiative:{line.pk}": 1})
    written.refresh_from_db()
    assert (written.department.name, line_now(line).department) == ("二課", written.department)


def test_in_the_middle_of_a_month_the_old_department_answers_and_the_page_names_the_new(
    line, department, office, clock
):
    on(clock, date(2025, 6, 20))
    carry_out(office(), plan("rename", department, c1010="DX推進課") | {"on": "2025-06-15"})
    assert "DX推進課" in office().get("/initiatives/line/").content.decode()
    on(clock, IN_JULY)
    make_due_inquiries(IN_JULY)
    assert asked(date(2025, 6, 1)) == {"情報政策課": "期限が近い"}


def test_of_two_that_are_merged_each_answers_its_own(line, department, other_department, office, clock):
    Initiative.objects.create(code="chat", title="チャット", department=other_department, status="running")
    carry_out(office(), plan("merge", department, other_department, c1030="市民DX課"))
    on(clock, IN_APRIL)
    make_due_inquiries(IN_APRIL)
    assert asked(date(2025, 3, 1)) == {"情報政策課": "期限が近い", "市民課": "期限が近い"}
    on(clock, IN_JULY)
    make_due_inquiries(IN_JULY)
    assert asked(date(2025, 6, 1)) == {"市民DX課": "期限が近い"}


def test_a_department_whose_initiatives_are_all_done_has_nothing_to_answer(line, department, editor, signed_in, clock):
    on(clock, IN_APRIL)
    make_due_inquiries(IN_APRIL)
    Initiative.objects.update(status="done")
    assert asked(date(2025, 3, 1)) == {"情報政策課": "対象なし"}
    recipient = Inquiry.objects.get(kind="progress").recipients.get()
    page = signed_in(editor).get(f"/inquiries/answers/{recipient.pk}/").content.decode()
    assert "回答するものはありません。" in page


def test_who_has_nothing_to_answer_is_not_counted(line, department, other_department, reform_office, signed_in, clock):
    chat = Initiative.objects.create(code="chat", title="チャット", department=other_department, status="running")
    on(clock, IN_APRIL)
    make_due_inquiries(IN_APRIL)
    Initiative.objects.filter(pk=chat.pk).update(status="done")
    client = signed_in(reform_office)
    assert "0／1所属" in client.get("/inquiries/").content.decode()
    inquiry = Inquiry.objects.get(kind="progress")
    assert "回答済　0／1所属" in client.get(f"/inquiries/{inquiry.pk}/").content.decode()


def test_the_initiatives_page_names_who_looks_after_it_today(line, department, office, clock):
    renamed(office, department)
    address = "/initiatives/line/"
    assert "情報政策課" in office().get(address).content.decode()
    on(clock, IN_APRIL)
    assert "DX推進課" in office().get(address).content.decode()
