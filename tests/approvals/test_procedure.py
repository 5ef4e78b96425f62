"""What is true of every kind of report, whatever it is about: who decided, why it came back, who looks at it afterwards."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import date

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.access import Access
from accounts.models import Assignment, Deputy, RouteUse
from approvals.conflict import Conflict, Refused
from approvals.handover import hand_over_reports, reassign
from approvals.models import Action, Report
from approvals.procedure import Procedure
from approvals.queue import review, review_picked, waiting_for
from initiatives import reporting
from initiatives.models import Initiative
from initiatives.reporting import RECORDS
from inquiries import answering
from inquiries.answering import ANSWERS
from inquiries.models import Inquiry, Recipient
from kpis.entries import ENTRIES
from tests.accounts.test_routing import route
from tests.conftest import person
from tests.kpis import reporting_world
from tests.kpis.world import make_kpi, part

WORDS = {
    "status": "running",
    "results": "窓口を増やした。",
    "issues": "",
    "next_steps": "",
    "cost": None,
    "effect": None,
}


def now(user) -> Access:
    return Access(user, timezone.localdate())


def a_record(department, editor, number: int) -> Report:
    line = Initiative.objects.create(code=f"line{number}", title=f"窓口{number}", department=department)
    return reporting.save(line, 2024, 4, WORDS, access=now(editor), seen_version=0)


def an_answer(department, editor, number: int) -> Report:
    asked = Inquiry.objects.create(
        kind="one_off",
        title=f"照会{number}",
        text="依頼",
        contact="課",
        due_on=date(2025, 6, 20),
        issued_at=timezone.now(),
    )
    recipient = Recipient.objects.create(inquiry=asked, department=department)
    return answering.save(recipient, "120台", access=now(editor), seen_version=1)


def an_entry(department, editor, number: int) -> Report:
    series = part(make_kpi(f"k{number}", f"指標{number}", "件", "flow"))
    reporting_world.report(series, department)
    return reporting_world.draft(series, editor, "5")


#: With how many queries handing in and approving take, however many reports there are: posts, savepoints, the reports,
#: who wrote them, routes, new states, events; of a value also its series, the checks, months, what counts, and jobs.
KINDS = {
    "entry": (ENTRIES, an_entry, 15, 27),
    "record": (RECORDS, a_record, 9, 8),
    "answer": (ANSWERS, an_answer, 9, 8),
}


@pytest.fixture(params=KINDS.values(), ids=list(KINDS))
def kind(request) -> tuple[Procedure, Callable[..., Report], int, int]:
    return request.param


@pytest.fixture
def procedure(kind) -> Procedure:
    return kind[0]


@pytest.fixture
def write(kind, department, editor) -> Callable[..., Report]:
    """Writes another one, as somebody who enters for the department."""
    count = iter(range(9))
    return lambda user=editor: kind[1](department, user, next(count))


@pytest.fixture
def sent(procedure, write, editor) -> Report:
    return procedure.submit(write(), access=now(editor))


@pytest.fixture
def deputy(approver):
    today = timezone.localdate()
    user = person("D001", "補佐 三郎", "viewer", None, "課長補佐")
    post = approver.assignments.get()
    Deputy.objects.create(principal=post, deputy=user, valid_from=today, valid_to=today, reason="出張")
    return user


def actions(report: Report) -> list[str]:
    return list(report.events.order_by("pk").values_list("action", flat=True))


def test_who_decided_is_who_approved_last_and_no_step_before(procedure, write, department, editor, approver):
    RouteUse.objects.create(subject=procedure.subject, route=route("二段階", "checker", "approver"))
    checker = person("C001", "係長 五郎", "checker", department, "係長")
    sent = procedure.submit(write(), access=now(editor))
    confirmed = procedure.approve(sent, access=now(checker))
    assert (confirmed.decided_by, confirmed.decided_post, confirmed.decided_at) == (None, "", None)
    approved = procedure.approve(confirmed, access=now(approver))
    assert (approved.decided_by, approved.decided_post) == (approver, "情報政策課 課長")
    assert actions(approved) == ["saved", "submitted", "confirmed", "approved"]


def test_a_return_names_its_reason_and_who_in_the_event_alone(procedure, sent, approver):
    returned = procedure.send_back(sent, access=now(approver), reason=" 内訳も ")
    event = returned.events.get(action="returned")
    assert (event.reason, event.actor, event.post) == ("内訳も", approver, "情報政策課 課長")
    assert (returned.return_reason, returned.decided_by) == ("内訳も", None)


def test_what_came_back_twice_says_the_last_reason_and_once_handed_in_none(procedure, sent, editor, approver):
    procedure.send_back(sent, access=now(approver), reason="一度目")
    procedure.submit(sent, access=now(editor))
    returned = procedure.send_back(sent, access=now(approver), reason="二度目")
    assert returned.return_reason == "二度目"
    assert procedure.submit(sent, access=now(editor)).return_reason == ""


def test_the_act_itself_asks_who_looks_at_a_deputys_decision(procedure, sent, approver, deputy, reform_office):
    procedure.approve(sent, access=now(deputy))
    event = sent.events.get(action="approved")
    for nobody in (reform_office, deputy):
        with pytest.raises(PermissionDenied):
            review(procedure, [event], access=now(nobody))
        assert review_picked(procedure, [event.pk], now(nobody)) == 0
    assert review(procedure, [event], access=now(approver)) == 1
    with pytest.raises(ValidationError, match="済んでいます"):
        review(procedure, [event], access=now(approver))
    assert actions(sent)[-1:] == ["reviewed"]


def test_a_handover_is_noted_of_what_was_written_and_of_what_was_handed_in(
    procedure, sent, write, editor, department, reform_office
):
    begun, taker = write(), person("E010", "後任 十郎", "editor", department, "主事")
    hand_over_reports(procedure, editor.assignments.get(), taker.assignments.get(), now(reform_office))
    for report in (begun, sent):
        report.refresh_from_db()
        event = report.events.get(action="handed_over")
        assert (event.actor, event.reason) == (reform_office, "入力 花子から後任 十郎へ事務引継")
    assert (begun.author, begun.author_post, sent.author) == (taker, "情報政策課 主事", editor)


def test_another_department_goes_on_with_it_and_the_history_says_so(
    procedure, sent, approver, other_department, reform_office
):
    reassign(procedure, {sent: other_department}, access=now(reform_office), reason="担当の変更")
    sent.refresh_from_db()
    assert (sent.department, sent.events.latest("pk").action) == (other_department, Action.REASSIGNED)
    assert waiting_for(procedure, now(approver)) == []


def test_several_are_approved_together_or_none(procedure, sent, write, editor, approver):
    other = procedure.submit(write(), access=now(editor))
    with pytest.raises(Refused) as refused:
        procedure.approve_all({sent: sent.version, other: other.version - 1}, access=now(approver))
    [(pk, error)] = refused.value.errors.items()
    assert (pk, type(error), error.report) == (other.pk, Conflict, other)
    sent.refresh_from_db()
    assert sent.state == procedure.model.SUBMITTED
    done = procedure.approve_all({sent: sent.version, other: other.version}, access=now(approver))
    assert {report.state for report in done} == {procedure.model.APPROVED}


def test_what_one_wrote_oneself_stands_in_the_way_of_all(procedure, sent, write, department, editor, approver):
    Assignment.objects.create(user=approver, department=department, role="editor", valid_from=date(2019, 4, 1))
    own = procedure.submit(write(approver), access=now(editor))
    with pytest.raises(Refused) as refused:
        procedure.approve_all({sent: None, own: None}, access=now(approver))
    assert list(refused.value.errors) == [own.pk]


@pytest.mark.parametrize("count", [1, 5])
def test_more_reports_ask_no_more_of_the_database(kind, write, editor, approver, count, django_assert_max_num_queries):
    procedure, _, handing_in, approving = kind
    written = {write(): None for _ in range(count)}
    who, chief = now(editor), now(approver)
    with django_assert_max_num_queries(handing_in):
        sent = procedure.submit_all(written, access=who)
    with django_assert_max_num_queries(approving):
        procedure.approve_all(dict.fromkeys(sent), access=chief)


#: They write the states of other things: of an extension of a due date, and of a file.
OTHER_STATES = {"inquiries/extending.py", "kpis/imports/previewing.py", "kpis/imports/applying.py"}


def test_nobody_else_writes_how_far_a_report_is():
    written = {"state", "steps", "steps_passed", "submitted_at", "decided_by", "decided_post"}
    found = set()
    for app in ("initiatives", "inquiries", "kpis", "reform"):
        paths = [path for path in (settings.BASE_DIR / app).rglob("*.py") if "migrations" not in path.parts]
        for path in paths:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr in written:
                    found.add(str(path.relative_to(settings.BASE_DIR)))
    assert found == OTHER_STATES
