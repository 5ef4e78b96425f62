"""人事CSV: accounts and posts from the personnel list, shown first, all or nothing, twice is once."""

from __future__ import annotations

import re
import stat
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from accounts.access import Access
from accounts.models import Assignment, Deputy, User
from accounts.personnel import apply, preview_of, read_lines
from sheets import FileRefused, open_book
from tests.sheets.making import dressed

HEADER = "職員番号,氏名,所属,職,役割,発令日"
APRIL = date(2025, 4, 1)


def csv(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *rows]).encode("cp932")


def look(*rows: str, **kwargs):
    return preview_of(*read_lines(open_book(csv(*rows, **kwargs), "人事.csv")))


def said(preview) -> list[tuple[int, str]]:
    return [(each.row, each.text) for each in preview.refusals]


def posts(number: str, day: date) -> list[str]:
    return [post.post for post in Access(User.objects.get(employee_number=number), day).assignments]


class TestPlan:
    def test_a_new_person_gets_an_account_and_the_post_from_the_day(self, department):
        apply(look("N001,新人 さくら,情報政策課,主事,入力担当者,R7.4.1").lines)
        assert posts("N001", date(2025, 3, 31)) == []
        assert posts("N001", APRIL) == ["情報政策課 主事"]

    def test_who_comes_to_the_reform_office_can_open_the_back_office_from_that_day_on(self, editor, signed_in):
        apply(look("N001,新任 改,,室長,取りまとめ課,2025-04-01", "E001,入力 花子,,主査,取りまとめ課,2025-06-10").lines)
        for number, before, after in [("N001", "2025-03-31", "2025-04-01"), ("E001", "2025-06-09", "2025-06-10")]:
            user = User.objects.get(employee_number=number)
            User.objects.filter(pk=user.pk).update(must_change_password=False)
            with time_machine.travel(f"{before}T10:00+09:00"):
                assert signed_in(user).get("/admin/accounts/user/").status_code == 403
            with time_machine.travel(f"{after}T10:00+09:00"):
                assert signed_in(user).get("/admin/accounts/user/").status_code == 200
                assert 'href="/admin/"' in signed_in(user).get("/").content.decode()

    def test_who_comes_to_another_department_cannot(self, department):
        apply(look("N001,新人 さくら,情報政策課,主事,入力担当者,R7.4.1").lines)
        assert not User.objects.get(employee_number="N001").is_staff

    def test_who_moves_ends_here_and_begins_there(self, editor, department, other_department):
        preview = look("E001,入力 花子,1020,主任,確認者（係長）,2025-04-01")
        assert [step.kind.value for step in preview.steps] == ["新しい担当", "終了"]
        apply(preview.lines)
        assert posts("E001", date(2025, 3, 31)) == ["情報政策課 主査"]
        assert posts("E001", APRIL) == ["市民課 主任"]

    def test_a_promotion_keeps_the_old_title_in_history(self, editor, department):
        apply(look("E001,入力 花子,情報政策課,係長,入力担当者,2025-04-01").lines)
        assert posts("E001", date(2025, 3, 31)) == ["情報政策課 主査"]
        assert posts("E001", APRIL) == ["情報政策課 係長"]

    def test_several_rows_are_concurrent_posts(self, editor, department, other_department):
        header = f"{HEADER},発令の種類"
        rows = ["E001,入力 花子,情報政策課,主査,入力担当者,2025-04-01,本務"]
        rows.append("E001,入力 花子,市民課,課長,所属長,2025-04-01,事務取扱")
        apply(look(*rows, header=header).lines)
        assert posts("E001", APRIL) == ["情報政策課 主査", "市民課 課長事務取扱"]

    def test_an_empty_role_ends_every_post_and_others_stay_as_they_are(self, editor, approver, department):
        apply(look("E001,入力 花子,,,,2025-04-01").lines)
        assert posts("E001", APRIL) == []
        assert posts("A001", APRIL) == ["情報政策課 課長"]

    @pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
    def test_twice_is_once_in_every_encoding(self, editor, department, other_department, encoding):
        rows = ["N001,新人,情報政策課,主事,入力担当者,2025-04-01", "E001,入力 花,市民課,主任,入力担当者,2025-04-01"]
        data = csv(*rows).decode("cp932").encode(encoding)
        apply(preview_of(*read_lines(open_book(data, "人事.csv"))).lines)
        before = list(Assignment.objects.order_by("pk").values())
        again = preview_of(*read_lines(open_book(data, "人事.csv")))
        assert again.news == []
        assert apply(again.lines) == []
        assert list(Assignment.objects.order_by("pk").values()) == before

    def test_a_post_kept_for_the_last_reports_of_a_closed_department_stays(self, editor, department, other_department):
        department.valid_to = date(2025, 3, 31)
        department.save()
        Assignment.objects.filter(user=editor).update(valid_to=date(2025, 5, 31))
        apply(look("E001,入力 花子,市民課,主任,入力担当者,2025-04-01").lines)
        assert posts("E001", APRIL) == ["情報政策課 主査", "市民課 主任"]

    @pytest.mark.parametrize(("has_deputy", "left"), [(False, []), (True, ["情報政策課 主査"])])
    def test_a_post_that_begins_on_the_day_and_is_not_in_the_list_is_taken_away(
        self, editor, approver, department, other_department, has_deputy, left
    ):
        carried = editor.assignments.get()
        Assignment.objects.filter(pk=carried.pk).update(valid_from=APRIL)
        if has_deputy:
            Deputy.objects.create(principal=carried, deputy=approver, valid_from=APRIL, valid_to=APRIL, reason="出張")
        apply(look("E001,入力 花子,市民課,主任,入力担当者,2025-04-01").lines)
        assert posts("E001", APRIL) == [*left, "市民課 主任"]
        assert posts("E001", date(2025, 4, 2)) == ["市民課 主任"]
        assert look("E001,入力 花子,市民課,主任,入力担当者,2025-04-01").news == []

    def test_a_long_list_costs_three_queries(self, editor, department, django_assert_num_queries):
        rows = [f"N{n:03},新人,情報政策課,主事,入力担当者,2025-04-01" for n in range(40)]
        rows.append("E001,入力 花子,情報政策課,主査,入力担当者,2025-04-01")
        lines, refusals, _ = read_lines(open_book(csv(*rows), "人事.csv"))
        with django_assert_num_queries(3):  # people, posts, departments
            assert len(preview_of(lines, refusals).news) == 80


