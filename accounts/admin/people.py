"""Employees and their posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.account_changes import telling
from accounts.acts import check_post_kept
from accounts.back_office.access import follow_staff_flag, open_to_holder
from accounts.back_office.forms import BackOfficeForm
from accounts.back_office.kept import KeptAdmin, KeptPosts, ToldAdmin, rows_named
from accounts.back_office.lists import InForceFilter, day_of
from accounts.ids import ids_in
from accounts.models import Assignment, User

WHO = "氏名、ふりがな、職員番号で探します。"


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("employee_number", "name", "furigana", "email", "is_staff")


class GivenPasswordForm(AdminPasswordChangeForm):
    """A password that somebody else set is known to two people: it holds until the next sign-in."""

    def save(self, commit: bool = True) -> User:
        self.user.must_change_password = True
        saved: User = super().save(commit)
        return saved


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


class AssignmentInline(admin.TabularInline):
    model = Assignment
    form = BackOfficeForm
    formset = KeptPosts
    extra = 0
    autocomplete_fields = ["department"]
    verbose_name_plural = "担当割当（異動では終了日を入れ、新しい行を足します）"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        return super().get_queryset(request).select_related("department").order_by("-valid_from")


@admin.register(User)
class UserAdmin(ToldAdmin, DjangoUserAdmin):
    """An employee is never deleted: history names them. Whoever leaves is made inactive."""

    form = UserForm
    add_form = NewUserForm
    change_password_form = GivenPasswordForm
    inlines = [AssignmentInline]
    list_display = ["employee_number", "name", "furigana", "posts", "is_active", "is_staff", day_of(User, "last_login")]
    list_display_links = ["employee_number", "name"]
    list_filter = ["is_active", "is_staff", "assignments__role"]
    search_fields = ["employee_number", "name", "furigana"]
    search_help_text = WHO
    ordering = ["employee_number"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["employee_number", "password", "name", "furigana", "email"]}),
        (
            "利用",
            {
                "fields": ["is_active", "is_staff", "must_change_password"],
                "description": "「管理画面の利用」は、取りまとめ課の担当割当がある間だけ働きます。",
            },
        ),
        ("記録", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["employee_number", "name", "furigana", "email", "is_staff"]}),
        ("最初のパスワード", {"fields": ["usable_password", "password1", "password2"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("assignments__department")

    def users_concerned(self, request: HttpRequest, object_id: str | None) -> set[int]:
        return ids_in([object_id])

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        with telling(self._concerned(request, id), request):
            return super().user_change_password(request, id, form_url)

    @admin.display(description="現在の担当")
    def posts(self, user: User) -> str:
        today = timezone.localdate()
        return "、".join(a.post for a in user.assignments.all() if a.is_in_force(today)) or "—"

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # Otherwise 取りまとめ課 could set a system administrator's password and become one.
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.must_change_password = True
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for post in (row for formset in formsets for row in formset.new_objects if isinstance(row, Assignment)):
            open_to_holder(post)
        follow_staff_flag(User.objects.get(pk=form.instance.pk))


@admin.register(Assignment)
class AssignmentAdmin(ToldAdmin, KeptAdmin):
    """A post that was used is ended, never deleted; whoever holds it is told of every change."""

    check_kept = staticmethod(check_post_kept)
    form = BackOfficeForm
    list_display = [
        "user",
        "department",
        "role",
        "title",
        day_of(Assignment, "valid_from"),
        day_of(Assignment, "valid_to"),
    ]
    list_filter = [InForceFilter, "role"]
    list_select_related = ["user", "department"]
    search_fields = ["user__employee_number", "user__name", "user__furigana", "department__name"]
    search_help_text = "職員の氏名・番号、所属の名称で探します。"
    autocomplete_fields = ["user", "department"]
    date_hierarchy = "valid_from"

    def save_model(self, request: HttpRequest, obj: Assignment, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if {"role", "user"} & set(form.changed_data):
            open_to_holder(obj)

    def users_concerned(self, request: HttpRequest, object_id: str | None) -> set[int]:
        """Who holds the post now or is to hold it, and the holders of posts that were ticked in the list."""
        holders = set(rows_named(Assignment, request, object_id).values_list("user", flat=True))
        return holders | ids_in([request.POST.get("user")])
