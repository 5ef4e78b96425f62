"""The second city: that it is whole, true, and as odd as it promises."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Count, F
from django.utils import timezone

from accounts.models import Assignment, Department, Deputy, Handover, Succession, User
from initiatives.models import ProgressRecord
from inquiries.models import Extension, Inquiry, Message, Recipient
from kpis.entries.sheet import due_date
from kpis.models import (
    Closing,
    DefinitionChange,
    Entry,
    EntryEvent,
    Kpi,
    Measurement,
    Reopening,
    Reporting,
    Revision,
    Series,
)
from reform.second_city.building import build
from reform.second_city.sizes import SIZES
from reports.models import Report, Section
from surveys.models import Survey
from tests.reform.conftest import all_rows

pytestmark = pytest.mark.usefixtures("second_city")


def values(code: str, **asked) -> list[Measurement]:
    found = Measurement.objects.filter(series__kpi__code=code, **asked)
    return list(found.select_related("series__kpi").order_by("series__order", "period"))


# --- Whole and true ---------------------------------------------------------------------------------------------------
def test_the_second_implementation_finds_nothing_to_correct():
    out = StringIO()
    call_command("audit_summaries", stdout=out)
    assert "違いはありません" in out.getvalue()
    assert "集計 0行" not in out.getvalue()


def test_built_again_it_adds_nothing(second_city):
    before = all_rows()
    assert build(SIZES["s"], timezone.localdate()) == {}
    assert all_rows() == before


def test_it_is_about_as_large_as_the_sample():
    assert 1_400 <= Measurement.objects.count() <= 2_200
    assert 40 <= Department.objects.count() <= 60
    assert 10 <= Kpi.objects.count() <= 40


def test_every_value_is_what_its_newest_revision_says_and_no_revision_is_missing():
    numbers = Measurement.objects.annotate(kept=Count("revisions")).exclude(kept=F("version"))
    assert list(numbers) == []
    newest = Revision.objects.filter(version=F("measurement__version")).select_related("measurement")
    assert newest.count() == Measurement.objects.count()
    assert [one for one in newest if (one.value, one.at) != (one.measurement.value, one.measurement.updated_at)] == []


def test_nobody_approved_what_they_entered_and_each_step_of_the_route_was_taken():
    decided = Entry.objects.filter(state=Entry.State.APPROVED).prefetch_related("events")
    assert decided.count() > 150
    for entry in decided:
        steps = [e for e in entry.events.all() if e.action in (EntryEvent.Action.CONFIRMED, EntryEvent.Action.APPROVED)]
        assert len(steps) == len(entry.roles)
        assert entry.author_id not in {event.actor_id for event in steps}
    assert {len(entry.roles) for entry in decided} == {1, 2}


def test_everything_happened_after_what_it_follows_and_nothing_in_the_future(second_city):
    for entry in Entry.objects.prefetch_related("events"):
        moments = [event.at for event in entry.events.all().order_by("pk")]
        assert moments == sorted(moments)
        assert entry.created_at == moments[0]
        assert timezone.localdate(moments[0]) > entry.dated_period.end
    assert max(EntryEvent.objects.values_list("at", flat=True)) <= timezone.now()
    for closing in Closing.objects.all():
        assert timezone.localdate(closing.closed_at) > closing.month


def test_who_acted_held_the_post_on_that_day():
    for event in EntryEvent.objects.select_related("entry").filter(principal=None):
        day = timezone.localdate(event.at)
        posts = Assignment.objects.in_force(day).filter(user=event.actor)
        assert event.post in {post.post for post in posts}


def test_the_people_the_command_names_can_sign_in(client):
    for number, password in [("700001", "minato-nyuryoku-1"), ("700003", "minato-torimatome-3")]:
        answer = client.post("/login/", {"username": number, "password": password}, follow=True)
        assert answer.redirect_chain == [("/", 302)]
        client.logout()
    assert User.objects.get(employee_number="700003").is_staff


# --- Odd --------------------------------------------------------------------------------------------------------------
def test_a_figure_began_and_ended_within_a_year_and_one_began_in_the_middle(second_city):
    market = Kpi.objects.get(code="night-market")
    assert market.starts_on is not None
    assert market.ends_on is not None
    assert [value.period.month for value in values("night-market", missing_reason="")] == [5, 6, 7, 8, 9]
    before = values("chat-consults", missing_reason="before_start")
    assert [value.period.month for value in before] == [4, 5, 6, 7, 8, 9]


def test_a_part_is_withheld_another_misses_months_and_one_is_still_counted(second_city):
    withheld = values("counter-visits", missing_reason="withheld")
    assert [value.period for value in withheld] == [second_city.timeline.last_closed]
    months = {part: len(values("counter-visits", series__code=part)) for part in parts_of("counter-visits")}
    assert len(set(months.values())) > 1
    assert values("fees", missing_reason="pending")


def parts_of(code: str) -> list[str]:
    return list(Series.objects.filter(kpi__code=code).values_list("code", flat=True))


def test_values_are_projected_provisional_estimated_rounded_and_made_final(second_city):
    year = second_city.timeline.fiscal_year
    assert [v.period.year for v in values("waiting-children", nature="projected")] == [year, year + 1]
    assert {v.period.year for v in values("inhabitants", nature="projected")} == {2035, 2050}
    assert all(value.nature == "estimated" for value in values("saved-hours"))
    assert 0 < len(values("loans", is_rounded=True)) < len(values("loans"))
    provisional = [value.period for value in values("overtime", is_provisional=True)]
    assert provisional == [second_city.timeline.last_closed, second_city.timeline.changed]
    assert Revision.objects.filter(kind=Revision.Kind.FINAL).count() == 2
    assert values("reserve", is_provisional=True)


def test_a_value_was_corrected_after_its_month_was_closed(second_city):
    [revision] = Revision.objects.filter(kind=Revision.Kind.CORRECTION)
    reopening = Reopening.objects.get()
    assert revision.period == reopening.month == second_city.timeline.corrected
    closing = Closing.objects.get(month=reopening.month)
    assert reopening.ended_at is not None
    assert closing.closed_at < reopening.opened_at < revision.at < reopening.ended_at


def test_values_came_late_were_returned_and_mended_and_some_are_under_way(second_city):
    calendar_late = [
        entry
        for entry in Entry.objects.filter(state="approved", is_synthetic=False).select_related("series__kpi")
        if entry.submitted_at and entry.change_kind == ""
        if timezone.localdate(entry.submitted_at) > due_date(entry.series.kpi, entry.reported_with)
    ]
    assert calendar_late
    mended = Entry.objects.filter(state="approved", events__action="returned").distinct()
    assert mended.exists()
    states = set(Entry.objects.open().filter(period=second_city.timeline.last_month).values_list("state", flat=True))
    assert states == {"draft", "submitted", "returned"}
    half_way = Entry.objects.filter(state="submitted", steps_passed=1)
    assert half_way.exists()


def test_two_departments_became_one_and_one_became_two_in_the_middle(second_city):
    kinds = set(Succession.objects.filter(date=second_city.timeline.changed).values_list("kind", flat=True))
    assert kinds == {"merge", "split"}
    for code in ("site-visits", "shop-consults", "loans", "study-rooms"):
        before, after = Reporting.objects.filter(series__kpi__code=code).order_by("valid_from")
        assert before.valid_to is not None
        assert after.valid_from == second_city.timeline.changed
    new = Reporting.objects.filter(valid_from=second_city.timeline.changed).values_list("department__name", flat=True)
    assert set(new) == {"生涯学習・図書課", "商業振興課", "企業立地課"}


def test_the_kinds_frequencies_directions_units_and_rules_are_all_there():
    def found(name):
        return set(Kpi.objects.values_list(name, flat=True))

    assert found("kind") == {"stock", "flow", "ratio"}
    assert found("frequency") == {"month", "quarter", "fiscal_year", "calendar_year", "occasional"}
    assert found("direction") == {"up", "down", "none"}
    assert found("as_of_rule") == {"month_end", "next_month_first", "during"}
    assert {"千円", "%"} <= found("unit")
    assert {"oku", "man", "one"} == found("scale")
    assert Kpi.objects.get(code="reserve").unit == "千円"


def test_one_ratio_is_an_amount_by_a_level_and_one_has_no_parts():
    per_head = Kpi.objects.get(code="prints-per-head")
    assert per_head.numerator is not None
    assert per_head.denominator is not None
    assert (per_head.numerator.kind, per_head.denominator.kind) == ("flow", "stock")
    satisfaction = Kpi.objects.get(code="satisfaction")
    assert (satisfaction.kind, satisfaction.numerator, satisfaction.aggregation) == ("ratio", None, "none")
    assert satisfaction.series.count() == 3


def test_a_figure_ran_out_of_targets(second_city):
    years = set(Kpi.objects.get(code="app-users").targets.values_list("fiscal_year", flat=True))
    year = second_city.timeline.fiscal_year
    assert years == {year - 2, year - 1}


def test_a_target_was_changed_in_the_middle_of_the_year_and_both_are_kept(second_city):
    kinds = DefinitionChange.objects.filter(subject="target", kpi__code="prints").order_by("at")
    assert [change.kind for change in kinds] == ["first", "first", "change"]
    assert all(timezone.localdate(change.at) < second_city.timeline.today for change in kinds)


def test_one_office_registers_a_figure_for_all(second_city):
    rows = Reporting.objects.filter(series__kpi__code="prints", registrar__isnull=False)
    assert {row.registrar.code for row in rows if row.registrar} == {"121"}
    assert {row.valid_from for row in rows} == {second_city.timeline.introduced}
    assert rows.count() > 5


def test_somebody_decided_in_the_place_of_another_and_a_clerk_was_succeeded():
    assert Deputy.objects.count() == 1
    assert EntryEvent.objects.filter(principal__isnull=False).exists()
    assert Handover.objects.count() == 1
    assert Assignment.objects.filter(kind="concurrent").exists()


def test_records_and_answers_are_in_every_state():
    assert set(ProgressRecord.objects.values_list("state", flat=True)) == {"approved", "returned", "submitted", "draft"}
    inquiry = Inquiry.objects.get(kind="one_off")
    states = list(Recipient.objects.filter(inquiry=inquiry).values_list("state", flat=True))
    assert set(states) == {"answered", "submitted", "returned", "open"}
    assert Message.objects.filter(answers__isnull=False).count() == 1
    assert set(Extension.objects.values_list("state", flat=True)) == {"granted", "asked"}
    assert {"monthly", "progress"} <= set(Inquiry.objects.values_list("kind", flat=True))


def test_a_survey_has_a_question_with_several_answers_each():
    survey = Survey.objects.get(code="users")
    sums = {
        question.code: sum(result.count or 0 for result in question.results.all())
        for question in survey.questions.all()
    }
    assert survey.answered is not None
    assert sums["easier"] == survey.answered
    assert sums["ways"] > survey.answered


def test_the_report_has_a_title_of_its_own_and_pages_of_many_kinds():
    report = Report.objects.get()
    assert report.title == "港町市 改革のあゆみ"
    kinds = set(Section.objects.filter(report=report).values_list("kind", flat=True))
    assert {"cover", "pillars", "timeline", "figures", "survey", "cloud", "data", "colophon"} <= kinds