class TestRefusals:
    def test_all_errors_are_told_at_once_with_their_rows_and_nothing_is_saved(self, department):
        preview = look(
            "番号,新人,情報政策課,主事,入力担当者,2025-04-01",
            "N002,,情報政策課,主事,入力担当者,2025-04-01",
            "N003,三郎,どこか課,主事,入力担当者,2025-04-01",
            "N004,四郎,情報政策課,主事,王様,2025-04-01",
            "N005,五郎,情報政策課,主事,入力担当者,いつか",
            "N006,六郎,情報政策課,主事,閲覧者,2025-04-01",
            "N007,七郎,,主事,入力担当者,2025-04-01",
            "N008,八郎,情報政策課,主事,入力担当者,2025-04-01",
        )
        assert [row for row, _ in said(preview)] == [2, 3, 4, 5, 6, 7, 8]
        with pytest.raises(Exception, match="どの行も登録していません"):
            apply(preview.lines)
        assert not User.objects.filter(employee_number="N008").exists()

    @pytest.mark.parametrize(
        ("second", "words"),
        [
            ("N001,新人,情報政策課,主事,入力担当者,2025-04-01", "2行目と同じ職員、所属、役割です"),
            ("N001,別人,市民課,主事,入力担当者,2025-04-01", "氏名が違います"),
            ("N001,新人,市民課,主事,入力担当者,2025-04-02", "発令日が違います"),
            ("N001,新人,,,なし,2025-04-01", "担当を終える行は置けません"),
        ],
    )
    def test_rows_that_contradict_each_other_name_both(self, department, other_department, second, words):
        [(row, text)] = said(look("N001,新人,情報政策課,主事,入力担当者,2025-04-01", second))
        assert row == 3
        assert words in text
        assert "2行目" in text

    def test_a_department_that_is_closed_on_the_day_is_not_there(self, department):
        department.valid_to = date(2025, 3, 31)
        department.save()
        [(row, text)] = said(look("N001,新人,情報政策課,主事,入力担当者,2025-04-01"))
        assert (row, "発令日に、所属「情報政策課」がありません" in text) == (2, True)

    def test_who_was_made_inactive_is_not_taken_back_by_a_list(self, editor, department):
        User.objects.update(is_active=False)
        assert "「有効」が外れています" in said(look("E001,入力 花子,情報政策課,主査,入力担当者,2025-04-01"))[0][1]

    @pytest.mark.parametrize("data", [b"a,b\r\n1,2", csv(), "職員番号,氏名\r\n1,2".encode("cp932")])
    def test_a_file_without_the_columns_or_rows_is_refused_in_a_sentence(self, data):
        with pytest.raises(FileRefused, match="見出し"):
            read_lines(open_book(data, "人事.csv"))

    @given(st.lists(st.lists(st.text(max_size=8), min_size=6, max_size=6), min_size=1, max_size=5))
    def test_whatever_stands_in_the_cells_is_a_row_or_a_sentence(self, rows):
        book = open_book(csv("N001,新人,課,主事,なし,2025-04-01"), "人事.csv")
        book.sheets[0].rows.extend([list(row) for row in rows])
        lines, refusals, _ = read_lines(book)
        told = {line.row for line in lines} | {refusal.row for refusal in refusals}
        assert told >= {at + 3 for at, row in enumerate(rows) if any(cell.strip() for cell in row)}


