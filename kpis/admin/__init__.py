"""The back office's pages for what is measured."""

from kpis.admin.definitions import KpiAdmin, SeriesAdmin, TargetAdmin
from kpis.admin.records import EntryAdmin, RevisionAdmin, SummaryAdmin
from kpis.admin.reporting import ReportingAdmin
from kpis.admin.values import MeasurementAdmin

__all__ = [
    "EntryAdmin",
    "KpiAdmin",
    "MeasurementAdmin",
    "ReportingAdmin",
    "RevisionAdmin",
    "SeriesAdmin",
    "SummaryAdmin",
    "TargetAdmin",
]
