"""The city's words, read from fixtures/second_city; where they speak of a year, 0 is the running one."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "second_city"


@cache
def read(name: str) -> dict[str, Any]:
    """One file. It is shared: copy before you change."""
    data: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return data
