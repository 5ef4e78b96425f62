"""進捗状況調書 as a report states them. A reference is the initiative's code: `{{ progress:line.results }}`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from initiatives.models import Initiative, ProgressRecord
from japan.numbers import write_number
from reports.references import UnknownFigure

#: What can be asked of a record, and what each writes.
ATTRIBUTES = {
    "status": "進捗状況（実施中）",
    "results": "実施内容・成果",
    "issues": "課題",
    "next_steps": "今後の取組",
    "cost": "事業費（1,200千円）",
    "effect": "効果額（3,000千円）",
    "quarter": "四半期（令和7(2025)年度第1四半期）",
}


@dataclass(frozen=True)
class AccountOfProgress:
    """The newest approved record of an initiative at a report's as-of, ready to print."""

    status: str
    results: str
    issues: str
    next_steps: str
    cost: str
    effect: str
    quarter: str


def check_reference(reference: str) -> Initiative:
    """Raises UnknownFigure with the near codes where no initiative has this one."""
    found = Initiative.objects.filter(code=reference).first()
    if found is None:
        codes = list(Initiative.objects.values_list("code", flat=True))
        near = get_close_matches(reference, codes, n=3, cutoff=0.5)
        hint = f"近いもの：{'、'.join(near)}" if near else "コードは取組の画面のアドレスで確かめられます。"
        raise UnknownFigure(f"取組「{reference}」はありません。{hint}")
    return found


def read_account(reference: str, as_of: date) -> AccountOfProgress:
    """The newest approved record of a quarter that had ended by the day. Raises UnknownFigure where there is none."""
    initiative = check_reference(reference)
    records = ProgressRecord.objects.filter(initiative=initiative).approved().ended_by(as_of)
    found = records.order_by("-fiscal_year", "-quarter").first()
    if found is None:
        raise UnknownFigure(f"取組「{initiative}」には、レポートの時点までの承認済みの進捗状況調書がありません。")
    record = found.as_approved
    return AccountOfProgress(
        status=record.get_status_display(),
        results=record.results.strip(),
        issues=record.issues.strip(),
        next_steps=record.next_steps.strip(),
        cost=_amount(record.cost),
        effect=_amount(record.effect),
        quarter=record.quarter_label,
    )


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else f"{write_number(amount, 0)}千円"
