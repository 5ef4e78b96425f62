"""The forms of taking files over: which file, how it is read, and whether it is taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator

from accounts.models import Department
from japan.dates import DateError, parse_month
from japan.fiscal import fiscal_year_of
from japan.wareki import fiscal_year_label
from kpis.imports import DAY_ORDERS, REPEATS, SCALES, Mapping
from kpis.imports.choosing import FigureField, Figures
from kpis.imports.mapping import AS_OFS, SHOWN_AS, TORN_PAIRS, UNREAD_AS, YEAR_KINDS
from kpis.imports.matching import by_code, series_for
from kpis.imports.places import ACROSS_THE_HEADINGS
from kpis.imports.remembering import Reading
from kpis.imports.saved_mappings import suggested_name
from kpis.models import ImportedFile
from kpis.models.value import ChangeReason
from sheets import ERAS, Arrangement
from sheets.limits import MAX_BYTES

if TYPE_CHECKING:
    from accounts.access import Access

REPORT, RECORD = ImportedFile.Way.REPORT.value, ImportedFile.Way.RECORD.value
NOTICE = "コメントと理由は公文書として情報公開の対象になります。個人が特定される内容は書かないでください。"
ACCEPT = ".csv,.xlsx,.xlsm,.xls,.ods,.txt"
_FISCAL_YEARS = 12
#: So many labels are asked about at once: a browser sends a field for each, and there is an end to what one page takes
#: (DATA_UPLOAD_MAX_NUMBER_FIELDS, DATA_UPLOAD_MAX_MEMORY_SIZE).
PORTION = 2_000
TOO_LARGE = f"ファイルが大きすぎます（{MAX_BYTES // 1_000_000}MBまで）。期間を分けて取り込んでください。"


class UploadForm(forms.Form):
    """A file, and for whom it is taken over."""

    file = forms.FileField(
        label="ファイル",
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        help_text=f"CSV、Excel（.xlsx、.xls）、ODS。{MAX_BYTES // 1_000_000}MBまで。"
        "もとの表のままで構いません。個人情報の列があるファイルは入れないでください。",
        error_messages={"required": "取り込むファイルを選んでください。", "empty": "ファイルが空です。"},
    )
    target = forms.ChoiceField(label="取り込む先")

    def __init__(self, *args: Any, access: Access, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.departments = {
            str(a.department.pk): a.department
            for a in access.assignments
            if a.department is not None and access.may_enter(a.department.pk)
        }
        choices = [(pk, f"{department.name}の回答として提出する") for pk, department in self.departments.items()]
        if access.is_reform_office:
            choices.append((REPORT, "各所属の回答として提出する"))
            choices.append((RECORD, "実績値として直接登録する"))
            self.fields[
                "target"
            ].help_text = "提出した値は、各所属の承認を経て実績値になります。直接登録は、過去の値の移行などに使います。"
        field = self.fields["target"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if len(choices) == 1:
            field.widget, field.initial = forms.HiddenInput(), choices[0][0]

    def clean_file(self) -> UploadedFile:
        """Refused by its size before any of it is read into memory."""
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE, code="size")
        return upload

    @property
    def department(self) -> Department | None:
        return self.departments.get(self.cleaned_data["target"])

    @property
    def records(self) -> bool:
        return self.cleaned_data["target"] == RECORD

    @property
    def upload(self) -> UploadedFile:
        return self.cleaned_data["file"]


#: Fields that are called and hold the same as in the mapping.
_AS_IN_THE_MAPPING = (
    "arrangement", "month_column", "year_column", "fiscal_year", "year_kind", "day_order", "era", "skips_unread",
    "takes_hidden", "skips_future", "keeps_digits", "ignores_unit", "unread_as", "keeps_year", "stops_here",
    "takes_rounded", "torn_pairs", "as_of", "shown_as", "scale", "repeats",
)  # fmt: skip


class ReadingForm(forms.Form):
    """How a table is read, as a clerk says it: where months, labels and values are, and which figure each label is."""

    table = forms.TypedChoiceField(label="読む表", coerce=int)
    arrangement = forms.ChoiceField(
        label="表の並び",
        required=False,
        choices=[("", "月のない表（すべて同じ月の値）"), *((each.value, each.label) for each in Arrangement)],
    )
    month_column = forms.ChoiceField(label="月の列", required=False)
    year_column = forms.ChoiceField(label="年の列", required=False)
    label_columns = forms.MultipleChoiceField(
        label="内訳の名前の列", required=False, widget=forms.CheckboxSelectMultiple
    )
    value_columns = forms.MultipleChoiceField(label="値の列", required=False, widget=forms.CheckboxSelectMultiple)
    fiscal_year = forms.TypedChoiceField(label="年のない月の年度", required=False, coerce=int, empty_value=None)
    year_kind = forms.ChoiceField(label="年の種類", required=False, choices=list(YEAR_KINDS.items()))
    month = forms.CharField(
        label="全体の対象月",
        required=False,
        max_length=20,
        help_text="月のない表のときだけ入れます（例：令和7年5月、2025-05）。",
    )
    day_order = forms.ChoiceField(label="日付の書き方", required=False, choices=list(DAY_ORDERS.items()))
    era = forms.ChoiceField(label="元号のない年度の元号", required=False, choices=list(ERAS.items()))
    skips_unread = forms.BooleanField(
        label="月として読めない行は取り込まない",
        required=False,
        help_text="前の年の計や区別の値などが同じ列にある表のとき。",
    )
    takes_hidden = forms.BooleanField(label="ファイルで表示されていない行・列も取り込む", required=False)
    skips_future = forms.BooleanField(label="まだ終わっていない期間の値は取り込まない", required=False)
    keeps_digits = forms.BooleanField(
        label="指標の小数点以下の桁より細かい値は、そのままの桁で取り込む（表示のときに丸める）", required=False
    )
    ignores_unit = forms.BooleanField(
        label="ファイルの単位が指標の単位と合わない値は、数をそのまま指標の単位で取り込む", required=False
    )
    unread_as = forms.ChoiceField(
        label="ファイルに書かれた単位を読み取れないとき", required=False, choices=list(UNREAD_AS.items())
    )
    keeps_year = forms.BooleanField(
        label="「前年度」「前年同月」などの名前の値も、表と同じ年の値として読む", required=False
    )
    stops_here = forms.BooleanField(label="続きの表（月が続いている、同じ名前の表）は取り込まない", required=False)
    takes_rounded = forms.BooleanField(
        label="登録済みの値を丸めると同じになる値も、ファイルの値に置き換える", required=False
    )
    torn_pairs = forms.ChoiceField(
        label="2つの数か、桁区切りの「,」で分かれた1つの数か分からないとき",
        required=False,
        choices=list(TORN_PAIRS.items()),
    )
    as_of = forms.ChoiceField(label="1日付の値", required=False, choices=list(AS_OFS.items()))
    shown_as = forms.ChoiceField(
        label="セルに入っている数と表示されている数が違うとき", required=False, choices=list(SHOWN_AS.items())
    )
    scale = forms.ChoiceField(label="数値の単位", choices=[(code, words) for code, (_, words) in SCALES.items()])
    repeats = forms.ChoiceField(label="同じ月の行が2つ以上あるとき", choices=list(REPEATS.items()))
    name = forms.CharField(
        label="この読み取り方の名称",
        required=False,
        max_length=80,
        help_text="名称を付けると、次の月の同じ形のファイルは、何も選ばずに読み取れます。",
    )

    def __init__(
        self, data: Any = None, *, file: ImportedFile, reading: Reading, access: Access, portion: int = 1
    ) -> None:
        mapping, self.reading = reading.mapping, reading
        self.portion = Paginator(list(reading.labels.items()), PORTION).get_page(portion)
        initial = {
            "table": reading.found.number,
            **{name: getattr(mapping, name) for name in _AS_IN_THE_MAPPING},
            "label_columns": list(mapping.label_columns),
            "value_columns": list(mapping.value_columns),
            "month": f"{mapping.month:%Y-%m}" if mapping.month else "",
            "name": reading.saved.name if reading.saved else suggested_name(file, reading.found.table),
        }
        super().__init__(data, initial=initial)
        columns = [(column.name, f"{column.letters}列「{column.name}」") for column in reading.found.table.columns]
        self._choose("table", [(each.number, each.label) for each in reading.tables])
        for name in ("month_column", "year_column"):
            self._choose(name, [("", "（ない）"), *columns])
        for name in ("label_columns", "value_columns"):
            self._choose(name, columns)
        newest = fiscal_year_of(access.on)
        years = [(year, fiscal_year_label(year)) for year in range(newest, newest - _FISCAL_YEARS, -1)]
        self._choose("fiscal_year", [("", "（選ばない）"), *years])
        self.figures = Figures(by_code(series_for(access, file.department)))
        for number, (label, _) in self._asked:
            self.fields[f"series{number}"] = FigureField(
                self.figures, label=label or "（名前のない行）", initial=mapping.series.get(label, "")
            )

    def _choose(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def _asked(self) -> list[tuple[int, tuple[str, int]]]:
        """The labels of this portion with their values, each with its number in the file."""
        return list(enumerate(self.portion.object_list, start=self.portion.start_index() - 1))

    @property
    def labels(self) -> list[tuple[forms.BoundField, int]]:
        """The choice for each label of the portion, with the number of its values."""
        return [(self[f"series{number}"], count) for number, (_, count) in self._asked]

    def clean_month(self) -> Any:
        text = self.cleaned_data["month"].strip()
        if not text:
            return None
        try:
            return parse_month(text)
        except DateError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        by_rows = (Arrangement.DOWN.value, Arrangement.LONG.value, Arrangement.CROSS.value)
        needs_column = data.get("arrangement") in by_rows
        if needs_column and not data.get("month_column"):
            self.add_error("month_column", "月の列を選んでください。月のない表なら、「表の並び」で選びます。")
        if self.reading.asks_year and not data.get("fiscal_year"):
            self.add_error("fiscal_year", self.reading.asks_year)
        if self.reading.needs_month and not data.get("arrangement") and not data.get("month"):
            self.add_error("month", "いつの値か分かりません。対象月を入れてください（例：令和7年5月）。")
        by_headings = [each.value for each in ACROSS_THE_HEADINGS]
        if data.get("arrangement") not in by_headings and not data.get("value_columns"):
            self.add_error("value_columns", "値の列を1つ以上選んでください。")
        return data

    @property
    def mapping(self) -> Mapping:
        """What was said. Labels that were not asked about, those of other portions too, keep what was known of them."""
        data = self.cleaned_data
        asked = {label: data.get(f"series{number}", "") for number, (label, _) in self._asked}
        return replace(
            self.reading.mapping,
            **{name: data[name] for name in (*_AS_IN_THE_MAPPING, "month")},
            label_columns=tuple(data["label_columns"]),
            value_columns=tuple(data["value_columns"]),
            series={**self.reading.mapping.series, **asked},
        )

    @property
    def is_rearranged(self) -> bool:
        """The table is read in another way than the page showed: its labels have to be shown before they count."""
        shape = {
            "table",
            "arrangement",
            "month_column",
            "year_column",
            "label_columns",
            "value_columns",
            "takes_hidden",
        }
        return bool(shape & set(self.changed_data))


class ApplyForm(forms.Form):
    """Whether it is taken over, with an answer to what the checks ask."""

    note = forms.CharField(
        label="コメント（承認された値を変えるときは、その理由）",
        required=False,
        max_length=200,
        help_text=NOTICE,
    )
    change_reason = forms.ChoiceField(
        label="いつもと違う値の増減理由", required=False, choices=[("", "（選ばない）"), *ChangeReason.choices]
    )
    is_confirmed = forms.BooleanField(label="いつもと違う値を確かめた：確認済（入力誤りなし）", required=False)
    #: Of the preview that the page showed (kpis.imports.previewing).
    seal = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, file: ImportedFile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if file.is_recorded:
            self.fields["note"].label = "理由（登録済みの実績値を変えるときは必ず書きます）"

    def ask_again(self, error: str) -> None:
        """Another preview is shown now: what was said of all doubtful values was said of those of the other one."""
        self.add_error(None, error)
        self.data = {name: value for name, value in self.data.items() if name not in ("change_reason", "is_confirmed")}
