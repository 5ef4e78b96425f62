"""Numbers torn apart at their thousands, and units that are not the figure's: what is asked, and what an answer does."""

from __future__ import annotations

from csv import reader
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from kpis.imports import receive
from kpis.imports.written_units import Unit, unit_in
from kpis.models import ImportedFile
from sheets import Sheet, find_table, put_together
from sheets.thousands import PutTogether
from tests.kpis.imports.conftest import csv, outcomes, xlsx
from tests.kpis.world import access


def values(file: ImportedFile) -> list[Decimal]:
    return list(file.lines.order_by("row", "column").values_list("value", flat=True))


def whole(*rows: str) -> tuple[list[list[object]], tuple[int, ...]]:
    """The cells of the rows below the headings, put together, and the rows that are not clear."""
    found = together(*rows)
    return [list(row.cells) for row in found.table.rows], found.unclear


def doubtful(*rows: str) -> list[int]:
    """The rows that are either torn or as they should be."""
    return [row.number for row in together(*rows).table.rows if row.doubtful]


def together(*rows: str) -> PutTogether:
    table = find_table(Sheet("", [[cell or None for cell in next(reader([row]))] for row in rows]))
    assert table is not None
    return put_together(table)


class TestTornNumbers:
    @pytest.mark.parametrize(
        ("row", "numbers"),
        [
            ("R7.4,1,234,56", ["1,234", "56"]),
            ("R7.4,▲1,300,57", ["▲1,300", "57"]),
            ("R7.4,12,1,234,567", ["12", "1,234,567"]),
            ("R7.4,1,234.5,57", ["1,234.5", "57"]),
            ("R7.4,1,034,2,100", ["1,034", "2,100"]),
        ],
    )
    def test_are_put_together_where_that_is_the_only_reading(self, row: str, numbers: list[str]) -> None:
        cells, unclear = whole("年月,総申請件数,来庁者数", row, "R7.5,57,58")
        assert (cells[0], unclear) == (["R7.4", *numbers], ())

    @pytest.mark.parametrize("row", ["R7.4,1,234,567", "R7.4,1,234,567,890"])
    def test_with_two_readings_are_not(self, row: str) -> None:
        assert whole("年月,総申請件数,来庁者数", row, "R7.5,57,58")[1] == (2,)

    def test_in_a_row_no_wider_than_its_headings_show_by_the_other_rows(self) -> None:
        assert doubtful("年月,総申請件数,来庁者数", "R7.4,1,234,56", "R7.5,1,300") == [3]

    @pytest.mark.parametrize(
        ("headings", "row"), [("年月,総申請件数,来庁者数", "R7.4,1,034"), ("年月,総申請件数,備考", "R7.4,1,234")]
    )
    def test_in_a_row_no_wider_than_its_headings_show_by_themselves(self, headings: str, row: str) -> None:
        cells, unclear = whole(headings, row, "R7.5,57,")
        assert (cells[0], unclear) == (["R7.4", row[5:], None], ())

    @pytest.mark.parametrize(
        "rows",
        [
            ("R7.4,1,234", "R7.5,57,100"),
            ("R7.4,1,234", "R7.5,999", "R7.6,1,100"),
            ("R7.4,1,023", "R7.5,1,300"),
            ("R7.4,12,345", "R7.5,1,234,56"),
        ],
        ids=["all rows alike", "short where there is no comma", "beside a leading zero", "beside a wide row"],
    )
    def test_may_hide_in_rows_no_wider_than_their_headings(self, rows: tuple[str, ...]) -> None:
        assert doubtful("年月,総申請件数,来庁者数", *rows)

    @pytest.mark.parametrize(
        ("headings", "rows"),
        [
            ("年月,総申請件数,来庁者数", ("R7.4,12,345", "R7.5,57,58")),
            ("年月,総申請件数,来庁者数", ("R7.4,12,345",)),
            ("年月,総申請件数,来庁者数,窓口数", ("R7.4,1200,12,345", "R7.5,13,12,346")),
            ("年月,総申請件数,来庁者数,窓口数", ('R7.4,"1,200",12,345', "R7.5,13,12,346")),
            ("月,総申請件数", ("4,120", "5,130", "6,140")),
            ("番号,総申請件数", ("101,120", "205,130")),
        ],
        ids=[
            "a pair that is none",
            "one row",
            "a number written whole",
            "commas in quotes",
            "months",
            "numbers of rows",
        ],
    )
    def test_are_not_suspected_where_the_file_shows_how_it_writes(self, headings: str, rows: tuple[str, ...]) -> None:
        assert doubtful(headings, *rows) == []

    @given(st.lists(st.integers(0, 10**7), min_size=1, max_size=4))
    def test_any_row_with_one_reading_is_read_back(self, numbers: list[int]) -> None:
        written = [f"{number:,}" for number in numbers]
        names = ",".join("甲乙丙丁"[: len(numbers)])
        cells, unclear = whole(f"年月,{names}", f"R7.4,{','.join(written)}", f"R7.5,{','.join('5' * len(numbers))}")
        assert unclear == (2,) or cells[0] == ["R7.4", *written]

    DATA = csv("年月,総申請件数,来庁者数", "R7.4,1,234,56", "R7.5,999,57")

    def test_wait_for_an_answer_with_their_row_and_then_count(self, imported) -> None:
        file = imported(self.DATA, "a.csv")
        assert [outcome for _, outcome, _ in outcomes(file)] == ["refused", "new"]
        assert file.understood["questions"]["torn"]["count"] == 1
        assert "1,234" in file.understood["questions"]["torn"]["example"]
        assert values(imported(self.DATA, "a.csv", joins_torn=True)) == [1234, 999]

    def test_have_their_button_on_the_preview(self, imported, client, editor) -> None:
        file = imported(self.DATA, "a.csv")
        client.force_login(editor)
        page = client.get(reverse("imports:preview", args=[file.pk])).text
        assert 'value="torn-join"' in page

    PAIR = csv("年月,総申請件数,来庁者数", "R7.4,12,345", "R7.5,1,234,56")

    def test_or_a_true_pair_is_asked_with_both_readings_and_not_refused(self, imported) -> None:
        file = imported(self.PAIR, "a.csv")
        assert file.understood["questions"]["pairs"]["count"] == 1
        example = file.understood["questions"]["pairs"]["example"]
        assert "「12」「345」という2つの数" in example
        assert "「12,345」という1つの数" in example

    @pytest.mark.parametrize(("answer", "value"), [("apart", 12), ("join", 12345)])
    def test_or_a_true_pair_is_read_as_somebody_says(self, imported, answer, value) -> None:
        assert values(imported(self.PAIR, "a.csv", joins_torn=True, torn_pairs=answer)) == [value, 1234]

    def test_of_more_than_one_way_are_refused_with_their_row_when_they_are_to_be_joined(self, imported) -> None:
        data = csv("年月,総申請件数,来庁者数,窓口数", "R7.4,12,345,678", "R7.5,1,234,56,7")
        file = imported(data, "a.csv", joins_torn=True, torn_pairs="join")
        assert [(outcome, "1通りに決まりません" in message) for _, outcome, message in outcomes(file)] == [
            ("refused", True),
            ("new", False),
        ]

    def test_with_two_readings_are_refused_with_their_row(self, editor, department, world, june) -> None:
        data = csv("年月,総申請件数,来庁者数", "R7.4,1,234,567", "R7.5,57,58")
        with pytest.raises(ValidationError, match=r"2行目.*桁区切り"):
            receive(data, "a.csv", access=access(editor), department=department)
        assert not ImportedFile.objects.exists()


