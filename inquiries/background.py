"""What happens by itself each morning."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from inquiries.regular import make_due_inquiries
from inquiries.reminding import send_reminders
from jobs.progress import Progress
from jobs.registry import JobError, handles


@handles("make_inquiries", title="定例の照会の作成", merge=True, repeatable=True)
def make_inquiries(progress: Progress) -> dict[str, Any]:
    """Makes the regular inquiries whose month has ended."""
    progress.report(10, "定例の照会を確かめています")
    return {"made": len(make_due_inquiries(timezone.localdate()))}


@handles("send_reminders", title="回答依頼メールの送信", merge=True, repeatable=True)
def mail_reminders(progress: Progress) -> dict[str, Any]:
    """One mail a day and person; a mail server that refuses makes the job fail where everybody can see it."""
    progress.report(10, "送信しています")
    outcome = send_reminders(timezone.localdate())
    if outcome.failed:
        raise JobError(
            f"{outcome.failed}通を送信できませんでした。「送信した回答依頼」の画面で理由を確かめてください。"
        )
    return {"sent": outcome.sent, "why_not": outcome.why_not}
