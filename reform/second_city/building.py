"""Builds the whole city in one transaction, in a database that holds nothing of another."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Min, OuterRef, Subquery
from django.utils import timezone

from accounts.models import Assignment, Department, User
from initiatives.models import Initiative, Pillar, ProgressEvent, ProgressRecord
from japan.fiscal import fiscal_year_of
from kpis.models import Entry, EntryEvent, Kpi, Measurement, OwnerCard
from kpis.owners.ownership import owned
from kpis.values.recording import record
from reform.second_city import measures, opinions, organisation, progress
from reform.second_city.clock import Clock
from reform.second_city.data import read
from reform.second_city.hall import Hall
from reform.second_city.months import Reporting as Months
from reform.second_city.running import Course
from reform.second_city.sizes import Size
from reform.second_city.timeline import Timeline
from reports.loading import load_report
from reports.models import Report
from surveys.models import Survey

#: Every so many figures one is left without an owner.
GAP = 7


class AnotherCity(Exception):
    """The database holds the data of another city; nothing was added."""


@transaction.atomic
def build(size: Size, today: date) -> dict[str, int]:
    """The city as of a day. Returns how many of each were added: nothing where it is there already.

    Raises AnotherCity where the database holds anything else; people without a post (the operator) may be there.
    """
    if is_there():
        return {}
    if holds_data():
        raise AnotherCity
    timeline = Timeline(today, size)
    organisation.add_group()
    counts = {"所属": organisation.add_departments(timeline), "職員": organisation.add_people(timeline)}
    counts["承認ルート"] = organisation.add_routes()
    counts["取組"] = progress.add_initiatives(timeline)
    counts["指標"] = measures.add_kpis(timeline)
    hall = Hall(Clock(timezone.now()))
    hall.clock.set(timeline.introduced, 10)
    counts["目標値"] = measures.add_targets(timeline, hall.office())
    _take_over(timeline, hall)
    counts["回答"] = _live_through(timeline, hall)
    counts["実績値"] = Measurement.objects.count()
    counts["進捗状況調書"] = progress.add_records(timeline, hall)
    counts["照会先"] = opinions.add_inquiry(timeline, hall)
    counts["アンケート"] = opinions.add_surveys(timeline)
    counts["担当票"] = _add_owner_cards(today)
    counts["レポート"] = _add_report(timeline)
    _date_back()
    return counts


def is_there() -> bool:
    """The city was built before, whatever became of it since."""
    ours = User.objects.filter(employee_number__in=[person.number for person in organisation.SIGN_INS])
    codes = [row["code"] for row in read("initiatives")["pillars"]]
    return ours.count() == len(organisation.SIGN_INS) and Pillar.objects.filter(code__in=codes).exists()


def holds_data() -> bool:
    """Anything of a city is stored."""
    models = (Department, Assignment, Pillar, Initiative, Kpi, Survey, Report)
    return any(model._default_manager.exists() for model in models)


def _take_over(timeline: Timeline, hall: Hall) -> None:
    """The values of the time before, registered by the office when the product came."""
    access = hall.office()
    assert isinstance(access.user, User)
    record(
        measures.taken_over(timeline),
        actor=access.user,
        post=access.post_in(None, Assignment.Role.REFORM_OFFICE),
        reason=read("kpis")["reason"],
        at=hall.clock.now(),
    )


def _live_through(timeline: Timeline, hall: Hall) -> int:
    by_code = {measure.code: measure for measure in measures.measures(timeline)}
    Course(timeline, hall, Months(timeline, hall, by_code)).run()
    return Entry.objects.count()


def _add_owner_cards(today: date) -> int:
    editors: dict[int, Assignment] = {}
    posts = Assignment.objects.in_force(today).filter(role=Assignment.Role.EDITOR)
    for post in posts.order_by("pk"):
        editors.setdefault(post.department_id or 0, post)
    cards = [
        OwnerCard(
            kpi=each.kpi,
            department=each.department,
            owner=editors[each.department.pk],
            counted_where="月末の集計を、業務の台帳から数える。",
            source_file="月の集計",
            updated_at=timezone.now(),
        )
        for place, each in enumerate(owned(today), start=1)
        if place % GAP and each.department.pk in editors
    ]
    return len(OwnerCard.objects.bulk_create(cards))


def _add_report(timeline: Timeline) -> int:
    """A volume about the year before and the closed months of this one."""
    data = dict(read("report"))
    data["report"] = data["report"] | {
        "first_fiscal_year": timeline.year(-2),
        "last_fiscal_year": fiscal_year_of(timeline.last_closed),
        "as_of": timeline.changed,
    }
    return load_report(data)


def _date_back() -> None:
    """What was begun was begun with its first event: the database stamps a new row with the hour of building."""
    first_entry = EntryEvent.objects.filter(entry=OuterRef("pk")).values("entry").annotate(at_first=Min("at"))
    Entry.objects.update(created_at=Subquery(first_entry.values("at_first")))
    first_record = ProgressEvent.objects.filter(record=OuterRef("pk")).values("record").annotate(at_first=Min("at"))
    ProgressRecord.objects.update(created_at=Subquery(first_record.values("at_first")))
