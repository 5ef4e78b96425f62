"""Taking files over: which file, how it is read, what it would change, and the change itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import Request, importer_only
from accounts.door.bodies import takes_files
from accounts.ids import is_id
from japan.fiscal import fiscal_year_of
from kpis import imports as files
from kpis.imports import answering, in_background, questions
from kpis.imports.forms import ApplyForm, ReadingForm, UploadForm
from kpis.imports.remembering import Reading
from kpis.imports.showing import in_words, lines_to_show
from kpis.imports.template import template_of_year
from kpis.models import ImportedFile, ImportLine, ImportMapping
from kpis.models.value import ChangeReason
from kpis.values.addresses import department_or_404, fiscal_year_or_404
from kpis.values.downloads import as_checked_download
from sheets.limits import MAX_BYTES, MEGABYTE

PAGE_LENGTH = 100
LISTED = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = ImportedFile.State
Rest = ParamSpec("Rest")


def says_why_unreadable(view: Callable[Concatenate[Request, Rest], HttpResponse]) -> Callable[..., HttpResponse]:
    """A kept file that cannot be read is a sentence on the list, not an error: now (others are read), or ever."""

    @wraps(view)
    def guarded(request: Request, *rest: Rest.args, **named: Rest.kwargs) -> HttpResponse:
        try:
            return view(request, *rest, **named)
        except files.Unreadable as error:
            messages.error(request, " ".join(error.messages))
            return redirect("imports:list")

    return guarded


@takes_files(MAX_BYTES // MEGABYTE)
@importer_only
def file_list(request: Request) -> HttpResponse:
    """The files of my departments (all of them for the reform office), and the form that takes a new one."""
    is_sent = request.method == "POST"
    form = UploadForm(*((request.POST, request.FILES) if is_sent else ()), access=request.access)
    if is_sent and form.is_valid():
        try:
            data = form.upload.read()
            name, access = form.upload.name or "", request.access
            file = files.receive(data, name, access=access, department=form.department, records=form.records)
            return _go_on(request, file)
        except ValidationError as error:
            form.add_error("file", error)
    listed = ImportedFile.objects.select_related("department", "uploaded_by", "mapping")
    if not request.access.is_reform_office:
        listed = listed.filter(department__in=request.access.editor_department_ids)
    today = timezone.localdate()
    context = {"form": form, "files": Paginator(listed, LISTED).get_page(request.GET.get("page"))}
    context |= {"departments": form.departments.values(), "fiscal_year": fiscal_year_of(today)}
    return render(request, "imports/list.html", context, status=422 if form.errors else 200)


def _go_on(request: Request, file: ImportedFile) -> HttpResponse:
    """A file whose way of reading is known is looked through at once; any other asks for it."""
    try:
        reading = files.reading_of(file, access=request.access)
    except ValidationError:
        return redirect("imports:reading", file.pk)
    if not reading.is_ready or (reading.saved is None and not reading.mapping.reason_column):
        return redirect("imports:reading", file.pk)
    files.decide(file, reading, year_source=reading.year_source)
    return _look_through(request, file, reading, reading.saved)


def _look_through(request: Request, file: ImportedFile, reading: Reading, saved: ImportMapping | None) -> HttpResponse:
    """The preview at once, or the page of the job that makes it; the way of reading is kept with the file."""
    if in_background.is_large(reading):
        return redirect("jobs:detail", in_background.look_through_later(file, access=request.access, saved=saved).pk)
    files.look_through(file, reading, access=request.access, saved=saved)
    return redirect("imports:preview", file.pk)


@importer_only
@says_why_unreadable
def reading(request: Request, pk: int) -> HttpResponse:
    """The mapping step: how the table is read, and which figure each label is."""
    file = _own(request, pk)
    if file.state in (State.APPLIED, State.CANCELLED):
        return redirect("imports:preview", pk)
    number = request.GET.get("table", "")
    found = files.reading_of(file, access=request.access, number=int(number) if is_id(number) else None)
    form = ReadingForm(
        request.POST if request.method == "POST" else None,
        file=file,
        reading=found,
        access=request.access,
        portion=_portion(request),
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _read(request, file, form)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"file": file, "form": form, "reading": found, "sample": found.found.table.rows[:8]}
    return render(request, "imports/reading.html", context, status=422 if form.errors else 200)


def _portion(request: Request) -> int:
    asked = request.GET.get("labels", "")
    return int(asked) if is_id(asked) else 1


def _read(request: Request, file: ImportedFile, form: ReadingForm) -> HttpResponse:
    """Another table or another arrangement is shown first; the same one is looked through."""
    if "table" in form.changed_data:
        return redirect(f"{request.path}?table={form.cleaned_data['table']}")
    found = files.reading_of(file, access=request.access, number=form.reading.found.number, mapping=form.mapping)
    files.decide(file, found)
    if is_id(portion := request.POST.get("go", "")) and not form.is_rearranged:
        return redirect(f"{request.path}?labels={portion}")  # to other labels; what was said is kept with the file
    if form.is_rearranged or not found.is_ready:
        return redirect("imports:reading", file.pk)
    with transaction.atomic():
        saved = None
        if name := form.cleaned_data["name"].strip():
            saved = files.remember(name, found, access=request.access, department=file.department)
        return _look_through(request, file, found, saved)


@importer_only
@says_why_unreadable
def preview(request: Request, pk: int) -> HttpResponse:
    """What the file would change, refused values first; taking it over is one press."""
    file = _own(request, pk)
    if file.state == State.UPLOADED:
        return redirect("imports:reading", pk)
    form = ApplyForm(request.POST if request.method == "POST" else None, file=file)
    if request.method == "POST":
        if file.state == State.PREVIEWED and not files.is_sealed_by(file, request.POST.get("seal", "")):
            _show_what_is_now(request, file, form, str(files.Changed()))
            return _shown(request, file, form)
        answering.keep(file, answering.sent(request.POST))
        if request.POST.get("action") == "answer":
            messages.success(request, "いつもと違う値への答えを保存しました。値はまだ何も変わっていません。")
            form = ApplyForm(file=file, initial=request.POST.dict())  # what was typed for all of them stays
        elif form.is_valid() and (answer := _apply(request, file, form)):
            return answer
    return _shown(request, file, form)


def _shown(request: Request, file: ImportedFile, form: ApplyForm) -> HttpResponse:
    which = request.GET.get("show", "")
    page = Paginator(lines_to_show(file, which), PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "file": file,
        "form": form,
        "seal": files.seal_of(file),
        "which": which,
        "page": page,
        "lines": in_words(file, list(page.object_list)),
    }
    context["questions"] = questions.asked_of(file)
    context["answers"] = [("", "下の答えに従う"), ("confirmed", "確認済（入力誤りなし）"), *ChangeReason.choices]
    context["kinds"] = [(each.value, each.label, file.counts.get(each.value, 0)) for each in ImportLine.Outcome]
    return render(request, "imports/preview.html", context, status=422 if form.is_bound and form.errors else 200)


def _apply(request: Request, file: ImportedFile, form: ApplyForm) -> HttpResponse | None:
    if file.state == State.PREVIEWED and file.lines.count() > in_background.AT_ONCE:
        return redirect("jobs:detail", in_background.apply_later(file, access=request.access, **form.cleaned_data).pk)
    try:
        count = files.apply_file(file, access=request.access, **form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    except files.Changed as changed:
        file.refresh_from_db()
        _show_what_is_now(request, file, form, str(changed))
        return None
    except files.Conflict as conflict:
        files.look_through(
            file, files.reading_of(file, access=request.access), access=request.access, saved=file.mapping
        )
        form.ask_again(f"{conflict}下の一覧は、いまの内容に更新しました。")
        return None
    done = f"{count}件を登録しました。" if file.is_recorded else f"{count}件を確認者へ提出しました。"
    messages.success(request, done if count else "変わる値はありませんでした。")
    return redirect("imports:preview", file.pk)


def _show_what_is_now(request: Request, file: ImportedFile, form: ApplyForm, why: str) -> None:
    """A preview from before there were seals is made anew, so that it has one."""
    if not files.seal_of(file):
        found = files.reading_of(file, access=request.access)
        files.look_through(file, found, access=request.access, saved=file.mapping)
    form.ask_again(why)


@importer_only
@require_POST
@says_why_unreadable
def other_way(request: Request, pk: int) -> HttpResponse:
    """取りまとめ課 chose the wrong one of its two ways: the file and how it is read stay."""
    file = _own(request, pk)
    try:
        files.take_the_other_way(file, access=request.access)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("imports:preview", pk)
    messages.info(request, f"取り込む先を「{file.target_label}」に変えました。値はまだ何も変わっていません。")
    return _look_through(request, file, files.reading_of(file, access=request.access), file.mapping)


@importer_only
@require_POST
@says_why_unreadable
def answer(request: Request, pk: int) -> HttpResponse:
    """What only a person can say of the file's values (rounded or not, of which month): they are looked through again."""
    file = _own(request, pk)
    chosen = questions.answer_of(request.POST.get("answer", ""))
    if chosen is None or file.state != State.PREVIEWED:
        return redirect("imports:preview", pk)
    found = files.read_as(file, chosen, access=request.access)
    messages.info(request, f"「{chosen.words}」で読み直しました。値はまだ何も変わっていません。")
    return _look_through(request, file, found, file.mapping)


