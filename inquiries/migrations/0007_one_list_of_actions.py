"""One list of actions for events of all kinds. The reason of a return stands in its event, and who decided is told of the
last approval alone, as with values and records."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from constraints.installing import installs_rules


def keep_reasons(apps, schema_editor):
    """Answers returned before they had events have their reason in the row alone."""
    Recipient, AnswerEvent = apps.get_model("inquiries", "Recipient"), apps.get_model("inquiries", "AnswerEvent")
    told = AnswerEvent.objects.filter(action="returned").values("recipient")
    for each in Recipient.objects.filter(state="returned").exclude(return_reason="").exclude(pk__in=told):
        actor = each.decided_by or each.author
        if actor is not None:
            AnswerEvent.objects.create(
                recipient=each, action="returned", actor=actor, actor_name=actor.name, post=each.decided_post,
                reason=each.return_reason, at=each.submitted_at or each.inquiry.created_at,
            )
    Recipient.objects.exclude(state="answered").update(decided_by=None, decided_post="")


def reasons_as_before(apps, schema_editor):
    Recipient, AnswerEvent = apps.get_model("inquiries", "Recipient"), apps.get_model("inquiries", "AnswerEvent")
    for each in Recipient.objects.filter(state="returned"):
        last = AnswerEvent.objects.filter(recipient=each, action="returned").order_by("-at", "-pk").first()
        Recipient.objects.filter(pk=each.pk).update(return_reason=last.reason if last else "")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0009_kept_rows'),
        ('inquiries', '0006_kept_rows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='answerevent',
            name='answer_event_action_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='recipient',
            name='recipient_return_has_reason',
        ),
        migrations.RenameField(model_name='recipient', old_name='answered_at', new_name='decided_at'),
        migrations.AlterField(
            model_name='recipient',
            name='decided_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='確認日時'),
        ),
        migrations.RunPython(keep_reasons, reasons_as_before),
        migrations.RemoveField(
            model_name='recipient',
            name='return_reason',
        ),
        migrations.AlterField(
            model_name='answerevent',
            name='action',
            field=models.CharField(choices=[('saved', '一時保存'), ('submitted', '提出'), ('withdrawn', '引戻し'), ('confirmed', '確認（次の段階へ）'), ('returned', '差戻し'), ('approved', '承認'), ('reopened', '訂正のため再開'), ('reviewed', '後閲'), ('handed_over', '引継'), ('reassigned', '所属の変更'), ('reorganised', '組織改正'), ('discarded', '取消し')], max_length=12, verbose_name='行為'),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='author_post',
            field=models.CharField(blank=True, max_length=120, verbose_name='入力者の職'),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decided_%(class)s_set', to=settings.AUTH_USER_MODEL, verbose_name='確認者'),
        ),
        migrations.AlterField(
            model_name='recipient',
            name='route',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)s_set', to='accounts.route', verbose_name='承認ルート'),
        ),
        migrations.AddConstraint(
            model_name='answerevent',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ['saved', 'submitted', 'withdrawn', 'confirmed', 'returned', 'approved', 'reopened', 'reviewed', 'handed_over', 'reassigned', 'reorganised', 'discarded'])), name='answer_event_action_is_known', violation_error_message='行為を選択肢から選んでください。'),
        ),
        installs_rules('inquiries'),
    ]
