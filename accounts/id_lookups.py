"""A question for rows by ids that no row can have finds none, wherever it is asked.

Ids come from addresses, forms and ticked lists, Django's own pages included. Django answers `id = 10**30` with no row; for
`id IN (…)` and for foreign keys the number reaches the database, which stumbles (OverflowError on SQLite), and text that
is no number is a ValueError. Here all three find nothing.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import ForeignKey, IntegerField
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.lookups import In

#: What fits into the widest whole number of both databases.
LEAST, MOST = -(2**63), 2**63 - 1


def fits(value: Any) -> bool:
    return not isinstance(value, int) or LEAST <= value <= MOST


def can_be_meant(value: Any) -> bool:
    """What a request says is text: only there does anything but a number stand for an id."""
    if not isinstance(value, str):
        return fits(value)
    try:
        return fits(int(value))
    except ValueError:  # no number, or one of more digits than Python reads
        return False


class _WithoutOthers(In):
    """Leaves out of a list what can be no id."""

    def get_prep_lookup(self) -> Any:
        if self.rhs_is_direct_value():
            self.rhs = [value for value in self.rhs if can_be_meant(value)]
        return super().get_prep_lookup()


class IdIn(_WithoutOthers):
    """Of a number of the row itself."""


class ForeignIdIn(_WithoutOthers, RelatedIn):
    """Of the row that a foreign key names."""


class ForeignIdExact(RelatedExact):
    """The row that a foreign key names."""

    def process_rhs(self, *args: Any) -> Any:
        if not fits(self.rhs):
            raise EmptyResultSet
        return super().process_rhs(*args)


def register() -> None:
    IntegerField.register_lookup(IdIn)
    ForeignKey.register_lookup(ForeignIdIn)
    ForeignKey.register_lookup(ForeignIdExact)
