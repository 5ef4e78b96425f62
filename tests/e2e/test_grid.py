"""The month's grid in a browser: thirty figures by keyboard, by one paste, with a Japanese input method; nothing is lost."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect

from accounts.models import Assignment
from japan.fiscal import add_months, fiscal_months, fiscal_year_of, month_start
from kpis.models import Entry, Series
from tests.conftest import person
from tests.kpis.reporting_world import draft, report
from tests.kpis.world import make_kpi, part, put

COUNT = 30
#: As people write numbers, and what each means.
FORMS = [
    ("1,234", "1234"), ("２３．５万", "235000"), ("▲12", "-12"), ("987件", "987"), ("１，０００", "1000"),
    ("0", "0"), ("1億2,000万", "120000000"), ("△5", "-5"), ("5千", "5000"), ("42", "42"),
]  # fmt: skip


@pytest.fixture
def last_month() -> date:
    return add_months(month_start(timezone.localdate()), -1)


@pytest.fixture
def department_of_30(department) -> list[Series]:
    """情報政策課 with thirty figures to report each month."""
    found = []
    for number in range(COUNT):
        series = part(make_kpi(f"k{number:02}", f"窓口の件数{number + 1}", "件", "stock"))
        report(series, department)
        found.append(series)
    return found


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext], sign_in, base_url, last_month) -> Callable[..., Page]:
    def open_page(user: Any, **options: Any) -> Page:
        page = new_context(**({"viewport": {"width": 1366, "height": 768}} | options)).new_page()
        sign_in(page, user)
        page.goto(f"{base_url}/entries/1010/{last_month:%Y-%m}/")
        if options.get("java_script_enabled", True):
            page.locator('form[data-grid="ready"]').wait_for()
        return page

    return open_page


@pytest.fixture
def effort(record_property, capsys) -> Callable[[str, int, float], None]:
    """Says in the run's own words how much work a department's month was."""

    def say(way: str, presses: int, seconds: float) -> None:
        record_property(way, f"{presses} key presses, {seconds:.1f} s")
        with capsys.disabled():
            from sys import stdout

            stdout.write(f"\n  {COUNT} figures {way}: {presses} key presses, {seconds:.1f} s\n")

    return say


def field(page: Page, series: Series, name: str = "typed") -> Locator:
    return page.locator(f"[name=s{series.pk}-{name}]")


def state(page: Page, series: Series) -> Locator:
    return page.locator(f"#s{series.pk} [data-save-state]")


def understood(page: Page, series: Series) -> Locator:
    return page.locator(f"#s{series.pk}-understood")


def drafts(when: date) -> dict[int, Decimal | None]:
    return {entry.series_id: entry.value for entry in Entry.objects.filter(period=when, state=Entry.State.DRAFT)}


def paste(page: Page, target: Locator, text: str) -> None:
    """A real paste event with a real DataTransfer, as a spreadsheet's copy leaves it."""
    target.focus()
    target.evaluate(
        """(field, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            field.dispatchEvent(event);
        }""",
        text,
    )


def texts() -> list[tuple[str, Decimal]]:
    return [(FORMS[n % len(FORMS)][0], Decimal(FORMS[n % len(FORMS)][1])) for n in range(COUNT)]


def test_thirty_figures_are_entered_by_keyboard_alone(open_page, department_of_30, editor, last_month, effort):
    page = open_page(editor)
    values = [str(1000 + 37 * number) for number in range(COUNT)]
    field(page, department_of_30[0]).focus()
    began = time.monotonic()
    for text in values:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    expect(page.locator(".state--saved")).to_have_count(COUNT)
    effort("by keyboard", sum(len(text) + 1 for text in values), time.monotonic() - began)
    expected = {series.pk: Decimal(text) for series, text in zip(department_of_30, values, strict=True)}
    assert drafts(last_month) == expected


