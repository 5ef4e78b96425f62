"""A value that was missing when its month was closed, and came later, is told from a first value."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0012_answers_to_remarks"),
    ]

    operations = [
        migrations.AlterField(
            model_name="revision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first", "登録"),
                    ("change", "確定前の修正"),
                    ("correction", "訂正（誤りを直す）"),
                    ("restatement", "遡及改定（集計方法を変える）"),
                    ("final", "確定値への変更"),
                    ("addition", "確定後の登録"),
                ],
                default="first",
                max_length=12,
                verbose_name="種類",
            ),
        ),
        migrations.RemoveConstraint(model_name="revision", name="revision_kind_is_known"),
        migrations.AddConstraint(
            model_name="revision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["first", "change", "correction", "restatement", "final", "addition"])
                ),
                name="revision_kind_is_known",
                violation_error_message="変更の種類を選んでください。",
            ),
        ),
    ]
