"""Pages of a snapshot made by hand, to see how they are set."""

from __future__ import annotations

from typing import Any

from reports.pdf import Typeset
from reports.rendering import context_of, laid_out_of

REPORT = {
    "volume": 1, "title": "改革だより", "subtitle": "", "issuer": "見本市", "contact": "企画課", "as_of": "2025-05-31",
    "as_of_label": "令和7(2025)年5月31日", "publication_date": "", "publication_label": "", "first_fiscal_year": 2024,
    "last_fiscal_year": 2024, "period": "令和6(2024)年度から令和6(2024)年度まで", "years": [], "next_year": "令和7年度",
}  # fmt: skip


def figure(value: str = "40,000人", **changed: Any) -> dict[str, Any]:
    """A figure with a baseline, as a snapshot holds it."""
    texts = {
        "reference": "x", "code": "x", "name": "登録者数", "unit": "%" if "%" in value else "人", "kind": "stock", "direction": "up",
        "series_name": "", "value": value, "rate": value, "number": value, "exact": "40000", "ratio": "1.6倍",
        "change": "14,400人増", "change_exact": "14400", "change_rate": "＋56.3%", "index": "156", "index_exact": "156.25",
        "as_of": "令和7(2025)年5月末時点", "when": "令和7(2025)年5月", "years_ahead": "", "halves_in": "",
        "baseline": "25,600人", "baseline_exact": "25600", "baseline_wording": "令和6年8月末", "left_out": "",
        "period": "2025-05", "source": "広報", "note": "", "definition": "",
    }  # fmt: skip
    return {
        **texts,
        "baseline_is_derived": True,
        "marks": ["概数"],
        "marks_of": {},
        "printed": [],
        "extent": "",
        "differs": "",
        "origin": {},
        **changed,
    }


def page(kind: str, options: dict[str, Any] | None = None, **changed: Any) -> dict[str, Any]:
    """A page of a kind with its options."""
    made = {
        "kind": kind,
        "title": "見出し",
        "lead": "",
        "body": "",
        "options": options or {},
        "data": None,
        "notes": [],
    }
    return {**made, **changed}


def laid_out(*pages: dict[str, Any]) -> tuple[list[int], Typeset]:
    """At which step each page is set, and the sheets. Raises SnapshotError where one does not fit."""
    snapshot = {"report": REPORT, "sections": list(pages), "figures": [], "opinions": [], "notes": []}
    context, sheets = laid_out_of(context_of(snapshot, "2025-06-30"))
    return [section["step"] for section in context["sections"]], sheets
