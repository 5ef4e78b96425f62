"""A monthly inquiry whose month was closed (確定): who left values over is named, and who was let in waits again."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from inquiries import conversation
from inquiries.models import Inquiry, Recipient
from inquiries.regular import make_due_inquiries
from kpis.values.closed import close_month, reopen
from tests.kpis.reporting_world import MONTH, handed_in, report
from tests.kpis.world import access, make_kpi, part

ALL_ARE_IN = "すべての所属から提出されています"


@pytest.fixture
def closed(monthly, month, editor, other_department, reform_office) -> Inquiry:
    """情報政策課 handed one value of three in, 市民課 none of one; then May was closed."""
    report(part(make_kpi("own", "市民課の件数", "件", "flow")), other_department)
    make_due_inquiries(date(2025, 6, 10))
    handed_in(month.friends, editor, "5")
    close_month(MONTH, access=access(reform_office))
    return monthly


def page(client, inquiry: Inquiry) -> str:
    return client.get(reverse("inquiries:detail", args=[inquiry.pk])).content.decode()


def test_it_names_who_left_something_over_and_does_not_say_that_all_are_in(closed, reform_office, signed_in):
    text = page(signed_in(reform_office), closed)
    assert "確定したため締め切りました（未回答が残る2所属）" in text
    assert "情報政策課</a>（未入力2件、確認待ち1件）、" in text
    assert ALL_ARE_IN not in text
    assert "まだ提出していない所属" not in text


def test_who_was_let_in_waits_again_apart_from_the_rest(closed, department, reform_office, signed_in):
    reopen(MONTH, department, reason="未提出", until=date(2025, 6, 20), access=access(reform_office))
    text = page(signed_in(reform_office), closed)
    assert "まだ提出していない所属（1）" in text
    assert "確定したため締め切りました（未回答が残る1所属）" in text
    assert "市民課</a>（未入力1件）</p>" in text


def test_the_office_finds_it_among_the_closed_ones_until_somebody_is_let_in(
    closed, department, reform_office, signed_in
):
    client, address = signed_in(reform_office), reverse("inquiries:list")
    assert client.get(address).context["overviews"] == []
    [overview] = client.get(address, {"which": "all"}).context["overviews"]
    assert (overview.code, overview.label) == ("closed", "締切済")
    reopen(MONTH, department, reason="未提出", until=date(2025, 6, 20), access=access(reform_office))
    [overview] = client.get(address).context["overviews"]
    assert overview.label == "受付中"


def test_a_question_to_answer_keeps_it_in_the_offices_list(closed, department, editor, reform_office, signed_in):
    conversation.ask(closed.recipients.get(department=department), "いつ直せますか", access=access(editor))
    assert len(signed_in(reform_office).get(reverse("inquiries:list")).context["overviews"]) == 1


def test_a_clerk_finds_it_among_the_closed_ones_and_cannot_ask_for_more_time(closed, editor, signed_in):
    client = signed_in(editor)
    assert client.get(reverse("inquiries:list")).context["standings"] == []
    assert len(client.get(reverse("inquiries:list"), {"which": "all"}).context["standings"]) == 1
    recipient = Recipient.objects.get(inquiry=closed, department__code="1010")
    asked = client.get(reverse("inquiries:recipient", args=[recipient.pk])).content.decode()
    assert "期限の延長を申請する" not in asked
