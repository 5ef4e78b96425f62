"""plotly's own script as one of our static files: served from where the package lies, never copied into the repository."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PREFIX = "plotly"
NAME = "plotly.min.js"


class PlotlyFinder(BaseFinder):
    """Finds plotly/plotly.min.js, and nothing else of the package (its samples are of no use here)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spec = find_spec("plotly")
        places = spec.submodule_search_locations if spec else None
        self.folder = Path(next(iter(places or []), "")) / "package_data"
        self.storage = FileSystemStorage(location=self.folder)
        self.storage.prefix = PREFIX  # type: ignore[attr-defined]  # what collectstatic and whitenoise read

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != f"{PREFIX}/{NAME}":
            return []
        return [str(self.folder / NAME)] if find_all or kwargs.get("all") else str(self.folder / NAME)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        yield NAME, self.storage
