"""One mail a day and person, never twice, none on closed days."""

from __future__ import annotations

from datetime import date
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Assignment, ClosedDay, RouteUse, User
from initiatives import reporting
from initiatives.models import Initiative, ProgressRecord
from inquiries import answering
from inquiries.models import Inquiry, Recipient, Reminder
from inquiries.regular import make_due_inquiries
from inquiries.reminding import send_reminders, waiting_by_person
from jobs.models import Job
from jobs.tasks import begin
from kpis.entries import approve
from kpis.values.closed import close_month, reopen
from tests.accounts.test_routing import route
from tests.conftest import LONG_AGO, person
from tests.kpis.reporting_world import MONTH, handed_in
from tests.kpis.world import access

VALUES = RouteUse.Subject.MEASUREMENT
SATURDAY, MONDAY, TUESDAY = date(2025, 6, 14), date(2025, 6, 16), date(2025, 6, 17)


@pytest.fixture(autouse=True)
def _mail_is_set(settings) -> None:
    settings.MAIL_IS_SET = True
    settings.DEFAULT_FROM_EMAIL = "kpi@city.example.lg.jp"


@pytest.fixture
def reachable(editor, approver) -> None:
    User.objects.filter(pk=editor.pk).update(email="editor@city.example.lg.jp")
    User.objects.filter(pk=approver.pk).update(email="chief@city.example.lg.jp")


def test_clerk_and_chief_hear_of_what_is_late_in_one_mail_each(monthly, asked, reachable, settings):
    settings.SITE_URL = "http://kpi.example.lg.jp"
    outcome = send_reminders(date(2025, 6, 18))
    assert (outcome.sent, [message.to for message in mail.outbox]) == (
        2, [["chief@city.example.lg.jp"], ["editor@city.example.lg.jp"]]
    )  # fmt: skip
    [_, letter] = mail.outbox
    assert letter.from_email == "kpi@city.example.lg.jp"
    assert letter.subject == "【構造改革レポート】回答のお願い（2件、うち期限超過2件）"
    assert "■ 情報政策課" in letter.body
    assert "令和7年5月分の実績の照会　回答期限 6月13日（金）　期限超過　未入力3件" in letter.body
    assert "端末の台数の照会　回答期限 6月17日（火）　期限超過" in letter.body
    assert "http://kpi.example.lg.jp/inquiries/" in letter.body


def test_a_second_run_on_the_same_day_sends_nothing(monthly, reachable):
    send_reminders(MONDAY)
    outcome = send_reminders(MONDAY)
    assert (outcome.sent, outcome.already, len(mail.outbox)) == (0, 2, 2)


def test_the_next_day_reminds_again(monthly, reachable):
    send_reminders(MONDAY)
    assert send_reminders(TUESDAY).sent == 2


def test_a_mail_claimed_by_a_process_that_died_is_not_sent_by_another(monthly, reachable, editor):
    Reminder.objects.create(user=editor, day=MONDAY, subject="題", body="文")
    send_reminders(MONDAY)
    assert [message.to for message in mail.outbox] == [["chief@city.example.lg.jp"]]
    assert Reminder.objects.get(user=editor).sent_at is None


def test_the_claim_is_there_before_the_mail_goes_out(monthly, reachable, monkeypatch):
    claimed = []
    monkeypatch.setattr(
        "django.core.mail.EmailMessage.send", lambda self: claimed.append(Reminder.objects.filter(sent_at=None).count())
    )
    send_reminders(MONDAY)
    assert claimed == [1, 1]
    assert Reminder.objects.filter(sent_at=None).count() == 0


def test_the_database_holds_one_mail_a_day(editor):
    Reminder.objects.create(user=editor, day=MONDAY, subject="題", body="文")
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.create(user=editor, day=MONDAY, subject="題", body="文")


@pytest.mark.parametrize("closed", ["saturday", "own"])
def test_nobody_is_mailed_on_a_closed_day(monthly, reachable, closed):
    ClosedDay.objects.create(day=MONDAY, name="臨時の閉庁日")
    outcome = send_reminders(SATURDAY if closed == "saturday" else MONDAY)
    assert (outcome.why_not, mail.outbox) == ("閉庁日のため、送信しません。", [])
    assert not Reminder.objects.exists()


def test_a_sunday_that_the_city_opens_is_a_working_day(monthly, reachable):
    ClosedDay.objects.create(day=date(2025, 6, 15), name="日曜開庁", is_open=True)
    assert send_reminders(date(2025, 6, 15)).sent == 2


def test_without_a_mail_server_nobody_is_mailed_and_the_reason_is_said(monthly, reachable, settings):
    settings.MAIL_IS_SET = False
    assert "EMAIL_URL" in send_reminders(MONDAY).why_not
    assert not Reminder.objects.exists()


def test_people_without_an_address_or_a_post_get_nothing(monthly, reachable, editor, approver):
    User.objects.filter(pk=editor.pk).update(email="")
    Assignment.objects.filter(user=approver).update(valid_to=date(2025, 3, 31))
    assert send_reminders(MONDAY).sent == 0


def test_two_posts_are_one_mail(monthly, one_off, reachable, editor, other_department):
    Assignment.objects.create(user=editor, department=other_department, role="editor", valid_from=LONG_AGO)
    found = dict(waiting_by_person(date(2025, 6, 18)))
    assert [s.department.name for s in found[editor]] == ["情報政策課", "情報政策課", "市民課"]


