"""事務引継 as a whole: what of a post moves to its successor, moved in one transaction and kept as a paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.account_changes import telling
from accounts.handing_over import (
    Part,
    act_for_old_organisation,
    deputies_part,
    may_hand_over,
    move_deputies,
    old_organisation_until,
    takers,
    texts_of,
)
from accounts.models import Assignment, Handover
from approvals.handover import begun_part, hand_over_reports, unreviewed_works, waiting_part
from approvals.procedure import Procedure
from initiatives.reporting import RECORDS
from inquiries.answering import ANSWERS
from inquiries.handing_over import requests_part
from kpis.entries import ENTRIES
from kpis.entries import handing_over as figures

if TYPE_CHECKING:
    from accounts.access import Access

#: Everything that goes through hands of its own.
KINDS: tuple[Procedure[Any], ...] = (ENTRIES, RECORDS, ANSWERS)


@dataclass(frozen=True)
class Preview:
    """What would move from one post to another."""

    giver: Assignment
    taker: Assignment
    parts: list[Part]
    also_until: date | None

    @property
    def shown(self) -> list[Part]:
        return [part for part in self.parts if part.works]

    @property
    def seal(self) -> str:
        """Changes whenever what would move does: a confirmation holds only for what was shown."""
        marks = [work.mark for part in self.parts for work in part.works]
        return sha256("|".join([str(self.giver.pk), str(self.taker.pk), *marks]).encode()).hexdigest()[:32]


def preview_of(giver: Assignment, taker: Assignment, on: date) -> Preview:
    parts = [
        begun_part(ENTRIES, giver),
        waiting_part(ENTRIES, giver),
        requests_part(giver),
        waiting_part(ANSWERS, giver),
        begun_part(RECORDS, giver),
        waiting_part(RECORDS, giver),
        Part(
            "後閲していない代決",
            [work for kind in KINDS for work in unreviewed_works(kind, giver)],
        ),
        deputies_part(giver, on),
        figures.cards_part(giver),
    ]
    return Preview(giver, taker, parts, old_organisation_until(giver, taker, on))


def hand_over(giver: Assignment, taker: Assignment, *, note: str, seal: str, access: Access) -> Handover:
    """Moves everything open of a post to its successor, all or nothing. `seal` is that of the preview that was shown.

    Approvals that wait need no moving: the successor's post decides them. Raises PermissionDenied, and ValidationError
    where something changed since the preview.
    """
    if not may_hand_over(giver, access):
        raise PermissionDenied
    with transaction.atomic():
        # One handover of a post at a time.
        giver = (
            Assignment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("user", "department")
            .get(pk=giver.pk)
        )
        if taker not in takers(giver, access.on):
            raise ValidationError("この後任には引き継げません。後任を選び直してください。", code="taker")
        preview = preview_of(giver, taker, access.on)
        if preview.seal != seal:
            raise ValidationError(
                "表示したあとに、引き継ぐ内容が変わりました。いまの内容を確かめて、もう一度登録してください。",
                code="changed",
            )
        moved = {"works": texts_of(preview.parts), "cards": figures.cards_in_words(giver)}
        _move(giver, taker, access)
        return Handover.objects.create(
            giver=giver,
            taker=taker,
            note=note,
            moved=moved,
            made_by=access.user,  # type: ignore[misc]  # signed in
            made_post=access.posts[0] if access.posts else "",
            at=access.now(),
        )


def _move(giver: Assignment, taker: Assignment, access: Access) -> None:
    with telling([taker.user_id], by=str(access.user)):
        act_for_old_organisation(giver, taker, access.on)
    for kind in KINDS:
        hand_over_reports(kind, giver, taker, access)
    move_deputies(giver, taker, access.on)
    figures.move_cards(giver, taker)


def papers_of(access: Access) -> QuerySet[Handover]:
    """The 事務引継書 a person may read: the office all, others those they gave, took, made, or of their department."""
    papers = Handover.objects.select_related("giver__user", "giver__department", "taker__user", "taker__department")
    if access.is_reform_office:
        return papers
    me = access.user.pk
    mine = Q(giver__user=me) | Q(taker__user=me) | Q(made_by=me)
    return papers.filter(mine | Q(giver__department__in=access.approver_department_ids))
