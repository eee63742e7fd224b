from django.db import migrations, models


class Migration(migrations.Migration):
    """Let a coalition choose to be on the map, and its members be active on no map before (rule 26)."""

    dependencies = [
        ("coalitions", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="coalition",
            name="is_shown",
            field=models.BooleanField(db_default=False, default=False, verbose_name="shown on the map"),
        ),
        migrations.AddField(
            model_name="participation",
            name="works_in_region",
            field=models.BooleanField(db_default=False, default=False, verbose_name="works in the region"),
        ),
    ]
