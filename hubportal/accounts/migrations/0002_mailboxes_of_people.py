"""Keep the mailbox of each person beside the address."""

from typing import Any

from django.db import migrations, models

from hubportal.kernel.mailboxes import mailbox


def fill(apps: Any, _schema_editor: Any) -> None:
    users = apps.get_model("accounts", "User")._default_manager
    for each in users.order_by("pk").iterator():
        users.filter(pk=each.pk).update(mailbox=mailbox(each.email))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="mailbox",
            field=models.CharField(db_default="", db_index=True, editable=False, max_length=254),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
