"""A correction changes the number and nothing that is known of the value beside it."""

from __future__ import annotations

from kpis.entries import approve
from kpis.models import Kpi
from tests.kpis.reporting_world import URL, fields_of, handed_in, press, typed
from tests.kpis.world import access, open_entry, put


def test_a_correction_of_the_number_keeps_its_day_marks_note_and_source(month, editor, approver, client):
    held = put(
        month.friends.kpi, "2025-05", 40_000, as_of_wording="直近", nature="estimated", is_rounded=True,
        note="障害のため一部推計", source="情報政策課ログ",
    )  # fmt: skip
    client.force_login(editor, backend="accounts.leaving.PostBackend")
    url = f"{URL}?correct={month.friends.pk}"
    fields = fields_of(client.get(url))
    press(client, fields, f"submit-{month.friends.pk}", url, **typed(month.friends, "50,000"))
    approve(open_entry(month.friends, "2025-05"), access=access(approver))
    held.refresh_from_db()
    kept = (held.value, held.as_of_wording, held.nature, held.is_rounded, held.note, held.source)
    assert kept == (50_000, "直近", "estimated", True, "障害のため一部推計", "情報政策課ログ")


def test_a_departments_own_value_names_the_department_as_its_source(month, editor, approver):
    Kpi.objects.update(source="構造改革レポート vol.5")
    approve(handed_in(month.friends, editor, "41000"), access=access(approver))
    assert month.friends.measurements.get().source == "情報政策課"
