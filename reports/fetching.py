"""What the typesetter may read. A module of its own: it loads the typesetter, which takes half a second."""

from __future__ import annotations

from typing import Any

from weasyprint.urls import URLFetcher

from reports.fonts import FILES, font_file


class FontsOnly(URLFetcher):
    """Answers data: addresses and the report's own font files. A report can neither call out nor read the disk."""

    def fetch(self, url: str, headers: Any = None) -> Any:
        fonts = {font_file(weight).as_uri() for weight in FILES}
        if not url.startswith("data:") and url not in fonts:
            raise ValueError(f"refused: {url[:80]}")
        return super().fetch(url, headers)
