"""Adds the sample's departments, people and posts, and says which department reports which series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from accounts.loading import load_departments, newest_department, reform_office_group
from accounts.models import Assignment, Department, User
from kpis.models import Kpi, Reporting, Series
from reform.demo.organisation import (
    DIVISIONS,
    REPORTERS,
    SIGN_INS,
    SignIn,
    copy_reporter,
    head_title,
    invented_name,
    reporting_departments,
    section_code,
)
from reform.demo.shapes import Key

FOUNDED = date(2021, 4, 1)
#: The posts begin with a 人事異動.
POSTED = date(2024, 4, 1)


def add_departments() -> int:
    """Returns how many were new."""
    rows: list[dict[str, Any]] = []
    for place, (division, sections) in enumerate(DIVISIONS, start=1):
        code, *names = division
        rows.append(_department_row(code, names, place * 100, None))
        rows += [
            _department_row(section_code(code, number), section, place * 100 + number, code)
            for number, section in enumerate(sections, start=1)
        ]
    return load_departments(rows)


def add_people() -> int:
    """The four sign-ins, and an editor and a head (who cannot sign in) per reporting department. Returns how many."""
    added = sum(_add_sign_in(person) for person in SIGN_INS)
    office = User.objects.filter(employee_number="100003").first()
    if office is not None:
        office.groups.add(reform_office_group())
    taken = {person.department for person in SIGN_INS}
    for place, code in enumerate(reporting_departments()):
        department = newest_department(code)
        if department is None or code in taken:
            continue
        added += _add_person(f"2{code}1", invented_name(place * 2), department, Assignment.Role.EDITOR, "主任主査")
        title = head_title(department.name)
        added += _add_person(f"2{code}2", invented_name(place * 2 + 1), department, Assignment.Role.APPROVER, title)
    return added


def add_copy_series(kpi: Kpi) -> int:
    """A series per 部 beside the total. Returns how many were new."""
    known = set(kpi.series.values_list("code", flat=True))
    rows = [
        Series(kpi=kpi, code=code, name=name, kind=Series.Kind.DEPARTMENT, order=place * 10)
        for place, ((code, name, _, _), _) in enumerate(DIVISIONS, start=1)
        if code not in known
    ]
    return len(Series.objects.bulk_create(rows))


def add_reporting(series: Mapping[Key, Series], starts: Mapping[Key, date]) -> int:
    """Who reports each series, from its first month on. A series somebody reports already is left alone."""
    reported = set(Reporting.objects.values_list("series_id", flat=True))
    rows = []
    for key, one in series.items():
        code = REPORTERS.get(key) or (copy_reporter(key[1]) if key[0] == "copies" and key[1] != "total" else "")
        department = newest_department(code) if code and one.pk not in reported else None
        if department is not None:
            rows.append(Reporting(series=one, department=department, valid_from=starts.get(key, FOUNDED)))
    return len(Reporting.objects.bulk_create(rows))


def _department_row(code: str, names: Sequence[str], order: int, parent: str | None) -> dict[str, Any]:
    name, short, furigana = names
    where = {"code": code, "order": order, "parent": parent, "valid_from": FOUNDED}
    return {**where, "name": name, "short_name": short, "furigana": furigana}


def _add_sign_in(person: SignIn) -> bool:
    if User.objects.filter(employee_number=person.number).exists():
        return False
    department = newest_department(person.department) if person.department else None
    user = User.objects.create_user(
        person.number, person.password, name=person.name, is_staff=person.role == Assignment.Role.REFORM_OFFICE
    )
    _assign(user, department, person.role, person.title)
    return True


def _add_person(number: str, name: str, department: Department, role: str, title: str) -> bool:
    if User.objects.filter(employee_number=number).exists():
        return False
    _assign(User.objects.create_user(number, None, name=name), department, role, title)
    return True


def _assign(user: User, department: Department | None, role: str, title: str) -> None:
    Assignment.objects.create(user=user, department=department, role=role, title=title, valid_from=POSTED)
