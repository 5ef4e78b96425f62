"""Django's changepassword, which tells the person and the security log as the back office does."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.management.commands import changepassword

from accounts.account_changes import telling
from accounts.models import User


class Command(changepassword.Command):
    """Sets a password from the terminal. Raises CommandError for an unknown 職員番号 or after three refused tries."""

    def handle(self, *args: Any, **options: Any) -> str:
        number = options["username"] or ""
        with telling(list(User.objects.filter(employee_number=number).values_list("pk", flat=True))):
            return str(super().handle(*args, **options))
