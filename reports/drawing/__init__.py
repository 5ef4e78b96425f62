"""The report's pictures of its own: people for the population, the cloud of names, the landscape of the cover."""

from reports.drawing.cloud import cloud
from reports.drawing.columns import columns
from reports.drawing.landscape import landscape, road
from reports.drawing.people import people

__all__ = ["cloud", "columns", "landscape", "people", "road"]
