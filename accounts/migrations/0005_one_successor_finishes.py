"""One successor of each department finishes what is left of it: of several so far the first in the official order."""

from django.db import migrations, models


def leave_it_to_the_first(apps, schema_editor):
    successions = apps.get_model("accounts", "Succession").objects.order_by(
        "predecessor", "date", "successor__order", "pk"
    )
    seen = set()
    for pk, predecessor in successions.values_list("pk", "predecessor"):
        if predecessor in seen:
            successions.filter(pk=pk).update(finishes_its_work=False)
        seen.add(predecessor)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_rules_of_rows"),
    ]

    operations = [
        migrations.AddField(
            model_name="succession",
            name="finishes_its_work",
            field=models.BooleanField(
                default=True,
                help_text="前の所属の月分の訂正や、済んでいない回答を、前の所属に代わって行います。前の所属ごとに1つだけです。",
                verbose_name="残りの事務を引き継ぐ",
            ),
        ),
        migrations.RunPython(leave_it_to_the_first, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finishes_its_work", True)),
                fields=("predecessor",),
                name="succession_one_finishes_its_work",
                violation_error_message="前の所属の残りの事務を引き継ぐ所属は、1つだけです。ほかの引継関係の印を外してください。",
            ),
        ),
    ]
