"""Targets, baselines, direction, source and definitions change with history, and with a reason once they were relied on."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db.models import F
from django.utils import timezone

from accounts.back_office.access import follow_staff_flag
from kpis.definitions.keeping import ReasonMissing, Why, keeping
from kpis.models import DefinitionChange, Kpi, Measurement, Target
from kpis.values.closed import close_month
from reports.models import Edition, Report
from tests.kpis.world import access, make_kpi, put

MARCH = date(2025, 3, 1)


@pytest.fixture
def office(reform_office, signed_in):
    follow_staff_flag(reform_office)
    return signed_in(reform_office)


@pytest.fixture
def kpi(db) -> Kpi:
    kpi = make_kpi("friends", "LINE友だち登録者数", "人", "stock", direction="up", source="LINE公式アカウント")
    put(kpi, "2025-03", 40_000)
    Target.objects.create(kpi=kpi, fiscal_year=2024, value=45_000)
    Target.objects.create(kpi=kpi, fiscal_year=2025, value=50_000)
    return kpi


@pytest.fixture
def closed(kpi, reform_office, june) -> Kpi:
    """令和6年度 is closed with its March."""
    close_month(MARCH, access=access(reform_office))
    return kpi


@pytest.fixture
def printed(kpi) -> Kpi:
    """A finished edition printed the figure."""
    print_figure("friends")
    return kpi


def print_figure(code: str) -> None:
    report = Report.objects.create(
        volume=1,
        title="行革の歩み",
        first_fiscal_year=2024,
        last_fiscal_year=2024,
        as_of=MARCH,
        issuer="市",
        contact="課",
    )
    edition = Edition.objects.create(
        report=report, number=1, snapshot={"figures": [{"code": code}]}, created_at=timezone.now()
    )
    edition.pdf.save("a.pdf", ContentFile(b"%PDF"), save=False)
    Edition.objects.filter(pk=edition.pk).update(
        html="editions/a.html", html_sha256="0" * 64, pdf=edition.pdf.name, pdf_sha256="0" * 64
    )


def target_of(kpi: Kpi, year: int) -> Target:
    return kpi.targets.get(fiscal_year=year)


def change_target(client, target: Target, value: str, **more: str):
    form = {"fiscal_year": str(target.fiscal_year), "month": "", "value": value, "note": ""}
    return client.post(f"/admin/kpis/target/{target.pk}/change/", form | more)


def kept(kpi: Kpi) -> list[tuple[str, str, list[list[str]]]]:
    return [(change.kind, change.about, change.changes) for change in kpi.definition_changes.order_by("pk")]


WHY = {"change_kind": "correction", "change_reason": "議決した値の転記の誤り"}


class TestTargets:
    def test_a_target_of_a_running_year_changes_without_a_reason_and_is_kept(self, closed, office) -> None:
        assert change_target(office, target_of(closed, 2025), "52000").status_code == 302
        assert kept(closed) == [("change", "令和7(2025)年度の目標値", [["目標値", "50000", "52000"]])]
        [change] = closed.definition_changes.all()
        assert (change.actor_name, bool(change.post)) == ("改革 一郎", True)

    @pytest.mark.parametrize(
        ("typed", "stored"), [("75,000", 75_000), ("７．５万", 75_000), ("40億", 4_000_000_000), ("52,000人", 52_000)]
    )
    def test_a_number_is_read_as_in_a_month(self, kpi, june, office, typed, stored) -> None:
        assert change_target(office, target_of(kpi, 2025), typed).status_code == 302
        assert target_of(kpi, 2025).value == stored

    @pytest.mark.parametrize(
        ("typed", "said"),
        [("多い", "読み取れません"), ("－", "数値を入力してください"), ("0.5", "整数で入力"), ("5件", "単位")],
    )
    def test_what_is_none_is_told_at_its_field_and_stays_in_it(self, kpi, june, office, typed, said) -> None:
        answer = change_target(office, target_of(kpi, 2025), typed)
        assert said in " ".join(answer.context["adminform"].form.errors["value"])
        assert f'value="{typed}"' in answer.content.decode()
        assert target_of(kpi, 2025).value == 50_000

    def test_its_unit_stands_beside_the_field_on_both_pages(self, kpi, june, office) -> None:
        for page in (f"target/{target_of(kpi, 2025).pk}", f"kpi/{kpi.pk}"):
            field = office.get(f"/admin/kpis/{page}/change/").content.decode().partition('value="50,000"')[2]
            assert field.partition(">")[2].strip().startswith("人")

    def test_one_is_added_with_the_figure_that_is_chosen_and_on_the_figures_page(self, kpi, june, office) -> None:
        form = {"kpi": kpi.pk, "fiscal_year": "2026", "month": "", "value": "5.5万", "note": ""}
        assert office.post("/admin/kpis/target/add/", form).status_code == 302
        assert target_of(kpi, 2026).value == 55_000
        url = f"/admin/kpis/kpi/{kpi.pk}/change/"
        page = _form_of(office.get(url)) | {"targets-0-value": "4.6万"} | WHY
        assert office.post(url, page).status_code == 302
        assert sorted(kpi.targets.values_list("value", flat=True)) == [46_000, 50_000, 55_000]

    def test_of_a_closed_year_it_needs_a_reason_and_nothing_is_saved_without(self, closed, office) -> None:
        answer = change_target(office, target_of(closed, 2024), "38000")
        page = answer.content.decode()
        assert (
            "令和6(2024)年度の目標値は、確定した年度、終わった年度の目標、または公表したレポートで使われています"
            in page
        )
        assert 'value="38000"' in page
        assert "変更しました" not in page
        assert target_of(closed, 2024).value == 45_000
        assert kept(closed) == []

    def test_with_kind_and_reason_it_is_saved_and_kept(self, closed, office) -> None:
        assert change_target(office, target_of(closed, 2024), "38000", **WHY).status_code == 302
        [change] = closed.definition_changes.all()
        assert (change.kind, change.reason) == ("correction", "議決した値の転記の誤り")

    def test_of_a_year_that_is_over_it_needs_one_though_no_month_is_closed(self, kpi, june, office) -> None:
        page = change_target(office, target_of(kpi, 2024), "38000").content.decode()
        assert "令和6(2024)年度の目標値は、確定した年度、終わった年度の目標" in page
        assert target_of(kpi, 2024).value == 45_000
        assert change_target(office, target_of(kpi, 2024), "38000", **WHY).status_code == 302
        assert kept(kpi) == [("correction", "令和6(2024)年度の目標値", [["目標値", "45000", "38000"]])]

    def test_the_year_is_over_on_the_first_of_april(self, kpi, reform_office) -> None:
        def lower(on: date) -> None:
            with keeping({kpi.pk}, Why(access(reform_office, on))):
                kpi.targets.filter(fiscal_year=2024).update(value=F("value") - 1)

        lower(date(2025, 3, 31))
        with pytest.raises(ReasonMissing):
            lower(date(2025, 4, 1))
        assert target_of(kpi, 2024).value == 44_999

    def test_one_of_a_year_that_is_over_is_neither_moved_nor_deleted_without_one(self, kpi, june, office) -> None:
        target = target_of(kpi, 2024)
        assert change_target(office, target, "45000", fiscal_year="2026").status_code == 200
        office.post(f"/admin/kpis/target/{target.pk}/delete/", {"post": "yes"})
        assert target_of(kpi, 2024).value == 45_000

    def test_the_first_target_of_a_year_that_is_over_moves_no_line(self, kpi, june, office) -> None:
        form = {"kpi": kpi.pk, "fiscal_year": "2023", "month": "", "value": "39000", "note": ""}
        assert office.post("/admin/kpis/target/add/", form).status_code == 302
        assert kept(kpi)[-1][:2] == ("first", "令和5(2023)年度の目標値")

    @pytest.mark.parametrize(
        "why", [{"change_kind": "correction"}, {"change_reason": "誤り"}, {"change_kind": "?", "change_reason": "x"}]
    )
    def test_half_a_reason_is_none(self, closed, office, why) -> None:
        assert change_target(office, target_of(closed, 2024), "38000", **why).status_code == 200
        assert target_of(closed, 2024).value == 45_000

    def test_of_a_printed_figure_every_year_needs_one(self, printed, office) -> None:
        assert change_target(office, target_of(printed, 2025), "52000").status_code == 200
        assert change_target(office, target_of(printed, 2025), "52000", **WHY).status_code == 302

    def test_a_target_added_to_a_closed_year_afterwards_needs_one(self, closed, office) -> None:
        target_of(closed, 2024).delete()
        form = {"kpi": closed.pk, "fiscal_year": "2024", "month": "", "value": "39000", "note": ""}
        assert office.post("/admin/kpis/target/add/", form).status_code == 200
        assert office.post("/admin/kpis/target/add/", form | WHY).status_code == 302
        assert kept(closed)[-1][0] == "correction"

    @pytest.mark.parametrize("moved", [{"fiscal_year": "2026"}, {"month": "3"}])
    def test_one_moved_out_of_a_closed_year_or_to_a_month_of_it_needs_one(self, closed, office, moved) -> None:
        assert change_target(office, target_of(closed, 2024), "45000", **moved).status_code == 200
        assert kept(closed) == []
        assert change_target(office, target_of(closed, 2024), "45000", **moved, **WHY).status_code == 302
        assert kept(closed)[0][:2] == ("correction", "令和6(2024)年度の目標値")

    def test_one_moved_into_a_closed_year_needs_one_and_both_places_are_kept(self, closed, office) -> None:
        target_of(closed, 2024).delete()
        target = target_of(closed, 2025)
        assert change_target(office, target, "50000", fiscal_year="2024").status_code == 200
        assert change_target(office, target, "50000", fiscal_year="2024", **WHY).status_code == 302
        assert [(kind, about) for kind, about, _ in kept(closed)] == [
            ("correction", "令和6(2024)年度の目標値"),
            ("change", "令和7(2025)年度の目標値"),
        ]

    def test_it_is_not_deleted_without_one(self, closed, office) -> None:
        target = target_of(closed, 2024)
        page = office.post(f"/admin/kpis/target/{target.pk}/delete/", {"post": "yes"}, follow=True).content.decode()
        assert "理由を添えて変更してください" in page
        assert "削除しました" not in page
        ticked = {"action": "delete_selected", "_selected_action": [target.pk], "post": "yes"}
        office.post("/admin/kpis/target/", ticked)
        assert Target.objects.filter(pk=target.pk).exists()

    @pytest.mark.parametrize("across", ["1", "true", "2"])
    def test_nor_with_all_others_of_the_list_while_another_is_ticked(self, closed, office, across) -> None:
        other = Target.objects.create(kpi=make_kpi("new", "新しい指標", "件", "flow"), fiscal_year=2025, value=1)
        ticked = {"action": "delete_selected", "_selected_action": [other.pk], "select_across": across, "post": "yes"}
        office.post("/admin/kpis/target/", ticked)
        assert Target.objects.filter(kpi=closed).count() == 2

    def test_one_of_a_running_year_is_deleted_and_that_is_kept(self, closed, office) -> None:
        office.post(f"/admin/kpis/target/{target_of(closed, 2025).pk}/delete/", {"post": "yes"})
        assert kept(closed) == [
            ("change", "令和7(2025)年度の目標値", [["目標値", "50000", ""], ["架空値（見本）", "いいえ", ""]])
        ]

    def test_confirming_next_years_targets_keeps_who_did(self, closed, office) -> None:
        office.post("/closing/year/2026/targets/", {f"t{target_of(closed, 2025).pk}": "55000"})
        assert target_of(closed, 2026).value == 55_000
        [change] = closed.definition_changes.all()
        assert (change.kind, change.about, change.actor_name) == ("first", "令和8(2026)年度の目標値", "改革 一郎")


class TestTables:
    @pytest.fixture
    def upload(self, office):
        def send(*rows: str):
            text = "指標コード,年度,月,目標値,変更の種類,変更の理由\n" + "\n".join(rows)
            file = ContentFile(text.encode(), name="targets.csv")
            return office.post("/admin/kpis/target/import/", {"import_file": file, "format": "0", "resource": "0"})

        return send

    def test_a_row_of_a_closed_year_without_a_reason_refuses_the_table(self, closed, upload) -> None:
        page = upload("friends,2024,,38000,,", "friends,2025,,52000,,").content.decode()
        assert "令和6(2024)年度の目標値は、確定した年度" in page
        assert target_of(closed, 2025).value == 50_000

    def test_nor_is_one_of_a_year_that_is_over(self, kpi, june, upload) -> None:
        page = upload("friends,2024,,38000,,", "friends,2025,,52000,,").content.decode()
        assert "令和6(2024)年度の目標値は、確定した年度、終わった年度の目標" in page

    @pytest.mark.parametrize("code", [" friends", "friends　"])
    def test_a_code_with_blanks_around_it_is_the_same_figure(self, closed, upload, code) -> None:
        page = upload(f"{code},2024,,38000,,").content.decode()
        assert "令和6(2024)年度の目標値は、確定した年度" in page
        assert target_of(closed, 2024).value == 45_000

    def test_rows_carry_their_own_reasons(self, closed, upload, office) -> None:
        shown = upload("friends,2024,,38000,訂正,転記の誤り", "friends,2025,,52000,,")
        form = shown.context["confirm_form"]
        office.post("/admin/kpis/target/process_import/", form.initial)
        assert {(kind, about) for kind, about, _ in kept(closed)} == {
            ("correction", "令和6(2024)年度の目標値"),
            ("change", "令和7(2025)年度の目標値"),
        }


class TestDefinitions:
    FIELDS = (
        ("direction", "down"),
        ("source", "別のシステム"),
        ("definition", "友だちの数"),
        ("baseline_value", Decimal(25_600)),
        ("unit", "件"),
        ("ends_on", date(2026, 3, 31)),
    )

    @pytest.mark.parametrize(("name", "value"), FIELDS)
    def test_every_field_that_gives_the_figure_its_meaning_is_kept(self, kpi, name, value) -> None:
        with keeping({kpi.pk}, Why()):
            kpi = Kpi.objects.get(pk=kpi.pk)
            setattr(kpi, name, value)
            if name == "baseline_value":
                kpi.baseline_span = "month"
            kpi.save()
        [(kind, about, changes)] = kept(kpi)
        assert (kind, about) == ("change", "指標の定義")
        assert str(Kpi._meta.get_field(name).verbose_name) in [change[0] for change in changes]

    @pytest.mark.parametrize(("name", "value"), FIELDS)
    def test_once_a_year_with_values_is_closed_a_reason_is_due(self, closed, name, value) -> None:
        with pytest.raises(ReasonMissing), keeping({closed.pk}, Why()):
            Kpi.objects.filter(pk=closed.pk).update(
                **{name: value} | ({"baseline_span": "month"} if "base" in name else {})
            )
        assert getattr(Kpi.objects.get(pk=closed.pk), name) == getattr(closed, name)

    def test_the_order_in_lists_is_no_definition(self, closed) -> None:
        with keeping({closed.pk}, Why()):
            Kpi.objects.filter(pk=closed.pk).update(order=99)
        assert kept(closed) == []

    def test_a_part_that_ends_is_kept(self, kpi) -> None:
        with keeping({kpi.pk}, Why()):
            kpi.series.update(ends_on=date(2025, 9, 30))
        assert kept(kpi) == [("change", "内訳「total」", [["終わり", "", "2025-09-30"]])]

    def test_a_year_without_values_is_not_relied_on(self, closed) -> None:
        other = make_kpi("new", "新しい指標", "件", "flow")
        with keeping({other.pk}, Why()):
            Kpi.objects.filter(pk=other.pk).update(definition="定義")
        assert kept(other)[0][0] == "change"

    def test_the_back_office_page_asks_and_keeps(self, closed, office) -> None:
        url = f"/admin/kpis/kpi/{closed.pk}/change/"
        form = _form_of(office.get(url)) | {"source": "総務部"}
        assert "変更の種類（訂正か遡及改定）と理由" in office.post(url, form).content.decode()
        assert office.post(url, form | WHY).status_code == 302
        assert kept(closed) == [("correction", "指標の定義", [["出典", "LINE公式アカウント", "総務部"]])]


class TestRatios:
    """A ratio has no values of its own: what it is computed from has."""

    @pytest.fixture
    def ratio(self, kpi) -> Kpi:
        people = make_kpi("people", "人口", "人", "stock")
        put(people, "2025-03", 300_000)
        return make_kpi("share", "登録の割合", "%", "ratio", numerator=kpi, denominator=people, direction="up")

    @pytest.fixture
    def closed_ratio(self, ratio, closed) -> Kpi:
        return ratio

    def test_the_closed_year_of_its_parts_relies_on_it(self, closed_ratio) -> None:
        with pytest.raises(ReasonMissing), keeping({closed_ratio.pk}, Why()):
            Kpi.objects.filter(pk=closed_ratio.pk).update(direction="down")

    def test_what_it_was_computed_from_counts_and_not_what_it_is_to_be(self, closed_ratio) -> None:
        empty = make_kpi("none", "人口", "人", "stock")
        with pytest.raises(ReasonMissing), keeping({closed_ratio.pk}, Why()):
            Kpi.objects.filter(pk=closed_ratio.pk).update(denominator=empty)

    def test_a_ratio_that_lacked_a_part_in_that_year_is_not_relied_on(self, closed_ratio) -> None:
        Measurement.objects.filter(series__kpi__code="people").update(period=date(2025, 4, 1))
        with keeping({closed_ratio.pk}, Why()):
            Kpi.objects.filter(pk=closed_ratio.pk).update(direction="down")
        assert kept(closed_ratio)[0][0] == "change"

    def test_another_part_of_the_same_name_is_a_change(self, ratio) -> None:
        other = make_kpi("others", "人口", "人", "stock")
        with keeping({ratio.pk}, Why()):
            Kpi.objects.filter(pk=ratio.pk).update(denominator=other)
        assert kept(ratio) == [("change", "指標の定義", [["分母の指標", "人口（people）", "人口（others）"]])]

    def test_an_edition_that_printed_the_ratio_printed_what_its_parts_mean(self, ratio, june) -> None:
        print_figure(ratio.code)
        for part in (ratio.numerator, ratio.denominator):
            with pytest.raises(ReasonMissing), keeping({part.pk}, Why()):
                Kpi.objects.filter(pk=part.pk).update(definition="別の数え方")
        with keeping({ratio.numerator.pk}, Why()):
            ratio.numerator.targets.filter(fiscal_year=2025).update(value=9)
        assert kept(ratio.numerator)[-1][0] == "change"


class TestPages:
    @pytest.fixture
    def corrected(self, closed, office) -> Kpi:
        change_target(office, target_of(closed, 2024), "38000", **WHY)
        change_target(office, target_of(closed, 2025), "52000")
        return closed

    def test_the_list_of_corrections_holds_those_that_were_relied_on(self, corrected, signed_in, viewer) -> None:
        page = signed_in(viewer).get("/closing/changes/")
        assert [change.about for change in page.context["definitions"]] == ["令和6(2024)年度の目標値"]
        assert "議決した値の転記の誤り" in page.content.decode()
        assert signed_in(viewer).get("/closing/changes/?kpi=other").context["definitions"] is not None

    def test_the_figures_page_tells_all_of_them(self, corrected, signed_in, viewer) -> None:
        page = signed_in(viewer).get("/kpis/friends/")
        assert [change.about for change in page.context["definitions"]] == [
            "令和7(2025)年度の目標値",
            "令和6(2024)年度の目標値",
        ]
        assert "定義と目標値の履歴" in page.content.decode()
        assert "50,000人</del> → 52,000人" in page.content.decode()

    def test_the_file_has_a_row_for_each_field(self, corrected, signed_in, viewer) -> None:
        body = signed_in(viewer).get("/closing/definitions.csv").content.decode("utf-8-sig")
        [row] = csv.DictReader(io.StringIO(body))
        assert (row["項目"], row["変更前"], row["変更後"], row["種類"]) == ("目標値", "45000", "38000", "訂正")


def test_history_is_neither_changed_nor_deleted(closed, office) -> None:
    change_target(office, target_of(closed, 2025), "52000")
    page = office.post("/admin/kpis/definitionchange/", {})
    assert page.status_code == 404
    assert DefinitionChange.objects.count() == 1


def _form_of(page) -> dict[str, str]:
    """What the back office's page would send unchanged."""
    form = page.context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    for inline in page.context["inline_admin_formsets"]:
        for each in [inline.formset.management_form, *inline.formset.initial_forms]:
            data |= {each.add_prefix(name): each[name].value() for name in each.fields}
    return {name: value for name, value in data.items() if value is not None and value is not False}
