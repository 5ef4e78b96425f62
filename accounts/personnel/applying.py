"""Carries a personnel list out: everything in one transaction, and a first password for each new person, told once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpRequest

from accounts.account_changes import telling
from accounts.acts import last_day_before
from accounts.back_office.access import open_to_holder
from accounts.models import Assignment, User
from accounts.personnel.planning import Kind, Step, preview_of
from accounts.personnel.reading import Line

CHANGED = "表示したあとに、登録内容が変わりました。いまの内容を確かめて、もう一度登録してください。"
REFUSED = "登録できない行があるため、どの行も登録していません。"
#: Without letters that are mistaken for each other on paper.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class Issued:
    """A new person's first password. It is kept nowhere, and must be changed at the first sign-in."""

    number: str
    name: str
    password: str


def first_password() -> str:
    """15 letters of 31, about 74 bits, in groups that can be typed from paper."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(3))


def apply(lines: Sequence[Line], *, seal: str | None = None, request: HttpRequest | None = None) -> list[Issued]:
    """Registers the list, all or nothing, and tells everybody whose posts changed. `seal` is that of the preview that was
    shown; None: nobody looked at one. Without a `request` the operator is said to have done it.

    Raises ValidationError where a row is refused or something changed since the preview.
    """
    numbers = {line.number for line in lines}
    known = User.objects.filter(employee_number__in=numbers).values_list("pk", flat=True)
    with telling(list(known), request):
        return _apply(lines, numbers, seal)


def _apply(lines: Sequence[Line], numbers: set[str], seal: str | None) -> list[Issued]:
    list(User.objects.select_for_update().filter(employee_number__in=numbers).order_by("pk"))
    preview = preview_of(lines)
    if preview.refusals:
        raise ValidationError(REFUSED, code="refused")
    if seal is not None and preview.seal != seal:
        raise ValidationError(CHANGED, code="changed")
    issued = [_new_person(step) for step in preview.steps if step.kind == Kind.PERSON]
    users = {user.employee_number: user for user in User.objects.filter(employee_number__in=numbers)}
    for step in preview.steps:
        user = users[step.line.number]
        if user.name != step.line.name:
            user.name = step.line.name
            user.save(update_fields=["name"])
        _carry_out(step, user)
    return issued


def _new_person(step: Step) -> Issued:
    password = first_password()
    line = step.line
    User.objects.create_user(line.number, password, name=line.name, must_change_password=True)
    return Issued(line.number, line.name, password)


def _carry_out(step: Step, user: User) -> None:
    line, post = step.line, step.post
    if step.kind == Kind.ENDED and post is not None:
        _end(post, step)
    elif step.kind == Kind.CHANGED and post is not None:
        if post.valid_from >= line.day:
            post.title, post.kind = line.title, line.kind
            post.save(update_fields=["title", "kind"])
        else:
            last = post.valid_to
            _end(post, step)
            _begin(step, user, last)
    elif step.kind == Kind.NEW:
        _begin(step, user)


def _end(post: Assignment, step: Step) -> None:
    """Ends a post the day before, or on the last day on which something was done in it. One that begins on the day is
    taken away; where it was handed over, stands in for or looks after something already, it ends on its first day
    instead: what hangs on it is handed on from there."""
    last = last_day_before(post, step.line.day)
    if last is None:
        try:
            with transaction.atomic():
                post.delete()
            return
        except ProtectedError:
            last = post.valid_from
    post.valid_to = last
    post.save(update_fields=["valid_to"])


def _begin(step: Step, user: User, last: date | None = None) -> None:
    line = step.line
    post = Assignment(
        user=user,
        department=step.department,
        role=line.role,
        kind=line.kind,
        title=line.title,
        valid_from=line.day,
        valid_to=last,
    )
    post.full_clean()
    post.save()
    open_to_holder(post)
