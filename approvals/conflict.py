"""Somebody was quicker: what is stored now goes along, so that the page can show it beside what was typed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError


class Conflict(Exception):
    """Somebody else saved or decided since the page was shown.

    `report` is what is stored now (None where there is none), `counting` what counts already, where the report would
    change it.
    """

    def __init__(self, report: Any, counting: Any = None) -> None:
        super().__init__("表示したあとに、ほかの人が更新しました。いまの内容を確かめて、もう一度操作してください。")
        self.report = report
        self.counting = counting


#: What stands in the way of an act, by the id of the report.
Errors = dict[int, Conflict | ValidationError]


class Refused(Exception):
    """An act on several reports at once was refused for some of them, and done to none."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(f"{len(errors)}件が妨げになっています。")
        self.errors = errors