def test_a_month_far_from_its_due_date_reminds_nobody(monthly, reachable):
    assert send_reminders(date(2025, 6, 10)).sent == 0


def test_what_waits_for_confirmation_reminds_the_chief_alone(monthly, month, reachable, editor, approver):
    for series in (month.friends, month.hours, month.growth):
        handed_in(series, editor, "5")
    assert [user.name for user, _ in waiting_by_person(MONDAY)] == ["課長 太郎"]


def test_on_a_longer_route_only_whoever_is_on_the_turn_is_reminded(
    monthly, month, reachable, editor, approver, department, division, reform_office
):
    RouteUse.objects.create(route=route("4段階", "checker", "approver", "coordinator", "reform_office"), subject=VALUES)
    people = [
        person("K001", "係長 次子", "checker", department, "係長"),
        approver,
        person("C001", "部 まとめ", "coordinator", division, "主幹"),
        reform_office,
    ]
    for each in people:
        User.objects.filter(pk=each.pk).update(email=f"{each.employee_number}@city.example.lg.jp")
    entries = [handed_in(series, editor, "5") for series in (month.friends, month.hours, month.growth)]
    for each in people:
        assert [user for user, _ in waiting_by_person(MONDAY)] == [each]
        for entry in entries:
            approve(entry, access=access(each))
    assert waiting_by_person(MONDAY) == []


def test_records_and_answers_remind_whoever_is_on_their_turn(asked, reachable, editor, approver, department):
    initiative = Initiative.objects.create(code="line", title="LINE", department=department)
    progress = Inquiry.Kind.PROGRESS
    assert progress in {each.kind for each in make_due_inquiries(date(2025, 7, 10))}
    words = dict.fromkeys(ProgressRecord.CONTENT, "") | {
        "status": "running",
        "results": "済",
        "cost": None,
        "effect": None,
    }
    clerk = access(editor)
    record = reporting.save(initiative, 2025, 1, words, access=clerk, seen_version=0)
    reporting.submit(record, access=clerk, seen_version=record.version)
    saved = answering.save(asked, "120台", access=clerk, seen_version=1)
    answering.submit(saved, access=clerk, seen_version=saved.version)
    of_chief = dict(waiting_by_person(date(2025, 7, 11)))[approver]
    assert {each.inquiry.kind for each in of_chief if each.waits_for_approval} == {progress, Inquiry.Kind.ONE_OFF}
    User.objects.filter(pk=approver.pk).update(email="")
    User.objects.filter(pk=person("K001", "係長 次子", "checker", department).pk).update(email="k@city.example.lg.jp")
    assert "係長 次子" not in {user.name for user, _ in waiting_by_person(date(2025, 7, 11))}


def test_a_returned_answer_reminds_its_clerk(asked, reachable, editor):
    Recipient.objects.filter(pk=asked.pk).update(state="returned")
    assert [user for user, _ in waiting_by_person(date(2025, 6, 10))] == [editor]


def test_a_closed_inquiry_reminds_nobody(monthly, reachable):
    Inquiry.objects.update(closed_at=timezone.now())
    assert send_reminders(MONDAY).sent == 0


def test_a_closed_month_reminds_nobody_but_a_department_that_was_let_in(monthly, reachable, department, reform_office):
    close_month(MONTH, access=access(reform_office))
    assert waiting_by_person(MONDAY) == []
    reopen(MONTH, department, reason="未提出", until=date(2025, 6, 20), access=access(reform_office))
    assert [user.name for user, _ in waiting_by_person(MONDAY)] == ["課長 太郎", "入力 花子"]


def test_a_refusal_is_kept_and_the_others_are_sent(monthly, reachable, monkeypatch):
    def refuse(message):
        if message.to == ["chief@city.example.lg.jp"]:
            raise SMTPRecipientsRefused({})
        return 1

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    outcome = send_reminders(MONDAY)
    assert (outcome.sent, outcome.failed) == (1, 1)
    assert Reminder.objects.exclude(error="").get().sent_at is None


def test_the_command_counts_what_it_sent(monthly, reachable, monkeypatch, capsys):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: MONDAY)
    call_command("send_reminders")
    call_command("send_reminders")
    assert capsys.readouterr().out.splitlines() == [
        "送信 2通、送信済み 0通、失敗 0通", "送信 0通、送信済み 2通、失敗 0通"
    ]  # fmt: skip


def test_the_command_fails_where_the_server_does_not_answer(monthly, reachable, monkeypatch):
    def refuse(message):
        raise OSError("接続できません")

    monkeypatch.setattr("django.utils.timezone.localdate", lambda: MONDAY)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    with pytest.raises(CommandError):
        call_command("send_reminders")
    assert {reminder.error for reminder in Reminder.objects.all()} == {"接続できません"}


def test_the_scheduler_starts_the_mails_as_a_job(monthly, reachable, finish_jobs):
    with finish_jobs():
        begin("send_reminders")
    assert (Job.objects.get(kind="send_reminders").state, Job.objects.get(kind="send_reminders").result) == (
        "done", {"sent": 0, "why_not": ""}
    )  # fmt: skip


def test_the_scheduler_starts_the_inquiries_as_a_job(month, finish_jobs):
    with finish_jobs():
        begin("make_inquiries")
    assert Job.objects.get(kind="make_inquiries").result == {"made": 1}
