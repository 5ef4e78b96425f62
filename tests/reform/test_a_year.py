"""A fiscal year by the calendar: asked for, answered, some late, reorganised, handed over, closed - 回答状況 right throughout."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.models import Assignment, Department, User
from inquiries.models import Inquiry
from inquiries.regular import make_due_inquiries
from inquiries.standing import standings_of
from japan.fiscal import fiscal_months
from kpis.entries import approve, save_draft, submit
from kpis.models import Entry, Measurement, Reporting, Revision, Series
from kpis.summaries.recompute import recompute
from kpis.values.closed import close_month, reopen
from kpis.values.statement import Slot, Statement
from tests.conftest import make_department, make_division, person
from tests.kpis.reporting_world import report
from tests.kpis.world import access, make_kpi, part
from tests.reform.test_reorganisation import carry_out, plan

TOKYO = ZoneInfo("Asia/Tokyo")
YEAR = fiscal_months(2025)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


class City:
    """Two departments with a figure each, their clerks and chiefs, and the day it is."""

    def __init__(self, clock: time_machine.Traveller) -> None:
        self._clock = clock
        division = make_division()
        self.policy = make_department(division)
        self.citizens = make_department(division, "1020", "市民課", "市民", 12)
        self.office = person("R001", "改革 一郎", "reform_office", None, "構造改革・DX推進課 係長")
        self.clerk = person("E001", "入力 花子", "editor", self.policy, "主査")
        self.chief = person("A001", "課長 太郎", "approver", self.policy, "課長")
        self.other_clerk = person("E002", "別課 次郎", "editor", self.citizens, "主事")
        self.other_chief = person("A002", "市民 四郎", "approver", self.citizens, "課長")
        self.friends = part(make_kpi("friends", "LINE友だち登録者数", "人", "stock"))
        self.visits = part(make_kpi("visits", "来庁者数", "人", "flow"))
        report(self.friends, self.policy)
        report(self.visits, self.citizens)

    def is_on(self, day: date) -> None:
        self._clock.move_to(datetime(day.year, day.month, day.day, 9, 0, tzinfo=TOKYO))
        self.today = day

    def asks(self, month: date) -> Inquiry:
        """The regular requests are made, as each day; gives that of the month."""
        make_due_inquiries(self.today)
        return Inquiry.objects.get(kind="monthly", month=month)

    def reports(self, series: Series, who: User, chief: User | None, month: date, value: int) -> None:
        """Handed in and, with a chief, approved."""
        entry = self.hands_in(series, who, month, value)
        if chief is not None:
            approve(entry, access=access(chief, self.today))

    def hands_in(self, series: Series, who: User, month: date, value: int, comment: str = "") -> Entry:
        by = access(who, self.today)
        department_id = Reporting.objects.filter(series=series).in_force(month).get().department_id
        said = Statement(value=Decimal(value))
        entry = save_draft(Slot(series.pk, month), said, access=by, department_id=department_id, comment=comment)
        return submit(entry, access=by)

    def standing(self, month: date) -> dict[str, str]:
        """回答状況 of the month as pages tell it: department → state."""
        recipients = Inquiry.objects.get(kind="monthly", month=month).recipients.in_official_order()
        return {each.department.name: each.label for each in standings_of(recipients, self.today)}


@pytest.fixture
def city(db) -> Iterator[City]:
    with time_machine.travel(datetime(2025, 5, 1, 9, 0, tzinfo=TOKYO), tick=False) as clock:
        yield City(clock)


def next_month(month: date, day: int) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, day)


def test_a_year_from_april_to_the_closing_of_march(city, signed_in):
    for number, month in enumerate(YEAR[:-1]):
        city.is_on(next_month(month, 1))
        city.asks(month)
        assert city.standing(month) == {"情報政策課": "未回答", "市民課": "未回答"}
        city.reports(city.friends, city.clerk, city.chief, month, 1000 + number)
        assert city.standing(month)["情報政策課"] == "回答済"
        is_late = number == 3
        if is_late:  # July's visitors come two weeks late, and the request says so meanwhile
            city.is_on(next_month(month, 25))
            assert city.standing(month)["市民課"] == "期限超過"
        city.reports(city.visits, city.other_clerk, None, month, 500 + number)
        assert city.standing(month)["市民課"] == "確認待ち"
        approve(city.visits.entries.latest("pk"), access=access(city.other_chief, city.today))
        assert set(city.standing(month).values()) == {"回答済"}
        close_month(month, access=access(city.office, city.today))

    reorganise(city, signed_in)
    report_march_for_the_old_organisation(city, signed_in)
    close_the_year(city)


def reorganise(city: City, signed_in) -> None:
    """In March 情報政策課 is renamed on the first of April; its clerk moves on, and hands over to a successor."""
    city.is_on(date(2026, 3, 20))
    carry_out(signed_in(city.office), plan("rename", city.policy, c1010="DX推進課") | {"on": "2026-04-01"})
    city.new = Department.objects.get(name="DX推進課")
    city.is_on(date(2026, 4, 1))
    successor = person("E009", "後任 葉子", "editor", city.new, "主任")
    Assignment.objects.filter(user=successor).update(valid_from=APRIL)
    giver = city.clerk.assignments.get(department=city.policy)
    client = signed_in(city.office)
    url = f"/handover/{giver.pk}/?taker={successor.assignments.get().pk}"
    page = client.get(url)
    client.post(url, {"note": "", "confirmed": "on", "also": "on", "seal": page.context["preview"].seal})
    city.successor = User.objects.get(pk=successor.pk)


def report_march_for_the_old_organisation(city: City, signed_in) -> None:
    """March is asked of 情報政策課 and answered in April by the people of DX推進課."""
    assert [each.department.name for each in city.asks(MARCH).recipients.in_official_order()] == [
        "情報政策課",
        "市民課",
    ]
    assert access(city.successor, city.today).may_enter(city.policy.pk)
    city.reports(city.friends, city.successor, city.chief, MARCH, 1_100)
    city.reports(city.visits, city.other_clerk, city.other_chief, MARCH, 511)
    assert city.standing(MARCH) == {"情報政策課": "回答済", "市民課": "回答済"}
    history = Revision.objects.get(measurement__series=city.friends, period=MARCH)
    assert (history.actor_name, "情報政策課" in history.post) == ("後任 葉子", True)
    city.is_on(date(2026, 5, 1))
    asked = [each.department.name for each in city.asks(APRIL).recipients.in_official_order()]
    assert asked == ["市民課", "DX推進課"]
    assert city.standing(APRIL)["DX推進課"] == "未回答"


def close_the_year(city: City) -> None:
    """March is closed: nothing changes any more but by 確定解除, and the year's summaries stand."""
    close_month(MARCH, access=access(city.office, city.today))
    with pytest.raises(ValidationError, match="確定"):
        city.hands_in(city.visits, city.other_clerk, MARCH, 1)
    reopen(MARCH, city.citizens, reason="転記の誤り", until=date(2026, 5, 8), access=access(city.office, city.today))
    entry = city.hands_in(city.visits, city.other_clerk, MARCH, 521, comment="転記の誤り")
    approve(entry, access=access(city.other_chief, city.today))
    assert Revision.objects.filter(kind=Revision.Kind.CORRECTION).get().value == 521
    assert Measurement.objects.filter(period__in=YEAR).count() == 24
    for series in (city.friends, city.visits):
        recompute(series.kpi_id)
    year = city.visits.kpi.summaries.get(span="fiscal_year", period=YEAR[0])
    assert (year.value, year.months) == (sum(500 + n for n in range(11)) + 521, 12)
    assert city.friends.kpi.summaries.get(span="fiscal_year", period=YEAR[0]).value == 1_100
