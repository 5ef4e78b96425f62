"""事務引継: what is open of a post moves to its successor at once, and a paper is kept."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import Assignment, Deputy, Handover
from inquiries.models import Inquiry, Recipient
from kpis.entries import approve
from kpis.entries.queue import to_review
from kpis.models import Entry, OwnerCard
from tests.conftest import person
from tests.kpis.reporting_world import draft, handed_in, make_month, report
from tests.kpis.world import access, make_kpi, part

pytestmark = pytest.mark.usefixtures("june")


@pytest.fixture
def month(department):
    return make_month(department)


@pytest.fixture
def successor(department):
    return person("E003", "後任 葉子", "editor", department, "主任")


def post(user) -> Assignment:
    return user.assignments.get()


def hand_over(client, giver, taker, **typed):
    url = f"/handover/{post(giver).pk}/?taker={post(taker).pk}"
    page = client.get(url)
    form = {"note": "7月に様式が変わる", "confirmed": "on", "seal": page.context["preview"].seal}
    return client.post(url, form | typed)


@pytest.fixture
def inquiry(department, editor) -> Recipient:
    asked = Inquiry.objects.create(
        kind="one_off",
        title="備品の照会",
        text="依頼",
        contact="課",
        due_on=date(2025, 6, 20),
        issued_at=timezone.now(),
    )
    return Recipient.objects.create(inquiry=asked, department=department, author=editor, answer="途中")


def test_drafts_inquiries_and_cards_move_and_the_author_of_what_was_handed_in_stays(
    month, editor, successor, approver, inquiry, department, signed_in
):
    begun, sent = draft(month.friends, editor, "40000"), handed_in(month.hours, editor, "235000")
    card = OwnerCard.objects.create(
        kpi=month.friends.kpi, department=department, owner=post(editor), pitfalls="5月に転記の誤り",
        updated_at=timezone.now(),
    )  # fmt: skip
    answer = hand_over(signed_in(editor), editor, successor)
    for row in (begun, sent, card, inquiry):
        row.refresh_from_db()
    assert (begun.author, sent.author) == (successor, editor)
    assert inquiry.author == successor
    assert card.owner == post(successor)
    assert [entry.events.last().action for entry in (begun, sent)] == ["handed_over", "handed_over"]
    paper = signed_in(approver).get(answer.url).content.decode()
    for words in ("事務引継書", "7月に様式が変わる", "備品の照会", "5月に転記の誤り", "後任 葉子"):
        assert words in paper


def test_the_preview_shows_what_moves_and_changes_nothing(month, editor, successor, signed_in):
    begun = draft(month.friends, editor, "40000")
    page = signed_in(editor).get(f"/handover/{post(editor).pk}/?taker={post(successor).pk}").content.decode()
    assert "手続き中の回答　1件" in page
    begun.refresh_from_db()
    assert begun.author == editor
    assert not Handover.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"), [({"confirmed": ""}, "確認の欄に印"), ({"seal": "old"}, "引き継ぐ内容が変わりました")]
)
def test_nothing_moves_unconfirmed_or_when_it_changed_since_it_was_shown(
    month, editor, successor, signed_in, typed, said
):
    begun = draft(month.friends, editor, "40000")
    answer = hand_over(signed_in(editor), editor, successor, **typed)
    assert said in answer.content.decode()
    assert "7月に様式が変わる" in answer.content.decode()
    begun.refresh_from_db()
    assert begun.author == editor


def test_the_successor_in_a_chiefs_post_gets_the_deputies_and_looks_at_what_they_decided(
    month, editor, approver, department, reform_office, signed_in
):
    stand_in = person("D001", "代決 四郎", "viewer")
    today = access(approver).on
    Deputy.objects.create(principal=post(approver), deputy=stand_in, valid_from=today, valid_to=today, reason="出張")
    approve(handed_in(month.friends, editor, "40000"), access=access(stand_in))
    chief = person("A003", "新課長", "approver", department, "課長")
    hand_over(signed_in(reform_office), approver, chief)
    assert Deputy.objects.filter(principal=post(chief), deputy=stand_in).exists()
    [event] = to_review(access(chief))
    signed_in(chief).post("/approvals/", {"action": "review", "event": event.pk})
    assert to_review(access(chief)) == to_review(access(approver)) == []


@pytest.mark.parametrize("who", ["other_editor", "successor"])
def test_nobody_hands_over_what_is_somebody_elses(who, editor, successor, request, signed_in):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(f"/handover/{post(editor).pk}/").status_code == 403


def test_a_successor_of_another_department_is_not_offered(editor, other_editor, signed_in):
    page = signed_in(editor).get(f"/handover/{post(editor).pk}/?taker={post(other_editor).pk}")
    assert "後任を選び直してください" in page.content.decode()
    assert "後任になれる職員がいません" in page.content.decode()


def test_what_somebody_else_typed_stays_with_them(month, editor, successor, department, signed_in):
    colleague = person("E009", "同僚 三郎", "editor", department)
    theirs = draft(month.friends, colleague, "1")
    hand_over(signed_in(editor), editor, successor)
    assert Entry.objects.get(pk=theirs.pk).author == colleague


@pytest.mark.parametrize("count", [1, 8])
def test_the_pages_cost_the_same_queries_for_any_number_of_posts_and_entries(
    department, approver, editor, successor, count, signed_in, django_assert_num_queries
):
    for number in range(count):
        person(f"E1{number:02}", f"職員{number}", "editor", department)
        series = part(make_kpi(f"k{number}", f"指標{number}", "件", "flow"))
        report(series, department)
        draft(series, editor, "1")
    client = signed_in(approver)
    with django_assert_num_queries(5):  # session, person, posts, posts to hand over, papers
        client.get("/handover/")
    with django_assert_num_queries(16):  # the post, its successors, and one for each sort of work
        client.get(f"/handover/{post(editor).pk}/?taker={post(successor).pk}")


@pytest.mark.parametrize(
    "days",
    [
        {"valid_from": date(2025, 6, 11)},
        {"valid_from": date(2022, 4, 1), "valid_to": date(2024, 12, 11)},
        {"valid_from": date(2026, 4, 1)},
    ],
    ids=["begins tomorrow", "ended 181 days ago", "begins next year"],
)
@pytest.mark.parametrize("who", ["approver", "reform_office"])
def test_a_post_that_the_list_hides_is_refused_by_its_page_and_by_the_act(
    month, editor, successor, request, who, days, signed_in
):
    client, url = signed_in(request.getfixturevalue(who)), f"/handover/{post(editor).pk}/?taker={post(successor).pk}"
    form = {"confirmed": "on", "seal": client.get(url).context["preview"].seal}
    editor.assignments.update(**days)
    assert f"/handover/{post(editor).pk}/" not in client.get("/handover/").content.decode()
    assert client.get(url).status_code == 403
    assert client.post(url, form).status_code == 403
    assert not Handover.objects.exists()


def test_a_post_that_ended_180_days_ago_is_handed_over_late(month, editor, successor, reform_office, signed_in):
    editor.assignments.update(valid_from=date(2022, 4, 1), valid_to=date(2024, 12, 12))
    hand_over(signed_in(reform_office), editor, successor)
    assert Handover.objects.count() == 1
