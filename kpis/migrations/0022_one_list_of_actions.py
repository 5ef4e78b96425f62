"""One list of actions for events of all kinds; a move to another department is one of its own, not the tail of a reason."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import constraints.rows
from constraints.installing import installs_rules


def name_moves(apps, schema_editor):
    """What was noted as a handover between people was a move where its reason says so."""
    events = apps.get_model("kpis", "EntryEvent").objects.filter(action="handed_over")
    events.filter(reason__endswith="の一括登録する所属の変更").update(action="reassigned")
    events.filter(reason="報告の担当所属の変更").update(action="reassigned")


def name_moves_as_before(apps, schema_editor):
    apps.get_model("kpis", "EntryEvent").objects.filter(action="reassigned").update(action="handed_over")


NEVER_CHANGES = constraints.rows.RowConstraint(
    keeps_rows=True, name='entry_event_never_changes', refused='OLD.id IS NOT NULL', violation_error_message='回答の経過は変更も削除もできません。'
)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_kept_rows'),
        ('kpis', '0021_papers_stay_as_attached'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='entryevent',
            name='entry_event_never_changes',
        ),
        migrations.RemoveConstraint(
            model_name='entryevent',
            name='entry_event_action_is_known',
        ),
        migrations.AlterField(
            model_name='entry',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decided_%(class)s_set', to=settings.AUTH_USER_MODEL, verbose_name='確認者'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='route',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_set', to='accounts.route', verbose_name='承認ルート'),
        ),
        migrations.AlterField(
            model_name='entryevent',
            name='action',
            field=models.CharField(choices=[('saved', '一時保存'), ('submitted', '提出'), ('withdrawn', '引戻し'), ('confirmed', '確認（次の段階へ）'), ('returned', '差戻し'), ('approved', '承認'), ('reopened', '訂正のため再開'), ('reviewed', '後閲'), ('handed_over', '引継'), ('reassigned', '所属の変更'), ('reorganised', '組織改正'), ('discarded', '取消し')], max_length=12, verbose_name='行為'),
        ),
        migrations.RunPython(name_moves, name_moves_as_before),
        migrations.AddConstraint(model_name='entryevent', constraint=NEVER_CHANGES),
        migrations.AddConstraint(
            model_name='entryevent',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ['saved', 'submitted', 'withdrawn', 'confirmed', 'returned', 'approved', 'reopened', 'reviewed', 'handed_over', 'reassigned', 'reorganised', 'discarded'])), name='entry_event_action_is_known', violation_error_message='行為を選択肢から選んでください。'),
        ),
        installs_rules('kpis'),
    ]
