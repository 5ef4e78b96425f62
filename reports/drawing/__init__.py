"""The report's pictures of its own: people for the population, the cloud of names, landscapes and scenes."""

from reports.drawing.cloud import cloud
from reports.drawing.columns import columns
from reports.drawing.landscape import landscape, road
from reports.drawing.people import people
from reports.drawing.scenes import SCENES
from reports.drawing.shares import share_bar

__all__ = ["SCENES", "cloud", "columns", "landscape", "people", "road", "share_bar"]
