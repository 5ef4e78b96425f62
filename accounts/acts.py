"""What somebody did in their posts: a post under which something was done is ended, never deleted, moved or dated back.

Every model whose rows say who did something, and when, names the fields in `DONE_BY`, once for each thing that is done with
a row: ("actor", "at", "post"). The third is the name of the post as it was written down; "" where a model keeps none.
A model whose rows also say in whose place it was done names those fields in `DONE_FOR`: ("principal", "at"); which of its
actions decide something, in `DECIDED`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone

from japan.wareki import date_label

if TYPE_CHECKING:
    from accounts.models import Assignment, Deputy

KEPT_POST = (
    "この担当割当では、{first}から{last}までに登録や承認などが行われています"
    "（最後は{last}の「{act}」）。削除や、職員・所属・役割・職名・発令の種類の変更、その期間を外す日付の変更は"
    "できません。終了日を入れて、新しい担当割当を登録してください。"
)
KEPT_UNTIL = "この担当割当では、{last}に「{act}」が行われています。終了日は、{last}以後の日付にしてください。"
KEPT_DEPUTY = (
    "この代決者は、{first}から{last}までに承認や差戻しを行っています。"
    "削除や、その期間を外す日付の変更はできません。終了日を入れて終わらせてください。"
)
Days = tuple[date, date]


def days_of_acts(post: Assignment) -> Days | None:
    """The first and the last day on which its holder did something in the post that is kept, within its days, or a
    deputy in the place of the holder.

    What was done in another post of the same person, by the post's name in the record, is not counted.
    """
    days: list[date] = []
    for rows, when in _acts_in(post):
        days += _ends_of(rows, when)
    return _from_to(days)


def last_act(post: Assignment) -> str:
    """What was done last in the post, in words: 回答の承認. "" for nothing."""
    newest = [
        (getattr(row, when), row) for rows, when in _acts_in(post) if (row := rows.order_by(when).last()) is not None
    ]
    return _in_words(max(newest, key=lambda each: each[0])[1]) if newest else ""


def _in_words(row: Any) -> str:
    thing = str(row._meta.verbose_name)
    if thing.endswith("の経過"):
        return f"{thing.removesuffix('の経過')}の{row.get_action_display()}"
    return thing.replace("の履歴", "の登録")


def _acts_in(post: Assignment) -> Iterator[tuple[QuerySet[Any], str]]:
    """The rows that tell of acts in the post, with the field that says when."""
    others = _other_posts(post)
    for model in apps.get_models():
        for who, when, named in getattr(model, "DONE_BY", ()):
            rows = model._base_manager.filter(_on_days(when, post.valid_from, post.valid_to), **{who: post.user_id})
            yield rows.exclude(**{f"{named}__in": others}) if named else rows, when
        for principal, when in getattr(model, "DONE_FOR", ()):
            during = _on_days(when, post.valid_from, post.valid_to)
            yield model._base_manager.filter(during, **{principal: post.pk}), when


def _other_posts(post: Assignment) -> list[str]:
    """The names of the person's other posts, unless this one is called the same."""
    rows = type(post).objects.filter(user=post.user_id).exclude(pk=post.pk).select_related("department")
    return sorted({other.post for other in rows} - {post.post})


def last_day_before(post: Assignment, day: date) -> date | None:
    """The last day of a post that is to end before `day`: the day before, or the last day on which something was done
    in it. None: it would not have begun, and nothing was done, so that it can be taken away."""
    acted = days_of_acts(post) if post.valid_from <= timezone.localdate() else None
    ended = day - timedelta(days=1)
    if acted is None:
        return ended if post.valid_from < day else None
    return max(ended, acted[1])


def _on_days(when: str, first: date, last: date | None) -> Q:
    zone = timezone.get_default_timezone()
    found = Q(**{f"{when}__gte": datetime.combine(first, time.min, zone)})
    if last is not None:
        found &= Q(**{f"{when}__lt": datetime.combine(last + timedelta(days=1), time.min, zone)})
    return found


def _ends_of(rows: QuerySet[Any], when: str) -> list[date]:
    """The first and the last day of the rows, in the city's time; none for no rows."""
    ends = rows.aggregate(first=Min(when), last=Max(when))
    return [timezone.localdate(at) for at in ends.values() if at is not None]


def _from_to(days: list[date]) -> Days | None:
    return (min(days), max(days)) if days else None


def days_of_decisions(deputy: Deputy) -> Days | None:
    """The days on which the deputy decided something in the place of the post, within the appointment."""
    days: list[date] = []
    for model in apps.get_models():
        for principal, when in getattr(model, "DONE_FOR", ()):
            rows = model._base_manager.filter(
                _on_days(when, deputy.valid_from, deputy.valid_to),
                actor=deputy.deputy_id,
                action__in=model.DECIDED,  # type: ignore[attr-defined]  # beside DONE_FOR
                **{principal: deputy.principal_id},
            )
            days += _ends_of(rows, when)
    return _from_to(days)


def check_post_kept(before: Assignment, after: Assignment | None) -> None:
    """Raises ValidationError where a post under which something was done would go, move, be called something else, or
    lose a day of it.

    `after` is the post as it is to be; None: it is to be deleted.
    """
    if after is not None and _says_the_same(before, after) and _spans(after, before.valid_from, before.valid_to):
        return  # nothing is taken from it: what was done in it need not be asked for
    days = days_of_acts(before)
    if days is None:
        return
    said = {"first": date_label(days[0]), "last": date_label(days[1]), "act": last_act(before)}
    if after is None or not _says_the_same(before, after) or after.valid_from > days[0]:
        raise ValidationError(KEPT_POST.format(**said), code="acted")
    if after.valid_to is not None and after.valid_to < days[1]:
        raise ValidationError({"valid_to": ValidationError(KEPT_UNTIL.format(**said), code="acted")})


def _says_the_same(before: Assignment, after: Assignment) -> bool:
    """Of whom and what the post is: what the record of each act says."""
    names = ("user_id", "department_id", "role", "title", "kind")
    return all(getattr(before, name) == getattr(after, name) for name in names)


def _spans(post: Assignment, first: date, last: date | None) -> bool:
    return post.valid_from <= first and (post.valid_to is None or (last is not None and last <= post.valid_to))


def check_deputy_kept(before: Deputy, after: Deputy | None) -> None:
    """The same of a deputy's appointment and what was decided under it."""
    days = days_of_decisions(before)
    if days is None:
        return
    same = after is not None and (before.principal_id, before.deputy_id) == (after.principal_id, after.deputy_id)
    if after is None or not same or _loses(after.valid_from, after.valid_to, days):
        raise ValidationError(KEPT_DEPUTY.format(first=date_label(days[0]), last=date_label(days[1])), code="acted")


def _loses(first: date, last: date | None, days: Days) -> bool:
    return first > days[0] or (last is not None and last < days[1])
