"""The form of an owner card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Department
from kpis.models import Kpi, OwnerCard

if TYPE_CHECKING:
    from accounts.models import Assignment

CHANGED = "表示したあとに、ほかの人がこの担当票を更新しました。いまの内容を開き直して、もう一度入力してください。"


class OwnerCardForm(forms.ModelForm):
    """What a successor must know about a figure. `seen` is when the card was changed last, as it was shown."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = OwnerCard
        fields = ("owner", "deputy", "counted_where", "source_file", "pitfalls")
        widgets = {
            "owner": forms.Select(attrs={"class": "select"}),
            "deputy": forms.Select(attrs={"class": "select"}),
            "counted_where": forms.Textarea(attrs={"rows": 3, "class": "textarea"}),
            "source_file": forms.TextInput(attrs={"class": "input"}),
            "pitfalls": forms.Textarea(attrs={"rows": 4, "class": "textarea"}),
        }
        help_texts = {
            "counted_where": "例：窓口システムの日計表の合計。二重計上を除いて数える。",
            "source_file": "例：共有フォルダーの月次集計表（ファイル名と保存場所）",
            "pitfalls": "例：4月分は転入が多く、確認に時間がかかった。",
        }

    def __init__(
        self, data: Any, *, kpi: Kpi, department: Department, card: OwnerCard | None, people: Sequence[Assignment]
    ) -> None:
        self.shown = card
        instance = card or OwnerCard(kpi=kpi, department=department)
        super().__init__(data, instance=instance, initial={"seen": self.version_of(card)})
        for name in ("owner", "deputy"):
            self._offer(name, people)

    @staticmethod
    def version_of(card: OwnerCard | None) -> str:
        return card.updated_at.isoformat() if card else ""

    def _offer(self, name: str, people: Sequence[Assignment]) -> None:
        """People of today, and whoever is named although the post ended: an old name is shown, not lost."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        named = getattr(self.instance, name)
        listed = list(people) if named is None or named in people else [named, *people]
        field.choices = [("", "決まっていません"), *((post.pk, f"{post.user.name}（{post.post}）") for post in listed)]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("owner") and said.get("owner") == said.get("deputy"):
            self.add_error("deputy", "副担当には、担当とは別の職員を選んでください。")
        offered = {str(key) for key, _ in self.fields["owner"].choices}  # type: ignore[attr-defined]  # a choice field
        for name in ("owner", "deputy"):
            if said.get(name) and str(said[name].pk) not in offered:
                self.add_error(name, "この所属の職員から選んでください。")
        return said

    def perform(self) -> OwnerCard | None:
        """Saves. None where something stands in the way: the form says what."""
        if not self.is_valid():
            return None
        with transaction.atomic():
            current = OwnerCard.objects.select_for_update().filter(
                kpi=self.instance.kpi, department=self.instance.department
            )
            if self.version_of(current.first()) != self.cleaned_data["seen"]:
                self.add_error(None, ValidationError(CHANGED, code="changed"))
                return None
            self.instance.updated_at = timezone.now()
            self.instance.save()
        return self.instance
