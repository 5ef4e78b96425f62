"""Summaries say how far they reach and whose marks their comparisons carry; values keep what was printed beside them.

Units get one spelling, and percentages without parts are no longer added up. Summaries are made anew afterwards
(manage.py recompute_summaries), as after every change of the arithmetic.
"""

import kpis.models.unit
import kpis.models.value
from django.db import migrations, models


def normalise_units(apps, schema_editor):
    for kpi in apps.get_model("kpis", "Kpi").objects.all():
        kpi.save(update_fields=["unit"])  # the field itself normalises


def add_up_no_percentages(apps, schema_editor):
    Kpi = apps.get_model("kpis", "Kpi")
    ratios = Kpi.objects.filter(kind="ratio", numerator__isnull=True, aggregation="sum")
    ratios.filter(frozen_kind="").update(aggregation="none")
    ratios.update(aggregation="none", frozen_aggregation="none")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_one_successor_finishes'),
        ('initiatives', '0008_event_actions_are_known'),
        ('kpis', '0014_definition_changes'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='kpi',
            name='kpi_choices_are_known',
        ),
        migrations.AddField(
            model_name='entry',
            name='published',
            field=models.CharField(blank=True, help_text='この値とともに公表された倍率などを、公表されたとおりに入れます（例：1.6倍、▲4.5%、指数77）。', max_length=120, validators=[kpis.models.value.check_published], verbose_name='公表された比較'),
        ),
        migrations.AddField(
            model_name='importline',
            name='published',
            field=models.CharField(blank=True, help_text='この値とともに公表された倍率などを、公表されたとおりに入れます（例：1.6倍、▲4.5%、指数77）。', max_length=120, validators=[kpis.models.value.check_published], verbose_name='公表された比較'),
        ),
        migrations.AddField(
            model_name='kpi',
            name='level_rule',
            field=models.CharField(choices=[('mean', '同じ月の平均'), ('year_end', '最後の月の値（年度末）')], default='mean', help_text='量を人数などの残高で割る比率だけに使います。', max_length=10, verbose_name='1人当たりなどの分母の取り方（年度）'),
        ),
        migrations.AddField(
            model_name='measurement',
            name='published',
            field=models.CharField(blank=True, help_text='この値とともに公表された倍率などを、公表されたとおりに入れます（例：1.6倍、▲4.5%、指数77）。', max_length=120, validators=[kpis.models.value.check_published], verbose_name='公表された比較'),
        ),
        migrations.AddField(
            model_name='revision',
            name='published',
            field=models.CharField(blank=True, help_text='この値とともに公表された倍率などを、公表されたとおりに入れます（例：1.6倍、▲4.5%、指数77）。', max_length=120, validators=[kpis.models.value.check_published], verbose_name='公表された比較'),
        ),
        migrations.AddField(
            model_name='summary',
            name='compared_marks',
            field=models.CharField(blank=True, max_length=80, verbose_name='比べた値の印'),
        ),
        migrations.AddField(
            model_name='summary',
            name='final_month',
            field=models.DateField(blank=True, null=True, verbose_name='対象の最後の月'),
        ),
        migrations.AddField(
            model_name='summary',
            name='first_month',
            field=models.DateField(blank=True, null=True, verbose_name='対象の最初の月'),
        ),
        migrations.AddField(
            model_name='summary',
            name='newest_month',
            field=models.DateField(blank=True, null=True, verbose_name='そろった最後の月'),
        ),
        migrations.AddField(
            model_name='summary',
            name='published',
            field=models.CharField(blank=True, max_length=120, verbose_name='公表された比較'),
        ),
        migrations.AlterField(
            model_name='kpi',
            name='unit',
            field=kpis.models.unit.UnitField(max_length=20, verbose_name='単位'),
        ),
        migrations.AlterField(
            model_name='summary',
            name='value_period',
            field=models.DateField(blank=True, null=True, verbose_name='値の時期（残高の年度値がどの月の末のものか）'),
        ),
        migrations.RunPython(normalise_units, migrations.RunPython.noop),
        migrations.RunPython(add_up_no_percentages, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='kpi',
            constraint=models.CheckConstraint(condition=models.Q(('aggregation__in', ['sum', 'none']), ('direction__in', ['up', 'down', 'none']), ('scale__in', ['one', 'man', 'oku']), ('frequency__in', ['month', 'quarter', 'fiscal_year', 'calendar_year', 'occasional']), ('as_of_rule__in', ['month_end', 'next_month_first', 'during']), ('level_rule__in', ['mean', 'year_end'])), name='kpi_choices_are_known', violation_error_message='内訳の合計、望ましい方向、表示の単位、頻度、時点の決め方、分母の取り方を選択肢から選んでください。'),
        ),
        migrations.AddConstraint(
            model_name='kpi',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'ratio'), _negated=True), ('numerator__isnull', False), ('aggregation', 'none'), _connector='OR'), name='kpi_ratio_without_parts_is_not_added_up', violation_error_message='割合や率は足し合わせられません。分子と分母を指定しない比率は、内訳の合計を「内訳を合計しない」にしてください。'),
        ),
    ]
