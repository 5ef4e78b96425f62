"""An answer keeps the roles of its route as they were when it was handed in."""

from django.db import migrations, models


def copy_steps(apps, schema_editor):
    """Answers under way take the steps their route has now."""
    steps = apps.get_model("accounts", "RouteStep")
    recipients = apps.get_model("inquiries", "Recipient").objects.filter(route__isnull=False)
    for recipient in recipients.only("pk", "route_id", "steps"):
        roles = steps.objects.filter(route=recipient.route_id).order_by("order").values_list("role", flat=True)
        recipient.steps = ",".join(roles)
        recipient.save(update_fields=["steps"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_monthly_reporting"),
        ("inquiries", "0001_monthly_reporting"),
    ]

    operations = [
        migrations.AddField(
            model_name="recipient",
            name="steps",
            field=models.CharField(
                blank=True,
                help_text="提出したときの承認ルートの役割を、順に並べたものです。",
                max_length=60,
                verbose_name="承認の段階",
            ),
        ),
        migrations.RunPython(copy_steps, migrations.RunPython.noop, elidable=True),
    ]
