from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0012_who_wrote_in_an_application"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="kind",
            field=models.CharField(blank=True, db_default="", default="", max_length=40, verbose_name="kind"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="scan",
            field=models.CharField(
                choices=[
                    ("unchecked", "not checked for viruses"),
                    ("clean", "no virus found"),
                    ("infected", "virus found"),
                ],
                db_default="unchecked",
                default="unchecked",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="scanned_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                models.F("added_at"),
                models.F("id"),
                condition=models.Q(("scan", "unchecked")),
                name="attachment_to_scan",
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("scan", "unchecked"), ("scanned_at", None)),
                    models.Q(("scan__in", ["clean", "infected"]), ("scanned_at__isnull", False)),
                    _connector="OR",
                ),
                name="attachment_scanned_has_its_moment",
            ),
        ),
    ]
