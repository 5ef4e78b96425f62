"""What a personnel list would change: every row as a step, compared with what is registered (three queries)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256

from accounts.acts import days_of_acts, last_day_before
from accounts.models import Assignment, Department, User
from accounts.personnel.reading import Line, Refusal
from japan.wareki import date_label
from sheets import plain


class Kind(StrEnum):
    """What becomes of a row."""

    PERSON = "新しい職員"
    NEW = "新しい担当"
    CHANGED = "変更"
    ENDED = "終了"
    KEPT = "変更しない"
    SAME = "変更なし"


@dataclass(frozen=True)
class Step:
    """One thing that would be done (or, for KEPT and SAME, not)."""

    row: int
    kind: Kind
    text: str
    line: Line
    department: Department | None = None
    post: Assignment | None = None


@dataclass(frozen=True)
class Preview:
    """Everything the list would do, or everything that stands in the way."""

    lines: Sequence[Line]
    steps: list[Step] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    #: What of the file is not read, in sentences.
    left_out: Sequence[str] = ()

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many steps of each kind, in a fixed order; nothing of what is kept is the rule."""
        found = Counter(step.kind for step in self.steps)
        return [(kind.value, found[kind]) for kind in Kind if kind != Kind.KEPT or found[kind]]

    @property
    def shown(self) -> list[Step]:
        """What would be done, and what the list says differently and is kept all the same."""
        return [step for step in self.steps if step.kind != Kind.SAME]

    @property
    def news(self) -> list[Step]:
        return [step for step in self.steps if step.kind not in (Kind.KEPT, Kind.SAME)]

    @property
    def seal(self) -> str:
        """Changes with anything that would be done: a confirmation holds only for what was shown."""
        said = [f"{step.row}{step.kind}{step.text}{step.post and step.post.pk}" for step in self.steps]
        return sha256("|".join(said).encode()).hexdigest()[:32]


@dataclass
class _Known:
    """What is registered of the people and departments that a list names."""

    users: dict[str, User]
    posts: dict[str, list[Assignment]]
    departments: list[Department]

    def department(self, line: Line) -> Department | str | None:
        """The department a row names on its day; a sentence where there is none, or more than one."""
        if not line.department:
            return None
        word = plain(line.department)
        found = [
            each
            for each in self.departments
            if each.is_in_force(line.day) and word in (plain(each.code), plain(each.name), plain(each.short_name))
        ]
        if len(found) == 1:
            return found[0]
        if found:
            return f"所属「{line.department}」が2つ以上あります。所属コードで入力してください。"
        return f"発令日に、所属「{line.department}」がありません。所属コードか名称を確かめてください。"

    def in_force(self, number: str, day: date) -> list[Assignment]:
        """Posts on the day, without those kept for the last reports of a closed department."""
        return [
            post
            for post in self.posts.get(number, [])
            if post.is_in_force(day) and (post.department is None or post.department.is_in_force(day))
        ]


def preview_of(lines: Sequence[Line], refusals: Sequence[Refusal] = (), left_out: Sequence[str] = ()) -> Preview:
    """The steps in the order of the file; with anything refused there are none to carry out."""
    known = _known(lines)
    steps: list[Step] = []
    wrong = list(refusals)
    of_person: dict[str, list[Line]] = {}
    for line in lines:
        of_person.setdefault(line.number, []).append(line)
    for number, own in of_person.items():
        found, problems = _person(number, own, known)
        steps += found
        wrong += problems
    return Preview(lines, sorted(steps, key=lambda s: s.row), sorted(wrong, key=lambda r: r.row), left_out)


def _known(lines: Sequence[Line]) -> _Known:
    numbers = {line.number for line in lines}
    users = {user.employee_number: user for user in User.objects.filter(employee_number__in=numbers)}
    posts: dict[str, list[Assignment]] = {}
    rows = Assignment.objects.filter(user__in=users.values()).select_related("department", "user")
    for post in rows.order_by("valid_from", "pk"):
        posts.setdefault(post.user.employee_number, []).append(post)
    return _Known(users, posts, list(Department.objects.all()))


def _person(number: str, lines: list[Line], known: _Known) -> tuple[list[Step], list[Refusal]]:
    """The steps of one person: all posts on the day are those of the file, any other ends the day before."""
    user, first = known.users.get(number), lines[0]
    if user is not None and not user.is_active:
        return [], [Refusal(first.row, f"職員番号{number}は「有効」が外れています。管理画面で確かめてください。")]
    steps: list[Step] = []
    problems: list[Refusal] = []
    if user is None:
        steps.append(Step(first.row, Kind.PERSON, f"{first.name}（{number}）", first))
    elif user.name != first.name:
        steps.append(Step(first.row, Kind.CHANGED, f"{number}の氏名：{user.name} → {first.name}", first))
    left = known.in_force(number, first.day)
    for line in lines:
        department = known.department(line)
        if isinstance(department, str):
            problems.append(Refusal(line.row, department))
        elif line.role:
            match = next((p for p in left if (p.department, p.role) == (department, line.role)), None)
            left = [post for post in left if post is not match]
            steps.append(_post(line, department, match))
    for post in left:
        last = last_day_before(post, first.day)
        if post.valid_to is not None and post.valid_to in (first.day, last):  # said before, and not again
            continue
        if last is None:
            # Carried over by a 組織改正 on the same day, while the person moves on: it never takes place.
            how = "発令日から始まるため取消し"
        elif last < first.day:
            how = "発令日の前日で終了"
        else:
            how = f"{date_label(last)}で終了（その日まで登録や承認などをしているため）"
        steps.append(Step(first.row, Kind.ENDED, f"{post}：{how}", first, post=post))
    if problems:  # what would be done of a person that is refused is nothing
        return [], problems
    if not steps:
        steps.append(Step(first.row, Kind.SAME, f"{first.name}（担当なし）", first))
    return steps, problems


def _post(line: Line, department: Department | None, match: Assignment | None) -> Step:
    wanted = Assignment(department=department, role=line.role, kind=line.kind, title=line.title)
    label = f"{line.name}　{wanted.post}（{wanted.get_role_display()}）"
    if match is None:
        return Step(line.row, Kind.NEW, label, line, department)
    if (match.title, match.kind) == (line.title, line.kind):
        return Step(line.row, Kind.SAME, label, line, department, match)
    if match.valid_from >= line.day and days_of_acts(match) is not None:
        kept = f"{line.name}　{match.post}のまま（この職名で登録や承認などをしているため、{wanted.post}には変えません）"
        return Step(line.row, Kind.KEPT, kept, line, department, match)
    return Step(line.row, Kind.CHANGED, f"{line.name}　{match.post} → {wanted.post}", line, department, match)
