"""進捗状況調書: written, handed in, decided on the route, corrected; shown where it belongs, and never silently replaced."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Assignment, Route, RouteStep, RouteUse
from approvals.conflict import Conflict
from initiatives import reporting
from initiatives.models import Initiative, ProgressRecord
from initiatives.quarters import Quarter, groups_of, quarters_until
from reports.figures import Figures
from reports.placeholders import check_text, resolve
from reports.references import UnknownFigure
from tests.conftest import person
from tests.kpis.conftest import june  # noqa: F401  a fixture
from tests.kpis.world import access

CONTENT = {
    "status": "running",
    "results": "窓口を3か所に増やした。",
    "issues": "",
    "next_steps": "5か所にする。",
    "cost": None,
    "effect": None,
}
Q4 = Quarter(2024, 4)


@pytest.fixture
def line(june, department) -> Initiative:  # noqa: F811
    return Initiative.objects.create(code="line", title="LINEの窓口", department=department)


@pytest.fixture
def handed_in(line, editor) -> ProgressRecord:
    return submitted(line, editor, Q4)


@pytest.fixture
def approved(handed_in, approver) -> ProgressRecord:
    return reporting.approve(handed_in, access=access(approver), seen_version=handed_in.version)


def submitted(initiative, editor, quarter, **content) -> ProgressRecord:
    written = reporting.save(
        initiative, quarter.fiscal_year, quarter.number, CONTENT | content, access=access(editor), seen_version=0
    )
    return reporting.submit(written, access=access(editor), seen_version=written.version)


def address(quarter: Quarter = Q4) -> str:
    return reverse("initiatives:progress", args=["line", quarter.fiscal_year, quarter.number])


def sent(action: str, version: int, **more: str) -> dict[str, str]:
    words = {name: value or "" for name, value in CONTENT.items()}
    return {**words, "action": action, "seen_version": str(version), **more}


def test_a_record_is_written_handed_in_and_approved_through_its_page(line, editor, approver, signed_in):
    page = signed_in(editor)
    assert page.post(address(), sent("submit", 0, cost="１,２００千円", effect="▲300")).status_code == 302
    record = ProgressRecord.objects.get()
    assert (record.state, record.cost, record.effect) == ("submitted", 1200, -300)
    assert page.get(address()).content.decode().count("1,200千円") == 1
    signed_in(approver).post(address(), {"action": "approve", "seen_version": record.version})
    record.refresh_from_db()
    assert (record.state, record.decided_by) == ("approved", approver)
    assert [event.action for event in record.events.all()] == ["saved", "submitted", "approved"]


def test_wrong_amounts_come_back_with_everything_typed(line, editor, signed_in):
    response = signed_in(editor).post(address(), sent("save", 0, cost="5万円", effect="1.5"))
    text = response.content.decode()
    assert response.status_code == 422
    assert "単位が違います" in text
    assert "整数で入力してください" in text
    assert 'value="5万円"' in text
    assert not ProgressRecord.objects.exists()


def test_without_a_status_what_was_written_is_kept_and_nothing_is_handed_in(line, editor, signed_in):
    response = signed_in(editor).post(address(), sent("submit", 0, status=""))
    assert response.status_code == 422
    assert "進捗状況を選んでください" in response.content.decode()
    record = ProgressRecord.objects.get()
    assert (record.state, record.results) == ("draft", CONTENT["results"])
    again = signed_in(editor).post(address(), sent("submit", record.version))
    assert again.status_code == 302


def test_who_was_slower_sees_both_texts_and_decides(line, editor, signed_in):
    reporting.save(line, 2024, 4, CONTENT | {"results": "先に書いた文"}, access=access(editor), seen_version=0)
    response = signed_in(editor).post(address(), sent("save", 0, results="後から書いた文"))
    text = response.content.decode()
    assert response.status_code == 422
    assert "先に書いた文" in text
    assert "後から書いた文" in text
    assert ProgressRecord.objects.get().results == "先に書いた文"
    assert signed_in(editor).post(address(), sent("save", 1, results="後から書いた文")).status_code == 302
    assert ProgressRecord.objects.get().results == "後から書いた文"


def test_a_returned_record_says_why_and_begins_its_route_anew(handed_in, editor, approver, signed_in):
    url = address()
    no_reason = signed_in(approver).post(url, {"action": "return", "seen_version": handed_in.version})
    assert "差し戻す理由を入力してください" in no_reason.content.decode()
    signed_in(approver).post(url, {"action": "return", "seen_version": handed_in.version, "reason": "数字を書く"})
    handed_in.refresh_from_db()
    assert handed_in.state == "returned"
    assert "数字を書く" in signed_in(editor).get(url).content.decode()


def test_what_is_handed_in_can_be_taken_back_until_it_is_approved(handed_in, editor, approver):
    drawn = reporting.withdraw(handed_in, access=access(editor), seen_version=handed_in.version)
    assert drawn.state == "draft"
    with pytest.raises(Conflict):
        reporting.approve(handed_in, access=access(approver), seen_version=handed_in.version)


def test_a_route_of_two_steps_is_kept_as_it_was_when_handed_in(line, editor, approver, department):
    checker = person("C001", "係長 春子", Assignment.Role.CHECKER, department, "係長")
    route = Route.objects.create(name="二段")
    RouteStep.objects.create(route=route, order=1, role="checker")
    RouteStep.objects.create(route=route, order=2, role="approver")
    RouteUse.objects.create(department=department, subject="progress", route=route)
    record = submitted(line, editor, Q4)
    route.steps.all().delete()
    with pytest.raises(PermissionDenied):
        reporting.approve(record, access=access(approver), seen_version=record.version)
    record = reporting.approve(record, access=access(checker), seen_version=record.version)
    assert record.state_label == "課長確認待ち（2／2）"
    assert reporting.approve(record, access=access(approver), seen_version=record.version).state == "approved"


def test_nobody_approves_what_they_wrote(line, approver, department):
    Assignment.objects.create(user=approver, department=department, role="editor", valid_from=date(2020, 4, 1))
    record = submitted(line, approver, Q4)
    with pytest.raises(ValidationError, match="自分が入力した調書"):
        reporting.approve(record, access=access(approver), seen_version=record.version)


def test_another_department_neither_reads_nor_writes(handed_in, other_editor, signed_in):
    assert signed_in(other_editor).get(address()).status_code == 403
    with pytest.raises(PermissionDenied):
        reporting.save(handed_in.initiative, 2025, 1, CONTENT, access=access(other_editor), seen_version=0)


def test_a_quarter_that_has_not_ended_is_not_asked_for(line, editor, signed_in):
    assert signed_in(editor).get(address(Quarter(2025, 1))).status_code == 404
    assert quarters_until(date(2025, 6, 10))[0] == Q4


def test_a_correction_needs_a_reason(approved, editor):
    with pytest.raises(ValidationError, match="訂正する理由"):
        reporting.reopen(approved, access=access(editor), reason=" ", seen_version=approved.version)
    reopened = reporting.reopen(approved, access=access(editor), reason="誤記", seen_version=approved.version)
    assert reopened.decided_by is None
    assert reopened.events.last().reason == "誤記"


def test_while_a_correction_is_written_what_was_approved_before_counts(line, editor, approver, signed_in):
    first = submitted(line, editor, Q4, cost=Decimal(1200))
    first = reporting.approve(first, access=access(approver), seen_version=first.version)
    approved_at = first.decided_at
    reopened = reporting.reopen(first, access=access(editor), reason="誤記", seen_version=first.version)
    changed = CONTENT | {"results": "窓口を4か所に増やした。", "cost": Decimal(900), "status": "done"}
    written = reporting.save(line, 2024, 4, changed, access=access(editor), seen_version=reopened.version)

    [shown] = ProgressRecord.objects.as_approved()
    assert (shown.results, shown.cost, shown.effect) == ("窓口を3か所に増やした。", Decimal(1200), None)
    assert (shown.get_status_display(), shown.decided_at.date()) == ("実施中", approved_at.date())
    text = "{{ progress:line.status }}：{{ progress:line.cost }}"
    assert resolve(text, Figures(date(2025, 3, 31))) == "実施中：1,200千円"
    reader = signed_in(editor)
    assert "窓口を3か所に増やした。" in reader.get(reverse("initiatives:timeline")).content.decode()
    assert "訂正中の調書です" in reader.get(address()).content.decode()

    handed = reporting.submit(written, access=access(editor), seen_version=written.version)
    reporting.approve(handed, access=access(approver), seen_version=handed.version)
    assert resolve(text, Figures(date(2025, 3, 31))) == "完了：900千円"
    assert "訂正中の調書です" not in reader.get(address()).content.decode()


def test_a_record_that_was_never_approved_counts_nowhere(handed_in):
    assert ProgressRecord.objects.as_approved() == []
    assert ProgressRecord.objects.newest_approved([handed_in.initiative_id]) == []


def test_the_list_tells_in_official_order_who_has_not_answered(
    handed_in, other_department, reform_office, editor, signed_in, django_assert_num_queries
):
    Initiative.objects.create(code="form", title="書かない窓口", department=other_department)
    groups = groups_of(Q4, access(reform_office))
    assert [(g.department.name, g.answered, g.missing) for g in groups] == [("情報政策課", 0, 0), ("市民課", 0, 1)]
    page = signed_in(editor)
    with django_assert_num_queries(6):  # session, user, posts; records, initiatives, who looked after them before
        text = page.get(reverse("initiatives:progress_list")).content.decode()
    assert "LINEの窓口" in text
    assert "書かない窓口" not in text


def test_only_approved_text_stands_on_the_initiatives_pages_and_in_the_file(handed_in, approver, viewer, signed_in):
    pages = [reverse("initiatives:detail", args=["line"]), reverse("initiatives:timeline")]
    reader = signed_in(viewer)
    assert all("窓口を3か所" not in reader.get(url).content.decode() for url in pages)
    reporting.approve(handed_in, access=access(approver), seen_version=handed_in.version)
    assert all("窓口を3か所" in reader.get(url).content.decode() for url in pages)
    content = reader.get(reverse("initiatives:progress_data")).content.decode()
    [row] = csv.DictReader(io.StringIO(content))
    assert (row["四半期"], row["進捗状況"], row["事業費（千円）"]) == ("4", "実施中", "")


def test_a_report_prints_the_newest_record_approved_for_its_as_of(approved, line, editor):
    text = "{{ progress:line.status }}：{{ progress:line.results }}"
    check_text(text)
    assert resolve(text, Figures(date(2025, 3, 31))) == "実施中：窓口を3か所に増やした。"
    with pytest.raises(UnknownFigure, match="承認済みの進捗状況調書がありません"):
        resolve(text, Figures(date(2025, 3, 30)))
    with pytest.raises(ValidationError, match="取組「lime」はありません。近いもの：line"):
        check_text("{{ progress:lime.results }}")


def test_a_text_nobody_wrote_is_told_before_the_report_is_printed(approved):
    with pytest.raises(UnknownFigure, match="課題に必要な値"):
        resolve("{{ progress:line.issues }}", Figures(date(2025, 3, 31)))


def test_what_was_typed_is_shown_where_a_colleague_handed_in_meanwhile(line, editor, department, signed_in):
    colleague = person("E009", "同僚 桜子", Assignment.Role.EDITOR, department, "主事")
    submitted(line, colleague, Q4)
    url = reverse("initiatives:progress", args=[line.code, Q4.fiscal_year, Q4.number])
    sent = {"action": "save", "seen_version": "0", "status": "running", "results": "わたしの入力した成果"}
    answer = signed_in(editor).post(url, sent)
    words = answer.content.decode()
    assert answer.status_code == 422
    assert "保存していない入力" in words
    assert "わたしの入力した成果" in words
    assert "提出した調書を引き戻す" in words


def test_a_reason_stays_where_the_record_moved_on_and_the_second_press_decides(handed_in, editor, approver, signed_in):
    seen = handed_in.version
    drawn = reporting.withdraw(handed_in, access=access(editor), seen_version=seen)
    reporting.submit(drawn, access=access(editor), seen_version=drawn.version)
    url = reverse("initiatives:progress", args=[handed_in.initiative.code, Q4.fiscal_year, Q4.number])
    chief = signed_in(approver)
    refused = chief.post(url, {"action": "return", "seen_version": seen, "reason": "数も書いてください。"})
    form = refused.context["page"].decision
    sent = {"seen_version": form["seen_version"].value(), "reason": form["reason"].value()}
    assert sent["reason"] == "数も書いてください。"
    assert chief.post(url, {"action": "return", **sent}).status_code == 302
    handed_in.refresh_from_db()
    assert handed_in.state == "returned"
