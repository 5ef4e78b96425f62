"""出典 as readers see it: an office or a publication, never the name of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from japan.file_names import names_a_file

#: What earlier imports wrote in place of a source.
_FILE = re.compile(r"取込ファイル「[^」]{0,200}」?")


def public_source(stored: str) -> str:
    """A stored source without names of files."""
    named = (each.strip("、 ") for each in _FILE.sub("", stored).split("、"))
    return "、".join(each for each in named if each and not names_a_file(each))


def public_sources(stored: Iterable[str]) -> str:
    """Each once, in the order given: 構造改革レポート、市民課; "" where there is none."""
    return "、".join(dict.fromkeys(source for each in stored if (source := public_source(each))))
