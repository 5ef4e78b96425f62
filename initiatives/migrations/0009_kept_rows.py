"""What is reported is kept: the database refuses to delete it, and to empty its table. All rules are made anew (accounts 0009)."""

from django.conf import settings
from django.db import migrations

import constraints.rows
from constraints.installing import installs_rules


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_kept_rows'),
        ('initiatives', '0008_event_actions_are_known'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='progressrecord',
            constraint=constraints.rows.RowConstraint(keeps_rows=True, may_change=True, name='progress_is_kept', refused='OLD.id IS NOT NULL', violation_error_message='進捗状況調書は削除できません。開いて書き直してください。'),
        ),
        installs_rules('initiatives'),
    ]
