"""A closed month on the clerk's page: why it is locked and who opens it; open again, corrections say what they are."""

from __future__ import annotations

from datetime import date

import pytest

from kpis.entries import approve, submit
from kpis.models import Entry, Revision
from kpis.values.closed import close_month, reopen
from tests.kpis.reporting_world import MONTH, URL, draft, fields_of, handed_in, press, send, typed
from tests.kpis.world import access, open_entry, put

CELLS = f"{URL}cells/"


@pytest.fixture
def client(signed_in, editor):
    return signed_in(editor)


@pytest.fixture
def closed(month, reform_office):
    put(month.friends.kpi, "2025-05", 40_000)
    close_month(MONTH, access=access(reform_office))
    return month


@pytest.fixture
def reopened(closed, department, reform_office):
    reopen(MONTH, department, reason="誤り", until=date(2025, 6, 20), access=access(reform_office))
    return closed


def correcting(client, series, action: str = "save", **more: str):
    """Opens the line of a counted value and sends another one for it."""
    fields = fields_of(client.get(f"{URL}?correct={series.pk}"))
    return press(client, fields, action, **typed(series, "41000", **more))


class TestLocked:
    def test_it_says_why_and_who_can_open_it_above_and_in_each_cell(self, client, closed):
        html = client.get(URL).content.decode()
        assert "この月は確定しているため、変更できません" in html
        assert html.count("変更には取りまとめ課の確定解除が必要です") == 3

    def test_past_its_due_date_its_head_says_closed_and_not_late(self, client, closed, time_machine):
        time_machine.move_to("2025-06-17T10:00:00+09:00")
        html = client.get(URL).content.decode()
        assert "確定（締切済）" in html
        assert "期限超過" not in html

    def test_the_list_of_months_does_not_call_it_late(self, client, closed, time_machine):
        time_machine.move_to("2025-06-17T10:00:00+09:00")
        late = {status.month for status, is_late in client.get("/entries/").context["rows"] if is_late}
        assert MONTH not in late
        unfinished = client.get("/entries/", {"which": "open"}).context["rows"]
        assert MONTH not in {status.month for status, _ in unfinished}

    @pytest.mark.parametrize("query", ["", "?correct={pk}"])
    def test_there_is_nothing_to_type_in_and_nothing_to_hand_in(self, client, closed, query):
        page = client.get(URL + query.format(pk=closed.friends.pk))
        assert [line.form for line in page.context["sheet"].lines] == [None, None, None]
        assert "訂正する" not in page.content.decode()
        assert "確認者へ提出" not in page.content.decode()

    def test_what_was_on_the_screen_when_it_was_closed_is_refused_and_kept_in_its_field(
        self, client, month, reform_office
    ):
        fields = fields_of(client.get(URL))
        close_month(MONTH, access=access(reform_office))
        for action in ("save", "submit"):
            response = press(client, fields, action, **typed(month.hours, "500"))
            assert response.status_code == 422
            assert "取りまとめ課へ確定解除を依頼してください" in response.content.decode()
            assert 'value="500"' in response.content.decode()
        assert not Entry.objects.exists()

    def test_a_cell_is_refused_the_same_way(self, client, month, reform_office):
        fields = fields_of(client.get(URL))
        close_month(MONTH, access=access(reform_office))
        answer = client.post(CELLS, {**fields, f"s{month.hours.pk}-typed": "500"}).json()
        assert "closed" in [cell["outcome"] for cell in answer["cells"]]
        assert not Entry.objects.exists()

    def test_a_draft_from_before_cannot_be_handed_in_but_a_submitted_one_taken_back(
        self, client, month, editor, reform_office
    ):
        draft(month.friends, editor, "5")
        waiting = handed_in(month.hours, editor, "6")
        close_month(MONTH, access=access(reform_office))
        client.post(URL, {"action": "submit"})
        client.post(URL, {"action": f"withdraw-{month.hours.pk}"})
        waiting.refresh_from_db()
        assert waiting.state == Entry.State.DRAFT
        assert open_entry(month.friends, "2025-05").state == Entry.State.DRAFT

    def test_the_chief_cannot_approve_what_was_left_over(self, signed_in, month, editor, approver, reform_office):
        entry = handed_in(month.friends, editor, "5")
        close_month(MONTH, access=access(reform_office))
        sent = {"action": "approve", "seen_version": entry.version}
        response = signed_in(approver).post(f"/approvals/{entry.pk}/", sent)
        assert "確定しているため" in response.content.decode()
        together = signed_in(approver).post("/approvals/", {"entry": f"{entry.pk}:{entry.version}"})
        assert together.status_code == 409
        entry.refresh_from_db()
        assert entry.state == Entry.State.SUBMITTED


