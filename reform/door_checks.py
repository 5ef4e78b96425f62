"""Checks before going live: what would leave the door open."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError, connection

from accounts.models import User
from reform.demo.organisation import SIGN_INS as OF_THE_SAMPLE
from reform.second_city.organisation import SIGN_INS as OF_THE_SECOND_CITY


@register(Tags.security, deploy=True)
def check_hosts(**_: Any) -> list[CheckMessage]:
    """Says when any name of the site is taken (reform.W007): links and redirects would lead where a sender wants."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [
        Warning(
            "ALLOWED_HOSTS に * が設定されています。どのような名前で開いても応答します。",
            hint="職員が開くときの名前だけを、カンマ区切りで ALLOWED_HOSTS に設定してください。",
            id="reform.W007",
        )
    ]


@register(Tags.security, deploy=True)
def check_sample_sign_ins(**_: Any) -> list[CheckMessage]:
    """Says when somebody can sign in with a password that stands in this repository (reform.W008)."""
    known = {person.number: person.password for person in (*OF_THE_SAMPLE, *OF_THE_SECOND_CITY)}
    try:
        people = list(User.objects.filter(employee_number__in=known, is_active=True))
    except DatabaseError:
        return []  # nothing is migrated yet
    open_to_all = [user.employee_number for user in people if user.check_password(known[user.employee_number])]
    if not open_to_all:
        return []
    return [
        Warning(
            f"見本の職員番号（{'、'.join(sorted(open_to_all))}）で、公開されているパスワードを使ってログインできます。",
            hint="本番では load_demo・seed_city を使わないでください。この職員番号を無効にするか、パスワードを変更してください。",
            id="reform.W008",
        )
    ]


@register(Tags.security, deploy=True)
def check_proxies(**_: Any) -> list[CheckMessage]:
    """Says when TLS ends at a proxy that is not counted (reform.W009): everybody would come from its address."""
    if not settings.SECURE or settings.PROXY_COUNT:
        return []
    return [
        Warning(
            "SECURE=true ですが、PROXY_COUNT が 0 です。全員がプロキシのアドレスから来たものとして数えられ、"
            "1人のログインの失敗でほかの人も止められます。",
            hint="X-Forwarded-For に書き加える自組織のプロキシの数を PROXY_COUNT に設定してください（ふつうは 1）。",
            id="reform.W009",
        )
    ]


@register(Tags.security, deploy=True)
def check_modes(**_: Any) -> list[CheckMessage]:
    """Says when other users of the machine can read the data (reform.W010)."""
    places = [Path(settings.MEDIA_ROOT)]
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        places += [Path(name + ending) for ending in ("", "-wal", "-shm")]
    readable = [str(place) for place in places if _others_may_read(place)]
    if not readable:
        return []
    return [
        Warning(
            f"ほかの利用者が読めるデータがあります：{'、'.join(readable)}",
            hint="フォルダーは chmod 700、ファイルは chmod 600 にしてください。",
            id="reform.W010",
        )
    ]


def _others_may_read(place: Path) -> bool:
    try:
        return bool(place.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    except OSError:
        return False  # not there yet
