"""Kinds of work that only the tests' worker knows (it includes this module)."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from jobs.progress import Progress
from jobs.registry import handles


@handles("wait_for_a_file", title="ファイルを待つ", repeatable=True)
def wait_for_a_file(progress: Progress, folder: str) -> dict[str, Any]:
    """Leaves its process's number in `folder` and works until `finish` is there too."""
    place = Path(folder)
    progress.report(50, "待っています")
    (place / f"run-{progress.job.runs}").write_text(str(os.getpid()))
    while not (place / "finish").exists():
        time.sleep(0.05)
    return {"process": os.getpid()}
