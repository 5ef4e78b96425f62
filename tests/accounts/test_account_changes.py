"""Whoever's password, role or post was changed is told: at home, by mail, and in the security log."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.db import models

from accounts.account_changes import OPERATOR, telling
from accounts.back_office.access import follow_staff_flag
from accounts.models import AccountNotice, Assignment, Deputy, User
from accounts.personnel import apply, preview_of
from accounts.personnel.reading import Line
from jobs.models import Job
from kpis.entries import approve
from tests.conftest import person
from tests.kpis.reporting_world import handed_in, make_month
from tests.kpis.world import access

pytestmark = pytest.mark.usefixtures("june")
NEW = "kaki-to-kuri-77"


@pytest.fixture
def office(reform_office, signed_in):
    follow_staff_flag(reform_office)
    return signed_in(reform_office)


@pytest.fixture
def told(caplog):
    """The lines of the security log: event, about whom, what changed."""
    import logging

    logger = logging.getLogger("security")
    logger.addHandler(caplog.handler)
    yield lambda: [
        (record.getMessage(), record.facts.get("about"), record.facts.get("changes"))
        for record in caplog.records
        if record.name == "security" and "about" in record.facts
    ]
    logger.removeHandler(caplog.handler)


def notices(user) -> list[str]:
    return [notice.text for notice in AccountNotice.objects.filter(user=user)]


def inline(post: Assignment, **changed: str) -> dict[str, str]:
    row = {
        "id": str(post.pk),
        "user": str(post.user_id),
        "department": str(post.department_id or ""),
        "role": post.role,
        "kind": post.kind,
        "title": post.title,
        "valid_from": post.valid_from.isoformat(),
        "valid_to": "",
    } | changed
    total = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "1"}
    return {f"assignments-{name}": value for name, value in total.items()} | {
        f"assignments-0-{name}": value for name, value in row.items()
    }


def save_user(client, user, posts, **changed: str):
    form = {"employee_number": user.employee_number, "name": user.name, "is_active": "on"} | changed | posts
    return client.post(f"/admin/accounts/user/{user.pk}/change/", form)


def test_a_password_that_the_office_set_is_told_with_who_set_it(office, editor, told) -> None:
    form = {"usable_password": "true", "password1": NEW, "password2": NEW}
    office.post(f"/admin/accounts/user/{editor.pk}/password/", form)
    [notice] = AccountNotice.objects.filter(user=editor)
    assert notice.text == "パスワードが再設定されました。"
    assert notice.made_by == "改革 一郎"
    assert told() == [("password_set", "E001", None)]


def test_ones_own_change_is_told_too(signed_in, editor, told) -> None:
    form = {"old_password": "pass-word-123", "new_password1": NEW, "new_password2": NEW}
    signed_in(editor).post("/password/", form)
    assert notices(editor) == ["パスワードを変更しました。"]
    assert told() == [("password_changed", "E001", None)]


def test_a_password_set_from_the_terminal_is_told_too(editor, told, monkeypatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: NEW)
    call_command("changepassword", editor.employee_number, stdout=StringIO())

    editor.refresh_from_db()
    assert editor.check_password(NEW)
    notice = AccountNotice.objects.get()
    assert (notice.user, notice.made_by) == (editor, OPERATOR)
    assert notice.text == "パスワードが再設定されました。"
    assert [line[0] for line in told()] == ["password_set"]


def test_the_back_offices_own_page_leads_to_the_one_that_tells(office) -> None:
    new = {"old_password": "x", "new_password1": NEW, "new_password2": NEW}
    assert office.get("/admin/password_change/").headers["Location"] == "/password/"
    assert office.post("/admin/password_change/", new).headers["Location"] == "/password/"


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000])
def test_a_number_that_is_no_id_is_nobodys(office, number) -> None:
    assert office.post(f"/admin/accounts/user/{number}/change/", {}).status_code == 302
    assert office.post(f"/admin/kpis/kpi/{number}/change/", {}).status_code == 302


def test_a_changed_post_is_told_old_and_new(office, editor, told) -> None:
    save_user(office, editor, inline(editor.assignments.get(), valid_to="2025-07-31"))
    [text] = notices(editor)
    assert "変更：情報政策課 主査〔入力担当者〕" in text
    assert "令和7(2025)年7月31日まで" in text
    [(event, about, _)] = told()
    assert (event, about) == ("posts_changed", "E001")


def test_flags_are_told_and_what_did_not_change_is_not(office, editor, told) -> None:
    save_user(office, editor, inline(editor.assignments.get()))
    assert notices(editor) == []
    save_user(office, editor, inline(editor.assignments.get()), is_staff="on")
    assert notices(editor) == ["アカウントの設定が変わりました。管理画面の利用：できます。"]
    assert [event for event, _, _ in told()] == ["account_changed"]


def test_a_post_added_moved_or_taken_away_in_the_list_of_posts_is_told(office, editor, viewer) -> None:
    form = {"user": str(viewer.pk), "role": "reform_office", "kind": "concurrent", "valid_from": "2025-06-01"}
    office.post("/admin/accounts/assignment/add/", form)
    assert "追加：取りまとめ課" in notices(viewer)[0]
    added = viewer.assignments.get(role="reform_office")
    office.post(
        "/admin/accounts/assignment/",
        {"action": "delete_selected", "_selected_action": [str(added.pk)], "post": "yes"},
    )
    assert "取消：取りまとめ課" in notices(viewer)[0]
    assert notices(editor) == []


def test_posts_taken_away_with_all_of_the_list_are_told(office, viewer, editor) -> None:
    spare = Assignment.objects.create(user=viewer, role="viewer", title="参事", valid_from=date(2030, 4, 1))
    ticked = Assignment.objects.get(user=editor)
    all_of_them = {"action": "delete_selected", "_selected_action": [ticked.pk], "select_across": "1", "post": "yes"}
    office.post("/admin/accounts/assignment/", all_of_them)
    assert not Assignment.objects.filter(pk=spare.pk).exists()
    assert "取消：" in notices(viewer)[-1]


def test_the_personnel_list_tells_everybody_whose_posts_changed(editor, approver, department) -> None:
    line = Line(2, editor.employee_number, editor.name, department.code, "主任", "editor", "regular", date(2025, 6, 1))
    apply(preview_of([line]).lines)
    [notice] = AccountNotice.objects.filter(user=editor)
    assert "主任" in notice.text
    assert notice.made_by == OPERATOR
    assert notices(approver) == []


def test_the_home_page_shows_it_until_it_is_read(office, signed_in, editor, viewer) -> None:
    with telling([editor.pk], by="改革 一郎"):
        User.objects.filter(pk=editor.pk).update(is_staff=True)
    page = signed_in(editor).get("/")
    [notice] = page.context["home"].notices
    assert "変更した人：改革 一郎" in page.content.decode()
    signed_in(viewer).post("/notices/read/", {"notice": notice.pk})
    assert len(signed_in(editor).get("/").context["home"].notices) == 1
    signed_in(editor).post("/notices/read/", {"notice": [notice.pk, "x", "٣", "9" * 30, "9" * 5000]})
    assert signed_in(editor).get("/").context["home"].notices == []
    assert AccountNotice.objects.count() == 1


def test_the_mail_goes_to_the_old_and_the_new_address(settings, editor, finish_jobs) -> None:
    settings.MAIL_IS_SET = True
    User.objects.filter(pk=editor.pk).update(email="old@example.lg.jp")
    with finish_jobs(), telling([editor.pk]):
        User.objects.filter(pk=editor.pk).update(email="new@example.lg.jp")
    assert sorted(message.to for message in mail.outbox) == [["new@example.lg.jp"], ["old@example.lg.jp"]]
    assert "心当たりがないときは" in mail.outbox[0].body


def test_without_an_address_no_mail_is_asked_for(editor) -> None:
    with telling([editor.pk]):
        User.objects.filter(pk=editor.pk).update(is_staff=True)
    assert not Job.objects.filter(kind="account_notice_mail").exists()


class TestUsedPosts:
    """A post under which something was done is ended, never deleted, moved or dated back."""

    @pytest.fixture
    def month_of_own(self, department):
        return make_month(department)

    @pytest.fixture
    def used(self, month_of_own, editor, approver):
        month = month_of_own
        approve(handed_in(month.friends, editor, "40000"), access=access(approver))
        return editor.assignments.get()

    @pytest.mark.parametrize(
        "changed",
        [
            {"DELETE": "on"},
            {"valid_from": "2025-06-11"},
            {"role": "approver"},
            {"title": "主任"},
            {"kind": "acting"},
        ],
        ids=["deleted", "begun after", "another role", "another title", "another kind"],
    )
    def test_it_keeps_its_days_and_role(self, used, office, editor, changed) -> None:
        answer = save_user(office, editor, inline(used, **changed))
        assert answer.status_code == 200
        said = "令和7(2025)年6月10日から令和7(2025)年6月10日までに登録や承認などが行われています（最後は令和7(2025)年6月10日の「実績値の登録」）"
        assert said in answer.content.decode()
        before = (used.valid_from, used.valid_to, used.role, used.post)
        used.refresh_from_db()
        assert (used.valid_from, used.valid_to, used.role, used.post) == before

    def test_it_is_not_ended_before_the_last_act_which_is_named(self, used, office, editor) -> None:
        answer = save_user(office, editor, inline(used, valid_to="2025-06-09")).content.decode()
        assert (
            "令和7(2025)年6月10日に「実績値の登録」が行われています。終了日は、令和7(2025)年6月10日以後の日付にしてください。"
            in answer
        )
        used.refresh_from_db()
        assert used.valid_to is None

    def test_what_a_deputy_decided_in_its_place_holds_it_too(self, month_of_own, office, approver, editor) -> None:
        deputy = person("D001", "代決 次郎", "viewer", None, "部長")
        post = approver.assignments.get()
        Deputy.objects.create(
            principal=post, deputy=deputy, valid_from=date(2025, 6, 9), valid_to=date(2025, 6, 13), reason="出張"
        )
        approve(handed_in(month_of_own.friends, editor, "40000"), access=access(deputy))
        answer = save_user(office, approver, inline(post, valid_to="2025-06-09")).content.decode()
        assert "令和7(2025)年6月10日に「回答の承認」が行われています" in answer

    def test_an_unused_one_may_still_be_called_something_else(self, office, editor) -> None:
        post = editor.assignments.get()
        assert save_user(office, editor, inline(post, title="主任")).status_code == 302
        post.refresh_from_db()
        assert post.title == "主任"

    def test_a_list_of_its_first_day_leaves_the_title_under_which_something_was_done(self, used, editor) -> None:
        line = Line(2, "E001", editor.name, "1010", "主任", "editor", "regular", used.valid_from)
        preview = preview_of([line])
        assert [step.text for step in preview.shown] == [
            "入力 花子　情報政策課 主査のまま（この職名で登録や承認などをしているため、情報政策課 主任には変えません）"
        ]
        assert not preview.news
        apply(preview.lines)
        used.refresh_from_db()
        assert used.title == "主査"

    def test_a_reorganisation_dated_back_does_not_end_it_before_its_acts(self, used, office, department) -> None:
        """Posts of a closed department go on to the end of the next month: 30 April for one closed on 28 February."""
        form = {"kind": "rename", "on": "2025-03-01", "predecessors": [department.pk], "action": "preview"}
        form |= {"to0-name": "DX課", "to0-short_name": "DX", "to0-code": "1010", "to0-order": "1"}
        form |= {"to0-parent": department.parent_id, "to0-furigana": ""}
        answer = office.post("/reorganisation/", form)
        assert answer.status_code == 422
        assert "令和7(2025)年6月10日に「回答の承認」を行っています" in answer.content.decode()
        assert office.post("/reorganisation/", form | {"on": "2025-05-01"}).status_code == 200

    @pytest.mark.parametrize(("last", "refused"), [("2025-03-31", True), ("2025-04-29", True), ("2025-04-30", False)])
    def test_the_department_is_not_closed_long_before_either(self, used, office, department, last, refused) -> None:
        form = {"short_name": department.short_name, "furigana": "", "order": "1", "valid_to": last}
        form |= {"successions_in-TOTAL_FORMS": "0", "successions_in-INITIAL_FORMS": "0"}
        answer = office.post(f"/admin/accounts/department/{department.pk}/change/", form)
        assert answer.status_code == (200 if refused else 302)
        assert ("廃止日は、令和7(2025)年4月30日以後の日付にしてください" in answer.content.decode()) == refused
        department.refresh_from_db()
        assert (department.valid_to is None) == refused

    def test_it_is_ended_from_the_day_it_was_used(self, used, office, editor) -> None:
        assert save_user(office, editor, inline(used, valid_to="2025-06-10")).status_code == 302

    def test_the_list_of_posts_does_not_delete_it_either(self, used, office) -> None:
        for url, form in (
            (f"/admin/accounts/assignment/{used.pk}/delete/", {"post": "yes"}),
            (
                "/admin/accounts/assignment/",
                {"action": "delete_selected", "_selected_action": [used.pk], "post": "yes"},
            ),
        ):
            office.post(url, form)
            assert Assignment.objects.filter(pk=used.pk).exists()
        page = office.get(f"/admin/accounts/assignment/{used.pk}/delete/").content.decode()
        assert "登録や承認などが行われています" in page

    def test_a_late_list_ends_it_on_the_last_day_it_was_used_and_says_so(self, used, editor, other_department) -> None:
        line = Line(
            2, editor.employee_number, editor.name, other_department.code, "主任", "editor", "regular", date(2025, 6, 1)
        )
        preview = preview_of([line])
        assert any(
            "令和7(2025)年6月10日で終了（その日まで登録や承認などをしているため）" in step.text
            for step in preview.steps
        )
        apply(preview.lines)
        used.refresh_from_db()
        assert used.valid_to == date(2025, 6, 10)
        assert not preview_of([line]).news

    def test_what_was_done_in_another_post_does_not_hold_it(self, used, office, editor, other_department) -> None:
        second = Assignment.objects.create(
            user=editor, department=other_department, role="editor", title="兼務主事", valid_from=date(2025, 4, 1)
        )
        office.post(f"/admin/accounts/assignment/{second.pk}/delete/", {"post": "yes"})
        assert not Assignment.objects.filter(pk=second.pk).exists()


def test_every_model_that_says_who_did_something_and_when_holds_their_post() -> None:
    """Whoever adds a model with a person and a moment says whether it is an act (DONE_BY) or not (here)."""
    no_acts = {
        "accounts.AccountNotice", "accounts.KeptForm", "accounts.Session", "admin.LogEntry", "inquiries.Reminder",
        "jobs.Job", "kpis.ImportMapping",
        # What happened to these stands in their events.
        "inquiries.Recipient", "initiatives.ProgressRecord", "kpis.Entry",
    }  # fmt: skip
    found = set()
    for model in apps.get_models():
        fields = model._meta.get_fields()
        people = [f.name for f in fields if f.is_relation and f.many_to_one and f.related_model is User]
        moments = [f.name for f in fields if isinstance(f, models.DateTimeField)]
        told = {who for who, *_ in getattr(model, "DONE_BY", ())}
        if people and moments and set(people) - told:
            found.add(model._meta.label)
    assert found == no_acts


class TestUsedAppointments:
    """代決者: an appointment under which something was decided keeps its days."""

    @pytest.fixture
    def used(self, department, editor, approver, other_department) -> Deputy:
        month = make_month(department)
        deputy = person("D001", "代決 次郎", "approver", other_department, "課長補佐")
        appointment = Deputy.objects.create(
            principal=approver.assignments.get(), deputy=deputy, valid_from=date(2025, 6, 9),
            valid_to=date(2025, 6, 13), reason="出張",
        )  # fmt: skip
        approve(handed_in(month.friends, editor, "40000"), access=access(deputy))
        return appointment

    def test_taking_it_back_the_same_day_keeps_today(self, used, approver, signed_in) -> None:
        Deputy.objects.filter(pk=used.pk).update(valid_from=date(2025, 6, 10))
        signed_in(approver).post(f"/deputies/{used.pk}/cancel/")
        used.refresh_from_db()
        assert used.valid_to == date(2025, 6, 10)

    @pytest.mark.parametrize("changed", [{"valid_from": "2025-06-11"}, {"valid_to": "2025-06-09"}])
    def test_the_back_office_does_not_date_it_back(self, used, office, changed) -> None:
        form = {
            "principal": used.principal_id, "deputy": used.deputy_id, "valid_from": "2025-06-09",
            "valid_to": "2025-06-13", "reason": "出張",
        } | changed  # fmt: skip
        answer = office.post(f"/admin/accounts/deputy/{used.pk}/change/", form)
        assert "承認や差戻しを行っています" in answer.content.decode()

    def test_the_back_office_does_not_delete_it(self, used, office) -> None:
        office.post(f"/admin/accounts/deputy/{used.pk}/delete/", {"post": "yes"})
        assert Deputy.objects.filter(pk=used.pk).exists()

    def test_one_that_was_never_used_is_deleted(self, used, office, viewer) -> None:
        other = Deputy.objects.create(
            principal=used.principal,
            deputy=viewer,
            valid_from=date(2025, 7, 1),
            valid_to=date(2025, 7, 2),
            reason="休暇",
        )
        office.post(f"/admin/accounts/deputy/{other.pk}/delete/", {"post": "yes"})
        assert not Deputy.objects.filter(pk=other.pk).exists()
