from django.db import migrations, models

NOTE_EVERY_REGION = (
    "INSERT INTO regions_regionchange (region_id, noted_at) SELECT id, now() FROM regions_region"
)


class Migration(migrations.Migration):
    """Count public organisations per region, and let every state be computed anew (rule 26)."""

    dependencies = [
        ("website", "0001_initial"),
        ("regions", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="regionstate",
            name="mapped",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(NOTE_EVERY_REGION, migrations.RunSQL.noop),
    ]
