"""A page that shows the beginning of a list says how many more there are (rule 17)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.core.paginator import Page
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.first_rows import FirstRows, first_rows
from accounts.models import AccountNotice, Department, Succession
from reform.reorganising import PAST, past_changes


@pytest.mark.parametrize(("length", "shown", "more", "queries"), [(2, 2, 3, 2), (5, 5, 0, 1), (9, 5, 0, 1)])
def test_rows_are_counted_only_where_there_are_more(
    db, django_assert_num_queries, length, shown, more, queries
) -> None:
    _departments(5)
    with django_assert_num_queries(queries):
        found = first_rows(Department.objects.order_by("code"), length)
    assert (len(found), found.more) == (shown, more)


def test_how_many_more_is_said_in_words_and_nothing_where_all_are_shown() -> None:
    said = {"text": "CSVで見られます。", "url": "/jobs/", "link": "すべて"}
    words = render_to_string("components/more.html", {"rows": FirstRows([1], 7), **said})
    assert 'このほかに7件あります。CSVで見られます。<a href="/jobs/">すべて</a>' in words
    assert render_to_string("components/more.html", {"rows": FirstRows([1]), **said}).strip() == ""


def test_notices_beyond_those_on_the_page_are_counted(viewer, signed_in) -> None:
    notice = {"user": viewer, "made_by": "改革 太郎", "at": timezone.now()}
    AccountNotice.objects.bulk_create(AccountNotice(text=f"{n}番", **notice) for n in range(7))
    assert "このほかに2件あります。「確認しました」を押すと" in signed_in(viewer).get("/").text


def test_past_reorganisations_come_in_pages(db) -> None:
    departments = _departments(PAST + 2)
    Succession.objects.bulk_create(
        Succession(predecessor=before, successor=after, date=after.valid_from, kind=Succession.Kind.RENAME)
        for before, after in pairwise(departments)
    )
    last: Page[Succession] = past_changes("2")
    assert (last.paginator.count, len(last.object_list)) == (PAST + 1, 1)


def _departments(count: int) -> list[Department]:
    day = timezone.localdate()
    rows = [
        Department(code=f"9{n:02}", name=f"{n}課", short_name=f"{n}課", furigana=f"{n}か", valid_from=day, order=n)
        for n in range(count)
    ]
    return Department.objects.bulk_create(rows)
