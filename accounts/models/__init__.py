"""Who works here, on which days, and whose approval a report needs."""

from accounts.models.calendar import ClosedDay
from accounts.models.handover import Handover
from accounts.models.kept_form import KeptForm
from accounts.models.notice import AccountNotice
from accounts.models.people import Assignment, Department, Succession, User
from accounts.models.routing import Deputy, Route, RouteStep, RouteUse
from accounts.models.session import Session

__all__ = [
    "AccountNotice",
    "Assignment",
    "ClosedDay",
    "Department",
    "Deputy",
    "Handover",
    "KeptForm",
    "Route",
    "RouteStep",
    "RouteUse",
    "Session",
    "Succession",
    "User",
]
