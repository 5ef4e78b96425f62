"""The figure a label of a file is: typed or picked from one list that all labels share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django import forms

from kpis.imports.names import key
from kpis.models import Series

LIST_ID = "figures"


class Figures:
    """What can be chosen, in the order of the list: codes with the words they are shown and found by."""

    def __init__(self, series: Mapping[str, Series]) -> None:
        words = {code: f"{each}（{each.kpi.unit}）" for code, each in series.items()}
        twice = {text for text, count in Counter(words.values()).items() if count > 1}
        self.words = {code: f"{text} {code}" if text in twice else text for code, text in words.items()}
        self._codes: dict[str, set[str]] = {}
        for code, each in series.items():
            for text in (self.words[code], code, str(each)):
                self._codes.setdefault(key(text), set()).add(code)

    def shown(self, code: str) -> str:
        """As it stands in the box; a code of a figure that is out of reach stays readable as it is."""
        return self.words.get(code, code)

    def found(self, text: str) -> str | None:
        """The code of what was typed: the words of the list, the name alone or the code. None where none or several fit."""
        codes = self._codes.get(key(text), set())
        return next(iter(codes)) if len(codes) == 1 else None


class FigureField(forms.CharField):
    """One label's figure. Gives its code, "" for a label that is left out."""

    def __init__(self, figures: Figures, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.TextInput(attrs={"list": LIST_ID}), **kwargs)
        self.figures = figures

    def prepare_value(self, value: Any) -> Any:
        return self.figures.shown(value) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        code = self.figures.found(text)
        if code is None:
            raise forms.ValidationError(
                f"「{text[:40]}」という指標はありません。一覧から選んでください。取り込まないときは空にします。",
                code="figure",
            )
        return code
