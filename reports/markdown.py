"""Markdown of an author → HTML of a page. No HTML of the author's, no links, no pictures: a report loads nothing.

A line break of the author's is a line break on the page: Japanese has no space to join lines with.
"""

from __future__ import annotations

from markdown_it import MarkdownIt

_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
_PARSER.disable(["link", "image", "autolink", "reference", "html_block", "html_inline", "code", "fence"])
#: The page's own heading is an h2: what an author heads stands below it, and no level is skipped.
_HEADING = "h3"


def to_html(text: str) -> str:
    """The HTML of a text; headings of any level become h3."""
    tokens = _PARSER.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = _HEADING
    html: str = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return html
