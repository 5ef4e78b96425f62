"""What kinds of background work there are. Each app registers its own in its `background` module, read at start-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass

Handler = Callable[..., dict[str, Any] | None]


class JobError(Exception):
    """Work that cannot be done; the message is a Japanese sentence for the person who asked."""


@dataclass(frozen=True)
class Kind:
    """A kind of work: its function, its Japanese title, and whether queued twins are done by one run."""

    run: Handler
    title: str
    merge: bool


_kinds: dict[str, Kind] = {}


def handles(kind: str, *, title: str, merge: bool = False) -> Callable[[Handler], Handler]:
    """Registers a function `f(progress: Progress, **arguments) -> dict | None` as the work of a kind.

    The function must be safe to run twice. With `merge` one run stands for all twins queued when it begins.
    """

    def register(handler: Handler) -> Handler:
        _kinds[kind] = Kind(handler, title, merge)
        return handler

    return register


def kind_of(name: str) -> Kind:
    """The registered kind. Raises JobError for an unknown one."""
    try:
        return _kinds[name]
    except KeyError:
        raise JobError(f"この処理（{name}）は、いまの版では実行できません。") from None


def title_of(name: str) -> str:
    return _kinds[name].title if name in _kinds else name


__all__ = ["Handler", "JobError", "Kind", "handles", "kind_of", "title_of"]