@pytest.mark.both_profiles
def test_thirty_figures_are_entered_by_one_paste_and_one_request(
    open_page, department_of_30, editor, last_month, effort
):
    page = open_page(editor)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url) if request.method == "POST" else None)
    text = "\r\n".join(f'"{text}"' if number % 3 == 0 else text for number, (text, _) in enumerate(texts())) + "\r\n"
    began = time.monotonic()
    paste(page, field(page, department_of_30[0]), text)
    expect(page.get_by_text("30件を貼り付け、30件を保存しました。")).to_be_visible()
    effort("by one paste", 1, time.monotonic() - began)
    expected = {series.pk: value for series, (_, value) in zip(department_of_30, texts(), strict=True)}
    assert drafts(last_month) == expected
    assert len(requests) == 1


def test_thirty_figures_are_entered_with_a_japanese_input_method(
    open_page, department_of_30, editor, last_month, effort
):
    page = open_page(editor)
    keyboard = page.context.new_cdp_session(page)
    field(page, department_of_30[0]).focus()
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    began, presses = time.monotonic(), 0
    for series, (text, _) in zip(department_of_30, texts(), strict=True):
        keyboard.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
        keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})  # confirms the conversion
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": "Enter", "code": "Enter"})
        keyboard.send("Input.insertText", {"text": text})
        expect(field(page, series)).to_be_focused()
        page.evaluate("new Promise((done) => setTimeout(() => setTimeout(done)))")  # the page has taken in its end
        page.keyboard.press("Enter")  # moves down
        presses += len(text) + 2
    expect(page.locator(".state--saved")).to_have_count(COUNT)
    effort("with an input method", presses, time.monotonic() - began)
    expected = {series.pk: value for series, (_, value) in zip(department_of_30, texts(), strict=True)}
    assert drafts(last_month) == expected


def test_while_a_text_is_converted_no_key_moves_saves_or_takes_back(open_page, department_of_30, editor):
    page = open_page(editor)
    first = department_of_30[0]
    field(page, first).focus()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "１２", "selectionStart": 2, "selectionEnd": 2})
    for key in ("Enter", "ArrowDown", "ArrowUp", "Escape"):
        pressed = {"key": key, "code": key, "windowsVirtualKeyCode": 229}
        keyboard.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **pressed})
        expect(field(page, first)).to_be_focused()
    keyboard.send("Input.insertText", {"text": "１２"})
    expect(field(page, first)).to_have_value("１２")
    assert not Entry.objects.exists()


def test_arrows_and_shift_enter_move_and_escape_puts_back_what_is_saved(
    open_page, department_of_30, editor, last_month
):
    first, second, third = department_of_30[:3]
    draft(second, editor, "5", last_month, typed="5")
    page = open_page(editor)
    field(page, first).focus()
    page.keyboard.press("ArrowDown")
    expect(field(page, second)).to_be_focused()
    page.keyboard.type("77")
    page.keyboard.press("Escape")
    expect(field(page, second)).to_have_value("5")
    page.keyboard.type("7人")  # another unit: the cell says so when it is left
    page.keyboard.press("ArrowDown")
    expect(field(page, second)).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(field(page, second)).to_have_value("5")
    expect(field(page, second)).not_to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("単位が違います")).to_have_count(0)
    expect(field(page, second)).to_be_focused()
    page.keyboard.press("Enter")
    expect(field(page, third)).to_be_focused()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("ArrowUp")
    expect(field(page, first)).to_be_focused()
    assert drafts(last_month) == {second.pk: Decimal(5)}


def test_what_is_wrong_keeps_its_text_and_says_so_and_the_rest_of_the_block_is_saved(
    open_page, department_of_30, editor, last_month
):
    page = open_page(editor)
    first, second, third = department_of_30[:3]
    paste(page, field(page, first), "10\n1,23\n\n30\n")
    expect(page.get_by_text("3件を貼り付け、2件を保存しました。要確認 1件。")).to_be_visible()
    expect(state(page, second)).to_have_text("要確認")
    expect(field(page, second)).to_have_value("1,23")
    expect(page.locator(f"#s{second.pk}-error")).to_contain_text("位取りがあいまいです")
    assert drafts(last_month) == {first.pk: Decimal(10), department_of_30[3].pk: Decimal(30)}
    expect(field(page, third)).to_have_value("")


