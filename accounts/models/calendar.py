"""閉庁日: the days a city hall is closed beyond weekends, national holidays and 12/29–1/3, and those it opens all the same."""

from __future__ import annotations

from datetime import date

from django.db import models

from japan.closed_days import CityCalendar
from japan.wareki import date_label


class ClosedDayQuerySet(models.QuerySet["ClosedDay"]):
    def closed(self) -> frozenset[date]:
        """The city's own closed days, as japan.closed_days takes them."""
        return frozenset(self.filter(is_open=False).values_list("day", flat=True))

    def opened(self) -> frozenset[date]:
        """Days the city hall opens although the calendar says closed (a Sunday counter day)."""
        return frozenset(self.filter(is_open=True).values_list("day", flat=True))

    def calendar(self) -> CityCalendar:
        """Both in one query: what due dates are counted by. Read it once per page or job and hand it on."""
        days = list(self.values_list("day", "is_open"))
        return CityCalendar(
            closed=frozenset(day for day, is_open in days if not is_open),
            opened=frozenset(day for day, is_open in days if is_open),
        )


class ClosedDay(models.Model):
    """One exception to the calendar."""

    day = models.DateField(
        "日付", unique=True, error_messages={"unique": "この日は登録済みです。登録済みの行を直してください。"}
    )
    name = models.CharField("名称", max_length=60, help_text="例：市制施行記念日、臨時の閉庁日")
    is_open = models.BooleanField("開庁日にする", default=False, help_text="休日でも開庁する日に付けます。")

    objects = ClosedDayQuerySet.as_manager()

    class Meta:
        verbose_name = "閉庁日"
        verbose_name_plural = "閉庁日"
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name=""),
                name="closed_day_has_name",
                violation_error_message="名称を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{date_label(self.day)} {self.name}"
