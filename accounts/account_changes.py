"""Tells people what was changed of their accounts: on their home page, by mail, and in the security log.

Whoever changes accounts does it inside `telling`: what is told is the difference between before and after, so that no
way of changing a post can forget to say so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import AccountNotice, Assignment, Session, User
from accounts.security_log import note_about
from japan.wareki import date_label
from jobs.dispatch import dispatch

#: Who changes accounts at the machine itself.
OPERATOR = "システム管理者"
MAIL = "account_notice_mail"
FLAGS = {"is_active": "アカウントの利用", "is_staff": "管理画面の利用", "is_superuser": "システム管理者の権限"}


@dataclass
class _Account:
    """An account as it is told about."""

    password: str
    flags: dict[str, bool]
    email: str
    posts: dict[int, str] = field(default_factory=dict)


@contextmanager
def telling(user_ids: Collection[int], request: HttpRequest | None = None, by: str = "") -> Iterator[None]:
    """Tells each of the people what changes of their account inside, in the transaction that changes it.

    `by` names who changes it; without it the request's person does, and without a request the operator. An account that
    did not exist before is told nothing.
    """
    if not user_ids:
        yield
        return
    before = _accounts(user_ids)
    with transaction.atomic():
        yield
        after = _accounts(before)
        for user in User.objects.filter(pk__in=before).order_by("pk"):
            _tell(user, before[user.pk], after[user.pk], request, by or _name_of(request))


def _accounts(user_ids: Collection[int]) -> dict[int, _Account]:
    users = User.objects.filter(pk__in=list(user_ids))
    found = {
        user.pk: _Account(user.password, {name: getattr(user, name) for name in FLAGS}, user.email) for user in users
    }
    for post in Assignment.objects.filter(user__in=found).select_related("department"):
        found[post.user_id].posts[post.pk] = post_in_words(post)
    return found


def post_in_words(post: Assignment) -> str:
    """情報政策課 課長〔確認者（所属長）〕 令和7年4月1日から令和8年3月31日まで."""
    until = f"{date_label(post.valid_to)}まで" if post.valid_to else ""
    return f"{post.post}〔{post.get_role_display()}〕 {date_label(post.valid_from)}から{until}"


def _name_of(request: HttpRequest | None) -> str:
    user = getattr(request, "user", None)
    return str(user) if user is not None and user.is_authenticated else OPERATOR


def _tell(user: User, before: _Account, after: _Account, request: HttpRequest | None, by: str) -> None:
    own = request is not None and getattr(request, "user", None) == user
    texts = []
    if before.password != after.password:
        texts.append("パスワードを変更しました。" if own else "パスワードが再設定されました。")
        # Django asks each of them for the new password: what lasted until now has ended, and is not listed as signed in.
        here = getattr(getattr(request, "session", None), "session_key", None)
        Session.objects.of(user.pk).exclude(session_key=here or "").delete()
        note_about("password_changed" if own else "password_set", user, request)
    flags = [
        f"{label}：{'できます' if after.flags[name] else 'できません'}"
        for name, label in FLAGS.items()
        if before.flags[name] != after.flags[name]
    ]
    if before.email != after.email:
        flags.append(f"メールアドレス：{after.email or '登録なし'}")
    if flags:
        texts.append(f"アカウントの設定が変わりました。{'、'.join(flags)}。")
        note_about("account_changed", user, request, changes=flags)
    if posts := changes_of_posts(before.posts, after.posts):
        texts.append(f"担当が変わりました。{'／'.join(posts)}。")
        note_about("posts_changed", user, request, changes=posts)
    if texts:
        notice = AccountNotice.objects.create(user=user, text="\n".join(texts), made_by=by, at=timezone.now())
        # A changed address is told at the old one too: whoever took an account over would have changed it first.
        addresses = sorted({before.email, after.email} - {""})
        if addresses:
            dispatch(MAIL, subject=str(user), arguments={"notice_id": notice.pk, "addresses": addresses})


def changes_of_posts(before: dict[int, str], after: dict[int, str]) -> list[str]:
    """What became of the posts (by their ids, in words): 追加, 変更 (old → new), 取消."""
    added = [f"追加：{words}" for key, words in after.items() if key not in before]
    changed = [f"変更：{before[key]} → {words}" for key, words in after.items() if before.get(key, words) != words]
    gone = [f"取消：{words}" for key, words in before.items() if key not in after]
    return [*added, *changed, *gone]
