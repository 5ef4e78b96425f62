"""決裁ルート: through whose hands a report goes before it counts, and who decides for somebody absent (代決)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from accounts.managers import valid_on
from accounts.models.people import Assignment, Department
from constraints.rows import RowConstraint, never_deleted


class Route(models.Model):
    """1 to 4 steps of approval, in order."""

    name = models.CharField("名称", max_length=60, unique=True)
    note = models.CharField("説明", max_length=200, blank=True)

    class Meta:
        verbose_name = "承認ルート"
        verbose_name_plural = "承認ルート"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RouteStep(models.Model):
    """One step: whoever holds this role for the reporting department (for 部の取りまとめ: for the 部 above it)."""

    ROLES = (
        Assignment.Role.CHECKER,
        Assignment.Role.APPROVER,
        Assignment.Role.COORDINATOR,
        Assignment.Role.REFORM_OFFICE,
    )

    route = models.ForeignKey(Route, verbose_name="承認ルート", on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField("段階")
    role = models.CharField("承認する役割", max_length=20, choices=[(role.value, role.label) for role in ROLES])

    class Meta:
        verbose_name = "承認の段階"
        verbose_name_plural = "承認の段階"
        ordering = ["route", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["route", "order"],
                name="route_step_order_once",
                violation_error_message="この承認ルートに同じ段階があります。",
            ),
            models.UniqueConstraint(
                fields=["route", "role"],
                name="route_step_role_once",
                violation_error_message="この承認ルートに同じ役割の段階があります。",
            ),
            models.CheckConstraint(
                condition=Q(order__gte=1, order__lte=4),
                name="route_step_is_1_to_4",
                violation_error_message="段階は1から4までです。",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["checker", "approver", "coordinator", "reform_office"]),
                name="route_step_role_approves",
                violation_error_message="承認する役割を選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.get_role_display()}"


class RouteUse(models.Model):
    """Which route a department's reports of a kind take; without a department: everybody who has none of their own."""

    class Subject(models.TextChoices):
        MEASUREMENT = "measurement", "月次の回答"
        PROGRESS = "progress", "進捗状況調書"
        INQUIRY = "inquiry", "個別の照会"

    department = models.ForeignKey(
        Department,
        verbose_name="所属",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="route_uses",
        help_text="空にすると、個別に決めていないすべての所属に使います。部を選ぶと、その部の課に使います。",
    )
    subject = models.CharField("対象", max_length=20, choices=Subject)
    route = models.ForeignKey(Route, verbose_name="承認ルート", on_delete=models.PROTECT, related_name="uses")

    class Meta:
        verbose_name = "承認ルートの割当"
        verbose_name_plural = "承認ルートの割当"
        ordering = ["department__order", "subject"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "subject"],
                condition=Q(department__isnull=False),
                name="route_use_once_per_department",
                violation_error_message="この所属の承認ルートは登録済みです。",
            ),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(department__isnull=True),
                name="route_use_default_once",
                violation_error_message="全体に使う承認ルートは登録済みです。",
            ),
            models.CheckConstraint(
                condition=Q(subject__in=["measurement", "progress", "inquiry"]),
                name="route_use_subject_is_known",
                violation_error_message="対象を選んでください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department or '全体'}：{self.get_subject_display()}"


class DeputyQuerySet(models.QuerySet["Deputy"]):
    def in_force(self, day: date) -> DeputyQuerySet:
        return self.filter(valid_on(day))


class Deputy(models.Model):
    """代決: for these days somebody else decides in the place of a post; the holder looks at it afterwards (後閲)."""

    principal = models.ForeignKey(
        Assignment, verbose_name="不在となる職", on_delete=models.PROTECT, related_name="deputies"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="代決者", on_delete=models.PROTECT, related_name="deputy_for"
    )
    valid_from = models.DateField("開始日")
    valid_to = models.DateField("終了日（この日まで）")
    reason = models.CharField("理由", max_length=200, help_text="例：出張、休暇")
    #: Something was decided under it: it is ended then, never deleted. Set by accounts.deputising.note_used alone.
    is_used = models.BooleanField("使われた", default=False, editable=False)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = "代決者"
        verbose_name_plural = "代決者"
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="deputy_ends_after_it_begins",
                violation_error_message="終了日は開始日以後の日付にしてください。",
            ),
            models.UniqueConstraint(
                fields=["principal", "deputy", "valid_from"],
                name="deputy_once_per_start",
                violation_error_message="同じ代決者が登録されています。",
            ),
            RowConstraint(
                name="deputy_stays_used",
                refused="OLD.is_used AND NOT NEW.is_used",
                violation_error_message="承認や差戻しに使われた代決者の登録は、使われていないことにはできません。",
            ),
            never_deleted(
                "deputy_is_kept_once_used",
                "承認や差戻しに使われた代決者の登録は削除できません。終了日を入れて終わらせてください。",
                when="OLD.is_used",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy}（{self.principal.post}の代決）"

    def clean(self) -> None:
        """A post's holder cannot stand in for themselves; an appointment keeps the days on which it was used."""
        if self.principal_id and self.deputy_id == self.principal.user_id:
            raise ValidationError({"deputy": "本人を代決者にはできません。ほかの職員を選んでください。"})
        from accounts.acts import check_deputy_kept

        before = Deputy.objects.filter(pk=self.pk).first() if self.pk else None
        if before is not None and self.valid_from is not None and self.valid_to is not None:
            check_deputy_kept(before, self)