class TestAWorkbook:
    """It is read as it looks: what a person sees who opens it."""

    HEAD = HEADER.split(",")

    def read(self, *rows, **dress):
        lines, refusals, left_out = read_lines(open_book(dressed(self.HEAD, *rows, **dress), "人事.xlsx"))
        assert not refusals
        return lines, left_out

    def row(self, number, name, department="情報政策課"):
        return [number, name, department, "主事", "入力担当者", "R7.4.1"]

    def test_a_number_keeps_the_zeros_it_is_shown_with(self):
        lines, _ = self.read(self.row(1234, "新人"), formats={"A2": "000000"})
        assert [line.number for line in lines] == ["001234"]

    def test_hidden_rows_are_not_registered_and_named(self):
        lines, left_out = self.read(self.row("N1", "甲"), self.row("N2", "乙"), self.row("N3", "丙"), hidden_rows=[3])
        assert [(line.row, line.number) for line in lines] == [(2, "N1"), (4, "N3")]
        assert "3行目" in left_out[0]

    def test_the_first_sheet_that_is_shown_is_read_and_the_others_are_named(self):
        others = {"前の版": [self.HEAD, self.row("OLD", "旧")], "続き": [self.HEAD, self.row("N2", "乙")]}
        lines, left_out = self.read(self.row("N1", "甲"), others=others, hidden_sheets=["前の版"])
        assert [line.number for line in lines] == ["N1"]
        assert ["「前の版」" in left_out[0], "「続き」（値のある行2行）" in left_out[1]] == [True, True]

    def test_merged_cells_are_those_of_each_of_their_rows(self):
        rows = [self.row(17, "甲"), [None, None, None, "係長", "確認者（係長）", "R7.4.1"], self.row("N2", "乙", None)]
        lines, _ = self.read(*rows, merged=["A2:A3", "B2:B3", "C2:C4"], formats={"A2": "0000"})
        assert [(line.number, line.department) for line in lines] == [
            ("0017", "情報政策課"),
            ("0017", "情報政策課"),
            ("N2", "情報政策課"),
        ]


