"""事務引継: who takes over from whom, by whom it may be done, and what of a post belongs to accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from accounts.managers import valid_on
from accounts.models import Assignment, Deputy
from accounts.reorganising import reports_until
from japan.wareki import date_label

if TYPE_CHECKING:
    from accounts.access import Access

Role = Assignment.Role
#: Somebody whose post ended less than this many days ago can still hand it over.
LATE_DAYS = 180


@dataclass(frozen=True)
class Work:
    """One piece of open work as the preview and the paper name it. `mark` changes when the work itself does."""

    text: str
    mark: str


@dataclass(frozen=True)
class Part:
    """Open work of one sort."""

    title: str
    works: list[Work]


def _handed_over_on(day: date) -> Q:
    """The posts that can be handed over on a day: they have begun, and ended LATE_DAYS ago at most; a viewer's holds no work."""
    since = date.fromordinal(day.toordinal() - LATE_DAYS)
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=since)) & ~Q(role=Role.VIEWER)


def _posts_of_givers(access: Access) -> QuerySet[Assignment]:
    posts = Assignment.objects.filter(_handed_over_on(access.on))
    if access.is_reform_office:
        return posts
    return posts.filter(Q(user=access.user.pk) | Q(department__in=access.approver_department_ids))


def givers(access: Access) -> list[Assignment]:
    """The posts a person may hand over: the office all, a chief those of the department, everybody their own."""
    return list(
        _posts_of_givers(access)
        .select_related("user", "department")
        .order_by("department__order", "department__code", "role", "user__employee_number", "valid_from")
    )


def may_hand_over(giver: Assignment, access: Access) -> bool:
    """Whether the post is one of `givers`: what the list hides is refused by its page and by the act as well."""
    return _posts_of_givers(access).filter(pk=giver.pk).exists()


def takers(giver: Assignment, on: date) -> list[Assignment]:
    """Who can take a post over: others in the same role, in the department or in one that took over from it."""
    place = Q(department=giver.department_id)
    if giver.department_id is not None:
        place |= Q(department__successions_in__predecessor=giver.department_id)
    posts = Assignment.objects.filter(valid_on(on)).filter(place, role=giver.role, user__is_active=True)
    posts = posts.exclude(user=giver.user_id).select_related("user", "department").distinct()
    return list(posts.order_by("department__order", "user__employee_number", "valid_from"))


def open_deputies(giver: Assignment, on: date) -> list[Deputy]:
    """Who stands in for the post today or later."""
    return list(Deputy.objects.filter(principal=giver, valid_to__gte=on).select_related("deputy").order_by("pk"))


def deputies_part(giver: Assignment, on: date) -> Part:
    works = [
        Work(f"{each.deputy}（{date_label(each.valid_from)}から{date_label(each.valid_to)}まで）", f"d{each.pk}")
        for each in open_deputies(giver, on)
    ]
    return Part("代決者の登録", works)


def move_deputies(giver: Assignment, taker: Assignment, on: date) -> None:
    """Whoever stands in for the post stands in for its new holder; nobody stands in for themself."""
    for deputy in open_deputies(giver, on):
        if deputy.deputy_id == taker.user_id:
            continue
        first = max(deputy.valid_from, on)
        Deputy.objects.get_or_create(
            principal=taker,
            deputy=deputy.deputy,
            valid_from=first,
            defaults={"valid_to": deputy.valid_to, "reason": deputy.reason},
        )


def old_organisation_until(giver: Assignment, taker: Assignment, on: date) -> date | None:
    """Until when the taker must also act for the closed department (March is reported in April); None: not at all."""
    department = giver.department
    if department is None or taker.department_id == department.pk:
        return None
    last = reports_until(department)
    return last if last and on <= last else None


def act_for_old_organisation(giver: Assignment, taker: Assignment, on: date) -> Assignment | None:
    """Gives the taker the giver's post in a closed department while that one is still open for reports."""
    until = old_organisation_until(giver, taker, on)
    if until is None or giver.department is None:
        return None
    already = Assignment.objects.filter(
        valid_on(on), user=taker.user, department=giver.department, role=giver.role
    ).first()
    return already or Assignment.objects.create(
        user=taker.user,
        department=giver.department,
        role=giver.role,
        kind=Assignment.Kind.CONCURRENT,
        title=taker.title,
        valid_from=on,
        valid_to=until,
    )


def texts_of(parts: Iterable[Part]) -> dict[str, list[str]]:
    """As a Handover keeps it: what moved, by sort, in words. Sorts with nothing are left out."""
    return {part.title: [work.text for work in part.works] for part in parts if part.works}
