"""What the list of inquiries and the office's page about one show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from accounts.first_rows import first_rows
from inquiries.models import Extension, Inquiry, Message, Recipient
from inquiries.standing import Standing, standings_of
from inquiries.wording import paste_text
from japan.wareki import date_label

if TYPE_CHECKING:
    from accounts.access import Access

#: The order of urgency in which a department's inquiries stand.
URGENCY = ("returned", "overdue", "soon", "open", "submitted", "answered", "closed")
#: So many inquiries stand on one page: of the open ones those that are due first, of all of them the newest.
MOST = 60


class Answering:
    """How far an inquiry is in all: of whatever has the inquiry and the standings of those who were asked."""

    inquiry: Inquiry
    standings: list[Standing]

    @property
    def counted(self) -> list[Standing]:
        """Those with something to answer."""
        return [standing for standing in self.standings if not standing.is_void]

    @property
    def answered(self) -> int:
        return sum(standing.is_answered for standing in self.counted)

    @property
    def due_words(self) -> str:
        """Until when it is answered: one day, or after extensions the first and the last of the departments'."""
        days = {standing.due_on for standing in self.standings} or {self.inquiry.due_on}
        first, last = date_label(min(days)), date_label(max(days))
        return first if first == last else f"{first}から{last}まで（所属による）"


@dataclass(frozen=True)
class Overview(Answering):
    """One inquiry as the office's list shows it."""

    inquiry: Inquiry
    standings: list[Standing]
    questions: int
    asked: int

    @property
    def late(self) -> int:
        return sum(standing.is_late for standing in self.standings)

    @property
    def code(self) -> str:
        """For components/state.html."""
        if self.standings and not self.counted:
            return "void"
        left = [standing for standing in self.counted if not standing.is_answered]
        if not left:
            return "approved"
        if all(standing.is_closed for standing in left):
            return "closed"
        return "overdue" if self.late else "queued"

    @property
    def is_open(self) -> bool:
        """Something is still answered, or waits for the office: one whose month was closed (確定) is over as well."""
        return self.code != "closed" or bool(self.questions or self.asked)

    @property
    def label(self) -> str:
        words = {
            "void": "対象なし",
            "approved": "全所属が回答済",
            "closed": "締切済",
            "overdue": f"期限超過 {self.late}所属",
        }
        return words.get(self.code, "受付中")


@dataclass(frozen=True)
class Chased:
    """A department that has not answered, and what to paste into chat or groupware for it."""

    standing: Standing
    text: str


def mine(access: Access, today: date, *, with_closed: bool) -> tuple[list[Standing], int]:
    """The inquiries of a person's departments, most urgent first, and how many there are beside them."""
    seen = Recipient.objects.seen_by(access)
    recipients = (seen if with_closed else seen.open()).in_official_order()
    order = ("-inquiry__due_on", "-pk") if with_closed else ("inquiry__due_on", "pk")
    cut = first_rows(recipients.order_by(*order), MOST)
    # An inquiry whose month was closed (確定) is not closed itself, and is answered no more either.
    listed = [standing for standing in standings_of(cut, today) if with_closed or not standing.is_closed]
    return sorted(listed, key=lambda s: (URGENCY.index(s.code), s.due_on, s.department.order)), cut.more


def overviews(today: date, *, with_closed: bool) -> tuple[list[Overview], int]:
    """All inquiries for the office, newest due date first, and how many there are beside them; in a handful of queries."""
    inquiries = Inquiry.objects.issued() if with_closed else Inquiry.objects.open()
    order = ("-due_on", "-pk") if with_closed else ("due_on", "pk")
    listed = first_rows(inquiries.order_by(*order), MOST)
    listed.sort(key=lambda inquiry: (inquiry.due_on, inquiry.pk), reverse=True)
    recipients = Recipient.objects.filter(inquiry__in=listed).in_official_order().order_by("inquiry_id", "pk")
    standings = {
        pk: list(own) for pk, own in groupby(standings_of(recipients, today), key=lambda s: s.recipient.inquiry_id)
    }
    asked = Count("extensions", filter=Q(extensions__state=Extension.State.ASKED))
    asked_of = dict(Inquiry.objects.filter(pk__in=[i.pk for i in listed]).annotate(n=asked).values_list("pk", "n"))
    questions = open_questions()
    found = [Overview(i, standings.get(i.pk, []), questions.get(i.pk, 0), asked_of.get(i.pk, 0)) for i in listed]
    return [each for each in found if with_closed or each.is_open], listed.more


def open_questions() -> dict[int, int]:
    """How many questions of each inquiry nobody has answered."""
    waiting = Message.objects.filter(department__isnull=False, answers__isnull=True, replies__isnull=True)
    return dict(waiting.values("inquiry").annotate(n=Count("pk")).values_list("inquiry", "n"))


def chased(standings: list[Standing], address_of: Callable[[Standing], str]) -> list[Chased]:
    """Who has not handed in, in 建制順."""
    waiting = [standing for standing in standings if standing.waits_for_department]
    return [Chased(standing, paste_text(standing, address_of(standing))) for standing in waiting]


@dataclass(frozen=True)
class ToDecide:
    """An inquiry on which departments wait for the office."""

    inquiry: Inquiry
    questions: int
    asked: int


def waiting_for(access: Access, today: date) -> list[Standing]:
    """One-off and quarterly inquiries a person has to answer, most urgent first.

    The monthly ones stand on the home page with their figures; answers to confirm stand in the queue.
    """
    asked = Recipient.objects.of_departments(access.editor_department_ids).open()
    recipients = asked.exclude(inquiry__kind=Inquiry.Kind.MONTHLY)
    mine = [s for s in standings_of(recipients.in_official_order(), today) if s.waits_for_department]
    return sorted(mine, key=lambda s: (URGENCY.index(s.code), s.due_on, s.department.order))


def to_decide() -> list[ToDecide]:
    """Open inquiries with questions nobody answered or requests for more time nobody decided (three queries)."""
    questions = open_questions()
    waiting = Extension.objects.filter(state=Extension.State.ASKED).values("inquiry").annotate(n=Count("pk"))
    asked = dict(waiting.values_list("inquiry", "n"))
    inquiries = Inquiry.objects.open().filter(pk__in=questions.keys() | asked.keys()).order_by("due_on", "pk")
    return [ToDecide(each, questions.get(each.pk, 0), asked.get(each.pk, 0)) for each in inquiries]