class TestPage:
    @pytest.fixture
    def office(self, reform_office, signed_in):
        return signed_in(reform_office)

    def send(self, client, *rows):
        return client.post("/personnel/", {"file": SimpleUploadedFile("人事.csv", csv(*rows))})

    def confirm(self, client, page, **typed):
        form = page.context["confirm"].initial
        return client.post("/personnel/apply/", form | {"confirmed": "on"} | typed)

    def test_a_new_person_signs_in_with_the_first_password_and_must_change_it(self, office, department, client):
        page = self.send(office, "N001,新人 さくら,情報政策課,主事,入力担当者,2025-04-01")
        assert "新しい職員 1件" in page.content.decode()
        assert not User.objects.filter(employee_number="N001").exists()
        done = self.confirm(office, page)
        assert "no-store" in done["Cache-Control"]
        [password] = re.findall(r"<code>([a-z0-9-]{17})</code>", done.content.decode())
        assert client.post("/login/", {"username": "N001", "password": password}).status_code == 302
        assert client.get("/").url == "/password/"
        new = {"new_password1": "jibun-dake-9", "new_password2": "jibun-dake-9"}
        client.post("/password/", {"old_password": password} | new)
        assert client.get("/").status_code == 200

    def test_the_tick_is_asked_for_and_what_was_shown_must_still_hold(self, office, editor, department):
        page = self.send(office, "E001,入力 花子,情報政策課,係長,入力担当者,2025-04-01")
        assert "確認の欄に印" in self.confirm(office, page, confirmed="").content.decode()
        Assignment.objects.filter(user=editor).update(title="主任")
        answer = self.confirm(office, page)
        assert "登録内容が変わりました" in answer.content.decode()
        assert posts("E001", APRIL) == ["情報政策課 主任"]

    def test_what_is_not_read_is_said_before_anything_is_registered(self, office, department):
        rows = [HEADER.split(","), *([f"N{n}", "甲", "情報政策課", "主事", "入力担当者", "R7.4.1"] for n in (1, 2))]
        file = SimpleUploadedFile("人事.xlsx", dressed(*rows, hidden_rows=[3]))
        page = office.post("/personnel/", {"file": file}).text
        assert "表示されていない行（3行目）は読みません" in page

    def test_rows_changed_on_their_way_are_not_taken(self, office, department):
        page = self.send(office, "N001,新人,情報政策課,主事,入力担当者,2025-04-01")
        assert self.confirm(office, page, rows="WzFd:x:y").url == "/personnel/"
        assert not User.objects.filter(employee_number="N001").exists()

    def test_a_wrong_row_is_shown_and_nothing_can_be_registered(self, office, department):
        page = self.send(office, "N001,新人,どこか課,主事,入力担当者,2025-04-01")
        assert page.status_code == 422
        assert "すべて登録する" not in page.content.decode()


class TestCommand:
    @pytest.fixture
    def file(self, tmp_path, department):
        path = tmp_path / "jinji.csv"
        path.write_bytes(csv("N001,新人 さくら,情報政策課,主事,入力担当者,2025-04-01"))
        return path

    def run(self, *args: object) -> str:
        out = StringIO()
        call_command("import_personnel", *[str(arg) for arg in args], stdout=out, stderr=out)
        return out.getvalue()

    def test_a_dry_run_shows_and_saves_nothing(self, file):
        assert "新しい職員 1件" in self.run(file, "--dry-run")
        assert not User.objects.exists()

    def test_first_passwords_go_into_a_file_only_its_owner_reads(self, file, tmp_path):
        target = tmp_path / "first.csv"
        self.run(file, "--passwords", target)
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        password = target.read_text("utf-8-sig").splitlines()[1].split(",")[2]
        assert User.objects.get().check_password(password)
        assert "登録済みの内容と同じです" in self.run(file)

    def test_without_a_place_for_them_or_over_an_old_file_nothing_is_saved(self, file, tmp_path):
        for args in ([], ["--passwords", file]):
            with pytest.raises(CommandError, match="初期パスワード"):
                self.run(file, *args)
        assert not User.objects.exists()
