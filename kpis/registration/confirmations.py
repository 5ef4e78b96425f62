"""What a department says of a value that another office registered for it, and taking it back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Assignment, Department
from kpis.models import Acknowledgement, Measurement, Reporting
from kpis.registration.values import Registered, registered_for
from kpis.values.closed import check_open, hold_series, locked_places, month_of

if TYPE_CHECKING:
    from accounts.access import Access


def acknowledge(
    department: Department, month: date, *, seen: Mapping[int, int], remarks: Mapping[int, str], access: Access
) -> tuple[int, int]:
    """Says of the values shown (`seen`: measurement id → version) that they are right, or what is wrong with them.

    Gives how many were answered, and how many were left out because they have a newer version than was shown, or a
    colleague has said something about them meanwhile.
    """
    with transaction.atomic():
        asked = [each for each in _held(department, month, access) if each.measurement and each.measurement.pk in seen]
        current = [each for each in asked if each.measurement and each.measurement.version == seen[each.measurement.pk]]
        waiting = [each.measurement for each in current if each.waits and each.measurement]
        said = {measurement.pk: remarks.get(measurement.pk, "").strip()[:1000] for measurement in waiting}
        _say(waiting, department, access, said)
    return len(waiting), len(asked) - len(waiting)


def take_back(department: Department, month: date, *, words: Collection[int], access: Access) -> tuple[int, int]:
    """The department has not said this (ids of what it said last of a value); what was said stays on record.

    Gives how many were taken back, and how many were left out because the value or the word is another meanwhile.
    Raises MonthIsClosed (a ValidationError): what was said of a closed month stands.
    """
    with transaction.atomic():
        said = [each for each in _held(department, month, access) if each.said is not None and each.said.pk in words]
        measurements = [each.measurement for each in said if each.measurement]
        check_open(measurements, access.on)
        _say(measurements, department, access, None)
    return len(said), len(set(words)) - len(said)


def may_answer(department: Department, access: Access) -> bool:
    """Who speaks for a department about what is registered: whoever enters or approves there."""
    return access.may_enter(department.pk) or access.may_approve(department.pk)


def changeable(registered: Iterable[Registered], on: date) -> list[Registered]:
    """Those about which the department's word can still be taken back: their month is not closed."""
    said = [(each, each.measurement) for each in registered if each.said is not None and each.measurement is not None]
    if not said:
        return []
    _, locked = locked_places([measurement for _, measurement in said], on)
    return [each for each, value in said if (value.series_id, month_of(value)) not in locked]


def last_press(changeable: Iterable[Registered]) -> list[Acknowledgement]:
    """What was confirmed with the newest press, where it was more than one value: one slip, taken back at once."""
    right = [each.said for each in changeable if each.said is not None and each.said.is_right]
    newest = max(((word.at, word.user_id) for word in right), default=None)
    pressed = [word for word in right if (word.at, word.user_id) == newest]
    return pressed if len(pressed) > 1 else []


def _held(department: Department, month: date, access: Access) -> list[Registered]:
    """What is registered for the department's month, while nobody else says or registers anything of it."""
    if not may_answer(department, access):
        raise PermissionDenied
    hold_series(Reporting.objects.registered_for(department, month).values_list("series", flat=True))
    return registered_for(department, month)


def _say(
    measurements: Iterable[Measurement], department: Department, access: Access, remarks: Mapping[int, str] | None
) -> None:
    """Keeps a word about each value, of one moment: right or a remark, or (None) that the last word is taken back."""
    now = access.now()
    post = access.post_in(department.pk, Assignment.Role.EDITOR, Assignment.Role.APPROVER)
    Acknowledgement.objects.bulk_create(
        Acknowledgement(
            measurement=measurement,
            measurement_version=measurement.version,
            department=department,
            is_right=remarks is None or not remarks[measurement.pk],
            comment=remarks[measurement.pk] if remarks else "",
            is_taken_back=remarks is None,
            user=access.user,  # type: ignore[misc]
            post=post,
            at=now,
        )
        for measurement in measurements
    )
