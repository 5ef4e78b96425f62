"""人事CSV: accounts and posts from the personnel department's list. Shown before it saves, all or nothing, twice is once."""

from accounts.personnel.applying import Issued, apply
from accounts.personnel.planning import Kind, Preview, Step, preview_of
from accounts.personnel.reading import Line, Refusal, read_lines

__all__ = ["Issued", "Kind", "Line", "Preview", "Refusal", "Step", "apply", "preview_of", "read_lines"]
