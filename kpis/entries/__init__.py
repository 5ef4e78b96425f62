"""What people do with an entry: save, submit, withdraw, discard (editing); approve, return, look at afterwards (deciding).

Each act is one transaction that locks the entry, checks who and in which state, writes the new state and an EntryEvent.
A caller passes the version it saw; a newer one is never overwritten (EntryConflict).
"""

from kpis.entries.deciding import approve, authority_over, review, send_back
from kpis.entries.editing import discard, may_write, save_draft, submit, withdraw
from kpis.values.statement import EntryConflict, Slot, Statement, statement_of

__all__ = [
    "EntryConflict",
    "Slot",
    "Statement",
    "approve",
    "authority_over",
    "discard",
    "may_write",
    "review",
    "save_draft",
    "send_back",
    "statement_of",
    "submit",
    "withdraw",
]
