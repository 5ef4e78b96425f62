"""`record` is the one way a value is stored: all or none, with its history, and only over the version that was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from jobs.models import Job
from kpis.models import Kpi, Measurement, Revision, Summary
from kpis.values.recording import Change, StaleVersion, record
from tests.kpis.world import change, make_kpi, part, put, put_months, summaries


def store(*changes: Change, reason: str = "試験", **who: object) -> list[Measurement]:
    return record(changes, **{"actor": None, "post": "", **who}, reason=reason)  # type: ignore[arg-type]


def test_every_version_is_kept_with_who_wrote_it_in_which_post_and_why(world, editor):
    store(change(world.friends, "2025-04", 100), actor=editor, post="情報政策課 主査", reason="初回")
    store(change(world.friends, "2025-04", 90, is_provisional=True), reason="訂正")
    told = Revision.objects.order_by("version").values_list(
        "version", "value", "is_provisional", "actor_name", "reason"
    )
    assert list(told) == [(1, 100, False, "入力 花子", "初回"), (2, 90, True, "", "訂正")]
    assert Revision.objects.get(version=1).post == "情報政策課 主査"


def test_the_same_again_makes_no_version_and_asks_for_nothing(world):
    put(world.friends, "2025-04", "100.50")
    Job.objects.all().delete()
    put(world.friends, "2025-04", "100.5")
    assert (Measurement.objects.get().version, Revision.objects.count(), Job.objects.count()) == (1, 1, 0)


@pytest.mark.parametrize(
    "mark", [{"is_rounded": True}, {"as_of": date(2025, 4, 30)}, {"note": "注"}, {"source": "出典"}]
)
def test_another_mark_is_another_version(world, mark):
    put(world.friends, "2025-04", 100)
    put(world.friends, "2025-04", 100, **mark)
    assert Measurement.objects.get().version == 2


def test_a_value_replaces_a_reason_and_a_reason_a_value(world):
    put(world.friends, "2025-04", None, missing_reason="pending")
    put(world.friends, "2025-04", 0)
    put(world.friends, "2025-04", None, missing_reason="withheld")
    kept = Revision.objects.order_by("version").values_list("value", "missing_reason")
    assert list(kept) == [(None, "pending"), (0, ""), (None, "withheld")]


@pytest.mark.parametrize("value", ["999999999999999", "-999999999.123456", "0.000001", "0", "123456789012345"])
def test_15_digits_come_back_exactly_whether_new_or_changed(world, value):
    put(world.friends, "2025-04", 5)
    put(world.friends, "2025-04", value)
    put(world.friends, "2025-05", value)
    assert set(Measurement.objects.values_list("value", flat=True)) == {Decimal(value)}
    assert Revision.objects.order_by("pk").last().value == Decimal(value)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"value": Decimal("1234567890123456")}, "15桁"),
        ({"value": Decimal("1.1234567")}, "6桁"),
        ({"value": Decimal("NaN")}, "数値"),
        ({"value": None}, "どちらか一方"),
        ({"missing_reason": "pending"}, "どちらか一方"),
        ({"value": None, "missing_reason": "unknown"}, "選択肢"),
        ({"nature": "guessed"}, "選択肢"),
        ({"period": date(2025, 4, 15)}, "初日"),
        ({"span": "quarter", "period": date(2025, 5, 1)}, "初日"),
        ({"span": "week"}, "期間の種類"),
        ({"as_of_wording": "あ" * 41}, "40"),
    ],
)
def test_what_breaks_a_rule_is_refused_in_words_and_the_rest_with_it(world, wrong, said):
    right = change(world.friends, "2025-03", 1)
    with pytest.raises(ValidationError) as refused:
        store(right, replace(change(world.friends, "2025-04", 1), **wrong))
    assert said in " ".join(refused.value.messages)
    assert not Measurement.objects.exists()


@pytest.mark.parametrize("reason", ["", " 　", "あ" * 301])
def test_a_reason_is_needed_and_must_fit(world, reason):
    with pytest.raises(ValidationError, match="理由"):
        store(change(world.friends, "2025-04", 1), reason=reason)


def test_two_values_for_one_period_are_refused(world):
    one = change(world.friends, "2025-04", 1)
    with pytest.raises(ValidationError, match="2つ"):
        store(one, replace(one, value=Decimal(2)))


def test_an_older_version_is_refused_with_both_values_and_nothing_is_stored(world):
    seen = change(world.friends, "2025-04", 1)
    put(world.friends, "2025-04", 7)
    with pytest.raises(StaleVersion) as stale:
        store(change(world.friends, "2025-05", 1), seen)
    [(refused, now)] = stale.value.conflicts
    assert now is not None
    assert (refused.value, now.value) == (1, 7)
    assert list(Measurement.objects.values_list("value", flat=True)) == [7]
    assert "最新の値を確かめて" in str(stale.value)


def test_a_version_that_is_not_there_yet_is_refused_too(world):
    with pytest.raises(StaleVersion) as stale:
        store(change(world.friends, "2025-04", 1, expected_version=3))
    assert stale.value.conflicts[0][1] is None


def test_history_and_value_are_written_together_or_not_at_all(world, monkeypatch):
    def fail(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("kpis.values.recording._keep", fail)
    with pytest.raises(RuntimeError):
        put(world.friends, "2025-04", 1)
    assert not Measurement.objects.exists()


def test_the_measurements_come_back_in_the_order_of_the_changes(world):
    put(world.friends, "2025-04", 4)
    found = store(*(change(world.friends, f"2025-0{month}", month) for month in (5, 4, 3)))
    assert [measurement.value for measurement in found] == [5, 4, 3]


# --- summaries are asked for ------------------------------------------------------------------------------------------
def test_a_change_asks_for_its_kpi_and_for_the_ratios_computed_from_it(world):
    put(world.online, "2025-04", 1)
    asked = Job.objects.values_list("kind", "subject")
    assert set(asked) == {
        ("recompute_summaries", f"kpi:{world.online.pk}"),
        ("recompute_summaries", f"kpi:{world.rate.pk}"),
    }


def test_a_denominator_asks_for_the_ratio_as_well(world):
    put(world.applications, "2025-04", 1)
    assert Job.objects.filter(subject=f"kpi:{world.rate.pk}").count() == 1


def test_nothing_is_asked_for_when_the_change_is_rolled_back(world):
    with transaction.atomic():
        put(world.friends, "2025-04", 1)
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_the_work_begins_only_when_the_change_is_committed(world, finish_jobs):
    with finish_jobs():
        put_months(world.online, "2025-04", 10, 20)
        put_months(world.applications, "2025-04", 40, 50)
        assert not Summary.objects.exists()
    assert Summary.objects.get(kpi=world.rate, span="fiscal_year").value == Decimal("33.333333333")


# --- kind and aggregation are frozen ----------------------------------------------------------------------------------
@pytest.mark.parametrize("change_of", [{"kind": "flow"}, {"aggregation": "none"}, {"kind": "ratio"}])
def test_after_the_first_value_kind_and_aggregation_cannot_change_on_any_way(world, change_of):
    put(world.friends, "2025-04", None, missing_reason="pending")
    with pytest.raises(IntegrityError, match="kpi_kind_is_frozen"), transaction.atomic():
        Kpi.objects.filter(code="friends").update(**change_of)
    kpi = Kpi.objects.get(code="friends")
    for name, value in change_of.items():
        setattr(kpi, name, value)
    with pytest.raises(ValidationError, match="後継の指標"):
        kpi.full_clean()
    assert kpi.has_values


def test_before_the_first_value_they_may(world):
    assert not world.friends.has_values
    assert Kpi.objects.filter(code="friends").update(kind="flow", aggregation="none") == 1


def test_everything_else_may_change_later(world):
    put(world.friends, "2025-04", 1)
    kpi = Kpi.objects.get(code="friends")
    kpi.name, kpi.unit, kpi.baseline_value, kpi.baseline_span = "別名", "名", Decimal(5), "month"
    kpi.full_clean()
    kpi.save()


def test_a_wrong_kind_is_mended_by_ending_the_kpi_and_naming_a_successor(world):
    put(world.friends, "2025-04", 1)
    kpi = Kpi.objects.get(code="friends")
    kpi.ends_on, kpi.successor = date(2025, 4, 30), make_kpi("friends-2", "登録者の増", "人", "flow")
    kpi.full_clean()
    kpi.save()
    assert list(kpi.successor.predecessors.all()) == [kpi]
    assert set(summaries(kpi)) == {"2025-04", "FY2025"}


def test_a_ratio_is_no_part_of_a_ratio_from_either_side(world):
    other = make_kpi("other", "別の率", "%", "ratio")
    other.numerator, other.denominator = world.rate, world.online
    with pytest.raises(ValidationError) as refused:
        other.full_clean()
    assert "ほかの比率の分子や分母にできません" in " ".join(refused.value.messages)
    world.online.kind = "ratio"
    with pytest.raises(ValidationError) as refused:
        world.online.full_clean()
    assert "ほかの比率の分子や分母にできません" in " ".join(refused.value.messages)


def test_the_baselines_time_may_be_unknown_and_its_value_worked_back(world):
    kpi = world.hours
    kpi.baseline_value, kpi.baseline_span = Decimal(5_220_000), "fiscal_year"
    kpi.baseline_wording, kpi.baseline_is_derived = "改革前", True
    kpi.full_clean()
    kpi.save()
    assert part(kpi).kpi.baseline_period is None


def test_a_kpi_without_a_definition_says_so(world):
    assert world.friends.definition_text == "定義未公表"
