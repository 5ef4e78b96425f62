"""回答依頼（再）: one mail a day and person with everything that waits for them.

A mail is claimed before it is sent: the row of (person, day) is committed first, and the database holds it once. Whoever
comes second, in another process or the next minute, finds it claimed and sends nothing. Should the process die between
the claim and the sending, that mail is lost for the day: at most once is the promise, for the same list stands on the
person's home page, and two equal mails would be read as none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from accounts.inheriting import with_closed_departments
from accounts.models import Assignment, ClosedDay, User
from accounts.routing import holds
from inquiries.models import Recipient, Reminder
from inquiries.standing import Standing, standings_of
from inquiries.turns import roles_in_turn
from inquiries.wording import digest_body, digest_subject

Role = Assignment.Role
REMINDED = (Role.EDITOR, Role.CHECKER, Role.APPROVER, Role.COORDINATOR, Role.REFORM_OFFICE)


@dataclass
class Outcome:
    """What a day's run did."""

    sent: int = 0
    failed: int = 0
    already: int = 0
    why_not: str = ""


def send_reminders(today: date) -> Outcome:
    """Mails everybody with an address who has something due soon, overdue, returned or to confirm. Safe to run again."""
    if not settings.MAIL_IS_SET:
        return Outcome(why_not="メールサーバー（EMAIL_URL）が設定されていないため、送信しません。")
    if ClosedDay.objects.calendar().is_closed(today):
        return Outcome(why_not="閉庁日のため、送信しません。")
    outcome = Outcome()
    connection = get_connection()
    for user, standings in waiting_by_person(today):
        _remind(user, standings, today, connection, outcome)
    return outcome


def waiting_by_person(today: date) -> list[tuple[User, list[Standing]]]:
    """Who would be reminded of what today; the number of queries does not depend on how many they are."""
    standings = standings_of(Recipient.objects.open().in_official_order(), today)
    turns = roles_in_turn(standings)
    # Of a department, of the 部 above it, and of 取りまとめ課, which stands in none.
    in_reach: dict[int | None, list[Standing]] = {}
    for standing in standings:
        for department_id in {standing.department.pk, standing.department.parent_id, None}:
            in_reach.setdefault(department_id, []).append(standing)
    held = (
        Assignment.objects.in_force(today)
        .filter(role__in=REMINDED, user__is_active=True)
        .exclude(user__email="")
        .select_related("user", "department")
        .order_by("user__employee_number", "department__order")
    )
    # What a closed department left over is its successors' to answer.
    posts = sorted(with_closed_departments(list(held), today), key=lambda post: post.user.employee_number)
    waiting: dict[User, dict[int, Standing]] = {}
    for post in posts:
        for standing in in_reach.get(post.department_id, []):
            if _concerns(standing, post, turns.get(standing.recipient.pk, set())):
                waiting.setdefault(post.user, {})[standing.recipient.pk] = standing
    return [(user, _in_order(found.values())) for user, found in waiting.items()]


def _concerns(standing: Standing, post: Assignment, turns: Collection[str]) -> bool:
    """A clerk hears of what they have to do, whoever decides of what waits for them now, a chief of what is late too."""
    own = standing.department.pk == post.department_id
    if post.role == Role.EDITOR:
        return own and (standing.is_late or standing.is_due_soon or standing.code == Recipient.State.RETURNED)
    if any(holds(post, role, standing.department) for role in turns):
        return True
    return post.role == Role.APPROVER and own and standing.is_late


def _in_order(standings: Iterable[Standing]) -> list[Standing]:
    return sorted(standings, key=lambda s: (s.department.order, s.department.code, s.due_on, s.recipient.pk))


def _remind(user: User, standings: list[Standing], today: date, connection: BaseEmailBackend, outcome: Outcome) -> None:
    subject, body = digest_subject(standings), digest_body(user.name, standings)
    with transaction.atomic(durable=True):  # committed by itself before anything is sent
        reminder, is_mine = Reminder.objects.get_or_create(
            user=user, day=today, defaults={"subject": subject, "body": body}
        )
    if not is_mine:
        outcome.already += 1
        return
    try:
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email], connection=connection).send()
    except (OSError, SMTPException, ValueError) as error:
        Reminder.objects.filter(pk=reminder.pk).update(error=(str(error) or type(error).__name__)[:300])
        outcome.failed += 1
        return
    Reminder.objects.filter(pk=reminder.pk).update(sent_at=timezone.now())
    outcome.sent += 1
