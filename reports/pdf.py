"""Typesets the PDF: PDF/A-2a and PDF/UA-1 in one file. It reads fonts and data: addresses, nothing else."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reports.boxes import overruns

#: How PDF/UA says what it is inside a PDF/A: the identifier's schema has to be declared in the same metadata.
UA_EXTENSION = """
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


_VARIANT: dict[str, Any] = {"pdf_variant": "pdf/a-2a"}


class Complaint(RuntimeError):
    """The typesetter reported something: a glyph, a style or a file it could not use. No such PDF leaves the house."""


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@dataclass(frozen=True)
class Typeset:
    """A document laid out on sheets: on which sheet each named part begins, and what runs over in it."""

    document: Any
    sheets: int
    first_sheets: dict[str, int]
    overruns: dict[str, list[str]]


def typeset(html: str) -> Typeset:
    """Lays a document out. Raises Complaint."""
    # Half a second to load: not asked of every command and page of the application.
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    from reports.fetching import FontsOnly

    with _listening():
        document = HTML(string=html, url_fetcher=FontsOnly()).render(font_config=FontConfiguration(), **_VARIANT)
    first_sheets = {
        name: number for number, page in reversed(list(enumerate(document.pages, start=1))) for name in page.anchors
    }
    return Typeset(document, len(document.pages), first_sheets, overruns(document.pages))


def write(laid_out: Typeset, *, created: str) -> bytes:
    """The PDF of what was laid out. The same input gives the same bytes on the same system libraries. Raises Complaint."""
    with _listening():
        data = laid_out.document.write_pdf(**_VARIANT, pdf_identifier=created.encode())
    return _with_ua(data)


@contextmanager
def _listening() -> Iterator[None]:
    """Raises Complaint at the end where the typesetter said anything."""
    listener = _Listener()
    log = logging.getLogger("weasyprint")
    log.addHandler(listener)
    try:
        yield
    finally:
        log.removeHandler(listener)
    if listener.messages:
        raise Complaint("; ".join(dict.fromkeys(listener.messages)))


def _with_ua(data: bytes) -> bytes:
    import pikepdf

    with pikepdf.open(BytesIO(data)) as document:
        xmp = bytes(document.Root.Metadata.read_bytes()).decode()
        end = xmp.rindex("</rdf:RDF>")
        document.Root.Metadata.write(f"{xmp[:end]}{UA_EXTENSION}{xmp[end:]}".encode())
        buffer = BytesIO()
        document.save(buffer, deterministic_id=True, linearize=False)
        return buffer.getvalue()
