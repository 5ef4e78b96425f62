"""指標の担当票: who looks after a figure, and which nobody does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kpis.models import OwnerCard
from kpis.owners.ownership import ownerless
from tests.conftest import person
from tests.kpis.reporting_world import make_month, report
from tests.kpis.world import TODAY, make_kpi, part

pytestmark = pytest.mark.usefixtures("june")

AT = datetime(2025, 6, 1, tzinfo=UTC)


@pytest.fixture
def month(department):
    return make_month(department)


@pytest.fixture
def url(month, department) -> str:
    return f"/owners/friends/{department.pk}/"


def save(client, url, owner, **typed):
    seen = client.get(url).context["form"]["seen"].value()
    form = {"owner": owner.assignments.get().pk, "counted_where": "管理画面の友だち数", "seen": seen}
    return client.post(url, form | typed)


def test_a_figure_nobody_looks_after_is_flagged_until_its_card_names_somebody(month, url, editor, signed_in):
    assert "friends" in [each.kpi.code for each in ownerless(TODAY)]
    save(signed_in(editor), url, editor)
    assert "friends" not in [each.kpi.code for each in ownerless(TODAY)]
    assert OwnerCard.objects.get().counted_where == "管理画面の友だち数"


def test_it_is_flagged_again_when_the_owners_post_ends_or_the_person_leaves(month, url, editor, signed_in):
    save(signed_in(editor), url, editor)
    flagged = lambda day: [(e.kpi.code, e.problem) for e in ownerless(day) if e.kpi.code == "friends"]  # noqa: E731
    editor.assignments.update(valid_to=TODAY)
    assert flagged(TODAY) == []
    assert flagged(TODAY + timedelta(days=1)) == [("friends", "担当の任期が終わっています")]


def test_the_office_is_told_on_its_home_page_and_in_the_list(month, reform_office, editor, url, signed_in):
    client = signed_in(reform_office)
    assert "件の指標に担当がいません" in client.get("/").content.decode()
    before = len(client.get("/owners/?missing=1").context["listed"])
    save(client, url, editor)
    assert len(client.get("/owners/?missing=1").context["listed"]) == before - 1


def test_a_department_sees_its_own_figures_only(month, other_editor, editor, signed_in):
    assert signed_in(other_editor).get("/owners/").context["listed"] == []
    assert len(signed_in(editor).get("/owners/").context["listed"]) == 3


def test_owner_and_deputy_are_two_people_of_the_department(month, url, editor, other_editor, signed_in):
    client, mine = signed_in(editor), editor.assignments.get().pk
    assert "担当とは別の職員" in save(client, url, editor, deputy=mine).content.decode()
    assert "この所属の職員から" in save(client, url, other_editor).content.decode()
    assert not OwnerCard.objects.exists()


def test_of_two_who_save_at_once_the_second_is_told_and_keeps_the_words(month, url, editor, department, signed_in):
    client = signed_in(editor)
    save(signed_in(person("E009", "同僚", "editor", department)), url, editor)
    answer = save(client, url, editor, seen="", counted_where="別の数え方")
    assert "ほかの人がこの担当票を更新しました" in answer.content.decode()
    assert "別の数え方" in answer.content.decode()
    assert OwnerCard.objects.get().counted_where == "管理画面の友だち数"


def make_kpi_of(number, department):
    series = part(make_kpi(f"k{number}", f"指標{number}", "件", "flow"))
    report(series, department)
    return series.kpi


@pytest.mark.parametrize("count", [0, 6])
def test_the_list_takes_the_same_queries_for_any_number_of_cards(
    month, editor, department, count, signed_in, django_assert_num_queries
):
    for number in range(count):
        kpi = month.friends.kpi if number == 0 else make_kpi_of(number, department)
        OwnerCard.objects.create(kpi=kpi, department=department, owner=editor.assignments.get(), updated_at=AT)
    client = signed_in(editor)
    with django_assert_num_queries(6):  # session, person, posts, departments, reportings, cards
        client.get("/owners/")
