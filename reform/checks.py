"""System checks of the settings: each has an id and says in plain Japanese what to mend."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from reform import env
from reports import fonts


@register(Tags.security)
def check_environment(**_: Any) -> list[CheckMessage]:
    """Names each environment variable whose value could not be read (reform.E001)."""
    return [
        Error(
            f"環境変数 {name} の値が正しくありません。",
            hint=f"{name} には {expected} を設定してください。書き方は .env.example を参照してください。",
            id="reform.E001",
        )
        for name, expected in env.problems
    ]


@register(Tags.security, deploy=True)
def check_secret_key(**_: Any) -> list[CheckMessage]:
    """Says when no SECRET_KEY is set, so that sessions end at each restart (reform.W001)."""
    if settings.SECRET_KEY_GIVEN:
        return []
    return [
        Warning(
            "SECRET_KEY が設定されていません。再起動のたびに全員がログアウトします。",
            hint="50文字以上の無作為な文字列を SECRET_KEY に設定してください。",
            id="reform.W001",
        )
    ]


@register(Tags.security, deploy=True)
def check_https(**_: Any) -> list[CheckMessage]:
    """Says when passwords travel unencrypted (reform.W002): a choice that somebody should have made."""
    if settings.SECURE:
        return []
    return [
        Warning(
            "SECURE が設定されていません。通信は暗号化されず、パスワードもそのまま流れます。",
            hint="庁内の閉じた網だけで使う場合はこのままで構いません。"
            "TLSを終端するプロキシを前に置く場合は SECURE=true を設定してください。",
            id="reform.W002",
        )
    ]


@register(Tags.compatibility, deploy=True)
def check_city_name(**_: Any) -> list[CheckMessage]:
    """Says when no CITY_NAME is set, so that no page says whose figures these are (reform.W006)."""
    if settings.CITY_NAME:
        return []
    return [
        Warning(
            "CITY_NAME が設定されていません。画面の見出しと照会の連絡先に市の名前が出ません。",
            hint="市の名前を CITY_NAME に設定してください（例：CITY_NAME=〇〇市）。",
            id="reform.W006",
        )
    ]


@register(Tags.files)
def check_media_root(**_: Any) -> list[CheckMessage]:
    """Refuses a MEDIA_ROOT in which no edition could be kept (reform.E002)."""
    root = Path(settings.MEDIA_ROOT)
    # It is made when the first edition is: what counts until then is the folder that it will be made in.
    nearest = next(place for place in (root, *root.parents) if place.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return []
    what = "に書き込めません" if nearest.is_dir() else "がフォルダーではありません"
    return [
        Error(
            f"MEDIA_ROOT（{root}）を使えません。{nearest} {what}。",
            hint="公表版のHTML・PDFを置くフォルダーのパスを MEDIA_ROOT に設定し、書込みを許可してください。",
            id="reform.E002",
        )
    ]


@register(Tags.files, deploy=True)
def check_fonts(**_: Any) -> list[CheckMessage]:
    """Says when the report's typeface is not installed, so that no edition could be made (reform.W003)."""
    try:
        for weight in fonts.FILES:
            fonts.font_file(weight)
    except fonts.FontMissing as error:
        return [
            Warning(
                str(error),
                hint="書体を置いたフォルダーを REPORT_FONT_DIRS に設定してください。",
                id="reform.W003",
            )
        ]
    return []


@register(Tags.compatibility, deploy=True)
def check_mail(**_: Any) -> list[CheckMessage]:
    """Says when no mail server is set, so that reminders stay in the application (reform.W004)."""
    if settings.MAIL_IS_SET and settings.DEFAULT_FROM_EMAIL != "webmaster@localhost":
        return []
    what = "MAIL_FROM（差出人）" if settings.MAIL_IS_SET else "EMAIL_URL（メールサーバー）"
    return [
        Warning(
            f"{what} が設定されていません。回答依頼のメールは送られないか、受け取られません。",
            hint="メールを使わない場合はこのままで構いません。回答依頼は画面の「照会」とホームに表示されます。",
            id="reform.W004",
        )
    ]
