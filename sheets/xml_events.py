"""XML as it goes by, with an end to everything: depth, attributes, length of a tag, number of tags. No tree is made.

What a file of some kilobytes can unfold to, millions of nested elements or attributes, is refused here while it is
read; a definition of entities is never followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NoReturn
from xml.parsers import expat

from sheets.books import FileRefused
from sheets.limits import MAX_ATTRIBUTES, MAX_DEPTH, MAX_TAG, MAX_TAGS

BROKEN = "ファイルが壊れていて開けません。もう一度保存するか、送り直してもらってください。"
_NOT_EXCEL = "Excelが保存したものではない記述（{}）が入っています。Excelで開いて保存し直してください。"
#: Bytes that are handed to the parser at once: a tag that is not closed within MAX_TAG is noticed between two of them.
_PIECE = 16 * 1024

Start = Callable[[dict[str, str]], None]
End = Callable[[], None]


class Budget:
    """How many tags the parts of one book may still have."""

    def __init__(self) -> None:
        self.tags = 0

    def spend(self, tags: int) -> None:
        self.tags += tags
        if self.tags > MAX_TAGS:
            raise FileRefused(
                "ファイルの中の項目が多すぎます。要らないシートや書式を除くか、ファイルを分けて保存し直してください。"
            )


def read_xml(
    chunks: Iterable[bytes],
    starts: Mapping[str, Start],
    ends: Mapping[str, End],
    budget: Budget,
    data: Callable[[str], None] | None = None,
) -> None:
    """Calls `starts` and `ends` by the tag ("namespace}name") and `data` with texts. Other tags are passed over.

    Raises FileRefused for what is broken, beyond the limits, or has a definition of its own (DTD).
    """
    parser = _parser(starts, ends, data)
    fed = 0
    try:
        for chunk in chunks:
            budget.spend(chunk.count(b"<"))
            for start in range(0, len(chunk), _PIECE):
                piece = chunk[start : start + _PIECE]
                parser.Parse(piece, False)
                fed += len(piece)
                if fed - parser.CurrentByteIndex > MAX_TAG + _PIECE:
                    raise FileRefused(_NOT_EXCEL.format("長すぎる要素"))
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FileRefused(BROKEN) from error


def _parser(
    starts: Mapping[str, Start], ends: Mapping[str, End], data: Callable[[str], None] | None
) -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH or len(attributes) > MAX_ATTRIBUTES:
            raise FileRefused(_NOT_EXCEL.format("深すぎる入れ子か、多すぎる属性"))
        if (found := starts.get(tag)) is not None:
            found(attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if (found := ends.get(tag)) is not None:
            found()

    def refuse(*definition: object) -> NoReturn:
        raise FileRefused(_NOT_EXCEL.format("XMLの定義"))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    # Without a handler for texts the parser would not say how far it is within a long one.
    parser.CharacterDataHandler = data or (lambda text: None)
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = refuse
    return parser
