"""The days on which things happen in the city, all worked out from today. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from japan.fiscal import add_months, date_of_fiscal_month, fiscal_year_of, fiscal_year_start, month_end, month_start
from reform.second_city.sizes import Size


@dataclass(frozen=True)
class Timeline:
    """What `today` means for a city of a size."""

    today: date
    size: Size

    @property
    def last_month(self) -> date:
        """The newest month that has ended: it is being reported."""
        return add_months(month_start(self.today), -1)

    @property
    def fiscal_year(self) -> int:
        """The fiscal year of that month: year 0 of the data files."""
        return fiscal_year_of(self.last_month)

    @property
    def introduced(self) -> date:
        """The first month that is reported in the product."""
        return add_months(self.last_month, 1 - self.size.reported_months)

    @property
    def reported(self) -> list[date]:
        return [add_months(self.introduced, n) for n in range(self.size.reported_months)]

    @property
    def changed(self) -> date:
        """The day of the 組織改正: the first of the last month but one."""
        return add_months(self.last_month, -1)

    @property
    def last_closed(self) -> date:
        """The newest closed month."""
        return add_months(self.last_month, -2)

    @property
    def corrected(self) -> date:
        """The closed month of which a value is corrected."""
        return add_months(self.last_month, -3)

    @property
    def first_month(self) -> date:
        """The first month with a value."""
        return fiscal_year_start(self.fiscal_year - self.size.years)

    @property
    def posted(self) -> date:
        """The 人事異動 with which today's people began."""
        return fiscal_year_start(self.fiscal_year - 1)

    def year(self, offset: int) -> int:
        """A fiscal year of the data files: 0 is the running one."""
        return self.fiscal_year + offset

    def month(self, offset: int, month: int) -> date:
        """A month of such a fiscal year, by its first day."""
        return date_of_fiscal_month(self.year(offset), month)

    def month_end(self, offset: int, month: int) -> date:
        return month_end(self.month(offset, month))

    def back(self, month: date) -> int:
        """How many months a month lies before the newest."""
        return (self.last_month.year - month.year) * 12 + self.last_month.month - month.month
