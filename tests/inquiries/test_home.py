"""What the home page says of inquiries."""

from __future__ import annotations

from datetime import date

from inquiries.models import Inquiry


def test_a_clerk_sees_what_to_answer_and_that_it_is_late(one_off, editor, signed_in):
    Inquiry.objects.update(due_on=date(2025, 6, 6))
    page = signed_in(editor).get("/")
    assert [standing.inquiry for standing in page.context["home"].inquiries] == [one_off]
    assert "2開庁日超過" in page.content.decode()


def test_the_office_sees_where_a_question_waits(one_off, asked, editor, reform_office, signed_in):
    assert signed_in(reform_office).get("/").context["home"].to_decide == []
    signed_in(editor).post(f"/inquiries/answers/{asked.pk}/", {"action": "question", "question": "予備機も含みますか"})
    page = signed_in(reform_office).get("/")
    assert [each.inquiry for each in page.context["home"].to_decide] == [one_off]
    assert "未回答の質問 1件" in page.content.decode()
