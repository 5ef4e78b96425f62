"""The triggers of all rules are made anew (accounts 0009)."""

from django.db import migrations

from constraints.installing import installs_rules


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_rules_of_rows")]

    operations = [installs_rules("reports")]
