"""A report on its way through several hands, and what a deputy decided."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.access import Access
from accounts.models import Assignment, Deputy, RouteStep
from approvals.queue import review, review_picked
from kpis.entries import ENTRIES, approve, send_back, withdraw
from kpis.entries.queue import entries_in_turn, queue_of, to_review
from kpis.models import Entry, Measurement
from tests.accounts.test_routing import route, use
from tests.conftest import LONG_AGO, person
from tests.kpis.reporting_world import MONTH, Month, draft, handed_in, make_month


def acting(user) -> Access:
    return Access(user, timezone.localdate())


@pytest.fixture
def month(department) -> Month:
    return make_month(department)


@pytest.fixture
def checker(department):
    return person("K001", "係長 四郎", "checker", department, "係長")


@pytest.fixture
def coordinator(division):
    return person("C001", "部 まとめ", "coordinator", division, "主幹")


@pytest.fixture
def everybody(checker, approver, coordinator, reform_office):
    """The four who approve, in the order of the longest route."""
    use(route("4段階", "checker", "approver", "coordinator", "reform_office"))
    return [checker, approver, coordinator, reform_office]


def value_of(series) -> Decimal | None:
    found = Measurement.objects.filter(series=series, period=MONTH).first()
    return found.value if found else None


class TestSteps:
    def test_a_value_counts_only_after_the_last_of_four_steps(self, month, editor, everybody):
        entry = handed_in(month.friends, editor, "40000")
        for place, user in enumerate(everybody, start=1):
            assert value_of(month.friends) is None
            entry.refresh_from_db()
            assert entry.step_label.startswith(f"{place}／4")
            done = approve(entry, access=acting(user))
        assert done.state == Entry.State.APPROVED
        assert value_of(month.friends) == 40000
        actions = list(entry.events.order_by("pk").values_list("action", flat=True))
        assert actions == ["saved", "submitted", "confirmed", "confirmed", "confirmed", "approved"]

    def test_the_state_says_whose_turn_it_is(self, month, editor, everybody):
        entry = handed_in(month.friends, editor, "40000")
        for user, words in zip(everybody, ["係長", "課長", "部の取りまとめ", "取りまとめ課"], strict=True):
            entry.refresh_from_db()
            assert entry.state_label.startswith(f"{words}確認待ち（")
            approve(entry, access=acting(user))
        entry.refresh_from_db()
        assert entry.state_label == "回答済"

    def test_nobody_decides_before_their_turn(self, month, editor, everybody):
        entry = handed_in(month.friends, editor, "40000")
        for user in everybody[1:]:
            with pytest.raises(PermissionDenied):
                approve(entry, access=acting(user))

    def test_a_return_at_the_third_step_begins_the_route_anew(self, month, editor, everybody):
        entry = handed_in(month.friends, editor, "40000")
        for user in everybody[:2]:
            approve(entry, access=acting(user))
        send_back(entry, access=acting(everybody[2]), reason="単位を確かめてください")
        entry.refresh_from_db()
        assert (entry.state, entry.steps_passed) == (Entry.State.RETURNED, 0)
        assert entry.events.get(action="returned").post == "総合政策部 主幹"

    def test_the_author_takes_it_back_until_the_last_approval(self, month, editor, everybody):
        entry = handed_in(month.friends, editor, "40000")
        for user in everybody[:3]:
            approve(entry, access=acting(user))
        withdraw(entry, access=acting(editor))
        entry.refresh_from_db()
        assert (entry.state, entry.steps_passed) == (Entry.State.DRAFT, 0)

    def test_the_author_approves_at_no_step_whatever_posts_they_hold(self, month, editor, department):
        use(route("2段階", "checker", "approver"))
        for role in ("checker", "approver"):
            Assignment.objects.create(user=editor, department=department, role=role, valid_from=LONG_AGO)
        entry = handed_in(month.friends, editor, "40000")
        with pytest.raises(ValidationError, match="自分が入力した"):
            approve(entry, access=acting(editor))

    def test_a_route_changed_meanwhile_changes_nothing_for_what_is_under_way(self, month, editor, everybody):
        entry = handed_in(month.friends, editor, "40000")
        approve(entry, access=acting(everybody[0]))
        RouteStep.objects.filter(role__in=["coordinator", "reform_office"]).delete()
        for user in everybody[1:]:
            assert value_of(month.friends) is None
            approve(entry, access=acting(user))
        assert value_of(month.friends) == 40000

    def test_an_entry_keeps_the_route_it_was_handed_in_with(self, month, editor, approver, reform_office):
        entry = handed_in(month.friends, editor, "40000")
        use(route("2段階", "approver", "reform_office"))
        approve(entry, access=acting(approver))
        assert value_of(month.friends) == 40000


class TestQueue:
    def test_everybody_sees_what_waits_for_them_now_and_nothing_else(self, month, editor, everybody):
        entry = handed_in(month.friends, editor, "40000")
        for place, user in enumerate(everybody):
            assert [bool(entries_in_turn(acting(each))) for each in everybody] == [n == place for n in range(4)]
            approve(entry, access=acting(user))
        assert not any(entries_in_turn(acting(each)) for each in everybody)

    def test_another_divisions_coordinator_sees_nothing(self, month, editor, everybody, division):
        entry = handed_in(month.friends, editor, "40000")
        for user in everybody[:2]:
            approve(entry, access=acting(user))
        other = type(division).objects.create(
            code="20", name="総務部", short_name="総務", order=20, valid_from=LONG_AGO
        )
        assert entries_in_turn(acting(person("C002", "別部 まとめ", "coordinator", other))) == []

    def test_what_its_author_was_asked_about_stands_first(self, month, editor, approver):
        handed_in(month.friends, editor, "40000")
        flagged = handed_in(month.hours, editor, "235000")
        Entry.objects.filter(pk=flagged.pk).update(change_reason="election")
        [batch] = queue_of(acting(approver))
        assert batch.lines[0].entry.pk == flagged.pk

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_page_asks_as_much_for_one_entry_as_for_three(
        self, month, editor, everybody, signed_in, django_assert_num_queries, count
    ):
        for series in (month.friends, month.hours, month.growth)[:count]:
            handed_in(series, editor, "1")
        client = signed_in(everybody[0])
        with django_assert_num_queries(22):  # five of them are the checks', one looks for months that wait too
            assert client.get("/approvals/").status_code == 200

    def test_the_page_names_the_step(self, month, editor, everybody, signed_in):
        handed_in(month.friends, editor, "40000")
        assert "1／4 確認者（係長）" in signed_in(everybody[0]).get("/approvals/").content.decode()

    def test_the_reform_office_approves_at_its_step_on_the_page(self, month, editor, everybody, signed_in):
        entry = handed_in(month.friends, editor, "40000")
        for user in everybody[:3]:
            approve(entry, access=acting(user))
        entry.refresh_from_db()
        signed_in(everybody[3]).post("/approvals/", {"entry": [f"{entry.pk}:{entry.version}"]})
        assert value_of(month.friends) == 40000


class TestDeputies:
    @pytest.fixture
    def deputy(self, approver):
        today = timezone.localdate()
        user = person("D001", "補佐 三郎", "viewer", None, "課長補佐")
        Deputy.objects.create(
            principal=approver.assignments.get(), deputy=user, valid_from=today, valid_to=today, reason="出張"
        )
        return user

    def test_a_deputys_approval_counts_and_is_marked_everywhere(self, month, editor, deputy):
        entry = handed_in(month.friends, editor, "40000")
        approve(entry, access=acting(deputy))
        measurement = month.friends.measurements.get()
        event = entry.events.get(action="approved")
        assert event.is_by_deputy
        assert event.post == "情報政策課 課長の代決（課長補佐）"
        assert "代決" in measurement.revisions.get().reason

    def test_the_holder_looks_at_it_afterwards_once(self, month, editor, approver, deputy):
        entry = handed_in(month.friends, editor, "40000")
        approve(entry, access=acting(deputy))
        [event] = to_review(acting(approver))
        assert review_picked(ENTRIES, [event.pk], acting(approver)) == 1
        assert to_review(acting(approver)) == []
        assert entry.events.filter(action="reviewed", post="情報政策課 課長").count() == 1
        with pytest.raises(ValidationError, match="済んでいます"):
            review(ENTRIES, [event], access=acting(approver))

    def test_nobody_else_reviews_in_the_holders_place(self, month, editor, deputy, reform_office):
        entry = handed_in(month.friends, editor, "40000")
        approve(entry, access=acting(deputy))
        with pytest.raises(PermissionDenied):
            review(ENTRIES, [entry.events.get(action="approved")], access=acting(reform_office))

    def test_a_deputy_who_entered_the_value_does_not_approve_it(self, month, editor, deputy, department):
        Assignment.objects.create(user=deputy, department=department, role="editor", valid_from=LONG_AGO)
        draft(month.friends, deputy, "39000")
        entry = handed_in(month.friends, editor, "40000")
        with pytest.raises(ValidationError, match="自分が入力した"):
            approve(entry, access=acting(deputy))

    def test_the_pages_let_a_deputy_decide_and_the_holder_review(self, month, editor, approver, deputy, signed_in):
        entry = handed_in(month.friends, editor, "40000")
        page = signed_in(deputy).get("/approvals/").content.decode()
        assert "情報政策課 課長の代決として承認します" in page
        signed_in(deputy).post(f"/approvals/{entry.pk}/", {"action": "approve", "seen_version": entry.version})
        assert value_of(month.friends) == 40000
        chief = signed_in(approver)
        assert "代決された1件を後閲する" in chief.get("/").content.decode()
        event = entry.events.get(action="approved")
        chief.post("/approvals/", {"action": "review", "event": [event.pk]})
        assert to_review(acting(approver)) == []

    def test_a_deputy_whose_days_are_over_is_refused(self, month, editor, deputy, signed_in):
        handed_in(month.friends, editor, "40000")
        Deputy.objects.update(
            valid_from=timezone.localdate() - timedelta(days=2), valid_to=timezone.localdate() - timedelta(days=1)
        )
        assert signed_in(deputy).get("/approvals/").status_code == 403
