"""What every import has in common: all rows or none, named columns, each key once, and no change when run twice."""

from __future__ import annotations

from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.utils.html import conditional_escape, format_html
from import_export import resources
from import_export.resources import Diff
from import_export.results import Result

from accounts.back_office.forms import FILE_AS_SOURCE
from japan.file_names import names_a_file


def source_errors(row: Any) -> dict[str, Any]:
    """What is wrong with a row's 出典, by its field."""
    if names_a_file(getattr(row, "source", "") or ""):
        return {"source": [ValidationError(FILE_AS_SOURCE, code="file")]}
    return {}


class TableResult(Result):
    """Counts rows as the file does, where the header is row 1."""

    def append_invalid_row(self, number: int, row: Any, validation_error: ValidationError) -> None:
        super().append_invalid_row(number + 1, row, validation_error)

    def row_errors(self) -> list[tuple[int, Any]]:
        return [(number + 1, errors) for number, errors in super().row_errors()]


class TableDiff(Diff):
    """What was and what will be. The library's marks its words by inline styles, which our pages do not allow."""

    def as_html(self) -> list[str]:
        return [self._cell(str(old), str(new)) for old, new in zip(self.left, self.right, strict=True)]

    def _cell(self, old: str, new: str) -> str:
        if old == new:
            return conditional_escape(new)
        if self.new or not old:
            return format_html("<ins>{}</ins>", new) if new else ""
        return format_html("<del>{}</del> <ins>{}</ins>", old, new)


class TableResource(resources.ModelResource):
    """Rows of one model by their natural key. `required` names the columns that a file must have."""

    required: tuple[str, ...] = ()

    class Meta:
        use_transactions = True
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    def __init__(self, **kwargs: Any) -> None:
        super().__init__()
        self._seen: set[tuple[Any, ...]] = set()
        self._columns_are_wrong = False

    def get_result_class(self) -> type[Result]:
        return TableResult

    def get_diff_class(self) -> type[Diff]:
        return TableDiff

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        known = {field.column_name for field in self.fields.values()}
        missing = [name for name in self.required if name not in dataset.headers]
        unknown = [name for name in dataset.headers if name not in known]
        if missing or unknown:
            self._columns_are_wrong = True
            told = []
            if missing:
                told.append(f"必要な列がありません：{'、'.join(missing)}。")
            if unknown:
                told.append(f"使えない列があります：{'、'.join(unknown)}。見出しを直すか、列を削除してください。")
            raise ValidationError("".join(told), code="columns")

    def import_row(self, row: Any, instance_loader: Any, **kwargs: Any) -> Any:
        if self._columns_are_wrong:  # said once, not for every row
            row_result = self.get_row_result_class()()
            row_result.import_type = row_result.IMPORT_TYPE_SKIP
            return row_result
        return super().import_row(row, instance_loader, **kwargs)

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[Any, bool]:
        """A key that cannot be read is an error of the row, told in our words."""
        try:
            key = self.key_of(row)
        except ValueError as error:
            raise ValidationError(str(error), code="key") from error
        if key in self._seen:
            raise ValidationError("同じ行が上にもあります。どちらか一方にしてください。", code="twice")
        self._seen.add(key)
        return super().get_or_init_instance(instance_loader, row)

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, **kwargs: Any) -> None:
        errors = dict(import_validation_errors or {}) | source_errors(instance)
        super().validate_instance(instance, errors, **kwargs)

    def key_of(self, row: Any) -> tuple[Any, ...]:
        return tuple(self.fields[name].clean(row) for name in self.get_import_id_fields())
