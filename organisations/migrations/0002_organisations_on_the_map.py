from django.db import migrations, models

# Those that a kwartiermaker added, published or named in a question.
KNOWN = """
UPDATE organisations_organisation AS known SET mapped_at = created_at
WHERE published_at IS NOT NULL
   OR EXISTS (SELECT FROM mapping_engagement WHERE organisation_id = known.id)
   OR created_by_id IN (SELECT user_id FROM mapping_kwartiermakerassignment)
"""


class Migration(migrations.Migration):
    """Say of each organisation since when it is on the map, apart from taking part in a coalition (rule 26)."""

    dependencies = [
        ("organisations", "0001_initial"),
        ("mapping", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="mapped_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="on the map since"),
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
