"""Answers keep what happened to them, as values and records do."""

import constraints.rows
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_squashed_before_first_release'),
        ('inquiries', '0001_squashed_before_first_release'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AnswerEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_name', models.CharField(max_length=60, verbose_name='当時の氏名')),
                ('post', models.CharField(blank=True, max_length=120, verbose_name='当時の職')),
                ('reason', models.TextField(blank=True, max_length=1000, verbose_name='理由')),
                ('at', models.DateTimeField(verbose_name='日時')),
                ('action', models.CharField(choices=[('saved', '一時保存'), ('submitted', '提出'), ('withdrawn', '引戻し'), ('confirmed', '確認（次の段階へ）'), ('returned', '差戻し'), ('approved', '承認'), ('reviewed', '後閲'), ('handed_over', '引継')], max_length=12, verbose_name='行為')),
                ('answer', models.TextField(blank=True, max_length=8000, verbose_name='そのときの回答')),
                ('file', models.CharField(blank=True, max_length=100, verbose_name='そのときの添付の保存先')),
                ('file_name', models.CharField(blank=True, max_length=200, verbose_name='そのときの添付ファイル名')),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_set', to=settings.AUTH_USER_MODEL, verbose_name='職員')),
                ('principal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_set', to='accounts.assignment', verbose_name='代決した職')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='inquiries.recipient', verbose_name='宛先')),
            ],
            options={
                'verbose_name': '照会の回答の経過',
                'verbose_name_plural': '照会の回答の経過',
                'ordering': ['recipient', 'at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('action', 'returned'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='answer_return_has_reason', violation_error_message='差し戻す理由を入力してください。'), models.CheckConstraint(condition=models.Q(('action__in', ['saved', 'submitted', 'withdrawn', 'confirmed', 'returned', 'approved', 'reviewed', 'handed_over'])), name='answer_event_action_is_known', violation_error_message='行為を選択肢から選んでください。'), constraints.rows.RowConstraint(keeps_rows=True, name='answer_event_never_changes', refused='OLD.id IS NOT NULL', violation_error_message='照会の回答の経過は変更も削除もできません。')],
            },
        ),
    ]
