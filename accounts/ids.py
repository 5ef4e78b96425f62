"""Ids of rows, as a request names them in its address or in a form."""

from __future__ import annotations

from collections.abc import Iterable

#: Ids and versions are never longer: the database would stumble over what is.
_DIGITS = 18


def is_id(text: str) -> bool:
    """Digits that can be the id or version of a row."""
    return text.isdecimal() and text.isascii() and len(text) <= _DIGITS


def ids_in(texts: Iterable[str | None]) -> set[int]:
    """The ids among the texts; what can be none is left out."""
    return {int(text) for text in texts if text and is_id(text)}
