"""Who looked after an initiative before a 組織改正 reports the quarters that ended before it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_squashed_before_first_release'),
        ('initiatives', '0006_events_of_one_kind'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerCharge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateField(verbose_name='担当した最後の日')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_charges', to='accounts.department', verbose_name='前の担当所属')),
                ('initiative', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_charges', to='initiatives.initiative', verbose_name='取組')),
            ],
            options={
                'verbose_name': '取組の前の担当所属',
                'verbose_name_plural': '取組の前の担当所属',
                'ordering': ['initiative', 'until'],
                'constraints': [models.UniqueConstraint(fields=('initiative', 'until'), name='former_charge_once_per_day', violation_error_message='同じ日まで担当した所属が登録されています。')],
            },
        ),
    ]
