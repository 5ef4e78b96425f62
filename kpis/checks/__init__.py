"""Checks before submitting: rules that stop, and doubts that want a reason."""

from kpis.checks.finding import ANSWER, DISCLOSED, Finding, Unanswered, disclosures, needs_answer, stops
from kpis.checks.findings import findings_for, refuse, refuse_unanswered

__all__ = [
    "ANSWER",
    "DISCLOSED",
    "Finding",
    "Unanswered",
    "disclosures",
    "findings_for",
    "needs_answer",
    "refuse",
    "refuse_unanswered",
    "stops",
]
