"""What is reported is kept: the database refuses to delete it, and to empty its table. All rules are made anew (accounts 0009)."""

from django.conf import settings
from django.db import migrations

import constraints.rows
from constraints.installing import installs_rules


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_kept_rows'),
        ('kpis', '0019_what_a_part_that_ended_takes_along'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='closing',
            constraint=constraints.rows.RowConstraint(keeps_rows=True, may_change=True, name='closing_is_kept', refused='OLD.id IS NOT NULL', violation_error_message='月の確定は削除できません。値を直すときは、確定解除をしてください。'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=constraints.rows.RowConstraint(keeps_rows=True, may_change=True, name='entry_is_kept', refused='OLD.id IS NOT NULL', violation_error_message='回答は削除できません。作成中の回答は、取りやめてください。'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=constraints.rows.RowConstraint(keeps_rows=True, may_change=True, name='evidence_is_kept', refused='OLD.id IS NOT NULL', violation_error_message='根拠資料は削除できません。添付した月の画面で取り下げてください。'),
        ),
        migrations.AddConstraint(
            model_name='measurement',
            constraint=constraints.rows.RowConstraint(keeps_rows=True, may_change=True, name='measurement_is_kept', refused='OLD.id IS NOT NULL', violation_error_message='実績値は削除できません。値なしの理由を、訂正として登録してください。'),
        ),
        migrations.AddConstraint(
            model_name='reopening',
            constraint=constraints.rows.RowConstraint(keeps_rows=True, may_change=True, name='reopening_is_kept', refused='OLD.id IS NOT NULL', violation_error_message='確定解除の記録は削除できません。期限を早めて終わらせてください。'),
        ),
        installs_rules('kpis'),
    ]
