"""Cells of a grid saved without leaving the page: what came of each, for the script that sent them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from django.http import QueryDict

from kpis.months.checks import note_findings
from kpis.months.line import Line
from kpis.months.line_saving import save_line

if TYPE_CHECKING:
    from accounts.access import Access


def save_cells(
    lines: Sequence[Line],
    data: QueryDict,
    *,
    access: Access,
    department_id: int,
    draw: Callable[[Line], str],
) -> list[dict[str, str]]:
    """Saves the lines that were sent, each by itself, and says of each: its key, what came of it, how it looks now.

    `message` says what is wrong, "" where nothing is. `outcome` is saved, same (nothing to save), attention (not saved:
    something is wrong), conflict (not saved: two values to choose from) or closed (not saved: the month is). `html` is
    the line as `draw` draws it, with what the checks say of it.
    """
    sent = [line for line in lines if f"{line.key}-seen_version" in data]
    saved = [save_line(line, data, access=access, department_id=department_id) for line in sent]
    outcomes = [line.save_state or ("saved" if new else "same") for line, new in zip(sent, saved, strict=True)]
    for line, outcome in zip(sent, outcomes, strict=True):
        if outcome == "same":
            line.renew()
    note_findings(sent)
    answer = []
    for line, outcome in zip(sent, outcomes, strict=True):
        message = line.first_problem if line.is_broken else ""
        answer.append({"key": line.key, "outcome": outcome, "message": message, "html": draw(line)})
    return answer
