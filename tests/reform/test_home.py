"""ホーム: what each person has to do in all their posts, and what moved; nothing else asks for attention."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Assignment, User
from jobs.models import Job
from kpis.entries import approve, send_back
from kpis.models import Reporting
from kpis.summaries.recompute import recompute
from kpis.values.closed import close_month, reopen
from reform.home import Home, home_of
from reports.models import Edition, Report
from tests.conftest import LONG_AGO, person
from tests.kpis.reporting_world import MONTH, Month, draft, handed_in, make_month, report
from tests.kpis.world import access, make_kpi, part, put, put_months

APRIL = date(2025, 4, 1)


@pytest.fixture(autouse=True)
def june() -> Iterator[None]:
    """It is 10 June 2025: May is due on the 13th, April was on 14 May."""
    with time_machine.travel(datetime(2025, 6, 10, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo")), tick=True):
        yield


@pytest.fixture
def month(department) -> Month:
    """Three figures of 情報政策課, asked for from May 2025 on."""
    made = make_month(department)
    Reporting.objects.update(valid_from=MONTH)
    return made


def home(user: User) -> Home:
    return home_of(user, access(user), timezone.localdate())


def page(client) -> str:
    response = client.get(reverse("home"))
    assert response.status_code == 200
    return response.content.decode()


# --- Entering --------------------------------------------------------------------------------------------------------
def test_an_editor_sees_the_month_to_enter_with_its_due_date_and_what_is_left(month, editor, signed_in) -> None:
    text = page(signed_in(editor))
    assert reverse("entries:month", args=["1010", "2025-05"]) in text
    assert "回答期限 令和7(2025)年6月13日" in text
    assert "3件のうち残り3件" in text
    assert "期限超過" not in text


def test_overdue_months_come_first_and_say_so(month, editor, signed_in) -> None:
    Reporting.objects.update(valid_from=APRIL)
    assert [status.month for status in home(editor).months] == [APRIL, MONTH]
    assert page(signed_in(editor)).count("期限超過") == 1


def test_a_month_that_is_handed_in_is_not_asked_for(month, editor, signed_in) -> None:
    for series in (month.friends, month.hours, month.growth):
        handed_in(series, editor, "1")
    assert home(editor).months == []
    assert "いま行うことはありません" in page(signed_in(editor))


def test_somebody_else_s_month_is_not_shown(month, other_editor, signed_in) -> None:
    assert "情報政策課" not in page(signed_in(other_editor))


def test_two_posts_bring_the_months_of_both_departments(month, editor, other_department) -> None:
    Assignment.objects.create(user=editor, department=other_department, role="editor", valid_from=LONG_AGO)
    report(part(make_kpi("visits", "来庁者数", "人", "flow")), other_department)
    Reporting.objects.update(valid_from=MONTH)
    assert [status.department.name for status in home(editor).months] == ["情報政策課", "市民課"]


# --- Finishing -------------------------------------------------------------------------------------------------------
def test_a_returned_figure_is_shown_with_the_chief_s_reason(month, editor, approver, signed_in) -> None:
    entry = handed_in(month.friends, editor, "5")
    send_back(entry, access=access(approver), reason="桁を確かめてください。")
    text = page(signed_in(editor))
    assert "桁を確かめてください。" in text
    assert "課長 太郎" in text
    assert reverse("entries:detail", args=[entry.pk]) in text


def test_drafts_of_a_month_stand_in_one_line_with_their_number(month, editor, signed_in) -> None:
    draft(month.friends, editor, "5")
    draft(month.hours, editor, "6")
    assert "一時保存 2件" in page(signed_in(editor))


# --- Approving -------------------------------------------------------------------------------------------------------
def test_a_chief_sees_how_many_wait_and_since_when(month, editor, approver, signed_in) -> None:
    handed_in(month.friends, editor, "5")
    handed_in(month.hours, editor, "6")
    text = page(signed_in(approver))
    assert "2件の回答を確認する" in text
    assert "最も古い提出 令和7年6月10日 10:00" in text


def test_what_a_chief_entered_himself_is_not_asked_of_him(month, editor, department) -> None:
    Assignment.objects.create(user=editor, department=department, role="approver", valid_from=LONG_AGO)
    handed_in(month.friends, editor, "5")
    queue = home(editor).queue
    assert queue is not None
    assert queue.count == 0


def test_a_chief_with_nothing_to_decide_is_told_so(month, approver, signed_in) -> None:
    assert "いま行うことはありません" in page(signed_in(approver))


# --- Watching over ---------------------------------------------------------------------------------------------------
def test_the_reform_office_sees_who_has_not_reported_in_official_order(
    month, other_department, division, reform_office, signed_in
) -> None:
    other_department.order = 1
    other_department.save()
    report(part(make_kpi("visits", "来庁者数", "人", "flow")), other_department)
    text = page(signed_in(reform_office))
    assert "令和7(2025)年5月分の回答状況" in text
    assert "2所属のうち2所属" in text
    assert text.index("市民課") < text.index("情報政策課")


def test_a_department_that_handed_everything_in_is_no_longer_named(month, editor, reform_office) -> None:
    for series in (month.friends, month.hours, month.growth):
        handed_in(series, editor, "1")
    office = home(reform_office).office
    assert office is not None
    assert (len(office.statuses), office.silent) == (1, [])


@pytest.fixture
def volume(db) -> Report:
    return Report.objects.create(
        volume=6, title="構造改革レポート", first_fiscal_year=2022, last_fiscal_year=2025, as_of=date(2026, 3, 31),
        issuer="市", contact="課",
    )  # fmt: skip


def publish(volume: Report) -> None:
    Edition.objects.create(
        report=volume, number=1, snapshot={}, snapshot_sha256="a" * 64, html="a.html", pdf="a.pdf",
        html_sha256="b" * 64, pdf_sha256="c" * 64, created_at=timezone.now(),
    )  # fmt: skip


def test_a_report_is_in_work_until_its_first_edition_is_out(volume, reform_office, signed_in) -> None:
    assert "作成中のレポート" in page(signed_in(reform_office))
    publish(volume)
    assert "作成中のレポート" not in page(signed_in(reform_office))


def test_the_newest_edition_is_one_click_away_for_everybody(volume, viewer, signed_in) -> None:
    assert "公表版はまだありません" in page(signed_in(viewer))
    publish(volume)
    assert reverse("reports:detail", args=[6]) in page(signed_in(viewer))


def test_a_failed_job_is_shown_to_the_reform_office_for_two_weeks(reform_office, viewer, signed_in) -> None:
    job = Job.objects.create(kind="k", state=Job.State.FAILED, error="値がありません。", finished_at=timezone.now())
    assert "値がありません。" in page(signed_in(reform_office))
    assert "値がありません。" not in page(signed_in(viewer))
    Job.objects.filter(pk=job.pk).update(created_at=datetime(2025, 5, 1, tzinfo=ZoneInfo("Asia/Tokyo")))
    assert "値がありません。" not in page(signed_in(reform_office))


# --- What moved ------------------------------------------------------------------------------------------------------
def test_everybody_sees_the_approved_value_with_its_change_in_words(month, viewer, signed_in) -> None:
    put_months(month.friends.kpi, "2025-04", 1000, 2234)
    recompute(month.friends.kpi.pk)
    text = page(signed_in(viewer))
    assert "2,234" in text
    assert "前月から1,234人増" in text


def test_a_value_counts_as_moved_only_when_it_is_approved(month, editor, approver, viewer, signed_in) -> None:
    entry = handed_in(month.friends, editor, "4321")
    assert "4,321" not in page(signed_in(viewer))
    approve(entry, access=access(approver))
    recompute(month.friends.kpi.pk)
    assert "4,321" in page(signed_in(viewer))


def test_what_was_approved_last_stands_first(month, viewer) -> None:
    put(month.friends.kpi, "2025-04", 1)
    with time_machine.travel(datetime(2025, 6, 12, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))):
        put(month.hours.kpi, "2025-04", 2)
    for series in (month.friends, month.hours):
        recompute(series.kpi_id)
    assert [card.title for card in home(viewer).moved] == ["削減時間", "LINE友だち登録者数"]


def test_an_invented_value_is_marked_and_explained(month, viewer, signed_in) -> None:
    put(month.friends.kpi, "2025-04", 5, is_synthetic=True)
    recompute(month.friends.kpi.pk)
    assert page(signed_in(viewer)).count("架空値（見本）") == 2


def test_an_approved_zero_is_shown_as_zero(month, viewer) -> None:
    put(month.friends.kpi, "2025-04", 0)
    recompute(month.friends.kpi.pk)
    assert [(card.number, card.unit) for card in home(viewer).moved] == [("0", "人")]


# --- Nobody's and quiet pages ----------------------------------------------------------------------------------------
def test_a_person_without_a_post_is_told_whom_to_ask(db, signed_in) -> None:
    text = page(signed_in(User.objects.create_user("N001", "pass-word-123", name="新任 一子")))
    assert "担当の割当てがまだありません" in text
    assert "取りまとめ課に職員番号と所属を伝えて" in text


def test_a_viewer_is_not_told_that_there_is_nothing_to_do(viewer, signed_in) -> None:
    text = page(signed_in(viewer))
    assert "いま行うことはありません" not in text
    assert "承認された値はまだありません" in text


def test_the_page_asks_to_sign_in(client, db) -> None:
    assert client.get(reverse("home")).headers["Location"].startswith(reverse("login"))


# --- What it costs ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("more", [0, 9])
@pytest.mark.parametrize(
    ("role", "queries"),
    # The office's last one reads what the sweep found.
    [("viewer", 11), ("editor", 25), ("approver", 18), ("reform_office", 32)],
)
def test_the_page_takes_as_many_queries_however_many_figures_there_are(
    role, queries, more, month, department, editor, approver, request, signed_in, django_assert_num_queries
) -> None:
    send_back(handed_in(month.friends, editor, "5"), access=access(approver), reason="確認を")
    draft(month.hours, editor, "6")
    for number in range(more):
        series = part(make_kpi(f"more-{number}", f"指標{number}", "件", "flow"))
        Reporting.objects.create(series=series, department=department, valid_from=MONTH)
        put(series.kpi, "2025-04", number)
        recompute(series.kpi_id)
        draft(series, editor, "7")
    client = signed_in(request.getfixturevalue(role))
    with django_assert_num_queries(queries):
        page(client)


def test_a_clerk_sees_that_a_closed_month_is_open_again(month, editor, department, reform_office, signed_in) -> None:
    close_month(MONTH, access=access(reform_office))
    assert home(editor).reopened == []
    reopen(MONTH, department, reason="転記の誤り", until=date(2025, 6, 20), access=access(reform_office))
    text = page(signed_in(editor))
    assert "情報政策課　令和7(2025)年5月分を直す" in text
    assert "令和7(2025)年6月20日まで" in text
    assert "転記の誤り" in text


def test_a_person_who_is_editor_and_chief_sees_both_parts(month, editor, department, signed_in) -> None:
    colleague = person("E009", "同僚 三郎", Assignment.Role.EDITOR, department)
    Assignment.objects.create(user=editor, department=department, role="approver", valid_from=LONG_AGO)
    handed_in(month.friends, colleague, "5")
    text = page(signed_in(editor))
    assert "回答する月" in text
    assert "1件の回答を確認する" in text
