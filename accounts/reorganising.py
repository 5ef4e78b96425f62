"""組織改正: a department never changes its name or place. It is closed, and others are opened that take over from it.

Every app has a module `reorganising` that says what of its own follows (shown before anything is saved) and moves it;
`reform.reorganising` does them all in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.acts import days_of_acts, last_act
from accounts.models import Assignment, Department, Deputy, RouteUse, Succession
from japan.fiscal import add_months, month_start
from japan.wareki import date_label

Kind = Succession.Kind
ACTED_LATER = (
    "{department}の{post}（{holder}）が、{day}に「{act}」を行っています。廃止した所属の担当者が回答できるのは、"
    "廃止日の翌日の月とその次の月だけです。廃止日は、{earliest}以後の日付にしてください。"
)


def overlap_end(on: date) -> date:
    """Until when the old organisation stays open beside the new one: two months, so that March is reported in April."""
    return add_months(month_start(on), 2) - timedelta(days=1)


def reports_until(department: Department) -> date | None:
    """The last day on which a department's people report for it: for a closed one two months on; None: without end."""
    return overlap_end(department.valid_to + timedelta(days=1)) if department.valid_to else None


def acted_later(department: Department, last: date) -> str:
    """Why the department cannot end on the day: somebody acted in a post of it when its people no longer reported.
    "" where nothing stands in the way."""
    until = overlap_end(last + timedelta(days=1))
    if until >= timezone.localdate():  # nobody has acted tomorrow
        return ""
    latest: tuple[date, Assignment] | None = None
    for post in _posts([department.pk], until + timedelta(days=1)):
        days = days_of_acts(post)
        if days is not None and days[1] > until and (latest is None or days[1] > latest[0]):
            latest = days[1], post
    if latest is None:
        return ""
    day, post = latest
    return ACTED_LATER.format(
        department=department,
        post=post.post.removeprefix(str(department)).strip(),
        holder=post.user,
        day=date_label(day),
        act=last_act(post),
        earliest=date_label(add_months(month_start(day), -1) - timedelta(days=1)),
    )


def first_month(on: date) -> date:
    """The first month that the new organisation reports: a month begun by the old one is the old one's."""
    return month_start(on) if on.day == 1 else add_months(month_start(on), 1)


#: The reason that the history of what followed gives.
REASON = "組織改正"


@dataclass(frozen=True)
class Successor:
    """A department to be opened."""

    code: str
    name: str
    short_name: str
    furigana: str
    parent: Department | None
    order: int


@dataclass(frozen=True)
class Plan:
    """What becomes of which departments on a day."""

    on: date
    kind: str
    predecessors: Sequence[Department]
    successors: Sequence[Successor]


@dataclass(frozen=True)
class Follower:
    """Something that follows to a successor. `key` names it in a form that chooses which one, where there are several."""

    key: str
    text: str
    chosen: int = 0


@dataclass(frozen=True)
class Group:
    """What follows, of one sort."""

    title: str
    followers: list[Follower]
    note: str = ""


@dataclass(frozen=True)
class Heirs:
    """The departments opened, by the one each took over from, and which one of several was chosen for what."""

    opened: Mapping[int, Sequence[Department]]
    choices: Mapping[str, int] = field(default_factory=dict)

    def of(self, key: str, department_id: int) -> Department:
        heirs = self.opened[department_id]
        place = self.choices.get(key, 0)
        return heirs[place if place < len(heirs) else 0]


def children_of(departments: Iterable[Department], on: date) -> list[Department]:
    """The 課 that stand under the departments on the day: they are opened anew under the successor."""
    listed = [department.pk for department in departments]
    open_rows = Department.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), parent__in=listed)
    return list(open_rows.exclude(pk__in=listed).in_official_order())


def check(plan: Plan) -> None:
    """Raises ValidationError, with everything that stands in the way of the plan."""
    problems = [*_shape(plan), *_departments(plan), *_codes(plan)]
    if problems:
        raise ValidationError(problems)


def _shape(plan: Plan) -> list[str]:
    before, after = len(plan.predecessors), len(plan.successors)
    wanted = {
        Kind.RENAME.value: (before == 1 and after == 1, "名称変更では、今の所属と新しい所属を1つずつ入れてください。"),
        Kind.MOVE.value: (before == 1 and after == 1, "移管では、今の所属と新しい所属を1つずつ入れてください。"),
        Kind.MERGE.value: (
            before >= 2 and after == 1,
            "統合では、今の所属を2つ以上選び、新しい所属を1つ入れてください。",
        ),
        Kind.SPLIT.value: (
            before == 1 and after >= 2,
            "分割では、今の所属を1つ選び、新しい所属を2つ以上入れてください。",
        ),
    }
    fits, message = wanted[plan.kind]
    return [] if fits else [message]


def _departments(plan: Plan) -> list[str]:
    problems = []
    for department in plan.predecessors:
        if department.valid_to is not None:
            problems.append(f"{department}には廃止日が入っています。続いている所属を選んでください。")
        elif plan.on <= department.valid_from:
            problems.append(f"実施日は、{department}の設置日より後の日付にしてください。")
        elif why := acted_later(department, plan.on - timedelta(days=1)):
            problems.append(why)
    for successor in plan.successors:
        if successor.parent in plan.predecessors:
            problems.append(f"{successor.name}の上位の所属には、廃止する所属を選べません。")
        elif successor.parent is not None and not successor.parent.is_in_force(plan.on):
            problems.append(f"{successor.name}の上位の所属（{successor.parent}）は、実施日に続いていません。")
    children = children_of(plan.predecessors, plan.on)
    if len(plan.successors) > 1 and children:
        names = "、".join(child.name for child in children)
        problems.append(f"課のある部は分割できません。先に、次の課を移管してください：{names}")
    late = [child for child in children if child.valid_from >= plan.on or child.valid_to is not None]
    problems += [why for child in children if (why := acted_later(child, plan.on - timedelta(days=1)))]
    problems += [f"{child}は、実施日の前後に改正があるため移せません。先に{child}を直してください。" for child in late]
    return problems