@importer_only
@require_POST
def cancel(request: Request, pk: int) -> HttpResponse:
    """Gives a file up before it is taken over."""
    if files.cancel(_own(request, pk), access=request.access):
        messages.success(request, "取込みを取りやめました。値は何も変わっていません。")
    return redirect("imports:list")


@importer_only
@require_GET
def original(request: Request, pk: int) -> HttpResponseBase:
    """The file as it was handed in, always as a download."""
    file = get_object_or_404(ImportedFile.objects.select_related("department"), pk=pk)
    if not files.may_see(request.access, file):
        raise PermissionDenied
    return as_checked_download(request, file.file, file.name, "application/octet-stream", sha256=file.sha256)


@importer_only
@require_GET
def template(request: Request, department_code: str, fiscal_year: int) -> HttpResponse:
    """The department's year as a sheet to fill in, with what is stored."""
    today = timezone.localdate()
    year = fiscal_year_or_404(fiscal_year, today)
    department = department_or_404(department_code, today)
    if not request.access.may_see_entries(department):
        raise PermissionDenied
    response = HttpResponse(template_of_year(department, year, today), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{department.code}-FY{year}.xlsx"'
    return response


def _own(request: Request, pk: int) -> ImportedFile:
    file = get_object_or_404(ImportedFile.objects.select_related("department", "mapping", "uploaded_by"), pk=pk)
    if not files.may_go_on(request.access, file):
        raise PermissionDenied
    return file
