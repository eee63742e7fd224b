from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0010_hours_and_rates_in_a_budget"),
        ("calls", "0006_help_at_the_question"),
        ("coalitions", "0005_when_a_lead_was_named_otherwise"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="reinstated_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="withdrawal taken back at"),
        ),
        migrations.AddField(
            model_name="application",
            name="withdrawn_because",
            field=models.TextField(
                blank=True, db_default="", editable=False, verbose_name="why it was withdrawn"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_because", ""), ("status", "withdrawn"), _connector="OR"),
                name="application_reason_to_withdraw_only_while_it_lasts",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reinstated_at", None),
                    models.Q(
                        ("reinstated_at__gte", models.F("submitted_at")), ("submitted_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="application_reinstated_after_submission",
            ),
        ),
    ]
