"""What the pages are called on which kept text was typed, and the labels of their fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from accounts.door.naming import Words, name_page
from accounts.models import Department
from initiatives.models import Initiative
from inquiries.models import Recipient
from japan.wareki import fiscal_year_label, month_short
from kpis.models import Entry, Series
from kpis.models.value import ChangeReason, Missing

#: s11-typed in a month, s11p202506-typed in a year.
LINE_FIELD = re.compile(r"s(?P<series>\d{1,15})(?:p(?P<year>\d{4})(?P<month>\d{2}))?-(?P<field>\w{1,30})")
LABELS = {
    "typed": "値",
    "missing_reason": "値なしの理由",
    "comment": "コメント",
    "change_kind": "変更の種類",
    "change_reason": "増減理由",
}
CHOSEN = {"missing_reason": dict(Missing.choices), "change_reason": dict(ChangeReason.choices)}
CHOSEN["change_kind"] = {"restatement": "遡及改定"}
#: Fields of the other pages; what is not among them is no text of a person's.
TEXTS = {
    "results": "実施内容・成果",
    "issues": "課題",
    "next_steps": "今後の取組",
    "cost": "事業費",
    "effect": "効果額",
    "reason": "理由",
    "comment": "コメント",
    "answer": "回答",
    "note": "説明",
    "question": "質問",
    "reply": "回答・お知らせ",
    "until": "新しい回答期限",
}


def name_pages() -> None:
    """Tells the door what our pages are called."""
    name_page("entries:month", _month, line_words)
    name_page("entries:year", _year, line_words)
    name_page("entries:panel", lambda arguments: _series(arguments["series_id"]), words_of(TEXTS))
    name_page("approvals:list", lambda arguments: "回答の確認", words_of(TEXTS))
    name_page("approvals:decide", lambda arguments: f"回答の確認　{_entry(arguments['pk'])}", words_of(TEXTS))
    name_page("initiatives:progress", _record, words_of(TEXTS))
    name_page("inquiries:recipient", _recipient, words_of(TEXTS))
    for name, title in PLAIN.items():
        name_page(name, lambda arguments, title=title: title)  # type: ignore[misc]


#: Pages that need no more than their heading.
PLAIN = {
    "inquiries:list": "照会の一覧",
    "inquiries:create": "新しい照会",
    "inquiries:detail": "照会",
    "deputies:list": "代決者",
    "closing:month": "月の確定",
    "closing:targets": "目標値",
    "reports:section_edit": "レポートのページ",
    "reports:edit": "レポート",
    "handover:list": "事務引継",
    "handover:prepare": "事務引継",
    "reorganisation": "組織改正",
}


def line_words(typed: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The lines of a month or a year by the names of their figures."""
    met = [(LINE_FIELD.fullmatch(name), value) for name, value in typed]
    lines = [(match, value) for match, value in met if match and match["field"] in LABELS]
    series = Series.objects.select_related("kpi").in_bulk({int(match["series"]) for match, _ in lines})
    words = []
    for match, value in lines:
        known = series.get(int(match["series"]))
        when = f" {month_short(date(int(match['year']), int(match['month']), 1))}" if match["year"] else ""
        label = f"{known or '指標'}{when}の{LABELS[match['field']]}"
        words.append((label, CHOSEN.get(match["field"], {}).get(value, value)))
    return words


def words_of(labels: Mapping[str, str]) -> Words:
    """The fields that have a label, with it."""
    return lambda typed: [(labels[name], value) for name, value in typed if name in labels]


def _department(arguments: Mapping[str, Any]) -> str:
    row = Department.objects.filter(code=arguments["department_code"]).order_by("-pk").first()
    return row.name if row else ""


def _month(arguments: Mapping[str, Any]) -> str:
    try:
        month = month_short(date.fromisoformat(f"{arguments['month']}-01"))
    except ValueError:
        return "月ごとの回答"
    return f"{_department(arguments)}　{month}分の回答"


def _year(arguments: Mapping[str, Any]) -> str:
    return f"{_department(arguments)}　{fiscal_year_label(arguments['fiscal_year'])}の回答"


def _series(pk: int) -> str:
    return str(Series.objects.select_related("kpi").filter(pk=pk).first() or "月ごとの回答")


def _entry(pk: int) -> str:
    entry = Entry.objects.with_names().filter(pk=pk).first()
    return f"{entry.series}　{entry.dated_period.label}" if entry else ""


def _record(arguments: Mapping[str, Any]) -> str:
    found = Initiative.objects.filter(code=arguments["code"]).first()
    year = fiscal_year_label(arguments["fiscal_year"])
    return f"進捗状況調書　{found.title if found else ''}　{year}第{arguments['quarter']}四半期"


def _recipient(arguments: Mapping[str, Any]) -> str:
    found = Recipient.objects.select_related("inquiry").filter(pk=arguments["pk"]).first()
    return f"照会の回答　{found.inquiry.title}" if found else "照会の回答"
