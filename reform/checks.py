"""System checks of the settings: each has an id and says in plain Japanese what to mend."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from reform import env


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
            "SECRET_KEY が設定されていません。再起動のたびに全員がサインアウトします。",
            hint="50文字以上の無作為な文字列を SECRET_KEY に設定してください。",
            id="reform.W001",
        )
    ]


@register(Tags.files)
def check_media_root(**_: Any) -> list[CheckMessage]:
    """Refuses a MEDIA_ROOT that is not a folder (reform.E002)."""
    root = Path(settings.MEDIA_ROOT)
    if root.exists() and not root.is_dir():
        return [
            Error(
                f"MEDIA_ROOT（{root}）がフォルダではありません。",
                hint="公表版のHTML・PDFを置くフォルダのパスを MEDIA_ROOT に設定してください。",
                id="reform.E002",
            )
        ]
    return []
