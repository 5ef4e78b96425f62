"""Placeholders in a report's text: `{{ kpi:line-friends.value }}`, `{{ survey:staff-2025/steady-progress.percent }}`.

They have a parser of their own. The Django template engine is never near what an author types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from django.core.exceptions import ValidationError

from kpis import claims
from reports import accounts_of_progress, opinions
from reports.figures import ATTRIBUTES, Figure, Figures, check_reference
from reports.opinions import Opinion
from reports.references import UnknownFigure

_FORM = re.compile(r"\s*(?P<kind>\w+):(?P<reference>[^\s.{}]+)\.(?P<attribute>\w+)\s*")
KINDS = {"kpi": ATTRIBUTES, "survey": opinions.ATTRIBUTES, "progress": accounts_of_progress.ATTRIBUTES}


@dataclass(frozen=True)
class Placeholder:
    """What stands between the braces."""

    kind: str
    reference: str
    attribute: str

    def __str__(self) -> str:
        return f"{{{{ {self.kind}:{self.reference}.{self.attribute} }}}}"


def placeholders_in(text: str) -> list[Placeholder]:
    """All placeholders of a text. Raises ValidationError naming the first that cannot be read."""
    outside, inside = _split(text)
    rest = "".join(outside)
    if "{{" in rest or "}}" in rest:
        raise ValidationError("「{{」と「}}」の数が合いません。", code="braces")
    return [_parse(inner) for inner in inside]


def _split(text: str) -> tuple[list[str], list[str]]:
    """What stands outside the braces, one more than what stands inside. Each letter is looked at once: an expression
    would look for the end behind every "{{" anew."""
    outside, inside, start = [], [], 0
    while (opened := text.find("{{", start)) >= 0 and (closed := text.find("}}", opened + 2)) >= 0:
        outside.append(text[start:opened])
        inside.append(text[opened + 2 : closed])
        start = closed + 2
    return [*outside, text[start:]], inside


def _parse(inner: str) -> Placeholder:
    match = _FORM.fullmatch(inner)
    if match is None:
        raise ValidationError(
            f"「{{{{{inner}}}}}」を読み取れません。「{{{{ kpi:コード.value }}}}」のように書いてください。", code="form"
        )
    return Placeholder(match["kind"], match["reference"], match["attribute"])


def check_text(text: str, until: date | None = None) -> None:
    """Raises ValidationError for every placeholder that names no figure, survey or attribute, with the near names, and
    for one of a period after `until`, the last day a report's figures may be of."""
    problems = []
    for placeholder in placeholders_in(text):
        if problem := _problem(placeholder, until):
            problems.append(f"「{placeholder}」：{problem}")
    if problems:
        raise ValidationError(problems, code="unknown")


def _problem(placeholder: Placeholder, until: date | None) -> str:
    known = KINDS.get(placeholder.kind)
    if known is None:
        return "「kpi:」「survey:」「progress:」のどれかで始めてください。"
    if placeholder.attribute not in known:
        near = get_close_matches(placeholder.attribute, known, n=2, cutoff=0.5) or list(known)
        return f"「.{placeholder.attribute}」は使えません。使えるもの：{'、'.join(near)}"
    try:
        if placeholder.kind == "kpi":
            check_reference(placeholder.reference, until)
        elif placeholder.kind == "progress":
            accounts_of_progress.check_reference(placeholder.reference)
        else:
            opinions.read_opinion(placeholder.reference, until)
    except (UnknownFigure, opinions.UnknownOpinion) as error:
        return str(error)
    return ""


def resolve(text: str, figures: Figures) -> str:
    """The text with every placeholder written out.

    Raises UnknownFigure or UnknownOpinion where one has no value, ValidationError where one cannot be read.
    """
    placeholders_in(text)

    def write(inner: str) -> str:
        placeholder = _parse(inner)
        if placeholder.attribute not in KINDS.get(placeholder.kind, {}):
            raise UnknownFigure(f"「{placeholder}」：{_problem(placeholder, None)}")
        sources = {"kpi": figures.get, "survey": figures.opinion, "progress": figures.progress}
        named = sources[placeholder.kind](placeholder.reference)
        written = claims.beside(str(getattr(named, placeholder.attribute)), marks_beside(named, placeholder.attribute))
        if not written:
            what = KINDS[placeholder.kind][placeholder.attribute]
            raise UnknownFigure(
                f"「{placeholder}」を書けません。{what}に必要な値が登録されているか確かめてください。"
                "年の途中や一部だけの値は、基準値と比べられません。"
            )
        return written

    outside, inside = _split(text)
    return outside[0] + "".join(write(inner) + after for inner, after in zip(inside, outside[1:], strict=True))


def marks_beside(named: object, attribute: str) -> list[str]:
    """The marks of what an attribute writes: a sentence says of a value, with its unit or without, what the page would."""
    if isinstance(named, Figure):
        if attribute == "baseline":
            return ["算出値"] if named.baseline_is_derived else []
        return named.marks if attribute in ("value", "rate", "number") else named.marks_of.get(attribute, [])
    if isinstance(named, Opinion) and attribute in ("percent", "count"):
        return [mark for mark in named.marks if attribute == "percent" or mark == "架空値"]  # people are counted
    return []
