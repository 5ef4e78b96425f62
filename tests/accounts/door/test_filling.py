"""Typed text goes back into the fields of a form as they are in the page's HTML."""

from __future__ import annotations

import pytest

from accounts.door.filling import fill

PAGE = """<p>値は 3 &lt; 5
<form method="post" action="/a/" data-unsaved>
<input type="hidden" name="csrfmiddlewaretoken" value="new"><input type="hidden" name="seen_version" value="4">
<input name="title" value="old &amp; new"><textarea name="body">before</textarea>
<input type="checkbox" name="ok" checked><input type="radio" name="kind" value="1" checked><input type="radio" name="kind" value="2">
<select name="month"><option value="4" selected>4月</option><option value="5">5月</option></select>
<input type="password" name="word" value=""><input type="file" name="paper">
<input name="row" value="1"><input name="row" value="2"><button name="action" value="save">保存</button>
</form><input name="outside" form="f2"><form id="f2" method="post" action="/b/"></form><script>if (1 < 2) "</form>"</script>"""
NEVER = frozenset({"csrfmiddlewaretoken"})


def filled(*typed: tuple[str, str], action: str = "/a/"):
    return fill(PAGE, action, typed, page_path="/page/", never=NEVER)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (("title", 'a"<b>&'), '<input name="title" value="a&quot;&lt;b&gt;&amp;">'),
        (("body", "一行目\n</textarea>"), '<textarea name="body">\n一行目\n&lt;/textarea&gt;</textarea>'),
        (("kind", "2"), '<input type="radio" name="kind" value="1"><input type="radio" name="kind" value="2" checked>'),
        (("month", "5"), '<option value="4">4月</option><option value="5" selected>5月</option>'),
        (("ok", "on"), '<input type="checkbox" name="ok" checked>'),
        (("seen_version", "3"), '<input type="hidden" name="seen_version" value="3">'),
    ],
)
def test_each_kind_of_field_takes_what_was_sent(typed, expected):
    assert expected in filled(typed).html


def test_a_box_that_was_not_sent_is_not_ticked():
    assert '<input type="checkbox" name="ok">' in filled(("title", "x")).html


def test_fields_of_one_name_take_their_values_in_order():
    html = filled(("row", "10"), ("row", "20")).html
    assert '<input name="row" value="10"><input name="row" value="20">' in html


def test_the_token_passwords_files_and_buttons_stay_as_the_page_has_them():
    html = filled(
        ("csrfmiddlewaretoken", "old"), ("word", "secret"), ("paper", "x"), ("action", "other"), ("title", "x")
    ).html
    assert 'value="new"' in html
    assert "secret" not in html
    assert '<button name="action" value="save">' in html


def test_the_page_asks_before_it_is_left():
    assert 'data-unsaved="kept"' in filled(("title", "x")).html


def test_all_else_in_the_page_stays_letter_for_letter():
    html = filled(("title", "x")).html
    assert html.startswith("<p>値は 3 &lt; 5\n<form")
    assert html.endswith(PAGE[PAGE.index('</form><input name="outside"') :])


def test_a_field_elsewhere_that_names_its_form_is_filled():
    assert '<input name="outside" form="f2" value="x">' in filled(("outside", "x"), action="/b/").html


def test_what_finds_no_field_is_told_but_not_what_the_page_had_put_there():
    rest = filled(("title", "x"), ("gone", "説明"), ("empty", " "), ("initial-gone", "1"), ("a-TOTAL_FORMS", "3")).rest
    assert rest == [("gone", "説明")]


def test_without_the_form_everything_is_told_and_nothing_changed():
    result = filled(("title", "x"), action="/elsewhere/")
    assert (result.html, result.rest, result.at) == (PAGE, [("title", "x")], None)


@pytest.mark.parametrize(("page_path", "is_filled"), [("/here/", True), ("/there/", False)])
def test_a_form_without_an_action_is_its_pages(page_path, is_filled):
    html = fill('<form method="post"><input name="a"></form>', "/here/", [("a", "x")], page_path=page_path).html
    assert ('value="x"' in html) == is_filled


def test_of_several_forms_to_one_address_the_one_with_the_same_hidden_fields_is_filled():
    row = '<form method="post" action="/x/"><input type="hidden" name="entry" value="{0}"><input name="reason"></form>'
    html = fill(row.format(1) + row.format(2), "/x/", [("entry", "2"), ("reason", "誤り")], page_path="/").html
    assert html.index('value="2"') < html.index("誤り")
    assert html.count("誤り") == 1


# --- Boxes, and where the notice stands ---------------------------------------------------------------------------
QUEUE = (
    '<h1>x</h1><table><tr><td><details class="c"><summary>差し戻す</summary><textarea name="reason" form="r7"></textarea>'
    "</details></td></tr></table><details><summary>ほか</summary></details>"
    '<form method="post" action="/approvals/7/" id="r7"><input type="hidden" name="seen_version" value="1"></form>'
)


def test_a_box_with_a_filled_field_is_opened_and_the_notice_stands_before_it():
    filled = fill(QUEUE, "/approvals/7/", [("seen_version", "1"), ("reason", "前月の2倍")], page_path="/approvals/")
    assert '<details class="c" open><summary>差し戻す' in filled.html
    assert "<details><summary>ほか" in filled.html
    assert filled.html[filled.at :].startswith('<details class="c" open>')
    assert "autofocus" in filled.html


def test_a_box_around_the_whole_form_is_opened_too():
    html = (
        '<details><summary>訂正する</summary><form method="post" action="/p/"><textarea name="results"></textarea></form>'
        "</details>"
    )
    filled = fill(html, "/p/", [("results", "文章")], page_path="/p/")
    assert filled.html.startswith("<details open>")
    assert filled.html[filled.at :].startswith("<form")


def test_a_box_whose_field_is_empty_stays_closed():
    filled = fill(QUEUE, "/approvals/7/", [("seen_version", "1"), ("reason", "")], page_path="/approvals/")
    assert "open>" not in filled.html


def test_the_form_says_from_which_copy_it_was_filled():
    filled = fill(QUEUE, "/approvals/7/", [("reason", "x")], page_path="/approvals/", mark=("kept_copy", 'a"b'))
    assert 'id="r7"><input type="hidden" name="kept_copy" value="a&quot;b">' in filled.html


def test_what_stood_in_a_field_before_is_no_text_of_a_persons():
    typed = [("initial-s1-typed", "5"), ("s1-typed", "5"), ("s1-comment", "書いた")]
    assert fill("<p>", "/p/", typed, page_path="/p/").rest == [("s1-comment", "書いた")]
