"""Who may do what with an entry in which state, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.models import Assignment, User
from approvals.conflict import Conflict
from kpis.entries import approve, discard, save_draft, send_back, submit, withdraw
from kpis.models import Entry, EntryEvent, Measurement, Reporting, Series
from kpis.values.statement import Slot, Statement
from tests.conftest import person
from tests.kpis.world import access, make_kpi, part, put

APRIL = date(2025, 4, 1)
ROLES = ["editor", "approver", "reform_office", "viewer", "other_editor"]
STATES = ["draft", "submitted", "returned", "approved", "discarded"]


@pytest.fixture
def series(world) -> Series:
    return part(world.friends)


@pytest.fixture
def enter(series, department, editor) -> Callable[..., Entry]:
    """Saves a draft as the editor."""

    def save(value: str | int | None = 100, *, by: User = editor, **more: Any) -> Entry:
        statement = more.pop("statement", Statement(value=None if value is None else Decimal(value)))
        slot = Slot(series.pk, APRIL)
        return save_draft(slot, statement, access=access(by), department_id=department.pk, **more)

    return save


@pytest.fixture
def entry_in(enter, editor, approver) -> Callable[[str], Entry]:
    """An entry that people brought into a state."""

    def bring(state: str) -> Entry:
        entry = enter()
        if state == "discarded":
            return discard(entry, access=access(editor))
        if state != "draft":
            entry = submit(entry, access=access(editor))
        if state == "returned":
            return send_back(entry, access=access(approver), reason="前月と違いすぎます。")
        if state == "approved":
            approve(entry, access=access(approver))
        return Entry.objects.get(pk=entry.pk)

    return bring


ACTS: dict[str, Callable[[Entry, User], object]] = {
    "save": lambda entry, user: save_draft(
        Slot(entry.series_id, entry.period),
        Statement(value=Decimal(7)),
        access=access(user),
        department_id=entry.department_id,
    ),
    "submit": lambda entry, user: submit(entry, access=access(user)),
    "withdraw": lambda entry, user: withdraw(entry, access=access(user)),
    "approve": lambda entry, user: approve(entry, access=access(user)),
    "return": lambda entry, user: send_back(entry, access=access(user), reason="確かめてください。"),
    "discard": lambda entry, user: discard(entry, access=access(user)),
}
#: act → who may, in which states, and the state after it. Saving over a decided entry begins a new one.
RULES = {
    "save": ("editor", {"draft": "draft", "returned": "returned", "approved": "approved", "discarded": "discarded"}),
    "submit": ("editor", {"draft": "submitted", "returned": "submitted"}),
    "withdraw": ("editor", {"submitted": "draft"}),
    "approve": ("approver", {"submitted": "approved"}),
    "return": ("approver", {"submitted": "returned"}),
    "discard": ("editor", {"draft": "discarded", "returned": "discarded"}),
}


@pytest.mark.parametrize("state", STATES)
def test_an_act_is_open_to_its_role_in_its_states_and_to_nobody_else(request, entry_in, state):
    people = {role: request.getfixturevalue(role) for role in ROLES}
    brought = entry_in(state)
    for act in ACTS:
        for role, user in people.items():
            with transaction.atomic():  # undone: everybody meets the entry as it was brought there
                check_act(act, role, user, Entry.objects.get(pk=brought.pk))
                transaction.set_rollback(True)


def check_act(act: str, role: str, user: User, entry: Entry) -> None:
    """The act succeeds and leads where RULES says, or is refused and nothing happened."""
    state, events = entry.state, entry.events.count()
    may, states = RULES[act]
    if role == may and state in states:
        ACTS[act](entry, user)
        expected = states[state]
    else:
        with pytest.raises((PermissionDenied, ValidationError)):
            ACTS[act](entry, user)
        expected = state
        assert entry.events.count() == events
    entry.refresh_from_db()
    assert entry.state == expected, (act, role, state)


def test_an_act_names_who_did_it_in_which_post_and_what_was_typed(enter, editor, approver):
    entry = submit(enter(typed="２３．５万", statement=Statement(value=Decimal(235_000))), access=access(editor))
    approve(entry, access=access(approver))
    told = list(EntryEvent.objects.values_list("action", "actor_name", "post", "shown"))
    assert told == [
        ("saved", "入力 花子", "情報政策課 主査", "２３．５万"),
        ("submitted", "入力 花子", "情報政策課 主査", "２３．５万"),
        ("approved", "課長 太郎", "情報政策課 課長", "２３．５万"),
    ]


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        (Statement(value=Decimal("0")), "0"),
        (Statement(value=Decimal("1200")), "1200"),
        (Statement(value=Decimal("0.50")), "0.5"),
        (Statement(missing_reason="pending"), "集計中"),
    ],
)
def test_without_typed_text_the_history_shows_the_plain_value(enter, editor, statement, shown):
    submit(enter(statement=statement), access=access(editor))
    assert EntryEvent.objects.get(action="submitted").shown == shown


def test_approval_moves_the_value_over_with_its_marks_comment_and_history(enter, editor, approver):
    said = Statement(value=Decimal(5), is_provisional=True, as_of=date(2025, 4, 30), as_of_wording="4月末")
    approve(submit(enter(statement=said, comment="速報です。"), access=access(editor)), access=access(approver))
    measurement = Measurement.objects.get()
    revision = measurement.revisions.get()
    assert (measurement.value, measurement.is_provisional, measurement.as_of_wording) == (5, True, "4月末")
    assert measurement.note == "", "the comment is for those who report and gather"
    assert (revision.actor_name, revision.post) == ("入力 花子", "情報政策課 主査")
    assert revision.reason == "回答（情報政策課 課長が承認）：速報です。"


def test_an_entry_counts_nowhere_before_its_approval(enter, editor):
    submit(enter(), access=access(editor))
    assert not Measurement.objects.exists()


def test_a_reason_for_no_value_is_approved_like_a_value(enter, editor, approver):
    approve(
        submit(enter(statement=Statement(missing_reason="withheld")), access=access(editor)), access=access(approver)
    )
    assert Measurement.objects.get().missing_reason == "withheld"


def test_an_approved_0_is_a_value(enter, editor, approver):
    approve(submit(enter(0), access=access(editor)), access=access(approver))
    assert (Measurement.objects.get().value, Measurement.objects.get().missing_reason) == (0, "")


def test_a_correction_keeps_the_old_value_in_the_history_and_says_that_it_is_one(enter, editor, approver):
    approve(submit(enter(100), access=access(editor)), access=access(approver))
    correction = enter(90, comment="転記誤り")
    assert correction.is_correction
    approve(submit(correction, access=access(editor)), access=access(approver))
    measurement = Measurement.objects.get()
    assert (measurement.value, measurement.version) == (90, 2)
    assert list(measurement.revisions.order_by("version").values_list("value", flat=True)) == [100, 90]
    assert measurement.revisions.get(version=2).reason == "訂正（情報政策課 課長が承認）：転記誤り"


def test_a_very_long_comment_is_cut_in_the_history_and_kept_in_the_entry(enter, editor, approver):
    entry = submit(enter(comment="あ" * 1000), access=access(editor))
    approve(entry, access=access(approver))
    assert len(Measurement.objects.get().revisions.get().reason) == 300
    assert Entry.objects.get().comment == "あ" * 1000


@pytest.mark.parametrize("more", [{"comment": "あ" * 1001}, {"typed": "1" * 101}])
def test_text_that_does_not_fit_is_refused_in_words(enter, more):
    with pytest.raises(ValidationError, match=r"字以内|文字以下"):
        enter(**more)
    assert not Entry.objects.exists()


# --- never by its author ---------------------------------------------------------------------------------------------
@pytest.fixture
def both_posts(department) -> User:
    """Somebody who is editor and approver of the same department."""
    user = person("B001", "兼務 三郎", Assignment.Role.EDITOR, department, "主幹")
    Assignment.objects.create(user=user, department=department, role="approver", valid_from=date(2019, 4, 1))
    return user


@pytest.mark.parametrize("act", ["approve", "return"])
def test_nobody_decides_on_what_they_entered_themselves(enter, both_posts, act):
    entry = submit(enter(by=both_posts), access=access(both_posts))
    with pytest.raises(ValidationError, match="自分が入力した回答"):
        ACTS[act](entry, both_posts)


@pytest.mark.parametrize("act", ["approve", "return"])
def test_having_typed_it_and_let_a_colleague_hand_it_in_is_having_entered_it(enter, both_posts, editor, act):
    enter(by=both_posts)
    entry = submit(enter(101, by=editor), access=access(editor))
    with pytest.raises(ValidationError, match="自分が入力した回答"):
        ACTS[act](entry, both_posts)


def test_having_only_handed_it_in_is_taking_part_too(enter, both_posts, editor):
    entry = submit(enter(by=editor), access=access(both_posts))
    with pytest.raises(ValidationError, match="自分が入力した回答"):
        approve(entry, access=access(both_posts))


def test_who_holds_both_posts_may_approve_what_others_entered(enter, both_posts, editor):
    approve(submit(enter(), access=access(editor)), access=access(both_posts))
    assert Entry.objects.get().decided_post == "情報政策課 確認者（所属長）"


# --- returns ---------------------------------------------------------------------------------------------------------
def test_a_return_needs_a_reason(entry_in, approver):
    entry = entry_in("submitted")
    for reason in ("", " 　"):
        with pytest.raises(ValidationError, match="差し戻す理由"):
            send_back(entry, access=access(approver), reason=reason)


def test_the_reason_of_a_return_stays_when_the_entry_is_mended_and_approved(enter, entry_in, editor, approver):
    entry_in("returned")
    approve(submit(enter(90), access=access(editor)), access=access(approver))
    assert list(EntryEvent.objects.filter(action="returned").values_list("reason", flat=True)) == [
        "前月と違いすぎます。"
    ]
    assert Measurement.objects.get().value == 90


def test_a_value_that_comes_back_is_no_longer_confirmed(enter, editor, approver):
    said = Statement(value=Decimal(100), change_reason="event", is_confirmed=True)
    entry = send_back(submit(enter(statement=said), access=access(editor)), access=access(approver), reason="桁の誤り")
    entry.refresh_from_db()
    assert (entry.value, entry.change_reason, entry.is_confirmed) == (100, "event", False)


CORRECTIONS = {
    "another number": ({}, Statement(value=Decimal(90)), "承認された値を直す理由"),
    "withheld": ({}, Statement(missing_reason="withheld"), "承認された値を直す理由"),
    "a number where there was none": (
        {"value": None, "missing_reason": "not_applicable"}, Statement(value=Decimal(90)), "承認された値を直す理由",
    ),
    "another mark": ({}, Statement(value=Decimal(100), is_rounded=True), "承認された値を直す理由"),
    "still provisional": (
        {"is_provisional": True}, Statement(value=Decimal(90), is_provisional=True), "承認された値を直す理由",
    ),
    "the same": ({}, Statement(value=Decimal(100), is_confirmed=True), "変わるところがありません"),
}  # fmt: skip


@pytest.mark.parametrize(("held", "said", "refused"), CORRECTIONS.values(), ids=CORRECTIONS)
def test_a_correction_says_why_in_its_comment(world, enter, editor, held, said, refused):
    put(world.friends, "2025-04", **{"value": 100} | held)
    with pytest.raises(ValidationError, match=refused):
        submit(enter(statement=said), access=access(editor))
    assert Entry.objects.get().state == Entry.State.DRAFT
    assert submit(enter(statement=said, comment="転記の誤り"), access=access(editor)).state == Entry.State.SUBMITTED


@pytest.mark.parametrize(
    "held",
    [{"value": None, "missing_reason": "pending"}, {"nature": "projected"}, {"is_provisional": True}],
    ids=["pending", "projected", "provisional"],
)
def test_what_was_bound_to_be_replaced_is_no_correction(world, enter, editor, held):
    put(world.friends, "2025-04", **{"value": 100} | held)
    assert submit(enter(90), access=access(editor)).state == Entry.State.SUBMITTED


def test_a_blank_may_be_kept_as_a_draft_but_not_handed_in(enter, editor):
    entry = enter(None)
    with pytest.raises(ValidationError, match="値か値なしの理由"):
        submit(entry, access=access(editor))


def test_a_value_beside_a_reason_for_none_and_too_many_digits_are_refused(enter):
    with pytest.raises(ValidationError, match="どちらか一方"):
        enter(statement=Statement(value=Decimal(1), missing_reason="pending"))
    with pytest.raises(ValidationError, match="15桁"):
        enter("12345678901.12345")
    with pytest.raises(ValidationError):
        enter(statement=Statement(missing_reason="unknown"))


# --- somebody else was quicker ---------------------------------------------------------------------------------------
def test_what_a_colleague_saved_meanwhile_is_shown_and_not_overwritten(enter, department, editor):
    enter(100, seen_version=0)
    colleague = person("E009", "同僚 花", Assignment.Role.EDITOR, department)
    with pytest.raises(Conflict) as conflict:
        enter(200, by=colleague, seen_version=0)
    assert conflict.value.report is not None
    assert (conflict.value.report.value, conflict.value.report.author) == (100, editor)
    assert Entry.objects.get().value == 100


def test_a_value_approved_meanwhile_is_shown_and_not_overwritten(world, enter):
    put(world.friends, "2025-04", 300)
    with pytest.raises(Conflict) as conflict:
        enter(200, seen_version=0, seen_measurement=0)
    assert conflict.value.counting is not None
    assert conflict.value.counting.value == 300
    assert not Entry.objects.exists()


@pytest.mark.parametrize("act", ["submit", "approve"])
def test_a_value_stored_after_the_draft_stops_its_way_and_both_values_are_told(world, enter, editor, approver, act):
    entry = enter(200)
    if act == "approve":
        entry = submit(entry, access=access(editor))
    put(world.friends, "2025-04", 300)
    with pytest.raises(Conflict) as conflict:
        ACTS[act](entry, approver if act == "approve" else editor)
    assert conflict.value.report is not None
    assert conflict.value.counting is not None
    assert (conflict.value.report.value, conflict.value.counting.value) == (200, 300)
    assert conflict.value.report.state == entry.state
    entry.refresh_from_db()
    assert (entry.state, Measurement.objects.get().value) == (conflict.value.report.state, 300)


def test_after_a_conflict_saving_with_the_new_value_in_sight_goes_on(world, enter, editor, approver):
    enter(200)
    put(world.friends, "2025-04", 300)
    entry = enter(210, seen_version=1, seen_measurement=1, comment="あとから届いた分")
    approve(submit(entry, access=access(editor)), access=access(approver))
    assert (Measurement.objects.get().value, Measurement.objects.get().version) == (210, 2)


@pytest.mark.parametrize("act", [submit, discard])
def test_acting_on_an_entry_that_moved_on_is_a_conflict(enter, editor, act):
    old = enter(100)
    enter(101)
    with pytest.raises(Conflict) as conflict:
        act(old, access=access(editor), seen_version=1)
    assert conflict.value.report is not None
    assert conflict.value.report.value == 101


def test_a_chief_never_approves_another_value_than_the_one_shown(enter, entry_in, editor, approver):
    shown = entry_in("submitted")
    withdraw(shown, access=access(editor))
    submit(enter(999), access=access(editor))
    with pytest.raises(Conflict):
        approve(shown, access=access(approver), seen_version=shown.version)
    assert not Measurement.objects.exists()


# --- the department that reports ----------------------------------------------------------------------------------------
def test_a_series_that_another_department_reports_cannot_be_entered(world, other_department, other_editor):
    foreign = Slot(part(world.friends).pk, APRIL)
    with pytest.raises(PermissionDenied):
        save_draft(foreign, Statement(value=Decimal(1)), access=access(other_editor), department_id=other_department.pk)


def test_after_a_reorganisation_the_new_department_goes_on_with_the_open_entry(
    series, enter, other_department, other_editor
):
    enter(100)
    series.reportings.update(valid_to=date(2025, 3, 31))
    Reporting.objects.create(series=series, department=other_department, valid_from=APRIL)
    with pytest.raises(PermissionDenied):
        enter(101)
    slot = Slot(series.pk, APRIL)
    entry = save_draft(
        slot, Statement(value=Decimal(5)), access=access(other_editor), department_id=other_department.pk
    )
    assert (Entry.objects.get(), entry.department, entry.author) == (entry, other_department, other_editor)


def test_a_years_entry_belongs_to_who_reports_its_march(department, editor, other_department):
    kpi = make_kpi("yearly", "年度の値", "件", "flow", frequency="fiscal_year")
    Reporting.objects.create(
        series=part(kpi), department=other_department, valid_from=date(2020, 4, 1), valid_to=date(2024, 12, 31)
    )
    Reporting.objects.create(series=part(kpi), department=department, valid_from=date(2025, 1, 1))
    slot = Slot(part(kpi).pk, date(2024, 4, 1), "fiscal_year")
    assert save_draft(slot, Statement(value=Decimal(1)), access=access(editor), department_id=department.pk).pk


def test_rights_end_with_the_post(enter, editor):
    editor.assignments.update(valid_to=date(2025, 3, 31))
    with pytest.raises(PermissionDenied):
        enter()
