"""What runs over on the sheets of a typeset document: beyond the paper, out of its frame, over other words, or lost.

It reads the boxes the typesetter has laid out, so that it sees what the reader will see. Lengths are CSS pixels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

#: Letters reach over their box by so much without anybody seeing it.
TOLERANCE = 2.0
#: On a sheet that is coloured to its edges, words stay as far from them as a printer cannot reach.
UNPRINTABLE = 10 / 25.4 * 96
#: How much of a text a message quotes.
QUOTED = 24


@dataclass(frozen=True)
class Rect:
    """A rectangle on a sheet, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def beyond(self, other: Rect) -> str:
        """At which side of the other this one sticks out, in Japanese; nothing where it lies within."""
        sides = (
            ("右", self.right - other.right),
            ("下", self.bottom - other.bottom),
            ("左", other.left - self.left),
            ("上", other.top - self.top),
        )
        return next((side for side, much in sides if much > TOLERANCE), "")

    def covers(self, other: Rect) -> bool:
        """Whether the two share more than their edges."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide > TOLERANCE and high > TOLERANCE


@dataclass(frozen=True)
class Piece:
    """Something a reader sees: words, a drawing by its name, or a frame. `frames` are those it has to stay in."""

    words: str
    rect: Rect
    is_text: bool
    frames: tuple[Rect, ...] = ()
    is_frame: bool = False

    @property
    def quoted(self) -> str:
        words = self.words.strip()
        quoted = f"「{words[:QUOTED]}{'…' if len(words) > QUOTED else ''}」"
        return f"{quoted}の枠" if self.is_frame else quoted


@dataclass
class Part:
    """A named part of the document on one sheet: what stands there, and the text its source has."""

    name: str
    area: Rect
    source: Any
    pieces: list[Piece] = field(default_factory=list)


def overruns(pages: Iterable[Any]) -> dict[str, list[str]]:
    """For each named part (`id` of a section) what runs over, as Japanese sentences; parts without any are left out.

    `pages` are the pages of a WeasyPrint document.
    """
    found: dict[str, list[str]] = {}
    laid: dict[str, Counter[str]] = {}
    sources: dict[str, Any] = {}
    for page in pages:
        for part in _parts(page._page_box):
            found.setdefault(part.name, []).extend(_of_part(part))
            sources[part.name] = part.source
            counter = laid.setdefault(part.name, Counter())
            for piece in part.pieces:
                counter.update(_letters(piece.words) if piece.is_text else "")
    for name, source in sources.items():
        if lost := Counter(_letters("".join(_texts(source)))) - laid[name]:
            found[name].append(f"「{''.join(lost)[:QUOTED]}」などの文字が印刷されません")
    return {name: list(dict.fromkeys(sentences)) for name, sentences in found.items() if sentences}


def _of_part(part: Part) -> list[str]:
    sentences = []
    for piece in part.pieces:
        if side := piece.rect.beyond(part.area):
            sentences.append(f"{piece.quoted}が用紙の{side}にはみ出しています")
        elif side := next((side for frame in piece.frames if (side := piece.rect.beyond(frame))), ""):
            sentences.append(f"{piece.quoted}が枠の{side}にはみ出しています")
    frames = [piece for piece in part.pieces if piece.is_frame]
    inside = [piece for piece in part.pieces if not piece.is_frame]
    sentences += [
        f"{piece.quoted}が{frame.quoted}に重なっています"
        for piece in inside
        for frame in frames
        if frame.rect not in piece.frames and piece.rect.covers(frame.rect)
    ]
    return sentences + _over_one_another(inside)


def _over_one_another(pieces: list[Piece]) -> list[str]:
    """Words over words, or over a drawing."""
    sentences = []
    ordered = sorted(pieces, key=lambda piece: piece.rect.top)
    for index, upper in enumerate(ordered):
        for lower in ordered[index + 1 :]:
            if lower.rect.top > upper.rect.bottom:
                break
            if (upper.is_text or lower.is_text) and upper.rect.covers(lower.rect):
                sentences.append(f"{upper.quoted}と{lower.quoted}が重なっています")
    return sentences


def _parts(page_box: Any) -> Iterator[Part]:
    """The named parts on a sheet, each with its pieces."""
    area = Rect(
        page_box.content_box_x(),
        page_box.content_box_y(),
        page_box.content_box_x() + page_box.width,
        page_box.content_box_y() + page_box.height,
    )
    inner = Rect(
        max(area.left, UNPRINTABLE),
        max(area.top, UNPRINTABLE),
        min(area.right, page_box.margin_width() - UNPRINTABLE),
        min(area.bottom, page_box.margin_height() - UNPRINTABLE),
    )
    for section in _sections(page_box):
        yield Part(section.element.get("id"), inner, section.element, list(_pieces(section, ())))


def _sections(box: Any) -> Iterator[Any]:
    if box.element_tag == "section" and box.element is not None and box.element.get("id"):
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from _sections(child)


def _pieces(box: Any, frames: tuple[Rect, ...]) -> Iterator[Piece]:
    """The words and drawings within a box, each with the frames around it."""
    box = getattr(box, "_box", box)  # an absolutely positioned box stands behind a placeholder
    text = getattr(box, "text", None)
    if text is not None:
        if text.strip():
            yield Piece(text, _border_rect(box), True, frames)
        return
    if hasattr(box, "replacement"):
        yield Piece(_name_of(box.element), _border_rect(box), False, frames)
        return
    children = getattr(box, "children", ())
    if not children and _has_picture(box):
        yield Piece(_name_of(box.element), _border_rect(box), False, frames)
    within = (*frames, _border_rect(box)) if _is_frame(box) else frames
    found = [piece for child in children for piece in _pieces(child, within)]
    yield from found
    if found and within != frames and not _fills_the_sheet(box):
        yield Piece(found[0].words, within[-1], False, frames, is_frame=True)


def _fills_the_sheet(box: Any) -> bool:
    """The coloured ground of a cover is meant to reach every edge."""
    return _has_picture(box)


def _border_rect(box: Any) -> Rect:
    left, top = box.border_box_x(), box.border_box_y()
    return Rect(left, top, left + box.border_width(), top + box.border_height())


def _is_frame(box: Any) -> bool:
    """Whether a reader sees where the box ends: it is painted or has lines around it."""
    if type(box).__name__ in {"InlineBox", "LineBox", "PageBox"}:
        return False
    lines = sum(bool(getattr(box, f"border_{side}_width", 0)) for side in ("left", "right", "top", "bottom"))
    return lines == len(("left", "right", "top", "bottom")) or box.style["background_color"].alpha > 0


def _has_picture(box: Any) -> bool:
    return any(kind != "none" for kind, _ in box.style["background_image"])


def _name_of(element: Any) -> str:
    """A drawing by its alternative text, else by the class that names it."""
    if element is None:
        return "図"
    return element.get("aria-label") or "図"


def _texts(element: Any) -> Iterator[str]:
    """The text of an element without that of its drawings."""
    if str(element.tag).rpartition("}")[2] == "svg":
        return
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""


def _letters(text: str) -> str:
    return "".join(text.split())
