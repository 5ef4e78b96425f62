"""Files attached to answers get the checksum that every other stored file has.

A file that was missing already has none that could be computed: `-` never equals one, so that the audit names it.
"""

import hashlib

from django.core.files.storage import default_storage
from django.db import migrations, models

import constraints.rows

MISSING = "-"
NEVER_CHANGES = constraints.rows.RowConstraint(
    keeps_rows=True,
    name="answer_event_never_changes",
    refused="OLD.id IS NOT NULL",
    violation_error_message="照会の回答の経過は変更も削除もできません。",
)


def compute(apps, schema_editor):
    found = {}
    for name in ("Recipient", "AnswerEvent"):
        model = apps.get_model("inquiries", name)
        for pk, file in model.objects.exclude(file="").values_list("pk", "file").order_by("pk"):
            if file not in found:
                found[file] = _checksum(file)
            model.objects.filter(pk=pk).update(file_sha256=found[file])


def _checksum(file):
    try:
        with default_storage.open(file, "rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except FileNotFoundError:
        return MISSING


def file_has_checksum(of):
    return models.CheckConstraint(
        condition=models.Q(
            models.Q(("file", ""), ("file_sha256", "")),
            models.Q(models.Q(("file", ""), _negated=True), models.Q(("file_sha256", ""), _negated=True)),
            _connector="OR",
        ),
        name=f"{of}_file_has_checksum",
        violation_error_message="添付ファイルは照合値とそろえて保存します。",
    )


class Migration(migrations.Migration):
    dependencies = [("inquiries", "0004_answers_not_approved_by_their_author")]

    operations = [
        # What never changes gets a new column once.
        migrations.RemoveConstraint(model_name="answerevent", name="answer_event_never_changes"),
        migrations.AddField(
            model_name="answerevent",
            name="file_sha256",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="そのときの添付の照合値"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="recipient",
            name="file_sha256",
            field=models.CharField(blank=True, default="", max_length=64, verbose_name="添付の照合値"),
            preserve_default=False,
        ),
        migrations.RunPython(compute, migrations.RunPython.noop),
        migrations.AddConstraint(model_name="answerevent", constraint=NEVER_CHANGES),
        migrations.AddConstraint(model_name="answerevent", constraint=file_has_checksum("answer_event")),
        migrations.AddConstraint(model_name="recipient", constraint=file_has_checksum("recipient")),
    ]
