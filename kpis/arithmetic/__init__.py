"""Works a KPI's months and years out of its measurements. Pure: no database, no clock; everything comes in as facts."""

from kpis.arithmetic.facts import KpiFacts, MeasurementFact, Row, SeriesFact
from kpis.arithmetic.rows import compute

__all__ = ["KpiFacts", "MeasurementFact", "Row", "SeriesFact", "compute"]
