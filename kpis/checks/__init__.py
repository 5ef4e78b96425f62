"""Checks before submitting: rules that stop, and doubts that want a reason."""

from kpis.checks.finding import ANSWER, Finding, Unanswered, needs_answer, stops
from kpis.checks.gathering import findings_for, refuse, refuse_unanswered

__all__ = ["ANSWER", "Finding", "Unanswered", "findings_for", "needs_answer", "refuse", "refuse_unanswered", "stops"]
