"""The months since the product came: inquiries, reports, closings, a correction, and a reorganisation in the middle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.deputising import name_deputy
from accounts.loading import newest_department
from accounts.models import Assignment, Department, User
from accounts.reorganising import Plan, Successor
from inquiries.regular import make_due_inquiries
from japan.fiscal import add_months, month_start
from kpis.closing.finalising import close_with_final, provisional_of
from kpis.entries.progress import reporting_departments
from kpis.models import Kpi, Measurement, Reporting
from kpis.registration.choosing import preview_of, register_from
from kpis.values.closed import close_month, end_reopening, reopen
from kpis.values.statement import Slot, statement_of
from reform.handing_over import hand_over
from reform.handing_over import preview_of as preview_of_handover
from reform.reorganising import carry_out
from reform.reorganising import preview_of as preview_of_change
from reform.second_city.data import read
from reform.second_city.hall import Hall
from reform.second_city.measures import lower_target
from reform.second_city.months import CLOSED_REASON
from reform.second_city.months import Reporting as Months
from reform.second_city.organisation import invented_name, second_clerk, second_head
from reform.second_city.timeline import Timeline

Role = Assignment.Role
#: Of which figure a value is corrected after its month was closed.
CORRECTED = "forms"


class Course:
    """What happens in the city hall, in its order."""

    def __init__(self, timeline: Timeline, hall: Hall, months: Months) -> None:
        self.timeline, self.hall, self.clock, self.months = timeline, hall, hall.clock, months

    def run(self) -> None:
        self.clock.set(self.timeline.introduced, 12)
        self._register_for_all()
        for month in self.timeline.reported:
            self._month_after(month)

    def _month_after(self, month: date) -> None:
        """The month in which a month is reported."""
        timeline, following = self.timeline, add_months(month, 1)
        self.clock.set(following, 1)
        if following == timeline.changed:
            self._reorganise()
        if month == timeline.last_closed:
            self._change_hands()
            lower_target(timeline, self.hall.office())
        if month == timeline.changed:
            self._be_away()
        make_due_inquiries(self.clock.today, self.clock.now())
        self.months.report(month, list(reporting_departments()))
        if month == timeline.last_closed:
            self._correct()
        if month <= timeline.last_closed:
            self._close(month)

    def _register_for_all(self) -> None:
        """From the first month on one office registers what it reads out of one system (一括登録)."""
        for measure in self.months.measures.values():
            registrar = newest_department(measure.row.get("registrar", ""))
            if registrar is not None:
                kpi, office = Kpi.objects.get(code=measure.code), self.hall.office()
                seen = preview_of(kpi, registrar, self.timeline.introduced, access=office).seen
                register_from(kpi, registrar, self.timeline.introduced, access=office, seen=seen)

    def _close(self, month: date) -> None:
        """確定. What was provisional becomes final, but in the newest closed month, which was settled too early."""
        self.clock.set(add_months(month, 1), 17, 16)
        if month == self.timeline.last_closed:
            close_month(month, access=self.hall.office(), note="速報値のまま確定した。")
        else:
            close_with_final(month, provisional_of(month), access=self.hall.office())

    def _correct(self) -> None:
        """訂正 of a value of a closed month, while it is open again for its department."""
        month = self.timeline.corrected
        value = Measurement.objects.select_related("series__kpi").get(
            series__kpi__code=CORRECTED, period=month, span="month"
        )
        department = Reporting.objects.in_force(month).get(series=value.series_id).department
        self.clock.set(add_months(self.timeline.last_closed, 1), 12)
        until = self.clock.today + timedelta(days=20)
        reopening = reopen(month, department, reason=CLOSED_REASON, until=until, access=self.hall.office())
        said = replace(statement_of(value), value=(value.value or Decimal(0)) + 37)
        self.months.settle(Slot(value.series_id, month), department, said, CLOSED_REASON)
        self.clock.go_on()
        end_reopening(reopening, access=self.hall.office())

    def _reorganise(self) -> None:
        """Two 課 become one, one becomes two."""
        for change in read("organisation")["reorganisations"]:
            plan = self._plan(change)
            seal, office = preview_of_change(plan).seal, self.hall.office()
            carry_out(plan, seal=seal, choices=_choices(change), access=office)
        self.hall.forget()

    def _plan(self, change: dict[str, Any]) -> Plan:
        before = [department for code in change["from"] if (department := newest_department(code)) is not None]
        opened = [
            Successor(parent=before[0].parent, order=before[0].order + place, **row)
            for place, row in enumerate(change["to"])
        ]
        return Plan(self.timeline.changed, change["kind"], before, opened)

    def _change_hands(self) -> None:
        """A clerk of 財政課 is succeeded by another in the middle of the year."""
        department = _department("131")
        giver = self.hall.post(Role.EDITOR, department)
        assert giver is not None
        successor = User.objects.create_user("71319", None, name=invented_name(97))
        taker = Assignment.objects.create(
            user=successor, department=department, role=Role.EDITOR, title="主事", valid_from=self.clock.today
        )
        access = self.hall.access(giver.user)
        seal = preview_of_handover(giver, taker, self.clock.today).seal
        hand_over(giver, taker, note="公園の使用料は、集計が翌月の5日ごろに届きます。", seal=seal, access=access)
        giver.valid_to = self.clock.today
        giver.save(update_fields=["valid_to"])
        self.clock.set(month_start(self.clock.today), 2)
        self.hall.forget()

    def _be_away(self) -> None:
        """The head of 戸籍住民課 is away for the month; another head decides (代決)."""
        post = self.hall.post(Role.APPROVER, _department("141"))
        other = self.hall.post(Role.APPROVER, _department("142"))
        assert post is not None
        assert other is not None
        last = add_months(month_start(self.clock.today), 1) - timedelta(days=1)
        access = self.hall.access(post.user)
        name_deputy(post, other.user, first=self.clock.today, last=last, reason="研修", access=access)
        self.hall.forget()


def _department(code: str) -> Department:
    department = newest_department(code)
    assert department is not None
    return department


def _choices(change: dict[str, Any]) -> dict[str, int]:
    """What goes to the second of the new departments: these figures with who reports them, and the second people."""
    kpi_codes = change.get("second_gets", [])
    rows = Reporting.objects.filter(series__kpi__code__in=kpi_codes, valid_to=None)
    kpis = Kpi.objects.filter(code__in=kpi_codes)
    people = [number(code) for code in change["from"] for number in (second_clerk, second_head)]
    posts = Assignment.objects.filter(user__employee_number__in=people)
    keys = [f"reporting:{row.pk}" for row in rows] + [f"kpi:{kpi.pk}" for kpi in kpis]
    return dict.fromkeys([*keys, *(f"post:{post.pk}" for post in posts)], 1)
