"""load_vol5 brings what 構造改革レポート vol.5 published, to the digit, and touches nothing that is there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from initiatives.models import Alias, Initiative, Milestone, Pillar
from kpis.models import Entry, Kpi, Measurement, Revision, Summary
from kpis.models.value import STATEMENT
from kpis.values.recording import Change, record
from surveys.models import Result, Survey
from tests.reform.conftest import all_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vol5")]

MARCH, MAY = "2025-03-31", "2025-05-31"
#: KPI, series, period → value, marks, as-of, published wording of the as-of
FIGURES = {
    ("line-friends", "total", "2025-05"): ("40000", ["概数"], MAY, "2025.5月時点"),
    ("smartphone-services", "total", "2025-05"): ("65", [], MAY, "2025.5月時点"),
    ("business-chat", "total", "2025-03"): ("239322", [], MARCH, "2025.3月時点"),
    ("online-applications", "total", "FY2024"): ("60000", ["概数"], MARCH, "2025.3月時点"),
    ("applications", "total", "FY2024"): ("292700", ["算出値"], MARCH, ""),
    ("copies", "total", "2025-03"): ("3000000", ["概数"], MARCH, "2025.3月時点"),
    ("cashless-rate", "total", "2025-03"): ("6.4", [], None, "直近"),
    ("cashless-counters", "total", "2025-03"): ("24", [], None, "直近"),
    ("cashless-methods", "credit", "2025-03"): ("6", [], None, "直近"),
    ("cashless-methods", "e-money", "2025-03"): ("14", [], None, "直近"),
    ("cashless-methods", "code-payment", "2025-03"): ("8", [], None, "直近"),
    ("working-hours", "total", "FY2024"): ("4985000", ["概数"], MARCH, ""),
    ("population", "total", "2020"): ("332931", [], "2020-10-01", ""),
    ("population", "total", "2040"): ("255645", ["将来推計"], None, ""),
    ("population", "total", "2060"): ("175940", ["将来推計"], None, ""),
}
#: kind, which way is better, unit, how often, auxiliary
PROPERTIES = {
    "line-friends": ("stock", "up", "人", "month", False),
    "smartphone-services": ("stock", "up", "サービス", "month", False),
    "business-chat": ("flow", "up", "件", "month", False),
    "online-applications": ("flow", "up", "件", "month", False),
    "applications": ("flow", "none", "件", "month", True),
    "online-application-rate": ("ratio", "up", "%", "month", False),
    "copies": ("flow", "down", "枚", "month", False),
    "cashless-rate": ("ratio", "up", "%", "month", False),
    "cashless-payments": ("flow", "up", "件", "month", True),
    "counter-payments": ("flow", "none", "件", "month", True),
    "cashless-counters": ("stock", "up", "か所", "month", False),
    "cashless-methods": ("stock", "up", "種類", "month", False),
    "working-hours": ("flow", "down", "時間", "fiscal_year", False),
    "population": ("stock", "none", "人", "occasional", False),
}
#: value, span, period, derived
BASELINES = {
    "line-friends": (25_600, "month", date(2024, 8, 1), True),
    "online-applications": (20_000, "fiscal_year", None, True),
    "working-hours": (5_220_000, "fiscal_year", None, True),
    "population": (332_931, "calendar_year", date(2020, 1, 1), False),
}
MILESTONES = {
    2022: """おくやみ相談窓口設置(9月) マイナンバーカードスマート窓口開設(10月) 公共施設等総合管理計画の改訂()
        若手職員によるワーキンググループ開始(8月) 骨太の方針を策定(11月) 管理職向けBPR研修(1月)
        市民窓口にキャッシュレス決済導入(3月) AI会議録作成システム導入(3月) 窓口部門7業務でBPR()""",
    2023: """行政MaaS車両による出張行政サービス開始(4月) 広報紙リニューアル(5月) AI会議録システム運用開始(5月)
        若手職員によるワーキンググループ活動(8月) 予算編成の簡素化試行(10月) 人材育成基本方針策定(10月)
        チャットボット運用開始(11月) 庁内FAQシステムの構築(1月) 公共施設等の集中保全に着手(〜2025)""",
    2024: """下水道管路施設包括的管理業務委託の導入(4月) 会議体のあり方・意思決定プロセスの見直し(5月) 個別施設計画の策定(5月)
        若手職員によるワーキンググループ活動(8月) テレワーク制度化(10月) スマホ市役所開始(10月) 予算編成の簡素化拡充(10月)
        電子契約サービス導入(10月) 書かない窓口導入(12月) 電子請求システム導入(1月) お出かけ市役所デマンド運行(2月) 保育DX(3月)""",
}
CLOUD = """RAG機能を備えた庁内FAQ/会計ルールの見直し/LoGoチャット/公共施設の集中保全/★保育DX/テレワーク環境整備/個別施設計画/おくやみコーナー
マイナンバーカード出張申請/LoGoフォーム/大型ディスプレイ+庁内WiFi/★書かない窓口/窓口キャッシュレス化/本庁市民窓口の受付時間短縮
行政手続オンライン化/新たな人事評価制度の導入/広報紙リニューアル/人材育成基本方針策定/予算調整の弾力化/公共施設等総合管理計画改定
包括施設管理委託/電子決裁の推進/オンライン施設予約システム/コピー枚数の見える化/マイナンバーカードスマート申請窓口/★おでかけ市役所
電子契約サービスの導入/請求書デジタル化/BPR研修/コピー機の統廃合/★介護保険DX/フリーアドレス(未来オフィス)/★スマホ市役所
ノーコード・ローコードツール(kintone)導入/AI会議録システム運用/BIツールによるデータの見える化/下水道管路包括施設管理委託
若手職員によるワーキンググループ活動/契約書デジタル化"""


def again() -> str:
    out = StringIO()
    call_command("load_vol5", stdout=out)
    return out.getvalue()


def summary(code: str, span: str, year: int, month: int) -> Summary:
    return Summary.objects.get(kpi__code=code, span=span, period=date(year, month, 1))


def test_every_published_figure_is_stored_with_its_marks_and_as_of_and_nothing_else() -> None:
    stored = {
        (m.series.kpi.code, m.series.code, m.dated_period.iso): (
            f"{m.value.normalize():f}",
            m.mark_labels,
            m.as_of.isoformat() if m.as_of else None,
            m.as_of_wording,
        )
        for m in Measurement.objects.select_related("series__kpi")
    }

    assert stored == FIGURES


def test_every_kpi_has_its_properties() -> None:
    stored = {k.code: (k.kind, k.direction, k.unit, k.frequency, k.is_auxiliary) for k in Kpi.objects.all()}

    assert stored == PROPERTIES


def test_baselines_are_derived_and_of_an_unknown_period_where_none_was_published() -> None:
    stored = {
        k.code: (k.baseline_value, k.baseline_span, k.baseline_period, k.baseline_is_derived)
        for k in Kpi.objects.exclude(baseline_value=None)
    }

    assert stored == BASELINES


def test_ways_to_pay_are_three_series_that_are_not_added_up() -> None:
    methods = Kpi.objects.get(code="cashless-methods")

    assert methods.aggregation == "none"
    assert [series.name for series in methods.series.all()] == ["クレジット", "電子マネー", "コード決済"]
    assert summary("cashless-methods", "month", 2025, 3).value is None


def test_the_rate_is_computed_from_its_parts_and_not_stored() -> None:
    rate = Kpi.objects.get(code="online-application-rate")

    assert (rate.numerator.code, rate.denominator.code) == ("online-applications", "applications")
    assert not Measurement.objects.filter(series__kpi=rate).exists()
    assert round(summary(rate.code, "fiscal_year", 2024, 4).value, 1) == Decimal("20.5")


def test_the_published_percentage_gets_no_years_total() -> None:
    assert not Summary.objects.filter(kpi__code="cashless-rate", span="fiscal_year").exists()


@pytest.mark.parametrize(
    ("code", "span", "year", "month", "ratio"),
    [
        ("line-friends", "month", 2025, 5, "1.5625"),
        ("online-applications", "fiscal_year", 2024, 4, "3"),
        ("working-hours", "fiscal_year", 2024, 4, "0.955"),
        ("population", "calendar_year", 2040, 1, "0.768"),
        ("population", "calendar_year", 2060, 1, "0.528"),
    ],
)
def test_published_comparisons_follow_from_stored_values(code, span, year, month, ratio) -> None:
    wanted = Decimal(ratio)

    assert summary(code, span, year, month).ratio_to_baseline.quantize(wanted) == wanted


def test_every_milestone_has_its_wording_year_and_month_and_no_other() -> None:
    stored: dict[int, set[str]] = {}
    for milestone in Milestone.objects.all():
        stored.setdefault(milestone.fiscal_year, set()).add(f"{milestone.wording}({milestone.month_text})")

    assert stored == {year: set(text.split()) for year, text in MILESTONES.items()}
    assert Milestone.objects.count() == 30


def test_months_from_january_belong_to_the_next_calendar_year() -> None:
    assert Milestone.objects.get(wording="管理職向けBPR研修").date_or_none == date(2023, 1, 1)
    assert Milestone.objects.get(wording="保育DX").date_or_none == date(2025, 3, 1)
    assert Milestone.objects.get(wording="公共施設等総合管理計画の改訂").date_or_none is None


def test_working_groups_say_what_they_did_each_year() -> None:
    details = Milestone.objects.filter(initiative__code="young-staff").values_list("detail", flat=True)

    assert list(details) == ["業務マニュアル検討、広報、市民対話", "広報、市民対話", "AI活用、データ見える化"]


def test_the_word_cloud_has_its_39_names_in_order_and_five_in_bold() -> None:
    names = [("★" if a.initiative.is_bold else "") + a.name for a in Alias.objects.exclude(cloud_order=None)]

    assert names == CLOUD.replace("\n", "/").split("/")
    assert Initiative.objects.filter(is_bold=True).count() == 5


def test_names_of_one_initiative_are_kept_together_and_undated_ones_get_no_date() -> None:
    plan = Alias.objects.get(name="公共施設等総合管理計画改定").initiative

    assert set(plan.milestones.values_list("wording", flat=True)) == {
        "公共施設等総合管理計画の改訂",
        "個別施設計画の策定",
    }
    assert not Alias.objects.get(name="予算調整の弾力化").initiative.milestones.exists()


def test_pillars_carry_the_names_of_their_time() -> None:
    service, _, finance, *_ = Pillar.objects.with_names()

    assert (service.name_on(date(2025, 3, 31)), service.name_on(date(2025, 4, 1))) == (
        "市民接点のデジタル化",
        "市民サービスのDX",
    )
    assert finance.name_on(date(2023, 4, 1)) == "持続可能な行財政マネジメント"
    assert "五つの矢" in finance.note


def test_survey_results_are_percentages_as_published() -> None:
    survey = Survey.objects.get(code="staff-2025")

    assert (survey.conducted_on, survey.conducted_wording, survey.asked, survey.answered) == (
        date(2025, 3, 1),
        "R7.3実施",
        None,
        None,
    )
    assert list(Result.objects.values_list("question__code", "question__wording", "percent", "count")) == [
        ("steady-progress", "構造改革が着実に進んでいると感じる", 54, None),
        ("continue-reform", "今後も引き続き改革を進めていくべき", 78, None),
    ]


def test_nothing_published_is_marked_synthetic_and_nothing_waits_for_approval() -> None:
    assert not Measurement.objects.filter(is_synthetic=True).exists()
    assert not Summary.objects.filter(is_synthetic=True).exists()
    assert not Survey.objects.filter(is_synthetic=True).exists()
    assert not Entry.objects.exists()


def test_every_value_has_its_history_and_its_source() -> None:
    reasons = set(Revision.objects.values_list("version", "actor", "reason"))

    assert reasons == {(1, None, "構造改革レポート vol.5 から登録")}
    assert Revision.objects.count() == len(FIGURES)
    assert not Measurement.objects.filter(source="").exists()


def test_summaries_stand_up_to_the_audit() -> None:
    out = StringIO()
    call_command("audit_summaries", stdout=out)

    assert "違いはありません" in out.getvalue()


def test_the_command_says_what_it_added_and_adds_nothing_twice(vol5) -> None:
    before = all_rows()

    assert f"指標と値 {14 + 16 + len(FIGURES)}件" in vol5
    assert again() == "vol.5 の公表内容：登録済みです。\n"
    assert all_rows() == before


def test_what_the_office_changed_stays_changed() -> None:
    measurement = Measurement.objects.get(series__kpi__code="line-friends")
    change = {name: getattr(measurement, name) for name in STATEMENT} | {"value": Decimal(50_000)}
    record(
        [Change(measurement.series_id, measurement.period, expected_version=1, **change)],
        actor=None,
        post="",
        reason="訂正",
    )
    Kpi.objects.filter(code="copies").update(name="印刷枚数", department=None)
    Milestone.objects.filter(wording="保育DX").update(wording="保育DXの開始")
    Alias.objects.filter(name="LoGoチャット").update(name="庁内チャット")
    Initiative.objects.filter(code="telework").update(code="remote-work")
    Result.objects.filter(percent=54).update(percent=55)
    before = all_rows()

    again()

    assert all_rows() == before


def test_what_was_taken_away_comes_back() -> None:
    Milestone.objects.filter(wording="テレワーク制度化").delete()
    Kpi.objects.get(code="online-application-rate").delete()

    again()

    assert Milestone.objects.filter(wording="テレワーク制度化", month=10).exists()
    assert Kpi.objects.get(code="online-application-rate").numerator.code == "online-applications"