def test_a_block_of_several_columns_is_asked_which_one_holds_the_values(
    open_page, department_of_30, editor, last_month
):
    page = open_page(editor)
    paste(page, field(page, department_of_30[0]), "窓口1\t10\n窓口2\t20")
    page.get_by_role("button", name="2列目（10、20…）").click()
    expect(page.get_by_text("2件を貼り付け、2件を保存しました。")).to_be_visible()
    assert list(drafts(last_month).values()) == [Decimal(10), Decimal(20)]


def test_ctrl_z_takes_back_the_last_saved_change_by_saving_what_stood_there(
    open_page, department_of_30, editor, last_month
):
    first, second = department_of_30[:2]
    draft(first, editor, "5", last_month, typed="5")
    page = open_page(editor)
    field(page, first).fill("6")
    page.keyboard.press("Enter")
    expect(state(page, first)).to_have_text("保存済")
    paste(page, field(page, second), "1\n2\n3")
    expect(page.get_by_text("3件を貼り付け、3件を保存しました。")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("3件を元に戻しました。")).to_be_visible()
    assert drafts(last_month) == {first.pk: Decimal(6)}
    page.keyboard.press("Control+z")
    expect(page.get_by_text("1件を元に戻しました。")).to_be_visible()
    assert drafts(last_month) == {first.pk: Decimal(5)}


def test_a_correction_stays_open_while_its_value_is_empty_and_can_be_opened_again(
    open_page, department_of_30, editor, last_month
):
    first, second = department_of_30[:2]
    put(first.kpi, f"{last_month:%Y-%m}", 12)
    put(second.kpi, f"{last_month:%Y-%m}", None, missing_reason="not_applicable")
    page = open_page(editor)
    page.locator(f"#s{first.pk}").get_by_role("link", name="訂正する").click()
    field(page, first).fill("")
    page.keyboard.press("Tab")
    expect(page.locator(f"#s{first.pk}-error")).to_contain_text("値なしの理由を選んでください")
    expect(field(page, first, "missing_reason")).to_be_focused()
    field(page, first, "missing_reason").select_option("pending")
    expect(state(page, first)).to_have_text("保存済")

    page.locator(f"#s{second.pk}").get_by_role("link", name="訂正する").click()
    page.locator('form[data-grid="ready"]').wait_for()
    field(page, second, "missing_reason").select_option("")
    expect(page.locator(f"#s{second.pk}-error")).to_contain_text("空欄です")
    field(page, second).fill("5957")
    page.keyboard.press("Tab")
    expect(state(page, second)).to_have_text("保存済")
    assert drafts(last_month) == {first.pk: None, second.pk: Decimal(5957)}

    # A row that became read-only on the page whose address asks for it is opened again by its link.
    link = f"<a href='?correct={second.pk}#s{second.pk}' data-opens-row>もう一度</a>"
    page.locator(f"#s{second.pk} .entry-table__acts").evaluate("(acts, link) => acts.innerHTML = link", link)
    page.evaluate("window.before = true")
    page.get_by_role("link", name="もう一度").click()
    page.wait_for_function("window.before === undefined")
    expect(field(page, second)).to_have_value("5957")


def test_without_a_connection_the_cell_says_so_keeps_its_text_and_is_saved_on_retry(
    open_page, department_of_30, editor, last_month, page_problems
):
    page = open_page(editor)
    first = department_of_30[0]
    page.context.set_offline(True)
    field(page, first).fill("12")
    page.keyboard.press("Enter")
    expect(state(page, first)).to_contain_text("保存できません")
    expect(field(page, first)).to_have_value("12")
    expect(page.get_by_text("保存していない入力があります。")).to_be_visible()
    page.route("**/cells/", lambda route: route.abort())  # back on the network, the server still out of reach
    page.context.set_offline(False)
    expect(state(page, first)).to_contain_text("保存できません")
    page.unroute("**/cells/")
    state(page, first).get_by_role("button", name="再試行").click()
    expect(state(page, first)).to_have_text("保存済")
    expect(page.get_by_text("保存していない入力があります。")).to_be_hidden()
    assert drafts(last_month) == {first.pk: Decimal(12)}
    page_problems.clear()  # the browser notes the lost requests


