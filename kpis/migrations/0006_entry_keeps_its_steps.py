"""An entry keeps the roles of its route as they were when it was handed in."""

from django.db import migrations, models


def copy_steps(apps, schema_editor):
    """Entries under way take the steps their route has now."""
    steps = apps.get_model("accounts", "RouteStep")
    for entry in apps.get_model("kpis", "Entry").objects.filter(route__isnull=False).only("pk", "route_id", "steps"):
        roles = steps.objects.filter(route=entry.route_id).order_by("order").values_list("role", flat=True)
        entry.steps = ",".join(roles)
        entry.save(update_fields=["steps"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_monthly_reporting"),
        ("kpis", "0005_baseline_first_day_of_a_known_period"),
    ]

    operations = [
        migrations.AddField(
            model_name="entry",
            name="steps",
            field=models.CharField(
                blank=True,
                help_text="提出したときの承認ルートの役割を、順に並べたものです。",
                max_length=60,
                verbose_name="承認の段階",
            ),
            # Existing entries without a route keep "": the head of the department alone.
        ),
        migrations.RunPython(copy_steps, migrations.RunPython.noop, elidable=True),
    ]
