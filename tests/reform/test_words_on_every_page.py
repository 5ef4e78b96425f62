"""The second city's pages, files and report say nothing that no page may say; and what is looked for is found."""

from __future__ import annotations

import pytest

from tests.page_words import (
    can_be_read,
    judged_years,
    junk_in,
    names_published,
    shares_without_grounds,
    sweep,
    visible,
    wrong_verdicts,
)
from tests.reform.test_nothing_belongs_to_one_city import foreign
from tests.test_access import NAMES


@pytest.mark.parametrize(
    "text",
    [
        "値 NaN件", "前年 None", "目標 12.300000％", "12.3000000 %", "1E+7人", "45％", "▲3件減", "▲1.5万人減", "＋20人増",
        "▲▲3", "前月から -5人", "（）", "出典：「」", "1.6倍（架空値・架空値）", "Decimal('3')",
    ],
)  # fmt: skip
def test_what_is_broken_is_found(text) -> None:
    assert junk_in(text) != []


@pytest.mark.parametrize(
    "text",
    [
        "▲3件", "3件減", "＋1.5ポイント", "割合（％）", "2025-05", "令和7年4月-6月", "1,000.25", "10.5000", "（概数・速報値）", "Nonesuch",
        "▲4.5%、23.5万時間減", "減る ▲3", "e-mail",
    ],
)  # fmt: skip
def test_what_is_whole_is_let_through(text) -> None:
    assert junk_in(text) == []


def test_words_are_those_that_are_seen_or_read_out() -> None:
    html = (
        '<p title="NaN">値<script>None</script></p><input type="hidden" value="1.000000"><input value="2.5">'
        '<svg aria-label="図 &lt;3"></svg>'
    )
    assert visible(html).split() == ["値", "NaN", "2.5", "図", "<3"]


#: Addresses of which the city has nothing: it made no edition (the draft is the same document), no answer has a file, and
#: somebody signed in is sent on from the page that signs in.
NOT_THERE = {
    "reports:edition_html",
    "reports:edition_view",
    "reports:edition_pdf",
    "inquiries:file",
    "inquiries:event_file",
    "login",
}


@pytest.mark.timeout(400)  # some three hundred pages
def test_no_page_and_no_file_shows_what_is_broken_or_knows_the_first_city(second_city) -> None:
    found = sweep(second_city, also=foreign)
    assert [name for name in NAMES if can_be_read(name) and not found.read[name] and name not in NOT_THERE] == []
    assert found.read.total() > 200
    assert found.wrong == {}


def test_no_word_without_grounds(second_city) -> None:
    assert list(wrong_verdicts(second_city)) == []
    assert list(judged_years(second_city)) == []


def test_no_name_is_published(second_city) -> None:
    assert list(names_published(second_city)) == []


def test_no_share_without_its_choice_and_base(second_city) -> None:
    assert list(shares_without_grounds(second_city)) == []
