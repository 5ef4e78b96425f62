"""Tables of initiatives and milestones, by their natural keys."""

from __future__ import annotations

from accounts.back_office.columns import ChoiceColumn, CodeColumn, MarkColumn, WholeNumberColumn, column
from accounts.back_office.resources import TableResource
from accounts.loading import newest_department
from initiatives.models import Initiative, Milestone, Pillar


class InitiativeResource(TableResource):
    required = ("コード", "名称")

    code = column("code", "コード")
    title = column("title", "名称")
    description = column("description", "説明")
    pillar = column(
        "pillar", "改革の柱コード", CodeColumn(lambda code: Pillar.objects.filter(code=code).first(), "改革の柱コード")
    )
    department = column("department", "担当所属コード", CodeColumn(newest_department, "所属コード"))
    is_bold = column("is_bold", "一覧図で太字", MarkColumn())
    status = column("status", "状況", ChoiceColumn(Initiative.Status, blank=Initiative.Status.UNKNOWN.value))
    source = column("source", "出典")
    order = column("order", "順序", WholeNumberColumn(blank=0))

    class Meta(TableResource.Meta):
        model = Initiative
        import_id_fields = ("code",)
        fields = (
            "code", "title", "description", "pillar", "department", "is_bold", "status", "source", "order",
        )  # fmt: skip


class MilestoneResource(TableResource):
    """The published wording is part of the key: another wording is another milestone."""

    required = ("取組コード", "年度", "公表された表現")

    initiative = column(
        "initiative", "取組コード", CodeColumn(lambda code: Initiative.objects.filter(code=code).first(), "取組コード")
    )
    fiscal_year = column("fiscal_year", "年度", WholeNumberColumn())
    wording = column("wording", "公表された表現")
    month = column("month", "月", WholeNumberColumn())
    until_fiscal_year = column("until_fiscal_year", "終わりの年度", WholeNumberColumn())
    detail = column("detail", "補足")
    source = column("source", "出典")
    order = column("order", "順序", WholeNumberColumn(blank=0))

    class Meta(TableResource.Meta):
        model = Milestone
        import_id_fields = ("initiative", "fiscal_year", "wording")
        fields = (
            "initiative", "fiscal_year", "wording", "month", "until_fiscal_year", "detail", "source", "order",
        )  # fmt: skip
