"""Import and export on an admin page: shown first, saved all or none."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from import_export.admin import ExportMixin, ImportExportMixin
from import_export.forms import ExportForm, ImportForm
from import_export.results import Result

from accounts.back_office.files import LEFT_OUT, CsvFile, UploadedTable, UploadStorage, XlsxFile
from sheets import FileRefused
from sheets.headed_tables import MAX_BYTES, MAX_ROWS


class UploadForm(ImportForm):
    """The file alone: which kind it is, its content tells."""

    def __init__(self, formats: Any, resources: Any, **kwargs: Any) -> None:
        super().__init__(formats, resources, **kwargs)
        self.fields["format"].widget = forms.HiddenInput()
        field = self.fields["import_file"]
        field.label = "取り込むファイル"
        field.widget.attrs["accept"] = ".csv,.xlsx,.xls,.ods,.txt,.tsv"
        field.help_text = (
            f"CSV（UTF-8かShift_JIS）またはExcel（.xlsx、.xls）、ODS。{MAX_BYTES // 1024 // 1024}MB、{MAX_ROWS:,}行まで。"
            "次の画面で内容を確かめてから保存します。"
        )

    def clean_import_file(self) -> Any:
        upload = self.cleaned_data["import_file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError("ファイルが大きすぎます（10MBまで）。分けて取り込んでください。")
        return upload


class TableExportMixin(ExportMixin):
    """Export as CSV for Excel or as XLSX; numbers are numbers, days are days."""

    export_form_class = ExportForm
    export_template_name = "admin/export_table.html"
    export_formats = [CsvFile, XlsxFile]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: Any, **kwargs: Any) -> bytes:
        data = self.get_data_for_export(request, queryset, force_native_type=True, **kwargs)
        return file_format.export_data(data)

    def export_action(self, request: HttpRequest) -> HttpResponse:
        """A filter that this table does not know is left out, as its list leaves it out."""
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)

    def init_request_context_data(self, request: HttpRequest, form: forms.Form) -> dict[str, Any]:
        return super().init_request_context_data(request, form) | {"title": "書き出し"}

    def get_export_filename(self, request: HttpRequest, queryset: Any, file_format: Any) -> str:
        day = timezone.localdate()
        return f"{self.model._meta.model_name}-{day:%Y%m%d}.{file_format.get_extension()}"


class TableMixin(TableExportMixin, ImportExportMixin):
    """Import and export of one resource."""

    import_form_class = UploadForm
    import_formats = [UploadedTable]
    import_template_name = "admin/import_table.html"
    tmp_storage_class = UploadStorage

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def get_import_data_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        asked = super().get_import_data_kwargs(**kwargs)
        return asked | {"use_transactions": True, "rollback_on_validation_errors": True}

    def add_data_read_fail_error_to_form(self, form: forms.Form, e: Exception) -> None:
        if isinstance(e, FileRefused):
            form.add_error("import_file", str(e))
        else:
            raise e

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        LEFT_OUT.set(())
        response = super().import_action(request, **kwargs)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            response.context_data |= {"title": "取込み", "left_out": LEFT_OUT.get()}
        return response

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            return super().process_import(request, **kwargs)
        except FileNotFoundError:
            # Confirmed twice, or a day later: the file is gone, and what it said is stored or was never confirmed.
            messages.error(
                request, "確認していたファイルはもうありません。一覧を確かめ、必要ならもう一度選んでください。"
            )
            return HttpResponseRedirect(self._address("import"))

    def process_result(self, result: Result, request: HttpRequest) -> HttpResponse:
        """Django-import-export calls any result a success; ours shows what kept it from being saved."""
        if not (result.has_errors() or result.has_validation_errors()):
            return super().process_result(result, request)
        messages.error(request, "取り込みませんでした。1行も保存していません。下の理由を確かめてください。")
        context = {
            **self.admin_site.each_context(request),
            "title": "取込み",
            "refused": True,
            "opts": self.model._meta,
            "result": result,
        }
        return TemplateResponse(request, [self.import_template_name], context)

    def add_success_message(self, result: Result, request: HttpRequest) -> None:
        totals = result.totals
        messages.success(
            request,
            f"取り込みました。新しい行{totals['new']:,}、変わった行{totals['update']:,}、"
            f"変わらない行{totals['skip']:,}。",
        )

    def _create_log_entry(self, user_pk: int, rows: Any, import_type: str, action_flag: int) -> None:
        if rows:
            LogEntry.objects.log_actions(user_pk, rows, action_flag, change_message="ファイルの取込み")

    def _address(self, view: str) -> str:
        return reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_{view}")
