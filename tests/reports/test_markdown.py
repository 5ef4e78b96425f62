"""An author's Markdown makes text, and nothing that loads, links or runs."""

import pytest

from reports.markdown import to_html


def test_words_can_be_strong_and_lines_broken():
    assert to_html("一つ\n**二つ**") == "<p>一つ<br />\n<strong>二つ</strong></p>\n"


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x>",
        "![絵](http://example.com/a.png)",
        "[外](http://example.com/)",
        "<http://example.com/>",
        "[a]: http://b.c",
    ],
)
def test_nothing_in_it_has_an_address(text):
    html = to_html(text)
    assert "<img" not in html
    assert "<a" not in html
    assert "href" not in html


@pytest.mark.parametrize("text", ["# 見出し", "###### 見出し"])
def test_a_heading_stands_below_the_pages_own(text):
    assert to_html(text) == "<h3>見出し</h3>\n"
