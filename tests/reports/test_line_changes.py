"""A figure changes in the report exactly where it is printed and drawn."""

import re
from datetime import date

from reports.rendering import context_of, to_html
from reports.snapshot import take
from tests.reports.conftest import CREATED, files_of, html_text, pdf_pages, set_value


def test_fifty_thousand_friends_change_the_value_the_ratio_and_nothing_else(report, files):
    before = files
    set_value("line-friends", date(2025, 5, 1), "50000")
    after = files_of(take(report))

    def changed(text: str) -> str:
        # What was printed went with its value: the computed ratio carries the marks of both.
        marked = text.replace("1.6倍令和6年8月末との比較", "1.6倍令和6年8月末との比較算出値概数")
        return marked.replace("40,000人", "50,000人").replace("1.6倍", "2.0倍")

    assert html_text(after) == changed(html_text(before))
    assert pdf_pages(after) == [changed(page) for page in pdf_pages(before)]
    assert html_text(after) != html_text(before)


def test_the_columns_are_drawn_to_the_new_value(report, files):
    def heights(html: bytes) -> list[float]:
        chart = re.search(r'<div class="panel-columns-chart">(.*?)</svg>', html.decode(), re.DOTALL)[1]
        return [float(height) for height in re.findall(r'<rect [^>]*height="([\d.]+)"', chart)]

    before = heights(files.html)
    set_value("line-friends", date(2025, 5, 1), "50000")
    after = heights(to_html(context_of(take(report), CREATED)))
    assert round(before[1] / before[0], 1) == 1.6
    assert round(after[1] / after[0], 1) == 2.0
