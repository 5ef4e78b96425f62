"""Files that values were taken from: how each kind is read (mapping), the file itself, and what was made of its rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Department
from kpis.models.series import Series
from kpis.models.value import DatedValue
from sheets import Tables


class ImportMapping(models.Model):
    """How a file of one shape is read: which row or column is the month, which are values, which series each belongs to."""

    name = models.CharField(
        "名称", max_length=80, unique=True, error_messages={"unique": "同じ名称の読み取り方があります。"}
    )
    signature = models.CharField("表の形の照合値", max_length=64, db_index=True)
    reading = models.JSONField("読み取り方")
    department = models.ForeignKey(
        Department,
        verbose_name="使う所属",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="import_mappings",
    )
    version = models.PositiveIntegerField("版", default=1)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="更新した職員", on_delete=models.PROTECT, related_name="import_mappings"
    )
    updated_at = models.DateTimeField("更新日時")

    class Meta:
        verbose_name = "ファイルの読み取り方"
        verbose_name_plural = "ファイルの読み取り方"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="import_mapping_has_name",
                violation_error_message="読み取り方の名称を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ImportedFile(models.Model):
    """A file somebody handed in, kept as it was, with who, when and what became of it."""

    DONE_BY = (("uploaded_by", "uploaded_at", "uploaded_post"),)

    class State(models.TextChoices):
        UPLOADED = "uploaded", "読み取り方を確認中"
        PREVIEWED = "previewed", "内容を確認中"
        APPLIED = "applied", "取込済"
        CANCELLED = "cancelled", "取りやめ"

    class Way(models.TextChoices):
        REPORT = "report", "回答として提出"
        RECORD = "record", "実績値として直接登録"

    #: What was read of it when it was handed in: the same request goes on with it, and it ends with the request.
    just_read: Tables | None = None

    file = models.FileField("ファイル", upload_to="imports/%Y/%m/")
    name = models.CharField("ファイル名", max_length=200)
    sha256 = models.CharField("照合値", max_length=64)
    size = models.PositiveIntegerField("大きさ（バイト）")
    understood = models.JSONField("読み取った結果", default=dict)
    mapping = models.ForeignKey(
        ImportMapping,
        verbose_name="読み取り方",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="files",
    )
    department = models.ForeignKey(
        Department,
        verbose_name="取り込む所属",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="imported_files",
    )
    way = models.CharField(
        "取り込み方",
        max_length=10,
        choices=Way,
        default=Way.REPORT,
        help_text="直接登録するのは、取りまとめ課が過去の値などを入れるときだけです。",
    )
    state = models.CharField("状態", max_length=12, choices=State, default=State.UPLOADED)
    counts = models.JSONField("件数", default=dict)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="取り込んだ職員",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="imported_files",
    )
    uploaded_post = models.CharField("取り込んだ職員の職", max_length=120, blank=True)
    uploaded_at = models.DateTimeField("受付日時")
    applied_at = models.DateTimeField("取込日時", null=True, blank=True)
    reading_since = models.DateTimeField("読み取りの開始", null=True, editable=False)
    reading_by = models.CharField("読み取っている処理", max_length=120, blank=True, editable=False)
    unreadable = models.CharField("読み取れない理由", max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = "取り込んだファイル"
        verbose_name_plural = "取り込んだファイル"
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["uploaded", "previewed", "applied", "cancelled"]),
                name="imported_file_state_is_known",
                violation_error_message="取込みの状態が正しくありません。",
            ),
            models.CheckConstraint(
                condition=Q(way="report") | Q(way="record", department__isnull=True),
                name="imported_file_of_a_department_is_reported",
                violation_error_message="所属のファイルは、回答として提出します。直接登録するのは取りまとめ課だけです。",
            ),
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(applied_at__isnull=False),
                name="imported_file_applied_has_time",
                violation_error_message="取り込んだファイルには取込日時が必要です。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_recorded(self) -> bool:
        """Its values count at once; any other file's go through each department's approval."""
        return self.way == self.Way.RECORD

    @property
    def goes_to_many(self) -> bool:
        """取りまとめ課 hands it in: each value on the route of the department that reports it."""
        return self.department_id is None and not self.is_recorded

    @property
    def target_label(self) -> str:
        """Whose values it brings, and what becomes of them."""
        if self.department is not None:
            return f"{self.department.name}の回答"
        return _TARGETS[self.Way(self.way)]

    @property
    def other_target_label(self) -> str:
        """What 取りまとめ課 could do with it instead; "" for a department's own file."""
        if self.department_id is not None:
            return ""
        return _TARGETS[self.Way.REPORT if self.is_recorded else self.Way.RECORD]


_TARGETS = {
    ImportedFile.Way.REPORT: "各所属の回答（取りまとめ課が提出）",
    ImportedFile.Way.RECORD: "実績値（取りまとめ課が直接登録）",
}


class ImportLine(DatedValue):
    """One value of a previewed file: where it stands, what it would change, and the version the preview saw."""

    class Outcome(models.TextChoices):
        NEW = "new", "新規"
        CHANGED = "changed", "変更"
        SAME = "same", "同じ"
        REFUSED = "refused", "取り込めない"

    imported_file = models.ForeignKey(
        ImportedFile, verbose_name="ファイル", on_delete=models.CASCADE, related_name="lines"
    )
    series = models.ForeignKey(
        Series, verbose_name="内訳", null=True, blank=True, on_delete=models.CASCADE, related_name="import_lines"
    )
    sheet = models.CharField("シート", max_length=60, blank=True)
    row = models.PositiveIntegerField("行", default=0)
    column = models.PositiveIntegerField("列", default=0)
    shown = models.CharField("ファイルの文字", max_length=120, blank=True)
    how = models.CharField("読み方", max_length=120, blank=True)
    outcome = models.CharField("結果", max_length=10, choices=Outcome)
    message = models.CharField("理由", max_length=300, blank=True)
    seen_version = models.PositiveIntegerField("確認したときの実績値の版", default=0)
    seen_entry_version = models.PositiveIntegerField("確認したときの回答の版", default=0)

    class Meta:
        verbose_name = "取込みの行"
        verbose_name_plural = "取込みの行"
        ordering = ["imported_file", "sheet", "row", "column"]
        indexes = [models.Index(fields=["imported_file", "outcome"], name="import_line_outcome")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["new", "changed", "same", "refused"]),
                name="import_line_outcome_is_known",
                violation_error_message="取込みの結果が正しくありません。",
            ),
            models.CheckConstraint(
                condition=Q(outcome="refused") | Q(series__isnull=False),
                name="import_line_has_series",
                violation_error_message="取り込む行には内訳が必要です。",
            ),
            models.UniqueConstraint(
                fields=["imported_file", "series", "span", "period"],
                condition=~Q(outcome="refused"),
                name="import_line_once_per_period",
                violation_error_message="ファイルの中に、同じ内訳・同じ期間の値が2つあります。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.imported_file} {self.sheet} {self.row}行{self.column}列"
