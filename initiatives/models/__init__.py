"""What is done, and how far it is."""

from initiatives.models.initiative import (
    Alias,
    FormerCharge,
    Initiative,
    InitiativeQuerySet,
    Milestone,
    Pillar,
    PillarName,
    PillarQuerySet,
)
from initiatives.models.progress import ProgressEvent, ProgressRecord

__all__ = [
    "Alias",
    "FormerCharge",
    "Initiative",
    "InitiativeQuerySet",
    "Milestone",
    "Pillar",
    "PillarName",
    "PillarQuerySet",
    "ProgressEvent",
    "ProgressRecord",
]
