"""The city hall's departments in 建制順, and who works there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.back_office.access import follow_staff_flag
from accounts.loading import load_departments, newest_department, reform_office_group
from accounts.models import Assignment, Department, Route, RouteStep, RouteUse, User
from reform.second_city.data import read
from reform.second_city.timeline import Timeline

Role = Assignment.Role
Subject = RouteUse.Subject


@dataclass(frozen=True)
class SignIn:
    """A person whose number and password the command prints."""

    number: str
    password: str
    name: str
    role: Assignment.Role
    department: str | None
    title: str


SIGN_INS = (
    SignIn("700001", "minato-nyuryoku-1", "平岡 千尋", Role.EDITOR, "121", "主査"),
    SignIn("700002", "minato-kakunin-2", "桑原 篤", Role.APPROVER, "121", "課長"),
    SignIn("700003", "minato-torimatome-3", "瀬川 郁美", Role.REFORM_OFFICE, None, "行革推進室 室長補佐"),
    SignIn("700004", "minato-etsuran-4", "土屋 肇", Role.VIEWER, None, "企画部長"),
)
#: Routes of two steps: (部, what is reported) → (its name, the roles).
ROUTES = {
    ("130", Subject.MEASUREMENT): ("係長と課長", (Role.CHECKER, Role.APPROVER)),
    ("180", Subject.MEASUREMENT): ("課長と部の取りまとめ", (Role.APPROVER, Role.COORDINATOR)),
}


def divisions() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read("organisation")["divisions"]
    return found


def branches(count: int) -> list[tuple[str, str, str, str]]:
    """Code, name, short name and ふりがな of so many 地区センター; when the names are used up they are numbered."""
    data = read("organisation")
    names = [*data["branch_names"], *(f"第{n}" for n in range(len(data["branch_names"]) + 1, count + 1))][:count]
    suffix, kana = data["branch"]["suffix"], data["branch"]["furigana"]
    return [(f"14{n:03}", f"{name}{suffix}", name, kana) for n, name in enumerate(names, start=1)]


def add_departments(timeline: Timeline) -> int:
    """Returns how many were added."""
    return load_departments(_rows(timeline.size.branches))


def _rows(branch_count: int) -> Iterator[dict[str, Any]]:
    founded = date.fromisoformat(read("organisation")["founded"])
    for place, division in enumerate(divisions(), start=1):
        order = place * 10_000
        names = {name: division[name] for name in ("code", "name", "short_name", "furigana")}
        yield {**names, "parent": None, "order": order, "valid_from": founded}
        sections = [tuple(row) for row in division["sections"]]
        if division.get("has_branches"):
            sections += branches(branch_count)
        for number, (code, name, short, furigana) in enumerate(sections, start=1):
            row = {"code": code, "name": name, "short_name": short, "furigana": furigana}
            yield {**row, "parent": division["code"], "order": order + number, "valid_from": founded}


def add_people(timeline: Timeline) -> int:
    """The four sign-ins; an editor and a head (who cannot sign in) for every other 課; those whom a route needs."""
    people = list(_people(timeline.size.branches))
    for number, password, name, role, code, title in people:
        user = User.objects.create_user(
            number, password, name=name, email=f"{number}@minato.example", is_staff=role == Role.REFORM_OFFICE
        )
        if user.is_staff:
            follow_staff_flag(user)
        department = newest_department(code) if code else None
        Assignment.objects.create(user=user, department=department, role=role, title=title, valid_from=timeline.posted)
    _two_posts(timeline)
    return len(people)


def _people(branch_count: int) -> Iterator[tuple[str, str | None, str, Assignment.Role, str | None, str]]:
    for each in SIGN_INS:
        yield each.number, each.password, each.name, each.role, each.department, each.title
    taken = {each.department for each in SIGN_INS}
    heads = ((Role.EDITOR, "主任"), (Role.APPROVER, ""))
    rows = [row for row in _rows(branch_count) if row["code"] not in taken and _reports(row)]
    place = 0
    for row in rows:
        for last, (role, title) in enumerate(heads, start=1):
            place += 1
            yield f"7{row['code']}{last}", None, invented_name(place), role, row["code"], title or head(row["name"])
    for number, role, code, title in [*_on_routes(), *_to_be_divided()]:
        place += 1
        yield number, None, invented_name(place), role, code, title


def _on_routes() -> Iterator[tuple[str, Assignment.Role, str, str]]:
    """Those whom the routes need beside the head: a 係長 in each 課, one 部の取りまとめ."""
    for (division, _), (_, roles) in ROUTES.items():
        if Role.CHECKER in roles:
            for section, *_ in _division(division)["sections"]:
                yield f"7{section}3", Role.CHECKER, section, "係長"
        if Role.COORDINATOR in roles:
            yield f"7{division}4", Role.COORDINATOR, division, "部次長"


def _to_be_divided() -> Iterator[tuple[str, Assignment.Role, str, str]]:
    """A 課 that will become two has a second clerk and an assistant head: they go to the second of the new ones."""
    for change in read("organisation")["reorganisations"]:
        for code in change["from"] if len(change["to"]) > 1 else ():
            yield second_clerk(code), Role.EDITOR, code, "主事"
            yield second_head(code), Role.APPROVER, code, "課長補佐"


def second_clerk(code: str) -> str:
    return f"7{code}5"


def second_head(code: str) -> str:
    return f"7{code}6"


def _reports(row: dict[str, Any]) -> bool:
    """A 課, or a 部 that has none."""
    return row["parent"] is not None or not _division(row["code"])["sections"]


def _division(code: str) -> dict[str, Any]:
    return next(division for division in divisions() if division["code"] == code)


def _two_posts(timeline: Timeline) -> None:
    """The head of 農林課 looks after 会計室 too (兼務)."""
    head_of_farms = Assignment.objects.get(department__code="175", role=Role.APPROVER)
    Assignment.objects.create(
        user=head_of_farms.user,
        department=newest_department("190"),
        role=Role.APPROVER,
        kind=Assignment.Kind.CONCURRENT,
        title="会計室長",
        valid_from=timeline.posted,
    )


def add_routes() -> int:
    """Returns how many routes there are beside the usual single step."""
    for (division, subject), (name, roles) in ROUTES.items():
        route = Route.objects.create(name=name)
        RouteStep.objects.bulk_create(
            RouteStep(route=route, order=order, role=role) for order, role in enumerate(roles, start=1)
        )
        for department in Department.objects.filter(code=division):
            RouteUse.objects.create(department=department, subject=subject, route=route)
    return len(ROUTES)


def add_group() -> None:
    reform_office_group()


def invented_name(place: int) -> str:
    """A name no two of the city's people share (as far as there are names)."""
    data = read("organisation")
    family, given = data["family_names"].split(), data["given_names"].split()
    return f"{family[place * 7 % len(family)]} {given[(place * 5 + place // len(family)) % len(given)]}"


def head(name: str) -> str:
    """What the head of a department is called."""
    heads = {"室": "室長", "センター": "所長", "館": "館長"}
    return next((title for end, title in heads.items() if name.endswith(end)), "課長")
