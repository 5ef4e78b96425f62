"""What the report's templates need."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

_NUMBER = re.compile(r"(?P<before>[月年]?)(?P<number>▲?[\d,.]+)(?P<unit>.*)")


@register.filter
def sized(value: str) -> SafeString:
    """A value with its number large and its unit small: 40,000人, 月239,322件, ▲23.5万時間."""
    match = _NUMBER.fullmatch(value)
    if match is None:
        return format_html("{}", value)
    before = format_html('<span class="per">{}</span>', match["before"]) if match["before"] else ""
    return format_html('{}{}<span class="unit">{}</span>', before, match["number"], match["unit"])


@register.filter
def shown(stat: dict[str, dict[str, str] | str]) -> SafeString:
    """What a figure of a page shows: its value unless told otherwise."""
    figure = stat["figure"]
    assert isinstance(figure, dict)
    return sized(figure[str(stat.get("show") or "value")])


@register.filter
def phrases(title: str) -> SafeString:
    """A heading that breaks after ・ rather than inside a word."""
    parts = re.findall(r"[^・]+・?|・", title)
    return format_html_join("", '<span class="phrase">{}</span>', ((part,) for part in parts))
