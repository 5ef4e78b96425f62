"""Forms of the pages about people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.days import DayField
from accounts.deputising import candidates, deciding_posts, name_deputy

if TYPE_CHECKING:
    from accounts.access import Access
    from accounts.models import Deputy


def day_field(label: str, help_text: str = "") -> DayField:
    """A day, chosen or typed."""
    return DayField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
        error_messages={"required": f"{label}を入力してください。"},
    )


class DeputyForm(forms.Form):
    """Who stands in for one of the person's posts, and when."""

    post = forms.ChoiceField(label="不在となる職", widget=forms.Select(attrs={"class": "select"}))
    deputy = forms.ChoiceField(
        label="代決者",
        help_text="不在の間、あなたに代わって承認や差戻しをする職員です。",
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={"required": "代決者を選んでください。"},
    )
    first = day_field("開始日")
    last = day_field("終了日（この日まで）")
    reason = forms.CharField(
        label="理由",
        max_length=200,
        help_text="例：出張、休暇。承認の経過といっしょに残ります。",
        widget=forms.TextInput(attrs={"class": "input"}),
        error_messages={"required": "理由を入力してください。"},
    )

    def __init__(self, data: Any, access: Access) -> None:
        super().__init__(data)
        self.access = access
        self._posts = {str(post.pk): post for post in deciding_posts(access)}
        self._people = {str(user.pk): user for user in candidates(access)}
        self._offer("post", [(key, post.post) for key, post in self._posts.items()])
        people = [(key, f"{user.name}（{user.employee_number}）") for key, user in self._people.items()]
        self._offer("deputy", [("", "選んでください"), *people])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        first, last = said.get("first"), said.get("last")
        if first and last and last < first:
            self.add_error("last", "終了日は開始日以後の日付にしてください。")
        return said

    def perform(self) -> Deputy | None:
        """Names the deputy. None where something stands in the way: the form says what."""
        if not self.is_valid():
            return None
        said = self.cleaned_data
        try:
            return name_deputy(
                self._posts[said["post"]],
                self._people[said["deputy"]],
                first=said["first"],
                last=said["last"],
                reason=said["reason"],
                access=self.access,
            )
        except ValidationError as error:
            self.add_error(None, error)
        return None
