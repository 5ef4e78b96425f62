"""A file says whether its values go through the departments' approval; those of 取りまとめ課 were recorded until now."""

from django.db import migrations, models


def say_how_it_was(apps, schema_editor):
    apps.get_model("kpis", "ImportedFile").objects.filter(department__isnull=True).update(way="record")


class Migration(migrations.Migration):
    dependencies = [
        ("kpis", "0009_events_of_one_kind"),
    ]

    operations = [
        migrations.AddField(
            model_name="importedfile",
            name="way",
            field=models.CharField(
                choices=[("report", "回答として提出"), ("record", "実績値として直接登録")],
                default="report",
                help_text="直接登録するのは、取りまとめ課が過去の値などを入れるときだけです。",
                max_length=10,
                verbose_name="取り込み方",
            ),
        ),
        migrations.RunPython(say_how_it_was, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="importedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("way", "report"),
                    models.Q(("department__isnull", True), ("way", "record")),
                    _connector="OR",
                ),
                name="imported_file_of_a_department_is_reported",
                violation_error_message="所属のファイルは、回答として提出します。直接登録するのは取りまとめ課だけです。",
            ),
        ),
    ]