class TestOpenAgain:
    def test_past_its_due_date_it_is_late_again(self, client, reopened, time_machine):
        time_machine.move_to("2025-06-17T10:00:00+09:00")
        html = client.get(URL).content.decode()
        assert "期限超過" in html
        assert "確定（締切済）" not in html

    def test_it_says_until_when_and_what_to_write(self, client, reopened):
        html = client.get(URL).content.decode()
        assert "令和7(2025)年6月20日まで、確定が解除されています" in html
        assert "変更の種類" not in html

    def test_a_counted_values_line_asks_for_the_kind(self, client, reopened):
        html = client.get(f"{URL}?correct={reopened.friends.pk}").content.decode()
        assert "訂正（誤りを直す）" in html
        assert "遡及改定（集計方法を変える）" in html

    def test_in_an_open_month_nobody_is_asked(self, client, month):
        put(month.friends.kpi, "2025-05", 1)
        assert "変更の種類" not in client.get(f"{URL}?correct={month.friends.pk}").content.decode()

    @pytest.mark.parametrize(("chosen", "kind"), [("", "correction"), ("restatement", "restatement")])
    def test_the_kind_that_was_chosen_goes_with_the_value_into_its_history(
        self, client, reopened, approver, chosen, kind
    ):
        correcting(client, reopened.friends, f"submit-{reopened.friends.pk}", comment="算式の変更", change_kind=chosen)
        approve(open_entry(reopened.friends, "2025-05"), access=access(approver))
        revision = Revision.objects.latest("pk")
        assert (revision.kind, revision.value) == (kind, 41_000)
        assert "算式の変更" in revision.reason

    def test_without_a_reason_the_value_is_kept_as_a_draft_and_not_handed_in(self, client, reopened):
        response = correcting(client, reopened.friends, f"submit-{reopened.friends.pk}")
        assert response.status_code == 422
        assert "確定した値を直す理由を、コメントに入力してください" in response.content.decode()
        assert open_entry(reopened.friends, "2025-05").state == Entry.State.DRAFT

    def test_saving_again_without_the_choice_on_the_page_leaves_it(self, client, reopened, editor):
        draft(reopened.friends, editor, "41000", change_kind="restatement", comment="算式の変更")
        draft(reopened.friends, editor, "42000", comment="算式の変更")
        assert open_entry(reopened.friends, "2025-05").change_kind == "restatement"

    def test_the_choice_is_shown_again_and_can_be_taken_back(self, client, reopened, editor):
        draft(reopened.friends, editor, "41000", change_kind="restatement", comment="算式の変更")
        assert '<option value="restatement" selected>' in client.get(URL).content.decode()
        send(client, **{f"s{reopened.friends.pk}_change_kind": ""})
        assert open_entry(reopened.friends, "2025-05").change_kind == "correction"

    def test_when_the_opening_is_over_what_is_under_way_stays_where_it_is(self, client, reopened, editor, time_machine):
        entry = draft(reopened.friends, editor, "41000", comment="転記の誤り")
        time_machine.move_to("2025-06-21T10:00:00+09:00")
        assert "変更できません" in client.get(URL).content.decode()
        with pytest.raises(Exception, match="確定しているため"):
            submit(entry, access=access(editor, date(2025, 6, 21)))