class TestUnitsThatAreNotTheFigures:
    ROWS = (("年月", "LINE友だち登録者数（件）"), ("令和7年4月", 110), ("令和7年5月", 120))

    @pytest.mark.parametrize("kind", ["xlsx", "csv"])
    def test_are_asked_about_and_taken_as_they_are_when_somebody_says_so(self, imported, world, kind) -> None:
        rows = [",".join(map(str, row)) for row in self.ROWS]
        data = xlsx(*self.ROWS) if kind == "xlsx" else csv(*rows)
        series = {"LINE友だち登録者数（件）": "friends/total"}
        file = imported(data, f"a.{kind}", series=series)
        assert [outcome for _, outcome, _ in outcomes(file)] == ["refused", "refused"]
        assert file.understood["questions"]["unit"]["count"] == 2
        taken = imported(data, f"a.{kind}", series=series, ignores_unit=True)
        assert values(taken) == [110, 120]
        assert {"指標の単位と合わない、ファイルの単位"} <= {each["what"] for each in taken.understood["assumed"]}

    @given(
        times=st.sampled_from(["", "千", "万", "百万", "億"]),
        name=st.sampled_from(["人", "円", "件", "世帯"]),
        brackets=st.sampled_from(["（{}）", "({})", "［単位：{}］", "【{}】"]),
        of=st.sampled_from(["人", "円", "件", "千円", "百万円"]),
    )
    def test_fit_by_their_multiple_or_not_at_all(self, times: str, name: str, brackets: str, of: str) -> None:
        """A unit read from any brackets fits a figure of the same unit, by the quotient of their multiples."""
        powers = {"": 0, "千": 3, "万": 4, "百万": 6, "億": 8}
        unit = unit_in(f"試験{brackets.format(times + name)}")
        assert unit == Unit(powers[times], name, times + name)
        base = of[-1]
        by = powers[times] - powers[of[:-1]]
        scales = {0: "one", 2: "hundred", 3: "thousand", 4: "man", 5: "hundred_k", 6: "million", 8: "oku"}
        scales |= {-3: "thousandth", -4: "man_th", -6: "millionth", -8: "oku_th"}
        assert unit.scale_for(of) == (scales.get(by, "") if name == base else "")
