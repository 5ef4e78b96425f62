"""Why a version was written, as a person may read it: files' names and comments stay with those who report and gather.

What was typed as the reason of a correction is for everybody: the list of corrections is published, and the form says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kpis.models import Measurement, Revision
from kpis.values.closed import month_of
from kpis.values.who_answers import who_answers

if TYPE_CHECKING:
    from accounts.access import Access

Kind = Revision.Kind
IMPORT = "ファイルの取込み"
#: Changes of closed values: their reasons are published.
PUBLISHED = (Kind.CORRECTION, Kind.RESTATEMENT, Kind.FINAL, Kind.ADDITION)
_APPROVED = re.compile(r"(?P<act>(?:回答|訂正|遡及改定)（[^）]{0,200}が承認）)：")


def reason_of_import(name: str, note: str) -> str:
    """As it is stored: with the file's name, and what was typed when it was taken over."""
    return f"{IMPORT}（{name}）{f'：{note}' if note else ''}"


def public_reason(revision: Revision) -> str:
    """The reason as every reader sees it."""
    reason = revision.reason
    if reason.startswith(f"{IMPORT}（"):
        name = revision.imported_file.name if revision.imported_file is not None else ""
        known, typed = f"{IMPORT}（{name}）：", revision.kind in PUBLISHED
        # A name so long that nothing follows it was cut: nothing but the act is known.
        return f"{IMPORT}：{reason.removeprefix(known)}" if typed and name and reason.startswith(known) else IMPORT
    if (match := _APPROVED.match(reason)) and reason.startswith("回答") and revision.kind not in PUBLISHED:
        return match["act"]
    return reason


def reasons_for(access: Access, revisions: Iterable[Revision]) -> dict[int, str]:
    """By the ids of the revisions. One query, and only where a reason has something that is not for every reader."""
    listed = list(revisions)
    public = {each.pk: public_reason(each) for each in listed}
    inner = [each for each in listed if public[each.pk] != each.reason]
    if not inner:
        return public
    if access.is_reform_office:
        return public | {each.pk: each.reason for each in inner}
    answerers = who_answers(each.measurement.series_id for each in inner)

    def reports(measurement: Measurement) -> bool:
        concerned = answerers.concerned(measurement.series_id, month_of(measurement))
        return any(map(access.may_see_entries, concerned))

    return public | {each.pk: each.reason for each in inner if reports(each.measurement)}
