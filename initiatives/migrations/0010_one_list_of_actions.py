"""One list of actions for events of all kinds."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from constraints.installing import installs_rules


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_kept_rows'),
        ('initiatives', '0009_kept_rows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='progressevent',
            name='progress_event_action_is_known',
        ),
        migrations.AlterField(
            model_name='progressevent',
            name='action',
            field=models.CharField(choices=[('saved', '一時保存'), ('submitted', '提出'), ('withdrawn', '引戻し'), ('confirmed', '確認（次の段階へ）'), ('returned', '差戻し'), ('approved', '承認'), ('reopened', '訂正のため再開'), ('reviewed', '後閲'), ('handed_over', '引継'), ('reassigned', '所属の変更'), ('reorganised', '組織改正'), ('discarded', '取消し')], max_length=12, verbose_name='行為'),
        ),
        migrations.AlterField(
            model_name='progressrecord',
            name='author_post',
            field=models.CharField(blank=True, max_length=120, verbose_name='入力者の職'),
        ),
        migrations.AlterField(
            model_name='progressrecord',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decided_%(class)s_set', to=settings.AUTH_USER_MODEL, verbose_name='確認者'),
        ),
        migrations.AlterField(
            model_name='progressrecord',
            name='route',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_set', to='accounts.route', verbose_name='承認ルート'),
        ),
        migrations.AddConstraint(
            model_name='progressevent',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ['saved', 'submitted', 'withdrawn', 'confirmed', 'returned', 'approved', 'reopened', 'reviewed', 'handed_over', 'reassigned', 'reorganised', 'discarded'])), name='progress_event_action_is_known', violation_error_message='行為を選択肢から選んでください。'),
        ),
        installs_rules('initiatives'),
    ]
