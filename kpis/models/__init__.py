"""What is measured."""

from kpis.models.entry import Entry, EntryEvent
from kpis.models.kpi import Kpi
from kpis.models.measurement import Measurement, Revision
from kpis.models.series import Reporting, Series
from kpis.models.summary import Summary
from kpis.models.target import Target

__all__ = ["Entry", "EntryEvent", "Kpi", "Measurement", "Reporting", "Revision", "Series", "Summary", "Target"]
