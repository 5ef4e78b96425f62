"""Kept text in words: the page it was typed on, and each thing somebody typed. What a page means, its own app says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.urls import Resolver404, resolve
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import KeptForm

#: The parts of a page's address → what it is called ("総務課 令和8年11月分の回答").
Titles = Callable[[Mapping[str, Any]], str]
#: (name, value) as sent → (label, value) to read; None leaves a field out.
Words = Callable[[list[tuple[str, str]]], list[tuple[str, str]]]
CODE = re.compile(r"[a-z][a-z0-9_.:-]{0,60}")
ELSEWHERE, SOMETHING = "元の画面", "入力した内容"

_titles: dict[str, Titles] = {}
_words: dict[str, Words] = {}


def name_page(view_name: str, title: Titles, words: Words | None = None) -> None:
    """Called once for each page, when the application starts."""
    _titles[view_name] = title
    if words is not None:
        _words[view_name] = words


def title_of(kept: KeptForm) -> str:
    """What the page is called, with the time at which it was sent."""
    name, arguments = _view(kept.page)
    title = _titles[name](arguments) if name in _titles else ELSEWHERE
    return f"{title}（{timezone.localtime(kept.kept_at):%H:%M}に送信）"


def named(kept: KeptForm, rest: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What somebody typed and what no field was found for: with a label that is on the page, without what pages say."""
    typed = [pair for pair in rest if pair in kept.typed]
    name, _ = _view(kept.action)
    if name in _words:
        return _words[name](typed)
    # Without its page a field has no label: what was typed is worth reading, a choice's code is not.
    return [(SOMETHING, value) for field, value in typed if not field.endswith("_id") and not CODE.fullmatch(value)]


def _view(address: str) -> tuple[str, Mapping[str, Any]]:
    try:
        match = resolve(address.partition("?")[0])
    except Resolver404:
        return "", {}
    return match.view_name, match.kwargs
