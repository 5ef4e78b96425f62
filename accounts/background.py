"""Background work about people: the mail that tells somebody what changed of their account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage

from accounts.account_changes import MAIL
from accounts.door.attempts import forget_old_sign_ins
from accounts.door.uploads import sweep_uploads
from accounts.models import AccountNotice, KeptForm, Session
from jobs.progress import Progress
from jobs.registry import Finding, JobError, handles, watches


@handles(MAIL, title="アカウントの変更のお知らせメール")
def mail_notice(progress: Progress, *, notice_id: int, addresses: Sequence[str]) -> dict[str, int]:
    """Mails a notice to the addresses. Without a mail server the home page alone tells it."""
    notice = AccountNotice.objects.select_related("user").filter(pk=notice_id).first()
    if notice is None or not settings.MAIL_IS_SET:
        return {"sent": 0}
    body = (
        f"{notice.user.name} 様\n\n{notice.text}\n\n変更した人：{notice.made_by}\n"
        "心当たりがないときは、すぐに取りまとめ課へ連絡してください。\n"
    )
    subject = f"【{settings.SITE_NAME}】アカウントが変更されました"
    try:
        for address in addresses:
            EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address]).send()
    except (OSError, SMTPException, ValueError) as error:
        raise JobError("メールを送れませんでした。ホームのお知らせには表示されています。") from error
    return {"sent": len(addresses)}


@watches
def sweep_the_door() -> Iterable[Finding]:
    """Removes sessions that have ended, text that nobody came back for, and what killed processes left of uploads."""
    Session.objects.sweep()
    KeptForm.objects.sweep()
    forget_old_sign_ins()
    sweep_uploads()
    return ()
