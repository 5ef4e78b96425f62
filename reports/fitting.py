"""Sets each page as large as fits on its sheet, and names what does not fit even at the smallest size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from reports.pdf import Typeset
from reports.scaling import STEPS

Section = dict[str, Any]
#: Pages whose lists may run on over several sheets; every other page has to fit on its own.
RUNNING_ON = {"data", "colophon"}
#: A page that is set smaller to fit, and runs on where that does not help.
MAY_RUN_ON = {"timeline"}
TOO_LONG = "1枚に収まりません"
#: So many sentences are said of one page.
SAID = 3


class DoesNotFit(ValueError):
    """Pages that do not fit; the Japanese message names each page and what runs over."""


def fit(sections: Sequence[Section], typeset: Callable[[Sequence[Section]], Typeset]) -> tuple[list[Section], Typeset]:
    """The sections, each with the `step` of its size, and the document typeset with them.

    A page that does not fit is set one step smaller and tried again, alone with the others like it. Raises DoesNotFit.
    """
    fitted = [{**section, "step": 0} for section in sections]
    document = typeset(fitted)
    problems = problems_of(fitted, document)
    too_large: dict[int, list[str]] = {}
    while problems:
        smaller = [s for s in fitted if s["number"] in problems and s["step"] + 1 < len(STEPS)]
        may_shrink = {section["number"] for section in smaller}
        too_large |= {number: said for number, said in problems.items() if number not in may_shrink}
        for section in smaller:
            section["step"] += 1
        problems = problems_of(smaller, typeset(smaller)) if smaller else {}
    if too_large:
        raise DoesNotFit(_explained(fitted, too_large))
    return fitted, document if all(s["step"] == 0 for s in fitted) else typeset(fitted)


def problems_of(sections: Sequence[Section], document: Typeset) -> dict[int, list[str]]:
    """What is wrong with each page, by its number; pages that fit are left out."""
    found: dict[int, list[str]] = {}
    starts = [document.first_sheets[name_of(section)] for section in sections]
    for section, start, end in zip(sections, starts, [*starts[1:], document.sheets + 1], strict=True):
        said = list(document.overruns.get(name_of(section), []))
        is_smallest = section["step"] == len(STEPS) - 1
        may_run_on = section["kind"] in RUNNING_ON or (section["kind"] in MAY_RUN_ON and is_smallest)
        if end - start > 1 and not may_run_on:
            said.append(TOO_LONG)
        if said:
            found[section["number"]] = said
    return found


def name_of(section: Section) -> str:
    """The page's anchor in the document."""
    return f"page-{section['number']}"


def _explained(sections: Sequence[Section], problems: dict[int, list[str]]) -> str:
    sentences = []
    for section in sections:
        if said := problems.get(section["number"]):
            more = f"（ほか{len(said) - SAID}件）" if len(said) > SAID else ""
            sentences.append(
                f"「{section['title']}」のページ：{'、'.join(said[:SAID])}{more}。文章か項目を減らしてください。"
            )
    return "\n".join(sentences)
