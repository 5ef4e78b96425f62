"""Who looks after which figure in the sample: most have a card, a few have nobody, as in a real city hall."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from accounts.models import Assignment
from kpis.models import OwnerCard
from kpis.owners.ownership import owned

#: Every so many figures one is left without an owner, so that the flag can be seen.
GAP = 9


def add_owner_cards(today: date) -> int:
    """Adds the cards that are missing where a department has an editor. Returns how many."""
    editors: dict[int, Assignment] = {}
    posts = Assignment.objects.in_force(today).filter(role=Assignment.Role.EDITOR, department__isnull=False)
    for post in posts.order_by("pk"):
        editors.setdefault(post.department_id or 0, post)
    cards = [
        OwnerCard(
            kpi=each.kpi,
            department=each.department,
            owner=editors[each.department.pk],
            counted_where="（見本）所管システムの月次集計から転記する。",
            source_file="（見本）月次集計表.xlsx",
            pitfalls="（見本）前年度は4月分の転記が1週間遅れた。",
            updated_at=timezone.now(),
        )
        for place, each in enumerate(owned(today), start=1)
        if each.card is None and place % GAP and each.department.pk in editors
    ]
    return len(OwnerCard.objects.bulk_create(cards))
