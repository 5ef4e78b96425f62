"""The number of comparisons, said at the end of the run."""

from __future__ import annotations

from typing import Any

COMPARED = "comparisons with the model"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Side by side too: what a test recorded comes back with its report."""
    reports = [report for key in ("passed", "failed") for report in terminalreporter.stats.get(key, [])]
    counts = [
        int(value)
        for report in reports
        if report.when == "call"
        for name, value in report.user_properties
        if name == COMPARED
    ]
    if counts:
        terminalreporter.write_line(f"Model of the rules: {len(counts)} worlds, {sum(counts):,} comparisons")
