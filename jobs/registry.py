"""What kinds of background work there are. Each app registers its own in its `background` module, read at start-up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Handler = Callable[..., dict[str, Any] | None]
#: What people call the subjects of jobs, asked for all at once.
Names = Callable[[Collection[str]], Mapping[str, str]]


class JobError(Exception):
    """Work that cannot be done; the message is a Japanese sentence for the person who asked."""


@dataclass(frozen=True)
class Kind:
    """A kind of work: its function, its Japanese title, whether queued twins are done by one run, and whether work that
    died begins again by itself."""

    run: Handler
    title: str
    merge: bool
    repeatable: bool
    names: Names | None = None


@dataclass(frozen=True)
class Finding:
    """What the reform office should know: a code for machines, a Japanese sentence, and a page where it is mended."""

    code: str
    text: str
    url: str = ""


Watch = Callable[[], Iterable[Finding]]


_kinds: dict[str, Kind] = {}
_watches: list[Watch] = []


def handles(
    kind: str, *, title: str, merge: bool = False, repeatable: bool = False, names: Names | None = None
) -> Callable[[Handler], Handler]:
    """Registers a function `f(progress: Progress, **arguments) -> dict | None` as the work of a kind.

    The function must be safe to run twice. With `merge` one run stands for all twins queued when it begins. With
    `repeatable` work whose process died begins again by itself: not where the work itself may be what killed it, such
    as reading somebody's file; that waits for a person. `names` says what people call the subjects, where those are codes.
    """

    def register(handler: Handler) -> Handler:
        _kinds[kind] = Kind(handler, title, merge, repeatable, names)
        return handler

    return register


def watches(watch: Watch) -> Watch:
    """Registers a function that each sweep calls: it mends what it can and gives what people should know."""
    _watches.append(watch)
    return watch


def all_watches() -> tuple[Watch, ...]:
    return tuple(_watches)


def kind_of(name: str) -> Kind:
    """The registered kind. Raises JobError for an unknown one."""
    try:
        return _kinds[name]
    except KeyError:
        raise JobError(f"この処理（{name}）は、いまの版では実行できません。") from None


def title_of(name: str) -> str:
    return _kinds[name].title if name in _kinds else name


def names_of(subjects: Mapping[str, Collection[str]]) -> dict[tuple[str, str], str]:
    """What people call the subjects, by (kind, subject); those that are words already are not in it."""
    return {
        (kind, subject): name
        for kind, asked in subjects.items()
        if kind in _kinds and (names := _kinds[kind].names) is not None
        for subject, name in names(asked).items()
    }


def is_repeatable(name: str) -> bool:
    return name in _kinds and _kinds[name].repeatable


__all__ = [
    "Finding",
    "Handler",
    "JobError",
    "Kind",
    "Watch",
    "all_watches",
    "handles",
    "is_repeatable",
    "kind_of",
    "title_of",
    "watches",
]
