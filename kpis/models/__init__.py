"""What is measured."""

from kpis.models.checking import Rule
from kpis.models.closing import Closing, Reopening
from kpis.models.definition import DefinitionChange
from kpis.models.entry import Entry, EntryEvent
from kpis.models.evidence import Acknowledgement, Evidence, OwnerCard
from kpis.models.importing import ImportedFile, ImportLine, ImportMapping
from kpis.models.kpi import Kpi
from kpis.models.measurement import Measurement, Revision
from kpis.models.remark import RemarkAnswer
from kpis.models.series import Reporting, Series
from kpis.models.summary import Summary, SummaryState
from kpis.models.target import Target

__all__ = [
    "Acknowledgement",
    "Closing",
    "DefinitionChange",
    "Entry",
    "EntryEvent",
    "Evidence",
    "ImportLine",
    "ImportMapping",
    "ImportedFile",
    "Kpi",
    "Measurement",
    "OwnerCard",
    "RemarkAnswer",
    "Reopening",
    "Reporting",
    "Revision",
    "Rule",
    "Series",
    "Summary",
    "SummaryState",
    "Target",
]
