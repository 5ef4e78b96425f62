"""組織改正 as a whole: what follows which department, shown first, then carried out in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest

import accounts.reorganising
import initiatives.reorganising
import inquiries.reorganising
import kpis.entries.reorganising
from accounts.access import Access
from accounts.account_changes import telling
from accounts.models import Assignment, Department, Succession
from accounts.reorganising import Group, Heirs, Plan, check, children_of

PAST = 30
CHANGED = "表示したあとに、内容が変わりました。いまの内容を確かめて、もう一度実施してください。"


@dataclass(frozen=True)
class Preview:
    """What the plan would do."""

    plan: Plan
    children: list[Department]
    groups: list[Group]

    @property
    def shown(self) -> list[Group]:
        return [group for group in self.groups if group.followers]

    @property
    def kind_label(self) -> str:
        return Succession.Kind(self.plan.kind).label

    @property
    def is_split(self) -> bool:
        return len(self.plan.successors) > 1

    @property
    def seal(self) -> str:
        """Changes with anything that is typed or would follow: a confirmation holds only for what was shown."""
        plan = self.plan
        said = [str(plan.on), plan.kind, *(str(each.pk) for each in plan.predecessors)]
        said += [
            repr((s.code, s.name, s.short_name, s.furigana, s.parent and s.parent.pk, s.order)) for s in plan.successors
        ]
        said += [f"{follower.key}{follower.text}" for group in self.groups for follower in group.followers]
        return sha256("|".join(said).encode()).hexdigest()[:32]


def preview_of(plan: Plan, choices: Mapping[str, int] | None = None) -> Preview:
    """`choices`: which of several successors was chosen for what so far. Raises ValidationError with everything that stands in the way."""
    check(plan)
    children = children_of(plan.predecessors, plan.on)
    departments = [*plan.predecessors, *children]
    groups = [
        *accounts.reorganising.followers(departments, plan.on),
        *kpis.entries.reorganising.followers(departments, plan.on),
        *initiatives.reorganising.followers(departments, plan.on),
        *inquiries.reorganising.followers(departments, plan.on),
    ]
    made = choices or {}
    for group in groups:
        group.followers[:] = [replace(each, chosen=made.get(each.key, 0)) for each in group.followers]
    return Preview(plan, children, groups)


def past_changes(page: str | None) -> Page[Succession]:
    """The changes so far, the newest first, as the page lists them under the form."""
    found = Succession.objects.select_related("predecessor", "successor")
    ordered = found.order_by("-date", "successor__order", "predecessor__order", "pk")
    return Paginator(ordered, PAST).get_page(page)


def carry_out(
    plan: Plan, *, seal: str, choices: Mapping[str, int], access: Access, request: HttpRequest | None = None
) -> Heirs:
    """Everything or nothing, and everybody whose posts follow is told. Raises ValidationError where something changed
    since the preview with this seal."""
    preview = preview_of(plan)
    departments = [*plan.predecessors, *preview.children]
    people = Assignment.objects.filter(department__in=departments).values_list("user", flat=True)
    with telling(set(people), request):
        return _carry_out(plan, seal, choices, access)


def _carry_out(plan: Plan, seal: str, choices: Mapping[str, int], access: Access) -> Heirs:
    if preview_of(plan).seal != seal:
        raise ValidationError(CHANGED, code="changed")
    heirs = accounts.reorganising.reorganise(plan, choices)
    posts = accounts.reorganising.follow(heirs, plan.on)
    initiatives.reorganising.follow(heirs, plan.on, access)
    kpis.entries.reorganising.follow(heirs, plan.on, posts, access)
    inquiries.reorganising.follow(heirs, plan.on, access)
    return heirs
