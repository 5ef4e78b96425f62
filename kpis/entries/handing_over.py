"""事務引継 of entries, of approvals that wait, of what deputies decided, and of owner cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.handing_over import Part, Work
from accounts.models import Assignment
from accounts.routing import holds
from approvals.reviews import unreviewed
from kpis.entries.storing import Action, keep_event, store
from kpis.models import Entry, EntryEvent, OwnerCard

if TYPE_CHECKING:
    from accounts.access import Access

State = Entry.State


def _begun(giver: Assignment) -> QuerySet[Entry]:
    """What the giver of an editor's post typed and nobody approved yet."""
    found = Entry.objects.open().filter(author=giver.user_id, department=giver.department_id)
    found = found.select_related("series__kpi", "department").order_by("period", "pk")
    return found if giver.role == Assignment.Role.EDITOR else found.none()


def _waiting(giver: Assignment) -> list[Entry]:
    """What waits for the post's decision."""
    reached = Entry.objects.in_reach_of([giver]).select_related("series__kpi", "department").order_by("period", "pk")
    return [entry for entry in reached if holds(giver, entry.current_role, entry.department)]


def _cards(giver: Assignment) -> QuerySet[OwnerCard]:
    return OwnerCard.objects.filter(Q(owner=giver) | Q(deputy=giver)).select_related("kpi", "department")


def entries_part(giver: Assignment) -> Part:
    return Part("手続き中の回答", [_work(entry) for entry in _begun(giver)])


def approvals_part(giver: Assignment) -> Part:
    return Part("承認を待っている回答", [_work(entry) for entry in _waiting(giver)])


def unreviewed_works(giver: Assignment) -> list[Work]:
    """What deputies decided in the post and nobody looked at yet."""
    events = unreviewed(EntryEvent.objects.filter(principal=giver)).select_related("entry__series__kpi")
    return [Work(f"{event.entry.series}　{event.entry.dated_period.label}", f"v{event.pk}") for event in events]


def cards_part(giver: Assignment) -> Part:
    works = [
        Work(
            f"{card.kpi}（{card.department}、{'担当' if card.owner_id == giver.pk else '副担当'}）",
            f"c{card.pk}:{card.updated_at.isoformat()}",
        )
        for card in _cards(giver)
    ]
    return Part("指標の担当票", works)


def _work(entry: Entry) -> Work:
    text = f"{entry.series}　{entry.dated_period.label}（{entry.state_label}）"
    return Work(text, f"e{entry.pk}:{entry.version}")


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


def move_entries(giver: Assignment, taker: Assignment, access: Access) -> None:
    """The successor becomes the author of what was not handed in. What was handed in keeps its author, with a note."""
    post = access.posts[0] if access.posts else ""
    reason = f"{giver.user}から{taker.user}へ事務引継"
    for entry in _begun(giver).select_for_update(of=("self",)):
        if entry.state == State.SUBMITTED:
            keep_event(entry, Action.HANDED_OVER, access, post=post, reason=reason)
            continue
        entry.author, entry.author_post = taker.user, taker.post
        store(entry, Action.HANDED_OVER, access, post=post, reason=reason)


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
