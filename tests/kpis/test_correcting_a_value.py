"""A correction of the number keeps what is known beside it; what was typed is measured."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kpis.entries import approve
from kpis.entries.sheet import sheet_of
from kpis.models import Kpi
from kpis.values.history import history_page
from kpis.values.statement import Statement, with_marks_of
from tests.kpis.reporting_world import URL, fields_of, handed_in, press, typed
from tests.kpis.world import access, open_entry, put


def test_a_correction_of_the_number_keeps_its_day_and_marks_and_names_who_said_it(month, editor, approver, client):
    held = put(
        month.friends.kpi, "2025-05", 40_000, as_of_wording="直近", nature="estimated", is_rounded=True,
        note="障害のため一部推計", source="情報政策課ログ",
    )  # fmt: skip
    client.force_login(editor, backend="accounts.leaving.PostBackend")
    url = f"{URL}?correct={month.friends.pk}"
    fields = fields_of(client.get(url))
    press(client, fields, f"submit-{month.friends.pk}", url, **typed(month.friends, "50,000", comment="転記の誤り"))
    approve(open_entry(month.friends, "2025-05"), access=access(approver))
    held.refresh_from_db()
    kept = (held.value, held.as_of_wording, held.nature, held.is_rounded, held.note, held.source)
    assert kept == (50_000, "直近", "observed", True, "障害のため一部推計", "情報政策課")


def test_a_number_that_stays_keeps_its_nature_and_its_printed_ratio_and_another_one_does_not(world):
    put(world.friends, "2025-05", 40_000, nature="estimated", published="1.6倍")
    held = put(world.friends, "2025-05", 40_000, nature="estimated", published="1.6倍", note="注記だけ")
    assert (held.version, held.published) == (2, "1.6倍")
    assert with_marks_of(held, Statement(value=Decimal(40_000))).published == "1.6倍"
    said = with_marks_of(held, Statement(value=Decimal(50_000)))
    assert (said.nature, said.published) == ("observed", "")
    changed = put(world.friends, "2025-05", 50_000, published="1.6倍")  # the old print, sent along with a new value
    assert changed.published == ""


def test_a_comment_without_another_value_is_kept_in_the_history_and_changes_nothing(month, editor, approver, viewer):
    held = put(month.friends.kpi, "2025-05", 40_000)
    approve(handed_in(month.friends, editor, "40000", comment="数え方を確かめた"), access=access(approver))
    held.refresh_from_db()
    newest = held.revisions.first()
    assert (held.value, newest.value, newest.version, "数え方を確かめた" in newest.reason) == (40_000, 40_000, 2, True)
    assert history_page(month.friends.kpi, None, access(viewer))[1][0].is_remark


def test_a_projection_is_no_answer_and_what_is_typed_over_it_is_observed(month, editor, approver):
    put(month.friends.kpi, "2025-05", 121, nature="projected")
    assert not sheet_line(month).is_answered
    entry = handed_in(month.friends, editor, "121")
    approve(entry, access=access(approver))
    assert month.friends.measurements.get().nature == "observed"
    assert sheet_line(month).is_answered


def test_a_value_keeps_the_decimals_it_has_where_the_figure_takes_fewer_by_now(month, editor, client):
    kpi = month.friends.kpi
    Kpi.objects.filter(pk=kpi.pk).update(decimals=1)
    put(kpi, "2025-05", "20.4")
    Kpi.objects.filter(pk=kpi.pk).update(decimals=0)
    client.force_login(editor, backend="accounts.leaving.PostBackend")
    url = f"{URL}?correct={month.friends.pk}"
    fields = fields_of(client.get(url))
    assert fields[f"s{month.friends.pk}-typed"] == "20.4"
    press(client, fields, "save", url, **{f"s{month.friends.pk}-comment": "注記だけ"})
    assert open_entry(month.friends, "2025-05").value == Decimal("20.4")


def sheet_line(month):
    lines = sheet_of(month.friends.reportings.get().department, date(2025, 5, 1))
    return next(line for line in lines if line.series == month.friends)


def test_a_correction_beside_the_number_keeps_the_numbers_source(month, editor, approver):
    held = put(month.friends.kpi, "2025-05", 40_000, source="構造改革レポート vol.5")
    approve(handed_in(month.friends, editor, "40000", comment="注記だけを加える"), access=access(approver))
    held.refresh_from_db()
    assert (held.note, held.source) == ("", "構造改革レポート vol.5")


def test_a_departments_own_value_names_the_department_as_its_source(month, editor, approver):
    Kpi.objects.update(source="構造改革レポート vol.5")
    approve(handed_in(month.friends, editor, "41000"), access=access(approver))
    assert month.friends.measurements.get().source == "情報政策課"
