"""事務引継 of owner cards: who looks after a figure goes with the post."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.handing_over import Part, Work
from accounts.models import Assignment
from kpis.models import OwnerCard


def _cards(giver: Assignment) -> QuerySet[OwnerCard]:
    return OwnerCard.objects.filter(Q(owner=giver) | Q(deputy=giver)).select_related("kpi", "department")


def cards_part(giver: Assignment) -> Part:
    works = [
        Work(
            f"{card.kpi}（{card.department}、{'担当' if card.owner_id == giver.pk else '副担当'}）",
            f"c{card.pk}:{card.updated_at.isoformat()}",
        )
        for card in _cards(giver)
    ]
    return Part("指標の担当票", works)


def cards_in_words(giver: Assignment) -> list[dict[str, str]]:
    """The owner cards as the paper prints them, kept with the handover: a card changes, the paper does not."""
    cards = _cards(giver).select_related("deputy__user", "owner__user")
    return [
        {
            "kpi": str(card.kpi),
            "department": str(card.department),
            "counted_where": card.counted_where,
            "source_file": card.source_file,
            "pitfalls": card.pitfalls,
            "owner": str(card.owner.user) if card.owner else "",
            "deputy": str(card.deputy.user) if card.deputy else "",
        }
        for card in cards
    ]


def move_cards(giver: Assignment, taker: Assignment) -> None:
    """The successor looks after the giver's figures, as owner or as deputy; never as both of one card."""
    for card in _cards(giver).select_for_update(of=("self",)):
        if card.owner_id == giver.pk:
            card.owner = taker
            card.deputy = None if card.deputy_id == taker.pk else card.deputy
        else:
            card.deputy = None if card.owner_id == taker.pk else taker
        card.updated_at = timezone.now()
        card.save(update_fields=["owner", "deputy", "updated_at"])
