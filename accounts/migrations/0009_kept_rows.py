"""Appointments of deputies under which something was decided are marked, and kept by the database.

The triggers of all rules are made anew, here and in the migrations of the other apps: a database that was migrated when
they were less does not refuse TRUNCATE.
"""

from datetime import datetime, time, timedelta

from django.db import migrations, models
from django.utils import timezone

import constraints.rows
from constraints.installing import installs_rules

EVENTS = (("kpis", "EntryEvent"), ("initiatives", "ProgressEvent"), ("inquiries", "AnswerEvent"))


def mark_used(apps, schema_editor):
    zone = timezone.get_default_timezone()
    for deputy in apps.get_model("accounts", "Deputy").objects.all():
        decided = {
            "actor": deputy.deputy_id,
            "principal": deputy.principal_id,
            "action__in": ["confirmed", "approved", "returned"],
            "at__gte": datetime.combine(deputy.valid_from, time.min, zone),
            "at__lt": datetime.combine(deputy.valid_to + timedelta(days=1), time.min, zone),
        }
        if any(apps.get_model(*event).objects.filter(**decided).exists() for event in EVENTS):
            deputy.is_used = True
            deputy.save(update_fields=["is_used"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_kept_forms'),
        # Their events say what was decided.
        ('initiatives', '0008_event_actions_are_known'),
        ('inquiries', '0004_answers_not_approved_by_their_author'),
        ('kpis', '0018_a_file_says_while_it_is_read'),
    ]

    operations = [
        migrations.AddField(
            model_name='deputy',
            name='is_used',
            field=models.BooleanField(default=False, editable=False, verbose_name='使われた'),
        ),
        migrations.RunPython(mark_used, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='deputy',
            constraint=constraints.rows.RowConstraint(name='deputy_stays_used', refused='OLD.is_used AND NOT NEW.is_used', violation_error_message='承認や差戻しに使われた代決者の登録は、使われていないことにはできません。'),
        ),
        migrations.AddConstraint(
            model_name='deputy',
            constraint=constraints.rows.RowConstraint(keeps_rows=True, may_change=True, name='deputy_is_kept_once_used', refused='OLD.is_used', violation_error_message='承認や差戻しに使われた代決者の登録は削除できません。終了日を入れて終わらせてください。'),
        ),
        installs_rules('accounts'),
    ]
