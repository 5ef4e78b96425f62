"""What people do with an entry: save a draft (editing); submit, withdraw, discard, approve, return (approvals.procedure,
with what it asks of entries in procedure).

Each act is one transaction that locks series and entries, checks who and in which state, writes the new state and an
EntryEvent. A caller passes the version it saw; a newer one is never overwritten (Conflict).
"""

from approvals.conflict import Conflict
from approvals.procedure import authority_over
from kpis.entries.editing import save_draft
from kpis.entries.procedure import ENTRIES
from kpis.values.statement import Slot, Statement, statement_of

submit, withdraw, discard = ENTRIES.submit, ENTRIES.withdraw, ENTRIES.discard
approve, send_back = ENTRIES.approve, ENTRIES.send_back

__all__ = [
    "ENTRIES",
    "Conflict",
    "Slot",
    "Statement",
    "approve",
    "authority_over",
    "discard",
    "save_draft",
    "send_back",
    "statement_of",
    "submit",
    "withdraw",
]