def test_a_server_that_does_not_answer_is_not_waited_for_for_ever(
    open_page, department_of_30, editor, last_month, page_problems
):
    page = open_page(editor)
    first = department_of_30[0]
    page.locator("form[data-grid]").evaluate("form => { form.dataset.patience = '300'; }")
    page.route("**/cells/", lambda route: None)
    field(page, first).fill("12")
    page.keyboard.press("Enter")
    expect(state(page, first)).to_contain_text("保存できません")
    page.unroute_all(behavior="ignoreErrors")
    page_problems.clear()


@pytest.mark.parametrize("status", [503, 502])
def test_while_the_database_restarts_the_cell_keeps_its_text_and_is_saved_by_itself(
    open_page, department_of_30, editor, last_month, page_problems, status
):
    page = open_page(editor)
    first = department_of_30[0]
    page.locator("form[data-grid]").evaluate("form => { form.dataset.pause = '1500'; }")
    page.route("**/cells/", lambda route: route.fulfill(status=status, body="away"), times=1)
    field(page, first).fill("12")
    page.keyboard.press("Enter")
    expect(state(page, first)).to_contain_text("保存できません")
    expect(page.get_by_text("自動でもう一度保存します")).to_be_visible()
    expect(field(page, first)).to_have_value("12")
    expect(state(page, first)).to_have_text("保存済")
    assert drafts(last_month) == {first.pk: Decimal(12)}
    page_problems.clear()  # the browser notes the refused request


def test_two_editors_on_one_cell_one_wins_and_the_other_sees_both_and_decides(
    open_page, department_of_30, department, editor, last_month
):
    first = department_of_30[0]
    colleague = person("E009", "同僚 三郎", Assignment.Role.EDITOR, department, "主任")
    mine, theirs = open_page(editor), open_page(colleague)
    field(theirs, first).fill("40")
    theirs.keyboard.press("Enter")
    expect(state(theirs, first)).to_have_text("保存済")
    field(mine, first).fill("30")
    mine.keyboard.press("Enter")
    expect(state(mine, first)).to_have_text("ほかの人が更新")
    box = mine.locator(".conflict")
    expect(box).to_contain_text("30件")
    expect(box).to_contain_text("40件")
    assert drafts(last_month) == {first.pk: Decimal(40)}
    box.get_by_label("自分の入力に置き換える").check()
    box.get_by_role("button", name="この内容で決める").click()
    expect(state(mine, first)).to_have_text("保存済")
    assert drafts(last_month) == {first.pk: Decimal(30)}


def test_what_is_typed_while_the_answer_is_under_way_stays_and_is_saved_next(
    open_page, department_of_30, editor, last_month
):
    page = open_page(editor)
    first, second = department_of_30[:2]
    held: list[Any] = []
    page.route("**/cells/", lambda route: held.append(route))
    field(page, first).fill("1")
    page.keyboard.press("Enter")
    expect(state(page, first)).to_have_text("保存中")
    field(page, first).fill("12")
    held.pop().continue_()
    page.unroute("**/cells/")
    expect(understood(page, first)).to_have_text("12件")
    expect(field(page, first)).to_have_value("12")
    expect(field(page, first)).to_be_focused()
    field(page, second).focus()
    expect(state(page, first)).to_have_text("保存済")
    expect(page.get_by_text("保存していない入力があります。")).to_be_hidden()
    assert drafts(last_month) == {first.pk: Decimal(12)}


