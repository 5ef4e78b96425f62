"""Comments, names of files and places of files stay with those who report and gather; readers see offices and reasons."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts.back_office.access import follow_staff_flag
from kpis.admin.resources import MeasurementResource
from kpis.claims import public_source
from kpis.entries import approve
from kpis.models import Kpi, Measurement, Reporting, Revision
from kpis.values.closed import close_month, reopen
from kpis.values.reasons import public_reason, reasons_for
from tests.kpis.reporting_world import MONTH, handed_in
from tests.kpis.world import access, make_kpi, part, put
from tests.test_seen_in_the_back_office import _sent as sent_by

COMMENT = "内部の事情です。" * 60  # longer than a note


@pytest.fixture
def approved(month, editor, approver):
    approve(handed_in(month.friends, editor, "41000", comment=COMMENT), access=access(approver))
    return month.friends.kpi


def page_of(client, kpi) -> str:
    text: str = client.get(f"/kpis/{kpi.code}/").content.decode()
    return text


def file_of(client, kpi) -> str:
    answer = client.get(f"/kpis/{kpi.code}/data.csv")
    assert answer.status_code == 200
    return b"".join(answer).decode("utf-8-sig")


def test_a_comment_is_no_note_for_readers(approved, signed_in, viewer) -> None:
    client = signed_in(viewer)
    assert Measurement.objects.get().note == ""
    page = page_of(client, approved)
    assert "回答（情報政策課 課長が承認）" in page
    assert "内部の事情" not in page
    assert "内部の事情" not in file_of(client, approved)


@pytest.mark.parametrize("who", ["editor", "approver", "reform_office"])
def test_those_who_report_and_gather_read_it_in_the_history(approved, signed_in, request, who) -> None:
    assert "内部の事情" in page_of(signed_in(request.getfixturevalue(who)), approved)


def test_another_department_does_not(approved, signed_in, other_editor) -> None:
    assert "内部の事情" not in page_of(signed_in(other_editor), approved)


def test_a_note_that_was_written_for_readers_stays_when_the_value_is_corrected(month, editor, approver) -> None:
    put(month.friends.kpi, "2025-05", 40_000, note="窓口の休止を含む")
    approve(handed_in(month.friends, editor, "41000", comment="転記の誤り"), access=access(approver))
    assert Measurement.objects.get().note == "窓口の休止を含む"


def test_the_reason_of_a_correction_is_for_everybody(month, department, editor, approver, reform_office) -> None:
    put(month.friends.kpi, "2025-05", 40_000)
    close_month(MONTH, access=access(reform_office))
    reopen(MONTH, department, reason="誤り", until=date(2025, 6, 20), access=access(reform_office))
    approve(handed_in(month.friends, editor, "41000", comment="転記の誤り"), access=access(approver))
    assert public_reason(Revision.objects.get(version=2)) == "訂正（情報政策課 課長が承認）：転記の誤り"


class TestFiles:
    """A value that a file brought."""

    def revision(self, kpi, reason: str, kind: str = "first") -> Revision:
        put(kpi, "2025-05", 40_000)
        revision = Revision.objects.select_related("measurement__series").get()
        revision.reason, revision.kind = reason, kind
        return revision

    @pytest.fixture
    def kpi(self, db) -> Kpi:
        return make_kpi("friends", "友だち", "人", "stock")

    @pytest.mark.parametrize(
        "reason",
        [
            "ファイルの取込み（窓口_最終版.xlsx）",
            "ファイルの取込み（窓口.xlsx）：内部の話",
            "ファイルの取込み（" + "窓" * 400,
        ],
    )
    def test_readers_see_that_a_file_was_taken_over(self, kpi, viewer, reason) -> None:
        revision = self.revision(kpi, reason)
        assert list(reasons_for(access(viewer), [revision]).values()) == ["ファイルの取込み"]

    def test_reporters_and_the_office_see_which(self, kpi, editor, department, reform_office) -> None:
        revision = self.revision(kpi, "ファイルの取込み（窓口.xlsx）：年次の点検")
        assert list(reasons_for(access(reform_office), [revision]).values()) == [revision.reason]
        assert list(reasons_for(access(editor), [revision]).values()) == ["ファイルの取込み"]
        Reporting.objects.create(series=part(kpi), department=department, valid_from=date(2025, 4, 1))
        assert list(reasons_for(access(editor), [revision]).values()) == [revision.reason]

    def test_nothing_is_asked_where_nothing_is_hidden(self, kpi, viewer, django_assert_num_queries) -> None:
        revision, who = self.revision(kpi, "所管課の報告により登録"), access(viewer)
        with django_assert_num_queries(0):
            assert list(reasons_for(who, [revision]).values()) == ["所管課の報告により登録"]


class TestSources:
    """出典 is an office or a publication."""

    @pytest.fixture
    def office(self, reform_office, signed_in):
        follow_staff_flag(reform_office)
        return signed_in(reform_office)

    @pytest.mark.parametrize(
        ("stored", "shown"),
        [
            ("窓口集計_R7最終版.xlsx", ""),
            (r"\\server\共有", ""),
            ("市民課、窓口集計.xlsx", "市民課"),
            ("構造改革レポート vol.5", "構造改革レポート vol.5"),
        ],
    )
    def test_what_is_stored_already_is_left_out(self, stored, shown) -> None:
        assert public_source(stored) == shown

    def test_no_page_and_no_file_prints_it(self, db, signed_in, viewer) -> None:
        kpi = make_kpi("friends", "友だち", "人", "stock", source=r"\\server\共有\集計.xlsx")
        put(kpi, "2025-05", 40_000, source="集計_最終版.xlsx")
        client = signed_in(viewer)
        for text in (page_of(client, kpi), file_of(client, kpi)):
            assert "server" not in text
            assert "最終版" not in text

    def test_the_back_office_refuses_it_in_a_sentence(self, db, office) -> None:
        kpi = make_kpi("friends", "友だち", "人", "stock")
        url = f"/admin/kpis/kpi/{kpi.pk}/change/"
        sent = sent_by(office.get(url).content.decode())
        page = office.post(url, sent | {"source": "窓口集計_R7最終版.xlsx"})
        assert "ファイルの名前や保存場所ではなく" in page.context["adminform"].form.errors["source"][0]
        assert office.post(url, sent | {"source": "市民課"}).status_code == 302
        assert Kpi.objects.get(pk=kpi.pk).source == "市民課"

    def test_a_table_of_values_that_names_one_is_refused(self, db) -> None:
        kpi = make_kpi("friends", "友だち", "人", "stock")
        measurement = put(kpi, "2025-05", 40_000)
        measurement.source = "窓口集計.xlsx"
        with pytest.raises(ValidationError) as refused:
            MeasurementResource().validate_instance(measurement)
        assert list(refused.value.message_dict) == ["source"]
        measurement.source = "市民課"
        MeasurementResource().validate_instance(measurement)
