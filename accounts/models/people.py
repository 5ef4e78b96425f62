"""Users, departments over time, and the posts that give rights."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from accounts.managers import AssignmentQuerySet, DepartmentQuerySet, UserManager
from constraints.rows import RowConstraint, never_two_at_once


class User(AbstractBaseUser, PermissionsMixin):
    """An employee. Signs in with the employee number; rights come from assignments, never from the user."""

    employee_number = models.CharField(
        "職員番号",
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[0-9A-Za-z\-]+$", "職員番号は半角の英数字で入力してください。")],
        error_messages={"unique": "この職員番号は登録済みです。番号を確かめてください。"},
    )
    name = models.CharField("氏名", max_length=60)
    furigana = models.CharField("ふりがな", max_length=80, blank=True)
    email = models.EmailField("メールアドレス", blank=True)
    is_active = models.BooleanField(
        "有効", default=True, help_text="退職などで使えなくするときに外します（削除はしません）。"
    )
    must_change_password = models.BooleanField(
        "次にログインしたときにパスワードを変える", default=False, help_text="初期パスワードを渡したときに付けます。"
    )
    is_staff = models.BooleanField("管理画面の利用", default=False)
    date_joined = models.DateTimeField("登録日時", auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "employee_number"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "職員"
        verbose_name_plural = "職員"
        ordering = ["employee_number"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(employee_number=""),
                name="user_has_employee_number",
                violation_error_message="職員番号を入力してください。",
            ),
            models.CheckConstraint(
                condition=~Q(name=""),
                name="user_has_name",
                violation_error_message="氏名を入力してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Department(models.Model):
    """A 部 or 課 as it stood for a time. A row never changes its name or parent: a change closes it and opens another."""

    code = models.CharField(
        "所属コード",
        max_length=20,
        validators=[RegexValidator(r"^[0-9A-Za-z\-]+$", "所属コードは半角の英数字で入力してください。")],
    )
    name = models.CharField("名称", max_length=60)
    short_name = models.CharField("略称", max_length=20)
    furigana = models.CharField("ふりがな", max_length=120, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name="上位の所属（部）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    order = models.PositiveIntegerField("建制順")
    valid_from = models.DateField("設置日")
    valid_to = models.DateField("廃止日（この日まで）", null=True, blank=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = "所属"
        verbose_name_plural = "所属"
        ordering = ["order", "code", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="department_code_once_per_start",
                violation_error_message="同じ所属コードと設置日の所属があります。設置日を確かめてください。",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(valid_to__isnull=True),
                name="department_code_open_once",
                violation_error_message="この所属コードの所属が続いています。先に今の所属に廃止日を入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="department_ends_after_it_begins",
                violation_error_message="廃止日は設置日以後の日付にしてください。",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")),
                name="department_is_not_its_own_parent",
                violation_error_message="上位の所属に自分自身は選べません。",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(short_name="") & ~Q(code=""),
                name="department_has_code_and_names",
                violation_error_message="所属コード、名称、略称を入力してください。",
            ),
            RowConstraint(
                name="department_name_and_parent_never_change",
                refused="OLD.name <> NEW.name OR COALESCE(OLD.parent_id, 0) <> COALESCE(NEW.parent_id, 0)",
                violation_error_message="所属の名称と上位の所属は変更できません。廃止日を入れて、新しい所属を登録してください。",
            ),
            never_two_at_once(
                "department_code_once_a_day",
                "code",
                "同じ所属コードの所属と期間が重なります。前の所属の廃止日か、この所属の設置日を直してください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A department is not closed back to a day before its people did something for it (accounts.reorganising)."""
        from accounts.reorganising import acted_later

        if self.pk and self.valid_to is not None and (why := acted_later(self, self.valid_to)):
            raise ValidationError({"valid_to": ValidationError(why, code="acted")})

    def is_in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Succession(models.Model):
    """Which department took over from which: several may join into one, one may be divided.

    One successor of each does what is left of it once its own people report no more (accounts.inheriting).
    """

    class Kind(models.TextChoices):
        RENAME = "rename", "名称変更"
        MERGE = "merge", "統合"
        SPLIT = "split", "分割"
        MOVE = "move", "移管"

    predecessor = models.ForeignKey(
        Department, verbose_name="前の所属", on_delete=models.PROTECT, related_name="successions_out"
    )
    successor = models.ForeignKey(
        Department, verbose_name="後の所属", on_delete=models.PROTECT, related_name="successions_in"
    )
    date = models.DateField("実施日")
    kind = models.CharField("種類", max_length=10, choices=Kind)
    finishes_its_work = models.BooleanField(
        "残りの事務を引き継ぐ",
        default=True,
        help_text="前の所属の月分の訂正や、済んでいない回答を、前の所属に代わって行います。前の所属ごとに1つだけです。",
    )

    class Meta:
        verbose_name = "組織改正の引継関係"
        verbose_name_plural = "組織改正の引継関係"
        ordering = ["date", "successor__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor", "date"],
                name="succession_once_per_date",
                violation_error_message="同じ引継関係が登録されています。",
            ),
            models.UniqueConstraint(
                fields=["predecessor"],
                condition=Q(finishes_its_work=True),
                name="succession_one_finishes_its_work",
                violation_error_message="前の所属の残りの事務を引き継ぐ所属は、1つだけです。ほかの引継関係の印を外してください。",
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="succession_joins_two_departments",
                violation_error_message="前の所属と後の所属には別の所属を選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["rename", "merge", "split", "move"]),
                name="succession_kind_is_known",
                violation_error_message="組織改正の種類を選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}（{self.get_kind_display()}）"


class Assignment(models.Model):
    """A post that gives rights from a day to a day: several at once are normal (兼務)."""

    class Role(models.TextChoices):
        EDITOR = "editor", "入力担当者"
        CHECKER = "checker", "確認者（係長）"
        APPROVER = "approver", "確認者（所属長）"
        COORDINATOR = "coordinator", "部の取りまとめ"
        REFORM_OFFICE = "reform_office", "取りまとめ課"
        VIEWER = "viewer", "閲覧者"

    class Kind(models.TextChoices):
        REGULAR = "regular", "本務"
        CONCURRENT = "concurrent", "兼務"
        ACTING = "acting", "事務取扱"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="職員", on_delete=models.PROTECT, related_name="assignments"
    )
    department = models.ForeignKey(
        Department, verbose_name="所属", null=True, blank=True, on_delete=models.PROTECT, related_name="assignments"
    )
    role = models.CharField("役割", max_length=20, choices=Role)
    kind = models.CharField("発令の種類", max_length=12, choices=Kind, default=Kind.REGULAR)
    title = models.CharField("職名", max_length=40, blank=True, help_text="履歴に残る職名です（例：課長、主査）。")
    valid_from = models.DateField("開始日")
    valid_to = models.DateField("終了日（この日まで）", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    #: Of a copy that is never saved: the post as which somebody acts for a closed department (accounts.access).
    acts_as: Assignment | None = None

    class Meta:
        verbose_name = "担当割当"
        verbose_name_plural = "担当割当"
        ordering = ["department__order", "role", "user__employee_number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["editor", "checker", "approver", "coordinator"], department__isnull=False)
                | Q(role__in=["reform_office", "viewer"], department__isnull=True),
                name="assignment_department_fits_role",
                violation_error_message="入力担当者、確認者、部の取りまとめには所属を選び、取りまとめ課と閲覧者は所属を空にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["regular", "concurrent", "acting"]),
                name="assignment_kind_is_known",
                violation_error_message="発令の種類を選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="assignment_ends_after_it_begins",
                violation_error_message="終了日は開始日以後の日付にしてください。",
            ),
            models.UniqueConstraint(
                fields=["user", "department", "role", "valid_from"],
                condition=Q(department__isnull=False),
                name="assignment_in_department_once",
                violation_error_message="同じ担当割当が登録されています。",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "valid_from"],
                condition=Q(department__isnull=True),
                name="assignment_without_department_once",
                violation_error_message="同じ担当割当が登録されています。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post}（{self.user}）"

    @property
    def post(self) -> str:
        """The name of the post as history keeps it: 情報政策課 課長, 情報政策課 課長事務取扱, DX推進課 課長（旧情報政策課）."""
        if self.acts_as is not None:
            return f"{self.acts_as.post}（旧{self.department}）"
        title = self.title or self.get_role_display()
        if self.kind == Assignment.Kind.ACTING and not title.endswith("事務取扱"):
            title += "事務取扱"
        return f"{self.department} {title}" if self.department else title

    def clean(self) -> None:
        """A post under which something was done keeps its holder, its role and the days of it (accounts.acts)."""
        from accounts.acts import check_post_kept

        before = Assignment.objects.filter(pk=self.pk).first() if self.pk else None
        if before is not None and self.valid_from is not None:
            check_post_kept(before, self)

    def is_in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
