"""What is reported is kept: the database refuses to delete it, and to empty its table. All rules are made anew (accounts 0009)."""

from django.conf import settings
from django.db import migrations

import constraints.rows
from constraints.installing import installs_rules


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_kept_rows'),
        ('inquiries', '0005_files_have_checksums'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='extension',
            constraint=constraints.rows.RowConstraint(keeps_rows=True, may_change=True, name='extension_is_kept', refused='OLD.id IS NOT NULL', violation_error_message='期限の延長の記録は削除できません。期限は、もう一度延長して直してください。'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=constraints.rows.RowConstraint(keeps_rows=True, may_change=True, name='message_is_kept', refused='OLD.id IS NOT NULL', violation_error_message='質問と回答は削除できません。続けて書いてください。'),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=constraints.rows.RowConstraint(keeps_rows=True, may_change=True, name='recipient_is_kept', refused='OLD.id IS NOT NULL', violation_error_message='照会の宛先は削除できません。照会は締切処理で終わらせてください。'),
        ),
        installs_rules('inquiries'),
    ]
