from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("initiatives", "0002_monthly_reporting")]

    operations = [
        migrations.AddField(
            model_name="progressrecord",
            name="steps",
            field=models.CharField(
                blank=True,
                help_text="提出したときの承認ルートの役割を、順に並べたものです。",
                max_length=60,
                verbose_name="承認の段階",
            ),
        ),
    ]
