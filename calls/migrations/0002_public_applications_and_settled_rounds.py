from django.db import migrations, models


class Migration(migrations.Migration):
    """Say per call whether applications are public, and of each round when all its letters were sent (rule 26)."""

    dependencies = [
        ("calls", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="call",
            name="shows_applications",
            field=models.BooleanField(
                db_default=False,
                default=False,
                verbose_name="regions with an application are public while the round is undecided",
            ),
        ),
        migrations.AddField(
            model_name="reviewround",
            name="settled_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="settled at"),
        ),
    ]
