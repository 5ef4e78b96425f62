"""組織改正 on a day: departments close and open, and everything that belongs to them follows."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.utils import timezone

from accounts.access import Access
from accounts.handing_over import takers
from accounts.models import Assignment, Department, Deputy, RouteUse, Succession
from approvals.queue import waiting_for
from initiatives import reporting
from initiatives.models import Initiative, ProgressRecord
from inquiries import answering
from inquiries.answering import ANSWERS
from inquiries.models import Inquiry, Recipient
from kpis.entries import approve, submit
from kpis.entries.sheet import sheet_of
from kpis.models import DefinitionChange, Entry, Kpi, OwnerCard, Reporting
from kpis.values.closed import close_month
from reform.handing_over import hand_over, preview_of
from tests.accounts.test_routing import route
from tests.conftest import person
from tests.kpis.reporting_world import draft, make_month, report
from tests.kpis.world import make_kpi, part, put

URL = "/reorganisation/"
MARCH, APRIL = date(2025, 3, 1), date(2025, 4, 1)


@pytest.fixture(autouse=True)
def middle_of_march():
    with time_machine.travel("2025-03-15 10:00 +0900"):
        yield


@pytest.fixture
def month(department):
    return make_month(department)


@pytest.fixture
def office(reform_office, signed_in):
    return signed_in(reform_office)


def plan(kind, *predecessors, **successors):
    form = {"kind": kind, "on": "2025-04-01", "predecessors": [each.pk for each in predecessors]}
    for place in range(4):
        form |= {f"to{place}-{name}": "" for name in ("code", "name", "short_name", "furigana", "parent", "order")}
    for place, (code, name) in enumerate(successors.items()):
        parent = predecessors[0].parent_id or ""
        row = {"code": code.removeprefix("c"), "name": name, "short_name": name[:4], "order": 20 + place}
        form |= {f"to{place}-{key}": value for key, value in (row | {"parent": parent}).items()}
    return form


def carry_out(client, form, **choices):
    preview = client.post(URL, form | {"action": "preview"})
    assert preview.status_code == 200, preview.context["form"].errors
    seal = preview.context["preview"].seal
    chosen = {f"choice-{key}": value for key, value in choices.items()}
    return client.post(URL, form | chosen | {"action": "save", "seal": seal, "confirmed": "on"})


def test_a_renamed_department_keeps_its_name_in_march_and_both_are_open_in_april(month, editor, department, office):
    assert carry_out(office, plan("rename", department, c1010="DX推進課")).status_code == 302
    new = Department.objects.get(name="DX推進課")
    department.refresh_from_db()
    assert (department.name, department.valid_to) == ("情報政策課", date(2025, 3, 31))
    assert Succession.objects.get().kind == "rename"
    assert len(sheet_of(department, MARCH)) == len(sheet_of(new, APRIL)) == 3
    assert sheet_of(department, APRIL) == sheet_of(new, MARCH) == []
    assert Access(editor, date(2025, 5, 31)).editor_department_ids == {department.pk, new.pk}
    assert set(editor.assignments.in_force(date(2025, 6, 1)).values_list("department", flat=True)) == {new.pk}


def test_march_s_draft_stays_with_the_old_department_and_april_s_goes_on_in_the_new(month, department, editor, office):
    march, april = (draft(month.friends, editor, "1", day) for day in (MARCH, APRIL))
    carry_out(office, plan("rename", department, c1010="DX推進課"))
    march.refresh_from_db()
    april.refresh_from_db()
    assert (march.department.name, april.department.name) == ("情報政策課", "DX推進課")


def test_the_history_of_what_goes_on_in_the_new_department_says_by_whose_act(
    month, department, editor, reform_office, office
):
    clerk = Access(editor, date(2025, 3, 15))
    line = Initiative.objects.create(code="line", title="LINEの窓口", department=department)
    words = dict.fromkeys(ProgressRecord.CONTENT, "") | {"cost": None, "effect": None}
    inquiry = Inquiry.objects.create(
        kind="one_off", title="照会", text="依頼", contact="課", due_on=date(2025, 4, 20), issued_at=timezone.now()
    )
    asked = Recipient.objects.create(inquiry=inquiry, department=department)
    begun = [
        draft(month.friends, editor, "1", APRIL),
        reporting.save(line, 2025, 1, words, access=clerk, seen_version=0),
        answering.save(asked, "120台", access=clerk, seen_version=1),
    ]
    carry_out(office, plan("rename", department, c1010="DX推進課"))
    for report_begun in begun:
        report_begun.refresh_from_db()
        event = report_begun.events.latest("pk")
        assert report_begun.department.name == "DX推進課"
        assert (event.action, event.reason, event.actor) == ("reorganised", "組織改正", reform_office)


def test_two_are_merged_with_their_people_figures_routes_and_cards(
    month, department, other_department, editor, other_editor, approver, office
):
    theirs = part(make_kpi("k9", "来庁者数", "人", "flow"))
    report(theirs, other_department)
    RouteUse.objects.create(department=department, subject="measurement", route=route("二段階", "checker", "approver"))
    card = OwnerCard.objects.create(
        kpi=theirs.kpi, department=other_department, owner=other_editor.assignments.get(), updated_at=timezone.now()
    )
    Deputy.objects.create(
        principal=approver.assignments.get(), deputy=editor, valid_from=APRIL, valid_to=date(2025, 4, 9), reason="出張"
    )
    carry_out(office, plan("merge", department, other_department, c1030="市民DX課"))
    new = Department.objects.get(name="市民DX課")
    assert {slot.series for slot in sheet_of(new, APRIL)} >= {theirs, month.friends}
    assert set(new.assignments.values_list("user__name", flat=True)) == {"入力 花子", "別課 次郎", "課長 太郎"}
    assert new.route_uses.get().route.name == "二段階"
    assert Deputy.objects.filter(principal__department=new, deputy=editor).exists()
    card.refresh_from_db()
    assert (card.department, card.owner.department) == (new, new)
    assert new.successions_in.count() == 2


def test_a_split_sends_each_figure_and_person_where_it_was_chosen(month, department, editor, approver, office):
    line = Reporting.objects.get(series=month.friends)
    mine = editor.assignments.get()
    form = plan("split", department, c1011="情報課", c1012="政策課")
    carry_out(office, form, **{f"reporting:{line.pk}": 1, f"post:{mine.pk}": 1})
    first, second = Department.objects.get(name="情報課"), Department.objects.get(name="政策課")
    assert [slot.series for slot in sheet_of(second, APRIL)] == [month.friends]
    assert month.friends not in [slot.series for slot in sheet_of(first, APRIL)]
    assert [post.user for post in second.assignments.all()] == [editor]
    assert [post.user for post in first.assignments.all()] == [approver]


def test_what_is_left_of_a_split_department_goes_to_the_one_chosen(department, editor, office):
    mine = editor.assignments.get()
    form = plan("split", department, c1011="情報課", c1012="政策課")
    carry_out(office, form, **{f"rest:{department.pk}": 1, f"post:{mine.pk}": 0})
    chosen = Succession.objects.filter(finishes_its_work=True).values_list("successor__name", flat=True)
    assert list(chosen) == ["政策課"]
    assert department.pk not in Access(editor, date(2025, 6, 1)).editor_department_ids  # of 情報課 now


def test_a_closed_month_keeps_who_reported_it(month, department, editor, reform_office, office):
    with time_machine.travel("2025-06-10 10:00 +0900"):
        office.force_login(reform_office)
        close_month(APRIL, access=Access(reform_office, date(2025, 6, 10)))
        page = office.post(URL, plan("rename", department, c1010="DX推進課") | {"action": "preview"}).content.decode()
        assert "令和7(2025)年4月分までは確定しているため" in page
        carry_out(office, plan("rename", department, c1010="DX推進課"))
    new = Department.objects.get(name="DX推進課")
    may = date(2025, 5, 1)
    assert len(sheet_of(department, APRIL)) == len(sheet_of(new, may)) == 3
    assert sheet_of(new, APRIL) == sheet_of(department, may) == []


def test_a_division_takes_its_departments_along(department, division, office):
    carry_out(office, plan("rename", division, c10="政策局"))
    [child] = Department.objects.filter(parent__name="政策局")
    department.refresh_from_db()
    assert (child.name, child.code, department.valid_to) == ("情報政策課", "1010", date(2025, 3, 31))
    assert child.successions_in.get().kind == "move"


def test_open_requests_follow_and_answers_handed_in_stay(department, other_department, office):
    inquiry = Inquiry.objects.create(
        kind="one_off", title="照会", text="依頼", contact="課", due_on=date(2025, 4, 20), issued_at=timezone.now()
    )
    Recipient.objects.create(inquiry=inquiry, department=department)
    Recipient.objects.create(inquiry=inquiry, department=other_department, state="submitted", answer="済")
    carry_out(office, plan("rename", department, c1010="DX推進課"))
    carry_out(office, plan("rename", other_department, c1020="くらし課"))
    assert set(inquiry.recipients.values_list("department__name", flat=True)) == {"DX推進課", "市民課"}


def test_an_answer_handed_in_before_is_decided_by_the_successors_chief_later(
    department, editor, approver, office, signed_in
):
    inquiry = Inquiry.objects.create(
        kind="one_off", title="照会", text="依頼", contact="課", due_on=date(2025, 4, 20), issued_at=timezone.now()
    )
    asked = Recipient.objects.create(inquiry=inquiry, department=department)
    clerk = Access(editor, date(2025, 3, 15))
    saved = answering.save(asked, "120台", access=clerk, seen_version=1)
    answering.submit(saved, access=clerk, seen_version=saved.version)
    carry_out(office, plan("rename", department, c1010="DX推進課"))
    with time_machine.travel("2025-06-02 10:00 +0900"):
        chief = Access(approver, date(2025, 6, 2))
        [waiting] = waiting_for(ANSWERS, chief)
        assert waiting.report == asked
        assert signed_in(approver).get(f"/inquiries/answers/{asked.pk}/").status_code == 200
        version = waiting.report.version
        assert answering.approve(waiting.report, access=chief, seen_version=version).state == "answered"


def test_the_preview_names_what_follows_and_saves_nothing(month, editor, department, office):
    page = office.post(URL, plan("rename", department, c1010="DX推進課") | {"action": "preview"}).content.decode()
    for words in ("担当割当　1件", "入力 花子", "LINE友だち登録者数", "令和7(2025)年5月31日まで残します"):
        assert words in page
    assert not Succession.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "merge"}, "2つ以上選び"),
        ({"kind": "split"}, "新しい所属を2つ以上"),
        ({"on": "2019-04-01"}, "設置日より後"),
        ({"to0-code": "1020"}, "別のコードを入れてください"),
        ({"to0-name": ""}, "名称を入力してください"),
        ({"on": ""}, "実施日を入力してください"),
    ],
)
def test_what_cannot_be_is_said_before_anything_changes(department, other_department, office, typed, said):
    answer = office.post(URL, plan("rename", department, c1010="DX推進課") | typed | {"action": "preview"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Succession.objects.exists()


def test_what_changed_since_the_preview_is_shown_again(department, office):
    form = plan("rename", department, c1010="DX推進課")
    seal = office.post(URL, form | {"action": "preview"}).context["preview"].seal
    person("E077", "新任 七子", "editor", department)
    answer = office.post(URL, form | {"action": "save", "seal": seal, "confirmed": "on"})
    assert "内容が変わりました" in answer.content.decode()
    assert "新任 七子" in answer.content.decode()
    assert not Succession.objects.exists()


def test_without_the_tick_nothing_is_done(department, office):
    answer = office.post(URL, plan("rename", department, c1010="DX推進課") | {"action": "save"})
    assert "確認の欄に印を付けてください" in answer.content.decode()
    assert not Succession.objects.exists()


def test_a_division_with_departments_is_not_split(department, division, office):
    answer = office.post(URL, plan("split", division, c11="東部", c12="西部") | {"action": "preview"})
    assert "課のある部は分割できません" in answer.content.decode()


def test_a_closed_department_is_not_offered_again(department, office):
    carry_out(office, plan("rename", department, c1010="DX推進課"))
    assert office.post(URL, plan("rename", department, c1010="別の課") | {"action": "preview"}).status_code == 422


def test_a_post_that_ends_with_the_year_does_not_follow(department, editor, office):
    Assignment.objects.filter(user=editor).update(valid_to=date(2025, 3, 31))
    carry_out(office, plan("rename", department, c1010="DX推進課"))
    assert not Assignment.objects.filter(department__name="DX推進課").exists()


def test_in_april_new_people_report_march_for_the_old_department(month, department, editor, approver, office):
    """The whole way: renamed on 1 April, the editor replaced, March handed over, reported and approved."""
    draft(month.friends, editor, "40000", MARCH)
    carry_out(office, plan("rename", department, c1010="DX推進課"))
    new = Department.objects.get(name="DX推進課")
    successor = person("E003", "後任 葉子", "editor", new, "主任")
    day = date(2025, 4, 10)
    giver, taker = editor.assignments.get(department=department), successor.assignments.get()
    assert taker in takers(giver, day)
    hand_over(giver, taker, note="", seal=preview_of(giver, taker, day).seal, access=Access(editor, day))
    theirs = Access(successor, day)
    assert theirs.editor_department_ids == {department.pk, new.pk}
    assert set(successor.assignments.in_force(date(2025, 6, 1)).values_list("department", flat=True)) == {new.pk}
    entry = Entry.objects.get(period=MARCH)
    assert entry.author == successor
    sent = submit(entry, access=theirs)
    assert approve(sent, access=Access(approver, day)).state == Entry.State.APPROVED
    assert (Entry.objects.get(pk=entry.pk).department, entry.series) == (department, month.friends)


@pytest.mark.parametrize(
    "typed",
    [
        {"to0-order": "9" * 11},
        {"to0-order": "9" * 30},
        {"on": "9999-12-31"},
        {"on": "0001-01-01"},
        {"choice-rest:1": "9" * 17},
        {"predecessors": ["9" * 30]},
        {"to0-parent": "9" * 30},
    ],
    ids=["order", "longer order", "last year", "first year", "choice", "department", "division"],
)
def test_a_crafted_form_is_answered_in_a_sentence(department, office, typed):
    form = plan("rename", department, c1010="DX推進課") | typed
    shown = office.post(URL, form | {"action": "preview"})
    assert shown.status_code in (200, 422)
    seal = getattr(shown.context.get("preview"), "seal", "x")
    if "choice" not in str(typed):
        answer = office.post(URL, form | {"action": "save", "seal": seal, "confirmed": "on"})
        assert answer.status_code == 422
    department.refresh_from_db()
    assert department.valid_to is None


def test_a_form_sent_twice_reorganises_once(department, office):
    form = plan("rename", department, c1010="DX推進課")
    preview = office.post(URL, form | {"action": "preview"})
    sent = form | {"action": "save", "seal": preview.context["preview"].seal, "confirmed": "on"}
    assert office.post(URL, sent).status_code == 302
    assert office.post(URL, sent).status_code == 422
    assert Department.objects.filter(name="DX推進課").count() == 1


def test_each_figures_history_says_which_department_took_over_and_why(
    month, department, other_department, reform_office, office
):
    kept, other, own = (make_kpi(code, code, "件", "flow") for code in ("kept", "other", "own"))
    Kpi.objects.filter(pk__in=[kept.pk, other.pk]).update(department=department)
    Kpi.objects.filter(pk=own.pk).update(department=other_department)
    put(kept, "2024-03", 5)  # relied on by a closed year: a person would be asked whether it is 訂正 or 遡及改定
    close_month(date(2024, 3, 1), access=Access(reform_office, date(2025, 3, 15)))
    carry_out(office, plan("split", department, c1110="DX課", c1130="統計課"), **{f"kpi:{other.pk}": 1})
    changes = DefinitionChange.objects.order_by("kpi__code")
    assert [(change.kpi.code, change.kind, change.reason, change.changes) for change in changes] == [
        ("kept", "change", "組織改正", [["所管所属", str(department), "DX課"]]),
        ("other", "change", "組織改正", [["所管所属", str(department), "統計課"]]),
    ]
    assert {(change.actor, change.post != "") for change in changes} == {(reform_office, True)}