def _codes(plan: Plan) -> list[str]:
    codes = [successor.code for successor in plan.successors]
    problems = [
        f"所属コード「{code}」が2つの新しい所属にあります。" for code in {c for c in codes if codes.count(c) > 1}
    ]
    others = Department.objects.filter(code__in=codes, valid_to__isnull=True)
    for department in others.exclude(pk__in=[each.pk for each in plan.predecessors]):
        problems.append(f"所属コード「{department.code}」は{department}が使っています。別のコードを入れてください。")
    return problems


@transaction.atomic
def reorganise(plan: Plan, choices: Mapping[str, int] | None = None) -> Heirs:
    """Closes the predecessors the day before and opens the successors, with the successions between them.

    What follows them is moved by the apps it belongs to. Raises ValidationError as `check` does.
    """
    keys = [department.pk for department in plan.predecessors]
    before = list(
        Department.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).in_official_order()
    )
    plan = Plan(plan.on, plan.kind, before, plan.successors)
    check(plan)
    children = children_of(before, plan.on)
    for department in before:
        _close(department, plan.on)
    opened = [_open(successor, plan.on) for successor in plan.successors]
    heirs: dict[int, Sequence[Department]] = {department.pk: opened for department in before}
    for child in children:
        heirs[child.pk] = [_carry(child, opened[0], plan.on)]
    found = Heirs(heirs, choices or {})
    for department in before:
        finishes = found.of(_rest(department), department.pk)
        for heir in opened:
            Succession.objects.create(
                predecessor=department,
                successor=heir,
                date=plan.on,
                kind=plan.kind,
                finishes_its_work=heir == finishes,
            )
    return found


def _carry(child: Department, parent: Department, on: date) -> Department:
    """A 課 goes on under the new 部, under its own name."""
    _close(child, on)
    moved = _open(
        Successor(child.code, child.name, child.short_name, child.furigana, parent, child.order),
        on,
    )
    Succession.objects.create(predecessor=child, successor=moved, date=on, kind=Kind.MOVE)
    return moved


def _close(department: Department, on: date) -> None:
    department.valid_to = on - timedelta(days=1)
    department.save(update_fields=["valid_to"])


def _open(successor: Successor, on: date) -> Department:
    opened = Department(
        code=successor.code,
        name=successor.name,
        short_name=successor.short_name,
        furigana=successor.furigana,
        parent=successor.parent,
        order=successor.order,
        valid_from=on,
    )
    opened.full_clean()
    opened.save()
    return opened


def _posts(departments: Iterable[int], on: date) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), department__in=list(departments))
    return rows.select_related("user", "department").order_by(
        "department__order", "role", "user__employee_number", "valid_from"
    )


def followers(departments: Sequence[Department], on: date) -> list[Group]:
    """People and routes that follow, and who finishes what is left."""
    listed = [department.pk for department in departments]
    posts = [Follower(f"post:{post.pk}", f"{post}　{post.get_role_display()}") for post in _posts(listed, on)]
    uses = RouteUse.objects.filter(department__in=listed).select_related("department", "route").order_by("pk")
    until = overlap_end(on)
    note = (
        "新しい所属での担当割当を実施日から加えます。前の所属の回答もできるように、"
        f"前の所属の担当割当は{date_label(until)}まで残します。"
    )
    rest = [Follower(_rest(department), f"{department.name}の残りの事務") for department in departments]
    return [
        Group("担当割当", posts, note),
        Group("承認ルートの割当", [Follower(f"use:{use.pk}", f"{use}　{use.route}") for use in uses]),
        Group(
            "残りの事務",
            rest,
            f"{date_label(until)}を過ぎてからの、前の所属の月分の訂正や、済んでいない回答は、次の所属が行います。",
        ),
    ]


def _rest(department: Department) -> str:
    return f"rest:{department.pk}"


def follow(heirs: Heirs, on: date) -> dict[int, Assignment]:
    """Gives people their posts in the new departments; returns them by the key of the old post."""
    posts = {
        post.pk: _renew(post, heirs.of(f"post:{post.pk}", post.department_id or 0), on)
        for post in _posts(heirs.opened, on)
    }
    for deputy in Deputy.objects.filter(principal__in=posts, valid_to__gte=on):
        Deputy.objects.get_or_create(
            principal=posts[deputy.principal_id],
            deputy_id=deputy.deputy_id,
            valid_from=max(deputy.valid_from, on),
            defaults={"valid_to": deputy.valid_to, "reason": deputy.reason},
        )
    for use in RouteUse.objects.filter(department__in=heirs.opened).order_by("department__order", "pk"):
        # The old department's row stays: its last months go through the hands they always did.
        for heir in heirs.opened[use.department_id or 0]:
            RouteUse.objects.get_or_create(department=heir, subject=use.subject, defaults={"route_id": use.route_id})
    return posts


def _renew(post: Assignment, department: Department, on: date) -> Assignment:
    """The same post in the new department; the old one ends when the old organisation's reports are in."""
    first, last, until = max(on, post.valid_from), post.valid_to, overlap_end(on)
    renewed, _ = Assignment.objects.get_or_create(
        user_id=post.user_id,
        department=department,
        role=post.role,
        valid_from=first,
        defaults={"kind": post.kind, "title": post.title, "valid_to": last},
    )
    if last is None or last > until:
        post.valid_to = max(until, post.valid_from)
        post.save(update_fields=["valid_to"])
    return renewed
