"""Events of records are of known actions, as those of values and answers."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_squashed_before_first_release'),
        ('initiatives', '0007_former_charges'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='progressevent',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ['saved', 'submitted', 'withdrawn', 'confirmed', 'returned', 'approved', 'reviewed', 'handed_over', 'reopened'])), name='progress_event_action_is_known', violation_error_message='行為を選択肢から選んでください。'),
        ),
    ]
