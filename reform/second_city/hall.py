"""Who acts: the person who holds a post on the clock's day, with the rights of that day."""

from __future__ import annotations

from datetime import date

from accounts.access import Access
from accounts.models import Assignment, Department, Deputy, User
from accounts.routing import holds
from reform.second_city.clock import Clock

Role = Assignment.Role


class Hall:
    """The people of the city hall. Their posts are read once a day; `forget` after they were changed."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._posts: dict[date, list[Assignment]] = {}
        self._access: dict[tuple[int, date], Access] = {}
        self._absent: dict[date, dict[int, User]] = {}

    def forget(self) -> None:
        self._posts, self._access, self._absent = {}, {}, {}

    def access(self, user: User) -> Access:
        """What the person may do on the clock's day."""
        key = (user.pk, self.clock.today)
        if key not in self._access:
            self._access[key] = Access(user, self.clock.today, self.clock.now)
        return self._access[key]

    def post(self, role: str, department: Department) -> Assignment | None:
        """The first post that acts in this role for a department."""
        return next((post for post in self._in_force() if holds(post, role, department)), None)

    def acting(self, role: str, department: Department) -> Access:
        """Whoever acts in this role for a department: the holder of the post, or who stands in while they are away."""
        post = self.post(role, department)
        if post is None:
            raise LookupError(f"nobody is {role} of {department} on {self.clock.today}")
        return self.access(self._stand_ins().get(post.pk, post.user))

    def office(self) -> Access:
        """取りまとめ課."""
        return self.access(next(post.user for post in self._in_force() if post.role == Role.REFORM_OFFICE))

    def _in_force(self) -> list[Assignment]:
        today = self.clock.today
        if today not in self._posts:
            found = Assignment.objects.in_force(today).select_related("user", "department").order_by("pk")
            self._posts[today] = list(found)
        return self._posts[today]

    def _stand_ins(self) -> dict[int, User]:
        today = self.clock.today
        if today not in self._absent:
            rows = Deputy.objects.in_force(today).select_related("deputy")
            self._absent[today] = {row.principal_id: row.deputy for row in rows}
        return self._absent[today]
