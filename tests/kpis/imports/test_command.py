"""import_measurements takes a file over from a shell."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from kpis.imports import reading_of, receive, remember
from kpis.models import Entry, ImportedFile, Measurement, Reporting
from tests.kpis.imports.conftest import csv
from tests.kpis.world import access


@pytest.fixture
def file(tmp_path, world, june, reform_office, decided):
    """Of a shape whose way of reading was decided on the page once."""
    path = tmp_path / "友だち.csv"
    path.write_bytes(csv("年月,LINE友だち登録者数", "R7.4,100", "R7.5,110"))
    decided(path.read_bytes(), reform_office, None, "全所属の友だち")
    return path


@pytest.fixture
def decided():
    """Decides a way of reading as the page does; the file it was decided with is given up and forgotten."""

    def decide(data, user, department, name):
        known = receive(data, "a.csv", access=access(user), department=department)
        remember(name, reading_of(known, access=access(user)), access=access(user), department=department)
        known.file.delete(save=False)
        known.delete()

    return decide


def run(path, user, **options) -> str:
    out = StringIO()
    call_command("import_measurements", str(path), user=user.employee_number, stdout=out, **options)
    return out.getvalue()


def test_it_records_for_the_reform_office(file, reform_office):
    Reporting.objects.update(valid_to=date(2025, 3, 31))
    assert "2件を取り込みました" in run(file, reform_office, record=True)
    assert Measurement.objects.count() == 2


def test_without_a_word_the_offices_file_goes_on_the_departments_routes(file, reform_office, department):
    assert "2件を取り込みました" in run(file, reform_office)
    assert {entry.department for entry in Entry.objects.submitted()} == {department}
    assert not Measurement.objects.exists()


def test_recording_for_a_department_is_refused(file, editor):
    with pytest.raises(CommandError, match="どちらか1つだけ"):
        run(file, editor, record=True, department="1010")


def test_it_hands_in_for_a_department_by_a_named_way_of_reading(file, editor, department, decided):
    decided(file.read_bytes(), editor, department, "友だち")
    run(file, editor, mapping="友だち", department="1010")
    assert Entry.objects.submitted().count() == 2


def test_a_dry_run_tells_and_keeps_nothing(file, reform_office, settings):
    said = run(file, reform_office, dry_run=True)
    assert "新規 2件" in said
    assert not ImportedFile.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_a_refused_value_is_named_with_its_place_and_nothing_is_kept(file, reform_office, settings, capsys):
    file.write_bytes(csv("年月,LINE友だち登録者数", "R7.3,1", "R7.4,2", "R7.5,たくさん"))
    out = StringIO()
    with pytest.raises(CommandError, match="どの値も取り込んでいません"):
        call_command("import_measurements", str(file), user=reform_office.employee_number, stdout=out)
    assert "4行目B列「たくさん」" in out.getvalue()
    assert not Measurement.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_what_nobody_decided_is_not_written_by_a_guess(file, reform_office):
    file.write_bytes(csv("月次,LINE友だち登録者数", "R7.4,100", "R7.5,110"))
    with pytest.raises(CommandError, match="読み取り方は登録されていません"):
        run(file, reform_office)
    assert not Measurement.objects.exists()


def test_a_name_that_the_way_of_reading_does_not_know_is_told(file, reform_office, decided):
    rows = ("対象月,項目,件数", "R7.4,総申請件数,5", "R7.4,オンライン申請件数,5")
    decided(csv(*rows), reform_office, None, "縦長")
    file.write_bytes(csv(*rows, "R7.5,満足度,7"))
    with pytest.raises(CommandError, match="満足度"):
        run(file, reform_office, mapping="縦長")


def test_of_many_unknown_names_the_first_are_told_and_how_many_more_there_are(file, reform_office, decided):
    rows = ("対象月,項目,件数", "R7.4,総申請件数,5", "R7.4,オンライン申請件数,5")
    decided(csv(*rows), reform_office, None, "縦長")
    file.write_bytes(csv(*rows, *(f"R7.5,ほかの数{n},7" for n in range(7))))
    with pytest.raises(CommandError, match="ほかの数4、ほか2件。"):
        run(file, reform_office, mapping="縦長")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"mapping": "ない"}, "という読み取り方はありません"),
        ({"department": "9999"}, "所属がありません"),
        ({"department": "1010"}, "権限がありません"),
        ({"month": "いつか"}, "いつか"),
    ],
)
def test_a_wrong_option_is_told_in_words(file, reform_office, options, said):
    with pytest.raises(CommandError, match=said):
        run(file, reform_office, **options)
