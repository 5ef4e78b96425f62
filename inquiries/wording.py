"""The words of inquiries: of the regular ones, of what is pasted into chat or groupware, and of reminders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings

from inquiries.models import Inquiry
from japan.fiscal import fiscal_month_index, fiscal_year_of
from japan.wareki import fiscal_year_short, month_short

if TYPE_CHECKING:
    from inquiries.standing import Standing

Words = tuple[str, str, str]


def monthly_words(month: date) -> Words:
    """Title, text and instructions of a month's inquiry."""
    return (
        f"{month_short(month)}分の実績の照会",
        f"{month_short(month)}分の実績値について、回答期限までに回答してください。"
        "値がない指標は、空欄のままにせず「値なしの理由」を選んでください。",
        "「回答する」から対象月を開き、実績値を入力して確認者へ提出します。承認されると回答済になります。"
        "前月や前年同月から大きく増減した値には、増減理由を選んでください。",
    )


def progress_words(month: date) -> Words:
    """Title, text and instructions of a quarter's inquiry; `month` is its last."""
    quarter = fiscal_month_index(month) // 3 + 1
    return (
        f"{fiscal_year_short(fiscal_year_of(month))}第{quarter}四半期の進捗状況調書の照会",
        f"{month_short(month)}末時点の取組の進捗状況について、回答期限までに調書を提出してください。",
        "取組ごとに、進捗状況、実施内容・成果、課題、今後の取組を記入します。事業費と効果額は千円単位です。",
    )


def contact_of_the_office() -> str:
    """Whom to ask: as the newest regular inquiry said, else the reform office in general."""
    newest = Inquiry.objects.exclude(kind=Inquiry.Kind.ONE_OFF).order_by("-month", "-pk").first()
    return newest.contact if newest else f"{settings.CITY_NAME} 取りまとめ課".strip()


def day_text(day: date) -> str:
    """6月13日（金）."""
    return f"{day.month}月{day.day}日（{'月火水木金土日'[day.weekday()]}）"


def reminder_line(standing: Standing) -> str:
    """One inquiry of one department in a line: what, until when, what is left."""
    left = f"　{standing.rest}" if standing.rest else ""
    return f"・{standing.inquiry.title}　回答期限 {day_text(standing.due_on)}　{standing.label}{left}"


def paste_text(standing: Standing, address: str) -> str:
    """What the office pastes into chat or groupware for one department."""
    late = "回答期限を過ぎています" if standing.is_late else "回答をお待ちしています"
    return (
        f"{standing.department}　ご担当者様\n"
        f"「{standing.inquiry.title}」（回答期限 {day_text(standing.due_on)}）の{late}。\n"
        f"いまの状態：{standing.label}{f'（{standing.rest}）' if standing.rest else ''}\n"
        f"回答はこちらから：{address}\n"
        f"問合せ先：{standing.inquiry.contact}"
    )


def digest_subject(standings: Sequence[Standing]) -> str:
    late = sum(standing.is_late for standing in standings)
    return f"【{settings.SITE_NAME}】回答のお願い（{len(standings)}件{f'、うち期限超過{late}件' if late else ''}）"


def digest_body(name: str, standings: Sequence[Standing]) -> str:
    """Everything that waits for one person, by department in 建制順."""
    lines = [f"{name} 様", "", "次の照会について、回答または確認をお願いします。"]
    department = None
    for standing in standings:
        if standing.department != department:
            department = standing.department
            lines += ["", f"■ {department}"]
        lines.append(reminder_line(standing))
    where = f"{settings.SITE_URL.rstrip('/')}/inquiries/" if settings.SITE_URL else "画面の「照会」"
    lines += ["", f"回答・確認は {where} からお願いします。", "行き違いの場合はご容赦ください。"]
    return "\n".join(lines)
