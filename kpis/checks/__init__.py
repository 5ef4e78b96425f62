"""Checks before submitting: rules that stop, and doubts that want a reason."""

from kpis.checks.finding import Finding, needs_answer
from kpis.checks.gathering import findings_for, refuse_unanswered

__all__ = ["Finding", "findings_for", "needs_answer", "refuse_unanswered"]
