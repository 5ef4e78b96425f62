"""How a cell of a table becomes a value of a model and back. Each refuses with a sentence for the clerk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.db import models
from import_export import fields, widgets

from japan.dates import parse_date
from japan.numbers import parse_number

Row = Mapping[str, str | date]
YES = frozenset({"1", "○", "〇", "◯", "はい", "TRUE", "True", "true"})
NO = frozenset({"", "0", "×", "いいえ", "FALSE", "False", "false"})


def column(attribute: str, name: str, widget: widgets.Widget | None = None) -> fields.Field:
    """A column of a table and the attribute it stands for."""
    return fields.Field(attribute=attribute, column_name=name, widget=widget or TextColumn())


def text_of(value: str | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else (value or "").strip()


class TextColumn(widgets.Widget):
    def clean(self, value: str | date | None, row: Row | None = None, **kwargs: Any) -> str:
        return text_of(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


class NumberColumn(widgets.Widget):
    """A number as Japan writes it; a blank is no number, never 0."""

    def clean(self, value: str | date | None, row: Row | None = None, **kwargs: Any) -> Decimal | None:
        understood = parse_number(text_of(value))
        if understood.missing:
            raise ValueError(f"「{value}」を数値として読み取れません。数字を入れるか、空にしてください。")
        return understood.value

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        # PostgreSQL hands out 40000.000000: the zeros are the column's, not the clerk's.
        return "" if value is None else plain(value)


class WholeNumberColumn(NumberColumn):
    def __init__(self, blank: int | None = None) -> None:
        super().__init__()
        self.blank = blank

    def clean(self, value: str | date | None, row: Row | None = None, **kwargs: Any) -> int | None:  # type: ignore[override]
        number = super().clean(value, row, **kwargs)
        if number is not None and number != number.to_integral_value():
            raise ValueError(f"「{value}」は整数で入力してください。")
        return self.blank if number is None else int(number)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class DayColumn(widgets.Widget):
    def clean(self, value: str | date | None, row: Row | None = None, **kwargs: Any) -> date | None:
        if isinstance(value, str) and not value.strip():
            return None
        return None if value is None else parse_date(value)

    def render(self, value: date | None, obj: Any = None, **kwargs: Any) -> date | str:
        return value or ""


class MarkColumn(widgets.Widget):
    """Yes is ○, no is blank."""

    def clean(self, value: str | date | None, row: Row | None = None, **kwargs: Any) -> bool:
        typed = text_of(value)
        if typed in YES:
            return True
        if typed in NO:
            return False
        raise ValueError(f"「{typed}」は読み取れません。該当するときは○を入れ、しないときは空にします。")

    def render(self, value: bool, obj: Any = None, **kwargs: Any) -> str:
        return "○" if value else ""


class Choice(Protocol):
    """A member of an enumeration of text: TextChoices, japan.periods.Span."""

    @property
    def value(self) -> str: ...

    @property
    def label(self) -> Any: ...


class ChoiceColumn(widgets.Widget):
    """The Japanese word of a choice; its code is taken too."""

    def __init__(self, choices: Iterable[Choice], blank: str | None = None) -> None:
        """`choices`: an enumeration whose members are text and have a label."""
        super().__init__()
        self.labels = {member.value: str(member.label) for member in choices}
        self.blank = blank

    def clean(self, value: str | date | None, row: Row | None = None, **kwargs: Any) -> str:
        typed = text_of(value)
        if not typed and self.blank is not None:
            return self.blank
        for code, label in self.labels.items():
            if typed in (label, code):
                return code
        raise ValueError(f"「{typed}」は選べません。次から入れてください：{'、'.join(self.labels.values())}")

    def render(self, value: str, obj: Any = None, **kwargs: Any) -> str:
        return self.labels[value] if value else ""


class CodeColumn(widgets.Widget):
    """A row of another table, by its code."""

    def __init__(self, find: Callable[[str], models.Model | None], what: str, attribute: str = "code") -> None:
        super().__init__()
        self.find = find
        self.what = what
        self.attribute = attribute

    def clean(self, value: str | date | None, row: Row | None = None, **kwargs: Any) -> models.Model | None:
        code = text_of(value)
        if not code:
            return None
        found = self.find(code)
        if found is None:
            raise ValueError(f"「{code}」という{self.what}はありません。{self.what}を確かめてください。")
        return found

    def render(self, value: models.Model | None, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(getattr(value, self.attribute))


def plain(value: Decimal) -> Decimal:
    """The same number without the zeros a column of fixed places adds."""
    normal = value.normalize()
    return normal.quantize(Decimal(1)) if normal == normal.to_integral_value() else normal
