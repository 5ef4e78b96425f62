"""What the report's templates need."""

import re
from collections.abc import Sized
from typing import Any

from django import template
from django.db.models.fields.files import FieldFile
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

_NUMBER = re.compile(r"(?P<before>[月年]?)(?P<minus>[▲＋]?)(?P<number>[\d,.]+)(?P<unit>[^（]*)(?P<extent>（.*）)?")
_PARTS = re.compile(r"[^・]+・?|・")
#: Where a phrase begins: after hiragana or a comma before another script, or after a particle.
_PHRASE = re.compile(r"[ぁ-ん、](?![ぁ-ん、。，．」』）ー])|[をへはがに](?=[ぁ-ん])")
#: What stands beside a baseline.
COMPARISONS = ("ratio", "change", "change_rate", "index")
#: How many characters a last line holds at least, and at most how many are kept together for that.
_SHORTEST, _LONGEST = 4, 10


@register.filter
def sized(value: str) -> SafeString:
    """A value with its number large, its unit small and how much of its period it holds smaller: 600件（4／12か月分）."""
    match = _NUMBER.fullmatch(value)
    if match is None:
        return format_html("{}", value)
    before = format_html('<span class="per">{}</span>', match["before"]) if match["before"] else ""
    minus = format_html('<span class="minus">{}</span>', match["minus"]) if match["minus"] else ""
    unit = format_html('<span class="unit">{}</span>', match["unit"])
    extent = format_html('<span class="extent">{}</span>', match["extent"]) if match["extent"] else ""
    return format_html("{}{}{}{}{}", before, minus, match["number"], unit, extent)


@register.filter
def shown(stat: dict[str, dict[str, str] | str]) -> SafeString:
    """What a figure of a page shows: its value unless told otherwise."""
    figure = stat["figure"]
    assert isinstance(figure, dict)
    return sized(figure[str(stat.get("show") or "value")])


@register.filter
def listed(figure: dict[str, str]) -> SafeString:
    """A figure in a table: how much of its period it holds stands below the value, so that the column stays narrow."""
    extent = figure["extent"]
    if not extent:
        return format_html("{}", figure["rate"])
    life, of, months = extent.partition("の")
    parts = format_html_join("", '<span class="phrase">{}</span>', ((part,) for part in (life + of, months) if part))
    return format_html('{} <span class="extent">{}</span>', figure["rate"].removesuffix(extent), parts)


@register.filter
def stated_marks(stat: dict[str, Any]) -> list[str]:
    """The marks of what is shown of a figure: of a comparison those of all that it uses."""
    figure, what = stat["figure"], str(stat.get("show") or "value")
    marks: list[str] = figure["marks_of"].get(what, []) if what in COMPARISONS else figure["marks"]
    return marks


@register.filter
def phrases(title: str) -> SafeString:
    """A heading that breaks after ・ rather than inside a word."""
    parts = _PARTS.findall(title)
    return format_html_join("", '<span class="phrase">{}</span>', ((part,) for part in parts))


@register.filter
def closed(text: str) -> SafeString:
    """A text whose last phrase stays in one piece, so that no line holds one or two characters alone."""
    begins = [match.end() for match in _PHRASE.finditer(text) if _SHORTEST <= len(text) - match.end() <= _LONGEST]
    if not begins:
        return format_html("{}", text)
    return format_html('{}<span class="tail">{}</span>', text[: begins[-1]], text[begins[-1] :])


@register.filter
def across(items: Sized, most: int) -> str:
    """The class that sets a long list in rows of at most so many; nothing for a list that fits one row.

    Rows are as even as they can be: seven in rows of at most four are four and three.
    """
    if len(items) <= most:
        return ""
    rows = -(-len(items) // most)
    return f" across-{-(-len(items) // rows)}"


@register.filter
def file_size(file: FieldFile) -> str:
    """How large a stored file is; a file that is gone is said so and does not break the page."""
    try:
        return str(filesizeformat(file.size))
    except FileNotFoundError:
        return "ファイルがありません"
