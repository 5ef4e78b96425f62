"""Who may open the back office, and what it does to people and departments."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.back_office.access import follow_staff_flag
from accounts.models import Assignment, User

NO_ROWS = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}
NO_POSTS = {f"assignments-{name}": value for name, value in NO_ROWS.items()}


@pytest.fixture
def office(reform_office, signed_in):
    follow_staff_flag(reform_office)
    return signed_in(reform_office)


class TestAccess:
    def test_the_reform_office_finds_every_app_of_ours(self, office) -> None:
        page = office.get("/admin/").content.decode()
        for app in ("accounts", "initiatives", "kpis", "surveys", "reports", "jobs"):
            assert f"/admin/{app}/" in page

    @pytest.mark.parametrize("who", ["editor", "approver", "viewer"])
    def test_others_are_refused_even_with_the_staff_flag_and_the_group(self, who, request, signed_in) -> None:
        user = request.getfixturevalue(who)
        user.is_staff = True
        user.save()
        follow_staff_flag(user)
        for url in ("/admin/", "/admin/accounts/user/", "/admin/login/"):
            assert signed_in(user).get(url).status_code == 403

    def test_the_reform_office_without_the_staff_flag_is_refused(self, reform_office, signed_in) -> None:
        User.objects.update(is_staff=False)
        assert signed_in(reform_office).get("/admin/").status_code == 403

    def test_a_post_given_by_hand_opens_it_on_the_persons_page_and_on_the_posts_own(
        self, office, editor, viewer
    ) -> None:
        row = {"role": "reform_office", "kind": "regular", "title": "主査", "valid_from": "令和7年4月1日"}
        answer = office.post("/admin/accounts/assignment/add/", {**row, "user": editor.pk, "department": ""})
        assert answer.status_code == 302
        person = {
            "employee_number": viewer.employee_number,
            "name": viewer.name,
            "furigana": "",
            "email": "",
            "is_active": "on",
        }
        rows = {f"assignments-1-{name}": value for name, value in {**row, "department": "", "valid_to": ""}.items()}
        old = viewer.assignments.get()
        kept = {
            "id": old.pk,
            "role": old.role,
            "kind": old.kind,
            "title": old.title,
            "valid_from": "2019-04-01",
            "user": viewer.pk,
        }
        rows |= {f"assignments-0-{name}": value for name, value in kept.items()}
        forms = {"assignments-TOTAL_FORMS": "2", "assignments-INITIAL_FORMS": "1"}
        answer = office.post(f"/admin/accounts/user/{viewer.pk}/change/", {**person, **forms, **rows})
        assert answer.status_code == 302, answer.context["errors"]
        for user in (editor, viewer):
            user.refresh_from_db()
            assert user.is_staff
            assert [group.name for group in user.groups.all()] == ["取りまとめ課"]

    def test_the_flag_can_be_taken_away_while_the_post_goes_on_and_the_way_there_goes_too(
        self, office, reform_office, signed_in
    ) -> None:
        assert 'href="/admin/"' in office.get("/").content.decode()
        User.objects.filter(pk=reform_office.pk).update(is_staff=False)
        assert 'href="/admin/"' not in signed_in(reform_office).get("/").content.decode()

    def test_the_first_page_of_a_superuser_leads_there(self, client, db) -> None:
        User.objects.create_superuser("S001", "pass-word-123", name="管理者")
        home = client.post("/login/", {"username": "S001", "password": "pass-word-123"}, follow=True)
        assert home.redirect_chain == [("/", 302)]
        words = home.content.decode()
        assert '<a href="/admin/">管理画面を開く</a>' in words
        assert "取りまとめ課に職員番号と所属を伝えて" not in words
        assert client.get("/admin/").status_code == 200

    def test_it_closes_the_day_after_the_assignment_ends(self, office, reform_office) -> None:
        today = timezone.localdate()
        reform_office.assignments.update(valid_to=today)
        assert office.get("/admin/").status_code == 200
        reform_office.assignments.update(valid_to=today - timedelta(days=1))
        assert office.get("/admin/").status_code == 403

    def test_nobody_signed_in_is_led_to_the_one_page_for_signing_in(self, client, db) -> None:
        assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/login/?next=/admin/"
        assert client.get("/admin/login/?next=/admin/jobs/").url == "/login/?next=/admin/jobs/"

    def test_a_superuser_needs_no_assignment(self, signed_in, db) -> None:
        boss = User.objects.create_superuser("S001", "pass-word-123", name="管理者")
        assert signed_in(boss).get("/admin/").status_code == 200


class TestPeople:
    def test_a_new_employee_gets_a_password_that_signs_in(self, office) -> None:
        office.post(
            "/admin/accounts/user/add/",
            {"employee_number": "N001", "name": "新人 さくら", "usable_password": "true"}
            | {"password1": "kaki-to-kuri-77", "password2": "kaki-to-kuri-77"}
            | NO_POSTS,
        )
        user = User.objects.get(employee_number="N001")
        assert user.check_password("kaki-to-kuri-77")
        assert user.must_change_password
        assert not user.groups.exists()

    def test_a_password_that_the_office_set_holds_until_the_next_sign_in(self, office, editor, client) -> None:
        new = {"usable_password": "true", "password1": "kaki-to-kuri-77", "password2": "kaki-to-kuri-77"}
        office.post(f"/admin/accounts/user/{editor.pk}/password/", new)
        client.post("/login/", {"username": "E001", "password": "kaki-to-kuri-77"})
        assert client.get("/entries/").headers["Location"].startswith("/password/")

    def test_the_staff_flag_brings_the_group_and_takes_it_away(self, office, editor) -> None:
        url, form = f"/admin/accounts/user/{editor.pk}/change/", {"employee_number": "E001", "name": "入力 花子"}
        office.post(url, form | NO_POSTS | {"is_active": "on", "is_staff": "on"})
        assert [group.name for group in editor.groups.all()] == ["取りまとめ課"]
        office.post(url, form | NO_POSTS | {"is_active": "on"})
        assert not editor.groups.exists()

    def test_an_employee_is_made_inactive_and_never_deleted(self, office, editor) -> None:
        url = f"/admin/accounts/user/{editor.pk}/"
        assert office.post(f"{url}delete/", {"post": "yes"}).status_code == 403
        office.post(f"{url}change/", {"employee_number": "E001", "name": "入力 花子"} | NO_POSTS)
        editor.refresh_from_db()
        assert not editor.is_active

    def test_a_posts_wrong_department_is_told_at_the_department(self, office, editor) -> None:
        rows = {"assignments-TOTAL_FORMS": "1", "assignments-INITIAL_FORMS": "0"}
        row = {
            "assignments-0-user": editor.pk,
            "assignments-0-role": "editor",
            "assignments-0-valid_from": "2025-04-01",
        }
        answer = office.post(
            f"/admin/accounts/user/{editor.pk}/change/", {"employee_number": "E001", "name": "入力 花子"} | rows | row
        )
        [errors] = answer.context["inline_admin_formsets"][0].formset.errors
        assert "取りまとめ課と閲覧者は所属を空にしてください" in errors["department"][0]

    def test_a_system_administrators_password_is_not_theirs_to_set(self, office) -> None:
        boss = User.objects.create_superuser("S001", "pass-word-123", name="管理者")
        new = {"usable_password": "true", "password1": "kaki-to-kuri-77", "password2": "kaki-to-kuri-77"}
        assert office.post(f"/admin/accounts/user/{boss.pk}/password/", new).status_code == 403
        assert office.post(f"/admin/accounts/user/{boss.pk}/change/", NO_POSTS).status_code == 403

    def test_nobody_makes_themselves_a_superuser(self, office, reform_office) -> None:
        form = {"employee_number": "R001", "name": "改革 一郎", "is_active": "on", "is_staff": "on"}
        office.post(f"/admin/accounts/user/{reform_office.pk}/change/", form | NO_POSTS | {"is_superuser": "on"})
        reform_office.refresh_from_db()
        assert not reform_office.is_superuser

    def test_people_are_found_by_name_furigana_and_number(self, office, editor) -> None:
        User.objects.filter(pk=editor.pk).update(furigana="にゅうりょく はなこ")
        for typed in ("花子", "はなこ", "E001"):
            assert "入力 花子" in office.get("/admin/accounts/user/", {"q": typed}).content.decode()

    def test_the_list_asks_as_much_for_many_as_for_few(
        self, office, editor, approver, viewer, other_editor, django_assert_num_queries
    ) -> None:
        with django_assert_num_queries(10):
            office.get("/admin/accounts/user/")

    def test_assignments_are_filtered_by_what_is_in_force(self, office, editor, viewer) -> None:
        Assignment.objects.filter(user=viewer).update(valid_to=date(2020, 3, 31))
        page = office.get("/admin/accounts/assignment/", {"in_force": "ended"})
        assert [row.user for row in page.context["cl"].queryset] == [viewer]


class TestDepartments:
    def test_name_and_parent_are_frozen_with_a_sentence_why(self, office, department) -> None:
        url = f"/admin/accounts/department/{department.pk}/change/"
        assert "所属コード、名称、上位の所属は変更できません" in office.get(url).content.decode()
        form = {"name": "別の課", "short_name": "情政", "order": "12"}
        rows = {f"successions_in-{name}": value for name, value in NO_ROWS.items()}
        office.post(url, form | rows)
        department.refresh_from_db()
        assert (department.name, department.order) == ("情報政策課", 12)

    def test_a_reorganisation_begins_from_the_department(self, office, department) -> None:
        page = office.get(f"/admin/accounts/department/{department.pk}/change/").content.decode()
        assert f'href="/reorganisation/?department={department.pk}"' in page

    def test_a_department_is_not_deleted(self, office, department) -> None:
        assert office.post(f"/admin/accounts/department/{department.pk}/delete/", {"post": "yes"}).status_code == 403