def test_the_grid_is_accessible_and_fits_at_1366(open_page, department_of_30, editor, last_month, assert_accessible):
    put(department_of_30[0].kpi, f"{add_months(last_month, -1):%Y-%m}", 41_000)
    page = open_page(editor)
    paste(page, field(page, department_of_30[0]), "10\n1,23\n")
    expect(page.get_by_text("要確認 1件。")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_panel_opens_beside_the_cell_takes_a_paper_and_a_comment_and_gives_the_focus_back(
    open_page, department_of_30, editor, last_month, assert_accessible
):
    first = department_of_30[0]
    put(first.kpi, f"{add_months(last_month, -2):%Y-%m}", 40)
    put(first.kpi, f"{add_months(last_month, -1):%Y-%m}", 41)
    page = open_page(editor)
    field(page, first).fill("42")
    page.keyboard.press("F2")
    panel = page.locator("[data-grid-panel]")
    expect(panel.locator("svg[role=img]").first).to_be_visible()
    assert_accessible(page)
    panel.get_by_text("資料を添付する").click()
    paper = {"name": "集計.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}
    panel.get_by_label("ファイル").set_input_files([paper])
    panel.get_by_role("button", name="添付する").click()
    expect(panel.get_by_role("link", name="集計.pdf")).to_be_visible()
    panel.get_by_role("textbox", name="コメント").fill("速報です")
    panel.get_by_role("button", name="コメントと区分を一時保存").click()
    expect(field(page, first, "comment")).to_have_value("速報です")
    panel.press("Escape")
    expect(panel).to_be_hidden()
    expect(field(page, first)).to_be_focused()
    field(page, first).fill("43")
    page.keyboard.press("Enter")
    expect(state(page, first)).to_have_text("保存済")
    entry = Entry.objects.open().get()
    assert (entry.value, entry.comment) == (Decimal(43), "速報です")
    assert first.kpi.evidence.get().month == last_month


@pytest.fixture
def ended_months(last_month) -> list[date]:
    """The ended months of last month's fiscal year, of which there is at least one."""
    return [month for month in fiscal_months(fiscal_year_of(last_month)) if month <= last_month]


@pytest.fixture
def year_url(base_url, last_month) -> str:
    return f"{base_url}/entries/1010/FY{fiscal_year_of(last_month)}/"


def in_year(page: Page, series: Series, month: date) -> Locator:
    return page.locator(f"[name=s{series.pk}p{month:%Y%m}-typed]")


def test_in_the_year_a_block_of_rows_and_months_is_pasted_and_arrows_move_both_ways(
    open_page, department_of_30, editor, ended_months, year_url
):
    page = open_page(editor)
    page.goto(year_url)
    page.locator('form[data-grid="ready"]').wait_for()
    first, second = department_of_30[:2]
    width = len(ended_months)
    block = [[str(100 * row + column + 1) for column in range(width)] for row in range(2)]
    paste(page, in_year(page, first, ended_months[0]), "\n".join("\t".join(row) for row in block) + "\n")
    expect(page.get_by_text(f"{2 * width}件を貼り付け、{2 * width}件を保存しました。")).to_be_visible()
    saved = {(entry.series_id, entry.period): entry.value for entry in Entry.objects.open()}
    assert saved == {
        (series.pk, month): Decimal(block[row][column])
        for row, series in enumerate((first, second))
        for column, month in enumerate(ended_months)
    }
    in_year(page, first, ended_months[0]).focus()
    page.keyboard.press("ArrowDown")
    expect(in_year(page, second, ended_months[0])).to_be_focused()
    for month in ended_months[1:]:
        page.keyboard.press("ArrowRight")
        expect(in_year(page, second, month)).to_be_focused()


def test_the_year_fits_1366_by_768_and_is_accessible(
    open_page, department_of_30, editor, ended_months, year_url, assert_accessible
):
    draft(department_of_30[0], editor, "5", ended_months[-1], typed="5")
    page = open_page(editor)
    page.goto(year_url)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    table = page.locator(".year-grid")
    assert table.evaluate("box => box.scrollWidth <= box.clientWidth")
    assert page.locator("tbody tr").count() == COUNT
    in_year(page, department_of_30[0], ended_months[-1]).focus()
    assert_accessible(page)


def test_on_a_phone_the_year_leads_to_the_cards_of_its_months(
    open_page, department_of_30, editor, last_month, year_url
):
    page = open_page(editor, viewport={"width": 390, "height": 844})
    page.goto(year_url)
    expect(page.locator(".year-grid")).to_be_hidden()
    page.get_by_role("navigation", name="月ごとの入力").get_by_role("link").last.click()
    expect(page).to_have_url(re.compile(f"{last_month:%Y-%m}"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
