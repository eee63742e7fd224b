import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0013_scans_and_kinds_of_attachments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="collaborator",
            name="opened_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="onetimelink",
            name="opened_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="deadlinereminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first", "About a week before a deadline, while your draft is not submitted"),
                    ("last", "About two days before a deadline, while your draft is not submitted"),
                    ("passed", "After a deadline that passed, while your draft was not submitted"),
                    (
                        "partner",
                        "While a coalition waits for your answer: before a deadline, or when it asks us to remind you",
                    ),
                ],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="mutedreminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first", "About a week before a deadline, while your draft is not submitted"),
                    ("last", "About two days before a deadline, while your draft is not submitted"),
                    ("passed", "After a deadline that passed, while your draft was not submitted"),
                    (
                        "partner",
                        "While a coalition waits for your answer: before a deadline, or when it asks us to remind you",
                    ),
                ],
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            name="Nudge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nudged_at", models.DateTimeField()),
                ("was_mailed", models.BooleanField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="nudges",
                        to="applications.application",
                    ),
                ),
                (
                    "collaborator",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="nudges",
                        to="applications.collaborator",
                    ),
                ),
                (
                    "link",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="nudges",
                        to="applications.onetimelink",
                    ),
                ),
                (
                    "nudged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder that somebody asked for",
                "verbose_name_plural": "reminders that somebody asked for",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("collaborator", None), ("link__isnull", False)),
                            models.Q(("collaborator__isnull", False), ("link", None)),
                            _connector="OR",
                        ),
                        name="nudge_about_a_request_or_an_invitation",
                    )
                ],
            },
        ),
    ]
