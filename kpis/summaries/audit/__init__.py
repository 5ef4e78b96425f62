"""A second implementation of the summaries, written apart from the first: it shares the calendar and nothing else.

It keeps fractions instead of decimals, works on loose cells instead of rows, and asks the database itself.
What it finds different from a stored row is a defect of one of the two, or a row somebody altered.
"""

from kpis.summaries.audit.comparing import audit
from kpis.summaries.audit.difference import Difference
from kpis.summaries.audit.files import audit_files
from kpis.summaries.audit.history import audit_history

__all__ = ["Difference", "audit", "audit_files", "audit_history"]
