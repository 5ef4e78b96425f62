"""Days in the lists of the back office are written as on every page."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

from accounts.back_office.lists import day_of
from accounts.models import Assignment, User


def test_a_day_is_written_in_wareki_under_its_fields_name() -> None:
    column = day_of(Assignment, "valid_from")
    assert column(SimpleNamespace(valid_from=date(2026, 4, 1))) == "令和8年4月1日"
    assert column.short_description == "開始日"


def test_a_moment_is_of_the_city_s_clock_and_nothing_is_a_dash() -> None:
    column = day_of(User, "last_login")
    assert column(SimpleNamespace(last_login=datetime(2026, 3, 31, 15, 5, tzinfo=UTC))) == "令和8年4月1日 00:05"
    assert column(SimpleNamespace(last_login=None)) == "—"
