"""An inquiry to two departments, and the day on which it is looked at."""

from __future__ import annotations

import pytest
from django.utils import timezone

from inquiries.issuing import Request, issue
from inquiries.models import Inquiry, Recipient
from inquiries.regular import make_due_inquiries
from tests.kpis.conftest import june, month  # noqa: F401  fixtures
from tests.kpis.world import access


@pytest.fixture
def monthly(month) -> Inquiry:  # noqa: F811
    """The inquiry of May 2025 (three figures of 情報政策課), made on 10 June; due on 13 June."""
    [made] = [each for each in make_due_inquiries(timezone.localdate()) if each.kind == Inquiry.Kind.MONTHLY]
    return made


@pytest.fixture
def one_off(june, department, other_department, reform_office) -> Inquiry:  # noqa: F811
    """A question to 情報政策課 and 市民課, made on 10 June with five working days: due on 17 June."""
    request = Request("端末の台数の照会", "6月1日の台数を教えてください。", "改革係 内線1234", 5)
    return issue(request, [department, other_department], access=access(reform_office))


@pytest.fixture
def asked(one_off, department) -> Recipient:
    """情報政策課's part of it."""
    return one_off.recipients.get(department=department)
