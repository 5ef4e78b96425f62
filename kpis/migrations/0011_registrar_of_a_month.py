"""Who registers a figure for everybody (一括登録) does so from a month to a month, as whoever reports it."""

import django.db.models.deletion
from django.db import migrations, models


def copy_registrars(apps, schema_editor):
    kpis = apps.get_model("kpis", "Kpi").objects.filter(registrar__isnull=False)
    for kpi_id, registrar_id in kpis.values_list("pk", "registrar_id"):
        apps.get_model("kpis", "Reporting").objects.filter(series__kpi=kpi_id).update(registrar=registrar_id)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_squashed_before_first_release"),
        ("kpis", "0010_way_of_a_file"),
    ]

    operations = [
        migrations.AddField(
            model_name="reporting",
            name="registrar",
            field=models.ForeignKey(
                blank=True,
                help_text="1つのシステムから全所属分をまとめて登録する所属です。報告する所属は内容を確かめるだけになります。",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="registers",
                to="accounts.department",
                verbose_name="一括登録する所属",
            ),
        ),
        migrations.RunPython(copy_registrars, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(model_name="kpi", name="registrar"),
    ]
